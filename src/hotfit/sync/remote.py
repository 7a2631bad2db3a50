"""The server's side: its function, its rows, its labels and its fields, or why they are not had."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar
from urllib.parse import urlsplit

from hotfit.client import Client, RemoteFunction
from hotfit.client.content import bytes_of
from hotfit.client.rows import OtherServer
from hotfit.client.transport import ServerRefused
from hotfit.errors import Refusal
from hotfit.sync.states import Remote
from hotfit.types import Data, Input, Label, Output, Picture

ATTEMPTS = 4


class NoServer(Refusal):
    """It is not said which server a folder is kept in step with."""

    def __init__(self, *, command: str) -> None:
        super().__init__(
            "this folder was in step with no server yet, and none is named; name one: "
            f"hotfit {command} DIR http://127.0.0.1:5000 (or set HOTFIT_SERVER)"
        )


class NoKey(Refusal):
    """A server is to be asked and there is no key."""

    def __init__(self, *, url: str) -> None:
        super().__init__(
            f"no key for {url} was given; set HOTFIT_KEY or pass --key. On the server, "
            "`hotfit keys create --role editor` makes one"
        )


class KeyRefused(Refusal):
    """The server does not take the key."""

    status: ClassVar[int] = 401

    def __init__(self, *, url: str) -> None:
        super().__init__(
            f"{url} does not take this key (HOTFIT_KEY or --key): it was revoked, or is another "
            "server's; `hotfit keys list` on the server shows those there are"
        )


class BadAddress(Refusal):
    """An address is no server's."""

    def __init__(self, *, url: str, found: str) -> None:
        super().__init__(f"{url!r} {found}; an address such as http://127.0.0.1:5000 was expected")


class OtherKind(Refusal):
    """The folder's function and the server's are given or answer different things."""

    status: ClassVar[int] = 409

    def __init__(self, *, name: str, folder: str, server: str, url: str) -> None:
        super().__init__(
            f"{name!r} goes from {folder} in this folder and from {server} on {url}; give the "
            "folder another name in hotfit.toml, or make input and output those of the server"
        )


@dataclass(frozen=True, kw_only=True)
class There:
    """What a server has of a function; `names` are labels as they are written, by name key."""

    function: RemoteFunction
    rows: Sequence[Remote]
    labels: Mapping[str, str]
    fields: Mapping[str, str]


@contextmanager
def open_client(url: str, key: str | None) -> Iterator[Client]:
    """A client of the server; raise BadAddress, NoKey, KeyRefused, OtherServer."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise BadAddress(url=url, found="is no address")
    if parts.username or parts.password:
        raise BadAddress(url=parts.hostname, found="was given with a name or password in it")
    if not key:
        raise NoKey(url=url)
    with Client(url, key, attempts=ATTEMPTS) as client:
        try:
            yield client
        except ServerRefused as refusal:
            if refusal.http_status == 401:
                raise KeyRefused(url=url) from refusal
            raise
        except (ValueError, KeyError, TypeError) as error:
            if isinstance(error, Refusal):
                raise
            raise OtherServer(
                url=url,
                found="answers, but not as hotfit does",
                expected="check the address: the console and the API have the same",
            ) from error


def load(function: RemoteFunction) -> There:
    """Read all of a function; rows hold images whose file is fetched when asked for."""
    rows = function.rows
    kind, output = Input(function.input), Output(function.output)
    return There(
        function=function,
        rows=[_row(one, function, kind, output) for one in rows.all()],
        labels={str(one["name"]): str(one.get("description") or "") for one in rows.labels()},
        fields={str(one["name"]): str(one["kind"]) for one in rows.fields()}
        if kind is Input.TABULAR
        else {},
    )


def refuse_other_kind(function: RemoteFunction, *, name: str, given: str, url: str) -> None:
    """Raise OtherKind where the server's function is of another kind than `Text to Tags`."""
    there = f"{function.input} to {function.output}"
    if there != given:
        raise OtherKind(name=name, folder=given, server=there, url=url)


def _row(told: Mapping[str, Any], function: RemoteFunction, kind: Input, output: Output) -> Remote:
    data: Data = told["data"]
    if kind is Input.IMAGE:
        data = Picture(sha256=str(data), reader=partial(_image, function, str(told["id"])))
    return Remote(
        id=str(told["id"]),
        data=data,
        label=_label(told.get("label"), output),
        split=told.get("split"),
        external_id=told.get("externalId"),
    )


def _image(function: RemoteFunction, sample: str) -> bytes:
    return bytes_of(function.rows.image(sample))


def _label(told: Any, output: Output) -> Label | None:
    if told is None:
        return None
    if output is Output.TAGS:
        return tuple(told)
    return float(told) if output is Output.NUMBER else str(told)
