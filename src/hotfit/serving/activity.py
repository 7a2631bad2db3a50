"""What happened to each function lately, minute by minute, in the memory of one process.

Latencies and confidences are counted in bins, so that a call costs a few additions and a minute
some hundred bytes, whatever its calls. Latency bins grow by 2^(1/4): a quantile is exact to 9 %.
A process that starts begins anew; Prometheus keeps what must last.
"""

import math
from array import array
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from hotfit.types import Answer, Prediction, Tagging

MINUTES = 24 * 60
"""Minutes that are looked back on."""

KEPT = 50_000
"""Minutes of all functions together, some 25 MB; the oldest make room."""

FASTEST = 1e-4
PER_OCTAVE = 4
LATENCIES = 80
"""Bins of latency, from 0.1 milliseconds to 100 seconds."""

CONFIDENCES = 20
LABELS = 100
"""Bins of confidence, and labels of a minute that are counted by name; others together."""

OTHERS = ""
"""Stands for the labels that are not counted by name."""


@dataclass(kw_only=True, slots=True)
class Minute:
    """What happened in a minute, or in several that were added up."""

    calls: int = 0
    samples: int = 0
    errors: Counter[int] = field(default_factory=Counter)
    latencies: "array[int]" = field(default_factory=lambda: array("Q", bytes(8 * LATENCIES)))
    confidences: "array[int]" = field(default_factory=lambda: array("Q", bytes(8 * CONFIDENCES)))
    labels: Counter[str] = field(default_factory=Counter)

    def add(self, other: "Minute") -> None:
        """Add up what happened in another minute."""
        self.calls += other.calls
        self.samples += other.samples
        self.errors.update(other.errors)
        self.labels.update(other.labels)
        for bins, more in (
            (self.latencies, other.latencies),
            (self.confidences, other.confidences),
        ):
            for place, count in enumerate(more):
                if count:
                    bins[place] += count

    def latency(self, share: float) -> float | None:
        """Seconds within which this share of the calls was answered; None without calls."""
        wanted = share * sum(self.latencies)
        seen = 0
        for place, count in enumerate(self.latencies):
            seen += count
            if count and seen >= wanted:
                return float(FASTEST * 2 ** ((place + 0.5) / PER_OCTAVE))
        return None


class Activity:
    """The last day of each function; belongs to one event loop."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._minutes: dict[str, dict[int, Minute]] = {}
        self._order: deque[tuple[str, int]] = deque()
        self.since = clock()

    def called(self, function: str, *, status: int, seconds: float, samples: int = 1) -> None:
        """A call was answered, or refused with this status."""
        minute = self._minute(function)
        if status != 200:
            minute.errors[status] += 1
            return
        minute.calls += 1
        minute.samples += samples
        place = int(PER_OCTAVE * math.log2(max(seconds, FASTEST) / FASTEST))
        minute.latencies[min(place, LATENCIES - 1)] += 1

    def answered(self, function: str, answers: Sequence[Answer]) -> None:
        """So was answered; what a quantity is has no confidence and no label."""
        minute = self._minute(function)
        for answer in answers:
            if isinstance(answer, Prediction):
                _count(minute, answer.label, answer.confidence)
            elif isinstance(answer, Tagging):
                for tag in answer.present:
                    _count(minute, tag.label, tag.confidence)

    def of(self, function: str, *, minutes: int) -> dict[int, Minute]:
        """What happened in each of the last minutes, counted from 1970; quiet ones are absent."""
        first = int(self._clock() // 60) - minutes
        known = self._minutes.get(function, {})
        return {number: one for number, one in sorted(known.items()) if number > first}

    def _minute(self, function: str) -> Minute:
        number = int(self._clock() // 60)
        known = self._minutes.setdefault(function, {})
        found = known.get(number)
        if found is None:
            found = known[number] = Minute()
            self._order.append((function, number))
            self._forget(number - MINUTES)
        return found

    def _forget(self, before: int) -> None:
        """Drop minutes that are too old, and the oldest beyond KEPT."""
        while len(self._order) > KEPT or self._order[0][1] <= before:
            function, number = self._order.popleft()
            known = self._minutes[function]
            known.pop(number, None)
            if not known:
                del self._minutes[function]


def _count(minute: Minute, label: str, confidence: float) -> None:
    labels = minute.labels
    labels[label if label in labels or len(labels) < LABELS else OTHERS] += 1
    place = int(CONFIDENCES * confidence)
    minute.confidences[place if place < CONFIDENCES else CONFIDENCES - 1] += 1
