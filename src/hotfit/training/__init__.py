"""Training: a function's samples in, judged and published versions out.

`run` tells the whole story. May import `samples`, `functions`, `store` and the engine; nothing of
HTTP, and never `serving`.
"""
