"""Keeps the calls that teach most: uncertain ones, rare answers, and a random share of the rest.

    uncertain   the likeliest label has less than UNSURE, or a tag lies close to one half
    rare        a label that fewer than RARE of the last answers had
    random      one call of 1 / SHARE

Choosing costs microseconds. Writing happens beside the calls: when more comes than can be written,
captures are dropped, never calls.
"""

import asyncio
import logging
import random
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field

from hotfit.errors import Unavailable
from hotfit.samples.captures import Captured, Reason, keep
from hotfit.serving.live import Live
from hotfit.serving.meters import Meters
from hotfit.serving.standing import Standing
from hotfit.store.blobs import Blobs
from hotfit.store.sessions import Store
from hotfit.types import Answer, Data, LabelConfidence, Prediction, Tagging

LOG = logging.getLogger("hotfit.serving")

UNSURE = 0.6
UNSURE_TAG = (0.35, 0.65)
RARE = 0.01
REMEMBERED = 1000
"""Answers of a function that rarity is judged by; below a tenth of them nothing is rare."""

FUNCTIONS = 1000
"""Functions whose answers are remembered."""

BUFFER = 256
FLUSH_SECONDS = 1.0
DAY = 86_400


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What is kept: a share of all calls, so many a minute and in all a function, so many days."""

    share: float = 0.01
    per_minute: int = 60
    most: int = 1000
    days: int = 30


@dataclass(kw_only=True)
class _Habit:
    """The last answers of a function, and how many captures this minute may still have."""

    answers: deque[str] = field(default_factory=deque)
    counts: Counter[str] = field(default_factory=Counter)
    minute: int = 0
    left: int = 0

    def add(self, label: str) -> None:
        self.answers.append(label)
        self.counts[label] += 1
        if len(self.answers) > REMEMBERED:
            self.counts[self.answers.popleft()] -= 1

    def is_rare(self, label: str) -> bool:
        known = len(self.answers)
        return known >= REMEMBERED // 10 and self.counts[label] < RARE * known


class Capturing:
    """Chooses calls and writes them down in the background; belongs to one event loop."""

    def __init__(
        self,
        *,
        store: Store,
        blobs: Blobs,
        meters: Meters,
        rules: Rules,
        seed: int | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._blobs = blobs
        self._meters = meters
        self._rules = rules
        self._random = random.Random(seed)
        self._clock = clock
        self._habits: dict[str, _Habit] = {}
        self._buffer: list[Captured] = []

    def see(
        self,
        live: Live,
        standing: Standing,
        data: Data,
        answer: Answer,
        *,
        external_id: str | None = None,
    ) -> Reason | None:
        """Keep a call where it teaches; say why."""
        said = _said(answer)
        habit = self._habit(live.function.id)
        reason = self._reason(habit, said, answer)
        if said is not None:
            habit.add(said.label)
        if reason is None or not self._affords(habit) or len(self._buffer) >= BUFFER:
            return None
        label = None if said is None else live.label_ids.get(said.label)
        self._buffer.append(
            Captured(
                function=live.function.id,
                data=data,
                reason=reason,
                label=label if label in standing.labels else None,
                confidence=None if said is None else said.confidence,
                version=live.name,
                external_id=external_id,
            )
        )
        self._meters.captured(reason)
        return reason

    async def write(self) -> None:
        """Write down what was kept, every second, until cancelled."""
        while True:
            await asyncio.sleep(FLUSH_SECONDS)
            await self.flush()

    async def flush(self) -> None:
        """Write down what was kept so far."""
        found, self._buffer = self._buffer, []
        if found and self._store.writable:
            await asyncio.to_thread(self._keep, found)

    def _keep(self, found: list[Captured]) -> None:
        try:
            with self._store.write() as session:
                keep(
                    session,
                    found,
                    blobs=self._blobs,
                    day=int(time.time() // DAY),
                    most=self._rules.most,
                    days=self._rules.days,
                )
        except Unavailable as error:
            LOG.warning("%d captures are lost: %s", len(found), error)

    def _reason(self, habit: _Habit, said: LabelConfidence | None, answer: Answer) -> Reason | None:
        if _unsure(answer):
            return "LowConfidence"
        if said is not None and habit.is_rare(said.label):
            return "RareLabel"
        return "Random" if self._random.random() < self._rules.share else None

    def _affords(self, habit: _Habit) -> bool:
        minute = int(self._clock() // 60)
        if habit.minute != minute:
            habit.minute, habit.left = minute, self._rules.per_minute
        habit.left -= 1
        return habit.left >= 0

    def _habit(self, function: str) -> _Habit:
        if function not in self._habits and len(self._habits) >= FUNCTIONS:
            self._habits.clear()
        return self._habits.setdefault(function, _Habit())


def _said(answer: Answer) -> LabelConfidence | None:
    """The likeliest label, present or not; None for a quantity."""
    if isinstance(answer, Prediction):
        return LabelConfidence(answer.label, answer.confidence)
    if isinstance(answer, Tagging) and answer.labels:
        return answer.labels[0]
    return None


def _unsure(answer: Answer) -> bool:
    if isinstance(answer, Prediction):
        return answer.confidence < UNSURE
    if isinstance(answer, Tagging):
        low, high = UNSURE_TAG
        return any(low < each.confidence < high for each in answer.labels)
    return False
