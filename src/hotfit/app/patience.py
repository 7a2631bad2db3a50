"""Closes connections whose requests trickle in, so that a few slow senders cannot hold a server.

A request that is not whole must bring LEAST bytes in every PATIENCE seconds. Nothing is counted
while the server itself has stopped reading, as it does when an import is slower than its sender.
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

PATIENCE = 15.0
LEAST = 4096


class Patient(HttpToolsProtocol):
    """uvicorn's protocol, with an eye on the sender."""

    patience = PATIENCE
    least = LEAST

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._received = 0
        self._watching: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Watch from the first moment: a connection that says nothing is slow too."""
        super().connection_made(transport)
        self._watch()

    def data_received(self, data: bytes) -> None:
        """Count what arrives."""
        self._received += len(data)
        super().data_received(data)

    def on_message_begin(self) -> None:
        """Watch a request until it is whole."""
        super().on_message_begin()
        if self._watching is None:
            self._watch()

    def on_message_complete(self) -> None:
        """A whole request may take as long to answer as it needs."""
        super().on_message_complete()
        self._look_away()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nobody is there to be watched."""
        self._look_away()
        super().connection_lost(exc)

    def _watch(self) -> None:
        self._received = 0
        self._watching = self.loop.call_later(self.patience, self._judge)

    def _look_away(self) -> None:
        if self._watching is not None:
            self._watching.cancel()
            self._watching = None

    def _judge(self) -> None:
        if self._received < self.least and not self.flow.read_paused:
            self._watching = None
            self.transport.close()
        else:
            self._watch()
