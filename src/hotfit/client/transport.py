"""Requests to a server: the key, what is tried again, and errors as exceptions.

Tried again, with growing pauses and jitter, is only what cannot be done twice by that: requests
that change nothing, that replace or delete, and any request that never reached the server or was
turned away at once (429). A server that asks for a pause gets it.
"""

import random
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx2

from hotfit.errors import Refusal, Unavailable

SAFE = frozenset({"GET", "HEAD", "PUT", "DELETE"})
PAUSES = frozenset({429, 502, 503, 504})
FIRST_PAUSE = 0.2
LONGEST_PAUSE = 10.0


class ServerRefused(Refusal):
    """The server said that the request is at fault; `name` and `status` are the server's."""

    def __init__(self, *, status: int, name: str, message: str) -> None:
        super().__init__(message)
        self.http_status = status
        self._name = name

    @property
    def name(self) -> str:
        """The stable name of the error."""
        return self._name


class ServerFailed(Unavailable):
    """The server cannot be reached, or broke."""

    def __init__(self, *, url: str, reason: str) -> None:
        super().__init__(
            f"the server at {url} did not answer ({reason}); check that it runs and that the "
            "address is right, and try again."
        )


class Transport:
    """One server, one key; safe to share by threads."""

    def __init__(
        self,
        url: str,
        key: str,
        *,
        timeout: float,
        attempts: int,
        sleep: Callable[[float], None] = time.sleep,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        self.url = url.rstrip("/")
        self._attempts = attempts
        self._sleep = sleep
        self._http = httpx2.Client(
            base_url=self.url,
            headers={"Authorization": f"Bearer {key}"},
            timeout=timeout,
            follow_redirects=False,  # a key goes to no other server
            transport=transport,
        )

    def request(
        self,
        method: str,
        path: str,
        *,
        repeatable: bool | None = None,
        params: Mapping[str, Any] | None = None,
        json: Any = None,
        content: Callable[[], Any] | None = None,
        timeout: float | None = None,
    ) -> httpx2.Response:
        """One request, tried again where that is safe; raise ServerRefused or ServerFailed.

        `content` makes the body anew for each attempt. `repeatable` says of a POST that it
        changes nothing.
        """
        safe = method in SAFE if repeatable is None else repeatable
        more: dict[str, Any] = {} if timeout is None else {"timeout": timeout}
        for attempt in range(1, self._attempts + 1):
            last = attempt == self._attempts
            body = None if content is None else content()
            try:
                response = self._http.request(
                    method, path, params=params, json=json, content=body, **more
                )
            except httpx2.ConnectError as error:
                if last:
                    raise ServerFailed(url=self.url, reason=str(error)) from error
                self._pause(attempt)
                continue
            except httpx2.TransportError as error:
                if last or not safe:
                    raise ServerFailed(url=self.url, reason=str(error)) from error
                self._pause(attempt)
                continue
            if last or not _again(response, safe=safe):
                return self._checked(response)
            self._pause(attempt, asked=response.headers.get("retry-after", ""))
        raise AssertionError("the last attempt returns or raises")

    @contextmanager
    def stream(
        self, path: str, params: Mapping[str, Any] | None = None
    ) -> Iterator[Iterator[bytes]]:
        """The body of a GET, piece by piece; raise ServerRefused or ServerFailed."""
        try:
            with self._http.stream("GET", path, params=params) as response:
                if response.status_code != 200:
                    response.read()
                    self._checked(response)
                yield response.iter_bytes()
        except httpx2.TransportError as error:
            raise ServerFailed(url=self.url, reason=str(error)) from error

    def close(self) -> None:
        """Give the connections back."""
        self._http.close()

    def _pause(self, attempt: int, *, asked: str = "") -> None:
        if asked.isdigit():
            self._sleep(min(float(asked[:6]), LONGEST_PAUSE) + random.uniform(0, FIRST_PAUSE))
            return
        most = min(FIRST_PAUSE * 2**attempt, LONGEST_PAUSE)
        self._sleep(random.uniform(most / 2, most))

    def _checked(self, response: httpx2.Response) -> httpx2.Response:
        if response.status_code == 200:
            return response
        message, name = _said(response)
        if response.status_code >= 500 or not response.status_code >= 400:
            raise ServerFailed(url=self.url, reason=message)
        raise ServerRefused(status=response.status_code, name=name, message=message)


def _again(response: httpx2.Response, *, safe: bool) -> bool:
    return response.status_code == 429 or (safe and response.status_code in PAUSES)


def _said(response: httpx2.Response) -> tuple[str, str]:
    """The message and the name of an error, of whatever server it came."""
    try:
        told = response.json()
    except ValueError:
        told = None
    if isinstance(told, dict) and isinstance(told.get("message"), str):
        return told["message"], str(told.get("name", "Refused"))
    return f"HTTP status {response.status_code}", "Refused"
