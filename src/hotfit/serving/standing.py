"""What the database says of a function right now: its record, its labels, its live version."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from hotfit.errors import Refusal, Unavailable
from hotfit.functions.functions import Function, find_served
from hotfit.functions.labels import Label, labels_of
from hotfit.functions.learning import trained_through
from hotfit.serving.watch import Watch
from hotfit.store.sessions import Store

MOST = 1000
"""Names under which functions were asked for that are remembered."""


class FunctionGone(Refusal):
    """There is no such function."""

    status = 404

    def __init__(self) -> None:
        super().__init__("there is no such function, or none that this key may see.")


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A function and its labels as of one moment; `labels` by identifier, oldest first."""

    function: Function
    labels: Mapping[str, Label] = field(repr=False)

    @property
    def id(self) -> str:
        """The identifier of the function."""
        return self.function.id


class Standings:
    """Answers from memory until somebody has written, so that nothing stale is ever said."""

    def __init__(self, store: Store, watch: Watch) -> None:
        self._store = store
        self._watch = watch
        self._kept: dict[str, Standing] = {}
        self._fresh: dict[str, str] = {}
        self._names: dict[str, str] = {}
        self._through: dict[str, tuple[tuple[int, int], int]] = {}
        self._epoch = 0

    def of(self, given: str) -> Standing:
        """The function of this identifier or name; raise FunctionGone.

        While the database cannot be read, what was known last is answered.
        """
        self.look()
        found = self._fresh.get(given)
        if found is not None:
            return self._kept[found]
        try:
            return self._read(given)
        except Unavailable:
            known = self._names.get(given)
            if known is None:
                raise
            return self._kept[known]

    def through(self, standing: Standing, change: int) -> int:
        """The last change after which nothing is left to learn for who has learned `change`.

        Not every change teaches: a version that was published, a description that was edited.
        """
        if change >= standing.function.change:
            return change
        key = (standing.function.change, change)
        known = self._through.get(standing.id)
        if known is None or known[0] != key:
            try:
                with self._store.read() as session:
                    known = key, trained_through(session, standing.id, change)
            except Unavailable:
                return change
            self._through[standing.id] = known
        return known[1]

    def look(self) -> int:
        """Notice what was written; return a number that grows whenever anything may have been."""
        try:
            moved = self._watch.moved()
        except Unavailable:
            moved = False
        if moved:
            self._fresh.clear()
            self._epoch += 1
        return self._epoch

    def _read(self, given: str) -> Standing:
        with self._store.read() as session:
            function = find_served(session, given)
            if function is None:
                self._names.pop(given, None)
                raise FunctionGone
            known = self._kept.get(function.id)
            if known is not None and known.function == function:
                standing = known
            elif known is not None and known.function.change == function.change:
                standing = Standing(function=function, labels=known.labels)
            else:
                labels = {label.id: label for label in labels_of(session, function.id)}
                standing = Standing(function=function, labels=labels)
        self._remember(given, standing)
        return standing

    def _remember(self, given: str, standing: Standing) -> None:
        if len(self._names) >= MOST:
            self._kept.clear()
            self._fresh.clear()
            self._names.clear()
            self._through.clear()
        for name in (given, standing.id):
            self._fresh[name] = self._names[name] = standing.id
        self._kept[standing.id] = standing
