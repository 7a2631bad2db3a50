"""Jobs: reads what changed, lets functions learn it, and keeps the process that does so alive.

A store and training's bench enter; published versions leave. May import `training` and what lies
below; nothing of HTTP. A process that dies at any moment loses no acknowledged write.
"""
