"""A function on a server: call it, teach it, read what is known about it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import Any
from urllib.parse import quote

from hotfit.answers import Answer, LabelConfidence, Prediction, Quantity, Tagging
from hotfit.client.content import Data, body_of, sendable
from hotfit.client.curated import RemoteCurated
from hotfit.client.rows import RemoteRows
from hotfit.client.transport import ServerRefused, Transport

BATCH = 500
LABELS = 100
"""Labels told with each answer."""

LONG = 3600.0
"""Seconds that a file may take to be sent and read."""


class RemoteFunction(RemoteCurated):
    """A named ML function of a server; calling it answers one input.

    What this object wrote, its own calls have learned: they wait for it, as long as the server
    lets them.
    """

    def __init__(self, transport: Transport, told: Mapping[str, Any]) -> None:
        self._transport = transport
        self._told = dict(told)
        self._written = 0
        self._path = f"/v1/functions/{self.id}"

    def __repr__(self) -> str:
        return f"RemoteFunction({self.name!r}, {self.input} -> {self.output})"

    @property
    def id(self) -> str:
        """The function's identifier."""
        return str(self._told["id"])

    @property
    def name(self) -> str:
        """The function's name."""
        return str(self._told["name"])

    @property
    def input(self) -> str:
        """What the function is given: Text, Image or Tabular."""
        return str(self._told["input"])

    @property
    def output(self) -> str:
        """What the function answers: Classification, Tags or Number."""
        return str(self._told["output"])

    @property
    def labels(self) -> tuple[str, ...]:
        """The names of its labels, oldest first."""
        return tuple(str(one["name"]) for one in self._pages(f"{self._path}/labels"))

    def __call__(self, data: Data) -> Answer:
        """Answer one input: a text, a row by field name, or an image as bytes or path."""
        told = self._ask("invoke", {"data": sendable(data)})
        return _answer(told)

    def predict(self, data: Iterable[Data]) -> list[Answer]:
        """Answer many inputs, in order; raise where one cannot be read."""
        inputs = [sendable(each) for each in data]
        found: list[Answer] = []
        for start in range(0, len(inputs), BATCH):
            for told in self._ask("invoke/batch", {"data": inputs[start : start + BATCH]}):
                if isinstance(told, dict) and "message" in told:
                    number = len(found) + 1
                    message = f"input {number}: {told['message']}"
                    raise ServerRefused(status=400, name=told["name"], message=message)
                found.append(_answer(told))
        return found

    def add(self, samples: Iterable[tuple[Data, Any]]) -> Mapping[str, Any]:
        """Keep samples with their labels (None: not known); return what became of each row."""
        return self.import_samples(list(samples))

    def import_samples(self, source: object, *, target: str | None = None) -> Mapping[str, Any]:
        """Add the samples of a file (CSV, JSONL, Parquet, a zip of images) or of a list of rows.

        Returns `rows, added, known, labelled, refused, notes, problems`. A file that was sent
        twice adds nothing, so sending is tried again where the connection broke.
        """
        response = self._transport.request(
            "POST",
            f"{self._path}/samples/import",
            repeatable=True,
            params=None if target is None else {"target": target},
            content=body_of(source),
            timeout=LONG,
        )
        self._note(response.headers)
        return dict(response.json())

    def annotate(self, sample: str, label: str | Sequence[str] | None) -> None:
        """Say what a sample is, None to withdraw; of a Tags function, the tags present."""
        path = f"{self._path}/samples/{sample}/annotation"
        if label is None:
            response = self._transport.request("DELETE", path)
        elif isinstance(label, str):
            response = self._transport.request("PUT", path, json={"labelName": label})
        else:
            said = [{"labelName": each, "present": True} for each in label]
            response = self._transport.request("PUT", path, json=said)
        self._note(response.headers)

    def samples(self, **wanted: Any) -> Iterator[Mapping[str, Any]]:
        """The samples with annotations and predictions, newest first; `wanted` filters them."""
        return self._pages(f"{self._path}/samples", wanted)

    @property
    def rows(self) -> RemoteRows:
        """Its samples as the rows of a folder, which is kept in step with them."""
        return RemoteRows(self._transport, self._path)

    def report(self) -> dict[str, Any]:
        """What the server says about the function: its state and counts."""
        told = dict(self._transport.request("GET", self._path).json())
        for more in ("summary", "metrics"):
            told |= self._transport.request("GET", f"{self._path}/{more}").json()
        return told

    @property
    def verdict(self) -> Mapping[str, Any] | None:
        """Can ML do this? `answer`, `estimate`, `low`, `high`, ...; None before training."""
        told = self._transport.request("GET", f"{self._path}/verdict").json()["verdict"]
        return None if told is None else dict(told)

    def versions(self) -> list[Mapping[str, Any]]:
        """The versions there are, newest first; `live` says which one answers."""
        return list(self._pages(f"{self._path}/versions"))

    def promote(self, version: str | int) -> Mapping[str, Any]:
        """Let a version, by number or identifier, answer, and no newer one until `unpin`."""
        path = f"{self._path}/versions/{quote(str(version), safe='')}/promote"
        response = self._transport.request("POST", path, repeatable=True)
        self._note(response.headers)
        return dict(response.json())

    def unpin(self) -> None:
        """Let the newest version answer, and every newer one after it."""
        path = f"{self._path}/versions/pin"
        self._note(self._transport.request("DELETE", path).headers)

    def export(self, file: str | PathLike[str]) -> None:
        """Write the function with its samples and its live version to one file."""
        self._download(f"{self._path}/export", Path(file))

    def export_samples(
        self, file: str | PathLike[str], *, form: str = "csv", raw: bool = False
    ) -> None:
        """Write the samples as `csv` or `jsonl`."""
        wanted = {"format": form, "raw": str(raw).lower()}
        self._download(f"{self._path}/samples/export", Path(file), wanted)

    def delete(self) -> None:
        """Delete the function with its samples and versions."""
        self._transport.request("DELETE", self._path)

    def _ask(self, how: str, body: Mapping[str, Any]) -> Any:
        wanted: dict[str, Any] = {"labelCount": LABELS}
        if self._written:
            wanted["wait"] = self._written
        response = self._transport.request(
            "POST", f"{self._path}/{how}", repeatable=True, params=wanted, json=body
        )
        if int(response.headers.get("hotfit-trained-through", 0)) >= self._written:
            self._written = 0
        return response.json()

    def _note(self, headers: Mapping[str, str]) -> None:
        self._written = max(self._written, int(headers.get("hotfit-change", 0)))

    def _pages(
        self, path: str, wanted: Mapping[str, Any] | None = None
    ) -> Iterator[Mapping[str, Any]]:
        params: Mapping[str, Any] | None = wanted
        while path:
            response = self._transport.request("GET", path, params=params)
            yield from response.json()
            path, params = str(response.links.get("next", {}).get("url", "")), None

    def _download(self, path: str, file: Path, wanted: Mapping[str, Any] | None = None) -> None:
        part = file.with_name(f".{file.name}.part")
        try:
            with self._transport.stream(path, wanted) as pieces, part.open("wb") as out:
                for piece in pieces:
                    out.write(piece)
            part.replace(file)
        finally:
            part.unlink(missing_ok=True)


def _answer(told: Any) -> Answer:
    if isinstance(told, list):
        present = tuple(_label(each) for each in told)
        return Tagging(present=present, labels=present)
    if "value" in told:
        return Quantity(value=told["value"], low=told["low"], high=told["high"])
    labels = tuple(_label(each) for each in told.get("labelConfidences", ()))
    return Prediction(label=told["labelName"], confidence=told["confidence"], labels=labels)


def _label(told: Mapping[str, Any]) -> LabelConfidence:
    return LabelConfidence(label=told["labelName"], confidence=told["confidence"])
