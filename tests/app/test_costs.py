from collections.abc import Iterator
from pathlib import Path

import pytest

from hotfit.app.costs import Costs
from hotfit.encoders.base import Encoder
from hotfit.encoders.fake import FakeEncoder


@pytest.fixture
def opened() -> list[str]:
    """Names of the encoders that were opened to be measured."""
    return []


def costs(path: Path, opened: list[str]) -> Costs:
    def open_encoder(name: str) -> Encoder:
        opened.append(name)
        return FakeEncoder(name=name)

    def ticks() -> Iterator[float]:
        now = 0.0
        while True:
            yield now
            now += 0.25

    clock = ticks()
    return Costs(path, open_encoder, lambda: next(clock))


def test_a_cost_is_measured_once_and_kept(tmp_path: Path, opened: list[str]) -> None:
    path = tmp_path / "cache" / "costs.json"
    first = costs(path, opened)
    assert first.known("a.v1") is None
    cost = first.of("a.v1")
    assert cost.latency == pytest.approx(0.25)
    assert costs(path, opened).of("a.v1") == cost
    assert opened == ["a.v1"]


def test_a_joined_encoder_costs_what_its_members_do(tmp_path: Path, opened: list[str]) -> None:
    known = costs(tmp_path / "costs.json", opened)
    joined = known.of("a.v1+b.v1")
    assert joined.latency == pytest.approx(known.of("a.v1").latency + known.of("b.v1").latency)
    known.forget("a.v1")
    assert costs(tmp_path / "costs.json", opened).known("a.v1") is None


@pytest.mark.parametrize("content", ["", "[]", '{"a.v1": {"latency": 1}}'])
def test_a_broken_file_is_measured_again(tmp_path: Path, opened: list[str], content: str) -> None:
    path = tmp_path / "costs.json"
    path.write_text(content)
    assert costs(path, opened).of("a.v1").latency > 0
    assert opened == ["a.v1"]
