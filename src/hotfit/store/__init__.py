"""What hotfit keeps: database sessions, tables, blobs, artifacts, cached vectors and the outbox.

Dataclasses, arrays and SQL statements enter; rows, bytes and arrays leave. May import
`hotfit.encoders.base` (the cache wraps an encoder), `hotfit.heads.base` (an artifact holds a
head's state) and what lies below. The only place of the program that commits is
`hotfit.store.sessions`.
"""
