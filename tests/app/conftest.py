"""Tests of the server as it is put together."""

from tests.app.server import server

__all__ = ["server"]
