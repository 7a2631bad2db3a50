from collections.abc import Iterator

import pytest

from hotfit.encoders.cost import measure
from hotfit.encoders.fake import FakeEncoder
from hotfit.encoders.probes import probes
from hotfit.types import Input


def test_a_call_and_a_sample_among_many_are_timed() -> None:
    def clock() -> Iterator[float]:
        yield from (0.0, 0.5, 1.0, 1.5, 2.0, 9.0, 10.0, 10.5, 11.0, 11.5)  # five single calls
        yield from (20.0, 21.6)

    ticks = clock()
    cost = measure(FakeEncoder(), clock=lambda: next(ticks))
    assert cost.latency == pytest.approx(0.5)
    assert cost.each == pytest.approx(0.1)


@pytest.mark.parametrize("kind", [Input.TEXT, Input.IMAGE])
def test_probes_differ_and_stay_the_same(kind: Input) -> None:
    first, again = probes(kind, 9), probes(kind, 9)
    assert first == again
    assert len({str(sample) for sample in first}) == 9
