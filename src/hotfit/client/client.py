"""A server and a key: make, find, list and bring in functions."""

from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

import httpx2

from hotfit.client.content import body_of
from hotfit.client.function import LONG, RemoteFunction
from hotfit.client.transport import ServerRefused, Transport


class Client:
    """The functions of the server at `url`, reached with `key` (`hf_...` or `ID:SECRET`)."""

    def __init__(
        self,
        url: str,
        key: str,
        *,
        timeout: float = 30.0,
        attempts: int = 5,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        self._transport = Transport(
            url, key, timeout=timeout, attempts=attempts, transport=transport
        )

    def __repr__(self) -> str:
        return f"Client({self._transport.url!r})"

    def create(
        self,
        name: str,
        *,
        input: str = "Text",
        output: str = "Classification",
    ) -> RemoteFunction:
        """Make an empty function."""
        body = {"name": name, "input": input.capitalize(), "output": output.capitalize()}
        return self._function(self._transport.request("POST", "/v1/functions", json=body).json())

    def fit(
        self,
        source: object,
        *,
        name: str | None = None,
        target: str | None = None,
        input: str | None = None,
        output: str = "Classification",
    ) -> RemoteFunction:
        """Add labelled examples to the function called `name`, made where there is none.

        `source` is a file or a list, as `import_samples` takes it. The function's next call waits
        until it has learned them.
        """
        named = name or _name(source)
        function = self.find(named) or self.create(
            named, input=input or _input(source), output=output
        )
        function.import_samples(source, target=target)
        return function

    def load(self, name: str) -> RemoteFunction:
        """The function of this name or identifier; raise ServerRefused where there is none."""
        told = self._transport.request("GET", _path(name))
        return self._function(told.json())

    def find(self, name: str) -> RemoteFunction | None:
        """The function of this name or identifier, None where there is none."""
        try:
            return self.load(name)
        except ServerRefused as refusal:
            if refusal.http_status == 404:
                return None
            raise

    def functions(self) -> list[RemoteFunction]:
        """All functions this key reaches, by name."""
        found: list[RemoteFunction] = []
        path = "/v1/functions"
        while path:
            response = self._transport.request("GET", path)
            found += [self._function(told) for told in response.json()]
            path = str(response.links.get("next", {}).get("url", ""))
        return found

    def import_function(
        self, file: str | PathLike[str], *, name: str | None = None
    ) -> RemoteFunction:
        """Make the function that `export` wrote to a file; it answers as it did there."""
        response = self._transport.request(
            "POST",
            "/v1/functions/import",
            params=None if name is None else {"name": name},
            content=body_of(file),
            timeout=LONG,
        )
        return self._function(response.json())

    def close(self) -> None:
        """Give the connections back."""
        self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _function(self, told: dict[str, Any]) -> RemoteFunction:
        return RemoteFunction(self._transport, told)


def _path(name: str) -> str:
    return f"/v1/functions/{quote(name, safe='')}"


def _name(source: object) -> str:
    if isinstance(source, str | PathLike):
        return Path(source).name.split(".", 1)[0] or "function"
    return "function"


def _input(source: object) -> str:
    """What the examples seem to be."""
    if isinstance(source, str | PathLike):
        return "Image" if Path(source).suffix.lower() == ".zip" else "Text"
    first = next(iter(source), None) if isinstance(source, list) else None
    data = first[0] if isinstance(first, tuple) else first
    return "Tabular" if isinstance(data, dict) and not {"text", "data"} & set(data) else "Text"
