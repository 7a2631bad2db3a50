"""The encoders of a home: what there is, what lies on this machine, and how to get or drop one."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hotfit.app import App
from hotfit.encoders import SIGN, Entry, fetch, pin
from hotfit.encoders.adding import Unusable, Wanted, describe
from hotfit.encoders.weights import keep
from hotfit.errors import Refusal
from hotfit.functions import functions, versions
from hotfit.types import Input


class OtherKind(Refusal):
    """An encoder does not read what a function is given."""

    def __init__(self, *, name: str, reads: Input, given: Input) -> None:
        super().__init__(
            f"encoder {name!r} reads {reads.lower()}s, and the function is given {given.lower()}s; "
            "`hotfit encoders` lists what each of them reads."
        )


class InUse(Refusal):
    """An encoder cannot go while functions are read by it."""

    status = 409

    def __init__(self, *, name: str, users: list[str]) -> None:
        super().__init__(
            f"encoder {name!r} is what {', '.join(users)} answers by, so it was not removed; "
            "fit with another encoder first, or delete the function."
        )


class NothingToTrust(Refusal):
    """An encoder needs no trust: its files have published hashes."""

    def __init__(self, *, name: str) -> None:
        super().__init__(
            f"encoder {name!r} has published hashes, which decide; leave --trust away."
        )


class Encoders:
    """The encoders one home may use."""

    def __init__(self, app: App) -> None:
        self._app = app

    def listing(self) -> list[dict[str, Any]]:
        """What is known of every encoder, by kind and name; nothing is opened or fetched."""
        entries = [self._app.shelf.get(name) for name in self._app.shelf]
        return [self._row(entry) for entry in sorted(entries, key=lambda e: (e.input, e.name))]

    def fetch(self, name: str, *, trust: bool = False) -> dict[str, Any]:
        """Get an encoder's files and measure what it costs here.

        Files without a published hash need `trust`: the hash of what is found is recorded, and
        from then on only that is accepted. Raises Unpinned, WeightsUnavailable.
        """
        shelf, settings = self._app.shelf, self._app.settings
        entry, cache = shelf.get(name), self._app.weights_of(name)
        folder, offline = settings.weights, settings.offline
        if trust and entry.pinned and not shelf.trusts(name):
            raise NothingToTrust(name=name)
        loose = trust and not entry.pinned
        if loose:
            entry = pin(entry, cache=cache, folder=folder, offline=offline)
        fetch(entry, cache=cache, folder=folder, offline=offline)
        if loose:
            shelf.trust(entry)
        self._app.costs.of(name)
        return self._row(shelf.get(name))

    def add(self, model: Path, wanted: Wanted) -> dict[str, Any]:
        """Try an ONNX file and keep a copy of it in the home; raise Unusable or NameKept."""
        entry, files = describe(model, wanted)
        shelf = self._app.shelf
        for file in entry.files:
            with files[file.name].open("rb") as stream:
                fault = keep(stream, file, shelf.folder)
            if fault is not None:
                raise Unusable(path=model, why=f"{file.name} {fault}")
        shelf.add(entry)
        self._app.costs.of(entry.name)
        return self._row(entry)

    def remove(self, name: str) -> None:
        """Delete an encoder's files here, and the encoder itself if it was added; raise InUse."""
        entry = self._app.shelf.get(name)
        users = list(self._users(name))
        if users:
            raise InUse(name=name, users=users)
        shared = {
            file.sha256
            for other in self._app.shelf
            if other != name
            for file in self._app.shelf.get(other).files
        }
        self._app.drop_encoder(name)
        for file in entry.files:
            if file.sha256 and file.sha256 not in shared:
                (self._app.weights_of(name) / file.sha256).unlink(missing_ok=True)
        self._app.shelf.forget(name)
        self._app.costs.forget(name)

    def checked(self, name: str, kind: Input) -> None:
        """Refuse an encoder, or several joined by `+`, that cannot read a kind of input."""
        wanted = Input.TEXT if kind is Input.TABULAR else kind
        for member in name.split(SIGN):
            entry = self._app.shelf.get(member)
            if entry.input is not wanted:
                raise OtherKind(name=member, reads=entry.input, given=kind)

    def _users(self, name: str) -> Iterator[str]:
        """The functions whose live version is read by an encoder."""
        with self._app.store.read() as session:
            for record in functions.all_functions(session):
                live = versions.live_version(session, record.id)
                read = " + ".join(live.encoders) if live is not None else ""
                if name in read.replace(SIGN, " ").split():
                    yield record.name

    def _row(self, entry: Entry) -> dict[str, Any]:
        cost = self._app.costs.known(entry.name)
        return {
            "name": entry.name,
            "kind": entry.input.value,
            "dimensions": entry.dimensions or None,
            "parameters": entry.parameters or None,
            "licence": entry.licence,
            "size": entry.size or None,
            "here": self._app.has_encoder(entry.name),
            "pinned": entry.pinned,
            "trusted": self._app.shelf.trusts(entry.name),
            "added": entry.name in self._app.shelf.added(),
            "latency_ms": None if cost is None else round(1000 * cost.latency, 2),
            "each_ms": None if cost is None else round(1000 * cost.each, 2),
            "source": f"{entry.repository}@{entry.revision}" if entry.repository else None,
            "summary": entry.summary,
        }
