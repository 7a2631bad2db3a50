"""What a function on a server knows of its samples: findings, what is alike, what to label next."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from hotfit.client.content import Data, sendable
from hotfit.client.transport import ServerRefused, Transport

Told = Mapping[str, Any]
"""A JSON object as the server sends it; docs/openapi.json says what it holds."""


class RemoteCurated(ABC):
    """The part of a function on a server that looks at its samples and repairs them."""

    _transport: Transport
    _path: str

    @abstractmethod
    def _note(self, headers: Mapping[str, str]) -> None:
        """Remember what was written."""

    @abstractmethod
    def _pages(self, path: str, wanted: Mapping[str, Any] | None = None) -> Iterator[Told]:
        """All of a list, page by page."""

    def finding_reports(
        self, *, kind: str | None = None, status: str | None = None
    ) -> Iterator[Told]:
        """What is worth a look, by kind, the surest of each kind first."""
        return self._pages(f"{self._path}/findings", _given(kind=kind, status=status))

    def finding_summary(self, *, first: int | None = None) -> list[Told]:
        """How many findings of each kind there are, and how many (of the `first`) are wrong."""
        return list(self._read("findings/summary", _given(first=first)))

    def accept(self, finding: str, *, label: str | None = None) -> Told:
        """Make the fix of a finding; with `label`, that is the right one."""
        return self._settle(finding, "accept", _given(labelName=label))

    def dismiss(self, finding: str) -> Told:
        """Say that a finding is none; it stays dismissed through every training."""
        return self._settle(finding, "dismiss")

    def undo(self, finding: str) -> Told:
        """Open a finding again and take its fix back."""
        return self._settle(finding, "undo")

    def statistics(self) -> Told:
        """How each label fares, what is confused, what samples are like, change over time."""
        return dict(self._read("statistics"))

    def forecast(self, target: float = 0.95) -> Told:
        """How many labels `target` asks for, of which labels, and what more would bring."""
        return dict(self._read("forecast", {"target": target}))

    def similar(
        self,
        data: Data | None = None,
        *,
        sample: str | None = None,
        k: int = 10,
        label: str | None = None,
        sample_set: str | None = None,
        annotated: bool | None = None,
        unlike: bool = False,
    ) -> list[Told]:
        """The samples nearest to an input, or to a sample by its identifier, nearest first.

        `label`, `sample_set` (a name or an identifier) and `annotated` say which may be found.
        `unlike` asks for the most different: from what is given, or of all.
        """
        asked = _given(
            data=None if data is None else sendable(data),
            sampleId=sample,
            labelId=None if label is None else self._label(label),
            sampleSetId=sample_set,
            annotated=annotated,
        )
        wanted = {"sampleCount": k, "includeData": "true"}
        told = self._asked("search", asked | {"unlike": unlike}, wanted)
        return list(told["searchSamples"])

    def queue(self, count: int = 10) -> Told:
        """What to label next: `items`, `expectedGain`, `stop` and a `sentence`."""
        return dict(self._read("queue", {"count": count}))

    def more_like(
        self, examples: Sequence[str], *, others: Sequence[str] = (), count: int = 10
    ) -> Told:
        """Samples without an answer like the `examples` (identifiers), and unlike `others`."""
        asked = {"sampleIds": list(examples), "not": list(others), "count": count}
        return dict(self._asked("more-like-this", asked))

    def _label(self, name: str) -> str:
        """The identifier of a label."""
        known = {str(one["name"]): str(one["id"]) for one in self._pages(f"{self._path}/labels")}
        if name not in known:
            message = f"no label is called {name!r}; the function has: {', '.join(known)}."
            raise ServerRefused(status=404, name="LabelUnknown", message=message)
        return known[name]

    def _settle(self, finding: str, how: str, body: Mapping[str, Any] | None = None) -> Told:
        path = f"{self._path}/findings/{quote(finding, safe='')}/{how}"
        response = self._transport.request("POST", path, json=body or None)
        self._note(response.headers)
        return dict(response.json())

    def _read(self, what: str, wanted: Mapping[str, Any] | None = None) -> Any:
        return self._transport.request("GET", f"{self._path}/{what}", params=wanted).json()

    def _asked(self, what: str, body: Any, wanted: Mapping[str, Any] | None = None) -> Any:
        response = self._transport.request(
            "POST", f"{self._path}/{what}", repeatable=True, params=wanted, json=body
        )
        return response.json()


def _given(**members: Any) -> dict[str, Any]:
    """The members that were given."""
    return {name: value for name, value in members.items() if value is not None}
