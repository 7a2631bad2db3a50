"""Which encoder reads a function's samples: others at hand are tried, cheapest first.

A rival is asked on a growing part of the samples; each time the range of its gain over the best so
far (paired, on held-out predictions of the same rows) ends below zero, it cannot win and is left,
before all samples are encoded. On all of them it must win a paired test, at a false-alarm rate
shared by all rivals (Bonferroni). Then the winner is joined with each of the others.

A function's first tuned build takes the winner. Later ones only offer it, with its gain, the
samples it would answer otherwise and its latency: nothing is swapped silently.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from hotfit.encoders import ENCODERS, SIGN
from hotfit.evaluation.paired import Comparison, compare
from hotfit.functions.functions import Function
from hotfit.functions.preferences import Preferences, preferences, settle
from hotfit.functions.representation import represent
from hotfit.heads.base import Trained
from hotfit.similarity.groups import duplicate_groups
from hotfit.training.bench import Bench
from hotfit.training.encoded import Encoded
from hotfit.types import Groups

PARTS = (512, 2048)
"""Samples a rival is asked on before all; a part must save half of the rest."""

PATIENCE = 180.0
"""Seconds that encoding everything by a rival may take, as its measured cost foretells."""

ALARM = 0.05
"""Chance that any rival of equal worth wins."""

End = Literal["won", "not better", "cannot win", "too slow", "too long"]


@dataclass(frozen=True, kw_only=True)
class Tried:
    """How a rival fared on `samples` held-out predictions against the best before it.

    `gain` is of rightness (or explained variance), from `low` to `high`; of the predictions it sets
    `fixed` right and `broken` wrong. A call takes `latency_ms`, `more_ms` more than before.
    """

    encoder: str
    end: End
    latency_ms: float
    more_ms: float
    samples: int = 0
    gain: float = 0.0
    low: float = 0.0
    high: float = 0.0
    fixed: int = 0
    broken: int = 0


@dataclass(frozen=True, kw_only=True)
class Choice:
    """The encoder to go on with; `won` is the test that let it take over, None where it stayed."""

    encoded: Encoded
    trained: Trained
    tried: Sequence[Tried] = ()
    offer: Tried | None = None
    won: Comparison | None = None


def reads(bench: Bench, function: Function) -> Bench:
    """The bench with the encoder that this function is read by."""
    wanted = preferences(function)
    name = wanted.pinned or (None if function.input in bench.fixed else wanted.kept)
    if name is None:
        return bench
    return replace(bench, encoders={function.input: name})


def choose(bench: Bench, function: Function, encoded: Encoded, trained: Trained) -> Choice:
    """Try other encoders on samples that one has read; keep or offer the one that wins."""
    wanted = preferences(function)
    rivals = () if wanted.pinned else bench.rivals(function.input)
    if not rivals:
        return Choice(encoded=encoded, trained=trained)
    race = Race(bench, encoded, trained, wanted, alarm=ALARM / (2 * len(rivals)))
    race.run(rivals)
    if wanted.kept is not None and not race.forced:
        return Choice(encoded=encoded, trained=trained, tried=race.tried, offer=race.offer)
    return Choice(encoded=race.best, trained=race.trained, tried=race.tried, won=race.won)


def remember(bench: Bench, function: Function, choice: Choice) -> None:
    """Keep with the function what was chosen, tried and offered.

    What a setting decides is not kept, and neither is an encoder without a network: it is read by
    the first network that there is.
    """
    name = choice.encoded.representation.name
    if function.input in bench.fixed or all(_is_resort(member) for member in name.split(SIGN)):
        return
    if not choice.tried and preferences(function).kept == name:
        return
    with bench.store.write() as session:
        settle(
            session,
            function.id,
            kept=name,
            tried=[_stated(tried) for tried in choice.tried],
            offer=None if choice.offer is None else _stated(choice.offer),
        )


def _is_resort(name: str) -> bool:
    return name in ENCODERS.parts and not ENCODERS.parts[name].files


@dataclass(frozen=True, kw_only=True)
class Duel:
    """Two models on the same samples; `encoded` holds them as the one that stands reads them."""

    encoded: Encoded
    before: Trained
    after: Trained
    alarm: float = ALARM

    def compare(self, groups: Groups | None = None) -> Comparison:
        """Compare the held-out predictions of both, by `groups` or by what is held out together."""
        rows = self.encoded.judged
        return compare(
            self.encoded.material.output,
            self.encoded.material.targets[rows],
            self.before.held_out[rows],
            self.after.held_out[rows],
            self.encoded.groups[rows] if groups is None else groups,
            alarm=self.alarm,
        )

    def flips(self) -> tuple[int, int]:
        """How many samples the later model answers better, and how many worse."""
        found = self.compare(np.arange(len(self.encoded.judged)))
        return found.wins, found.losses


class Race:
    """Rivals against the best so far; `forced` says that the first was too slow to stay."""

    def __init__(
        self, bench: Bench, encoded: Encoded, trained: Trained, wanted: Preferences, *, alarm: float
    ) -> None:
        self._bench = bench
        self._most = wanted.max_latency_ms
        self._alarm = alarm
        self._first, self._began = encoded, trained
        self.best, self.trained = encoded, trained
        self.tried: list[Tried] = []
        self.won: Comparison | None = None
        self.forced = False

    def run(self, rivals: Sequence[str]) -> None:
        """Try rivals alone, cheapest first, then joined to the best."""
        started = self.best.representation.name
        others = [name for name in rivals if name != started]
        if self._too_slow(started):
            self._replace_first(others)
        for name in others:
            if name != self.best.representation.name:
                self._enter(name)
        for name in (*others, started):
            members = self.best.representation.name.split(SIGN)
            if not set(name.split(SIGN)) & set(members):
                self._enter(SIGN.join([*members, name]))

    @property
    def offer(self) -> Tried | None:
        """The best that was found, measured against what the function is read by now."""
        if self.best is self._first:
            return None
        duel = Duel(encoded=self._first, before=self._began, after=self.trained)
        return self._stated(self.best.representation.name, "won", duel)

    def _replace_first(self, others: Sequence[str]) -> None:
        """Go on from the cheapest that is quick enough, whatever it costs in rightness."""
        for name in others:
            if self._too_slow(name):
                continue
            rival = read_by(self._bench, self._first, name)
            duel = Duel(encoded=self._first, before=self._began, after=self._fit(rival))
            self.tried.append(self._stated(name, "won", duel))
            self.best, self.trained, self.won = rival, duel.after, duel.compare()
            self.forced = True
            return

    def _enter(self, name: str) -> None:
        self._bench.report("trying encoders", len(self.tried), len(self.tried) + 1)
        if self._too_slow(name):
            self.tried.append(self._unasked(name, "too slow"))
        elif self._bench.cost(name).each * len(self.best.material) > PATIENCE:
            self.tried.append(self._unasked(name, "too long"))
        elif (hopeless := self._cannot_win(name)) is not None:
            self.tried.append(self._stated(name, "cannot win", hopeless))
        else:
            self._ask_all(name)

    def _cannot_win(self, name: str) -> Duel | None:
        """The part of the samples that shows it, None where all have to be asked."""
        for rows in parts(self.best):
            part = _part(self.best, rows)
            rival = read_by(self._bench, part, name)
            duel = Duel(encoded=part, before=self._fit(part), after=self._fit(rival))
            if duel.compare().gain.high <= 0:
                return duel
        return None

    def _ask_all(self, name: str) -> None:
        rival = read_by(self._bench, self.best, name)
        duel = Duel(
            encoded=self.best, before=self.trained, after=self._fit(rival), alarm=self._alarm
        )
        comparison = duel.compare()
        self.tried.append(self._stated(name, "won" if comparison.better else "not better", duel))
        if comparison.better:
            self.best, self.trained, self.won = rival, duel.after, comparison

    def _fit(self, encoded: Encoded) -> Trained:
        return encoded.fit(self._began.model.head)

    def _too_slow(self, name: str) -> bool:
        return self._most is not None and self._latency(name) > self._most

    def _latency(self, name: str) -> float:
        return 1000 * self._bench.cost(name).latency

    def _unasked(self, name: str, end: End, *, than: str | None = None) -> Tried:
        latency = self._latency(name)
        before = self._latency(than or self.best.representation.name)
        return Tried(encoder=name, end=end, latency_ms=latency, more_ms=latency - before)

    def _stated(self, name: str, end: End, duel: Duel) -> Tried:
        fixed, broken = duel.flips()
        gain = duel.compare().gain
        return replace(
            self._unasked(name, end, than=duel.encoded.representation.name),
            samples=len(duel.encoded.judged),
            gain=gain.estimate,
            low=gain.low,
            high=gain.high,
            fixed=fixed,
            broken=broken,
        )


def read_by(bench: Bench, encoded: Encoded, name: str) -> Encoded:
    """The same samples, read by another encoder."""
    material = encoded.material
    representation = represent(
        material.input,
        material.data,
        fields=material.fields,
        encoders={material.input: name},
        open_encoder=bench.open_encoder,
    )
    features = representation.features(
        material.data,
        progress=lambda done, total: bench.report(f"encoding by {name}", done, total),
    )
    return replace(encoded, representation=representation, features=features)


def parts(encoded: Encoded) -> Iterator[NDArray[np.int64]]:
    """Growing random parts of n rows, sorted, each holding the one before; never all."""
    n = len(encoded.material)
    order = np.random.default_rng(0).permutation(n)
    for size in PARTS:
        if size * 2 <= n:
            yield np.sort(order[:size])


def _part(encoded: Encoded, rows: NDArray[np.int64]) -> Encoded:
    material = encoded.material.part(rows)
    return replace(
        encoded,
        material=material,
        features=encoded.features[rows],
        repeats=duplicate_groups(material.data),
    )


def _stated(tried: Tried) -> dict[str, Any]:
    """A rival's result as JSON, rounded to what is meant by it."""
    return {
        key: round(value, 4) if isinstance(value, float) else value
        for key, value in asdict(tried).items()
    }
