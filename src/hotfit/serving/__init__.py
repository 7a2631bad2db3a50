"""Serving: calls in, answers out, by the newest version that was tried and found whole.

Live versions are kept in memory, calls that arrive together are encoded together. Everything here
belongs to one event loop; what takes long runs in threads. May import `samples`, `functions`,
`store` and the engine; nothing of HTTP, and never `training`.
"""
