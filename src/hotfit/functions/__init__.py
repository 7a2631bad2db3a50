"""Functions: what each is given and answers, its labels and its trained versions.

A session of the store and frozen dataclasses enter; frozen dataclasses leave. May import
`hotfit.store` and what lies below. Every write takes the function's next change number.
"""
