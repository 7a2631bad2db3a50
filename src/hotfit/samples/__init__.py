"""Samples and their annotations: imported, added, annotated, and read back as columns.

Samples of `hotfit.types` enter with a session of the store; columns in the order of training
leave. May import `hotfit.functions`, `hotfit.store` and what lies below.
"""
