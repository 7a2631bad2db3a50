"""All checks of a function at once: every input is answered once, in one batch."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from hotfit.behaviour.base import Check, Earlier, Judged, Result, Subject
from hotfit.types import Answer, Data, Output, Picture

Clock = Callable[[], float]


class Remembering:
    """A subject that answers no input twice."""

    def __init__(self, subject: Subject) -> None:
        self._subject = subject
        self._known: dict[object, Answer] = {}
        self._judged: Judged | None = None

    @property
    def output(self) -> Output:
        """What the subject answers."""
        return self._subject.output

    @property
    def judged(self) -> Judged:
        """The subject's rows."""
        if self._judged is None:
            self._judged = self._subject.judged
        return self._judged

    def answer(self, data: Sequence[Data]) -> Sequence[Answer]:
        """Answer inputs, those that are new in one batch."""
        new = {key: each for each in data if (key := _key(each)) not in self._known}
        if new:
            answers = self._subject.answer(list(new.values()))
            self._known |= zip(new, answers, strict=True)
        return [self._known[_key(each)] for each in data]

    def earlier(self, than: str) -> Earlier:
        """An earlier version of the subject."""
        return self._subject.earlier(than)

    def latency_ms(self) -> float:
        """What one call takes."""
        return self._subject.latency_ms()

    def megabytes(self) -> float:
        """What the subject takes on disk."""
        return self._subject.megabytes()


def run_checks(
    checks: Sequence[Check], subject: Subject, *, clock: Clock = time.perf_counter
) -> list[Result]:
    """Run checks in order; each result says how long it took."""
    remembering = Remembering(subject)
    remembering.answer([each for check in checks for each in check.asks(remembering)])
    results = []
    for check in checks:
        began = clock()
        result = check.run(remembering)
        results.append(replace(result, seconds=clock() - began))
    return results


def _key(data: Data) -> object:
    if isinstance(data, Picture):
        return ("image", data.sha256)
    return tuple(data.items()) if isinstance(data, Mapping) else data
