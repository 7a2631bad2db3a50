import zlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from hotfit.encoders import JoinedEncoder
from hotfit.encoders.base import Cost, Encoder, Progress
from hotfit.functions.functions import Function, create, get
from hotfit.functions.preferences import Preferences, prefer, preferences
from hotfit.heads.base import Trained
from hotfit.store.blobs import FileBlobs
from hotfit.store.content import content_hash
from hotfit.store.sessions import Store
from hotfit.training import choosing
from hotfit.training.bench import Bench
from hotfit.training.choosing import choose, reads, remember
from hotfit.training.encoded import Encoded, encode
from hotfit.training.material import Material
from hotfit.types import Data, Input, Output, Vectors


class Sighted:
    """An encoder that sees the words it knows through noise, the same for the same text."""

    input = Input.TEXT
    dimensions = 8

    def __init__(self, name: str, words: Sequence[str], strength: float) -> None:
        self.name = name
        self.words = words
        self.strength = strength
        self.encoded = 0

    def encode(self, samples: Sequence[Data], *, progress: Progress | None = None) -> Vectors:
        """Encode n texts in order, shape (n, 8)."""
        self.encoded += len(samples)
        vectors = np.empty((len(samples), self.dimensions), np.float32)
        for row, sample in enumerate(samples):
            rng = np.random.default_rng(zlib.crc32(f"{self.name} {sample}".encode()))
            vectors[row] = rng.normal(size=self.dimensions)
            for place, word in enumerate(self.words):
                if word in str(sample):
                    vectors[row, place] += self.strength
        return vectors


def material(n: int) -> Material:
    """Texts of four labels: two words, each of two kinds, tell them apart."""
    rng = np.random.default_rng(0)
    codes = rng.integers(0, 4, n)
    data = [
        f"{'red' if c & 1 else 'blue'} {'cat' if c & 2 else 'dog'} {i}" for i, c in enumerate(codes)
    ]
    return Material(
        input=Input.TEXT,
        output=Output.CLASSIFICATION,
        fields=(),
        ids=np.arange(n),
        data=data,
        hashes=[content_hash(text) for text in data],
        targets=codes,
        labels=("a", "b", "c", "d"),
        change=1,
    )


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(f"sqlite:///{tmp_path / 'hotfit.db'}")


@pytest.fixture
def function(store: Store) -> Function:
    with store.write() as session:
        return create(session, name="f", input=Input.TEXT, output=Output.CLASSIFICATION)


def build(
    store: Store, encoders: Sequence[Sighted], costs: Mapping[str, float] | None = None
) -> Bench:
    """A bench whose first encoder is the one in use; costs are of a call, in milliseconds."""
    by_name = {encoder.name: encoder for encoder in encoders}

    def open_encoder(name: str) -> Encoder:
        members = [by_name[member] for member in name.split("+")]
        return members[0] if len(members) == 1 else JoinedEncoder(members)

    def cost(name: str) -> Cost:
        each = sum((costs or {}).get(member, 1.0) for member in name.split("+")) / 1000
        return Cost(latency=each, each=each)

    return Bench(
        store=store,
        blobs=FileBlobs(Path("unused")),
        encoders={Input.TEXT: encoders[0].name},
        open_encoder=open_encoder,
        clock=lambda: 0.0,
        rivals=lambda kind: sorted(by_name) if kind is Input.TEXT else (),
        cost=cost,
    )


def start(bench: Bench, n: int = 400) -> tuple[Encoded, Trained]:
    encoded = encode(bench, material(n))
    return encoded, encoded.fit("discriminant.v1")


BLIND = Sighted("blind.v1", (), 0.0)
COLOURS = Sighted("colours.v1", ("red",), 6.0)
ANIMALS = Sighted("animals.v1", ("cat",), 6.0)
BOTH = Sighted("both.v1", ("red", "cat"), 6.0)


def test_the_better_encoder_is_taken_at_first(store: Store, function: Function) -> None:
    bench = build(store, [COLOURS, BOTH, BLIND])
    choice = choose(bench, function, *start(bench))
    assert choice.encoded.representation.name == "both.v1"
    assert choice.won is not None
    assert choice.offer is None
    ends = {tried.encoder: tried.end for tried in choice.tried}
    assert ends["both.v1"] == "won"
    assert ends["blind.v1"] in {"not better", "cannot win"}
    won = next(tried for tried in choice.tried if tried.encoder == "both.v1")
    assert won.fixed > 100 > won.broken
    assert won.gain == pytest.approx((won.fixed - won.broken) / won.samples, abs=0.02)


def test_two_that_see_different_things_are_joined(store: Store, function: Function) -> None:
    bench = build(store, [COLOURS, ANIMALS])
    choice = choose(bench, function, *start(bench))
    assert set(choice.encoded.representation.name.split("+")) == {"colours.v1", "animals.v1"}


def test_what_cannot_win_is_left_before_all_is_encoded(store: Store, function: Function) -> None:
    blind = Sighted("blind.v1", (), 0.0)
    bench = build(store, [BOTH, blind])
    choice = choose(bench, function, *start(bench, 2000))
    assert choice.encoded.representation.name == "both.v1"
    assert choice.tried[0].end == "cannot win"
    assert choice.tried[0].samples == 512
    assert blind.encoded < 2000


def test_a_settled_function_is_only_offered_another(store: Store, function: Function) -> None:
    first = build(store, [COLOURS])
    remember(first, function, choose(first, function, *start(first)))
    with store.read() as session:
        settled = get(session, function.id)
    assert preferences(settled).kept == "colours.v1"
    bench = build(store, [COLOURS, BOTH])
    choice = choose(bench, settled, *start(bench))
    assert choice.encoded.representation.name == "colours.v1"
    assert choice.won is None
    assert choice.offer is not None
    assert choice.offer.encoder == "both.v1"
    assert choice.offer.gain > 0.3
    remember(bench, settled, choice)
    with store.read() as session:
        kept = preferences(get(session, function.id))
    assert kept.kept == "colours.v1"
    assert kept.offer is not None
    assert kept.offer["encoder"] == "both.v1"


def test_an_offer_that_is_accepted_reads_the_function(store: Store, function: Function) -> None:
    bench = build(store, [COLOURS, BOTH])
    with store.write() as session:
        wanted = prefer(session, function.id, encoder="both.v1", max_latency_ms=None)
    assert reads(bench, wanted).encoders[Input.TEXT] == "both.v1"
    choice = choose(bench, wanted, *start(reads(bench, wanted)))
    assert choice.tried == ()  # what the user pinned is not questioned
    with store.write() as session:
        again = prefer(session, function.id, encoder="auto", max_latency_ms=None)
    assert reads(bench, again).encoders[Input.TEXT] == "colours.v1"


def test_a_dearer_one_than_allowed_is_not_asked(store: Store, function: Function) -> None:
    bench = build(store, [COLOURS, BOTH], {"both.v1": 50.0})
    with store.write() as session:
        wanted = prefer(session, function.id, encoder=None, max_latency_ms=10.0)
    both = BOTH.encoded
    choice = choose(bench, wanted, *start(bench))
    assert choice.encoded.representation.name == "colours.v1"
    assert [tried.end for tried in choice.tried] == ["too slow", "too slow"]
    assert BOTH.encoded == both


def test_one_that_has_become_too_slow_gives_way_whatever_it_costs(
    store: Store, function: Function
) -> None:
    bench = build(store, [BOTH, COLOURS], {"both.v1": 50.0})
    wanted = replace(
        function,
        plan={"encoders": {"kept": "both.v1", "max_latency_ms": 10.0}},
    )
    choice = choose(bench, wanted, *start(bench))
    assert choice.encoded.representation.name == "colours.v1"
    assert choice.won is not None


def test_one_that_would_take_too_long_is_not_asked(
    store: Store, function: Function, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(choosing, "PATIENCE", 1.0)
    bench = build(store, [COLOURS, BOTH], {"both.v1": 5.0})
    choice = choose(bench, function, *start(bench))
    assert {tried.end for tried in choice.tried} == {"too long"}


def test_equal_encoders_do_not_displace_each_other(store: Store, function: Function) -> None:
    twins = [Sighted(f"twin-{number}.v1", ("red", "cat"), 3.0) for number in range(3)]
    bench = build(store, twins)
    choice = choose(bench, function, *start(bench))
    alone = [tried for tried in choice.tried if "+" not in tried.encoder]
    assert [tried.end for tried in alone] == ["not better", "not better"]


def test_without_others_nothing_is_tried_but_the_encoder_is_kept(
    store: Store, function: Function
) -> None:
    bench = replace(build(store, [COLOURS]), rivals=lambda kind: ())
    choice = choose(bench, function, *start(bench))
    assert choice.tried == ()
    remember(bench, function, choice)
    with store.read() as session:
        settled = get(session, function.id)
    assert preferences(settled) == Preferences(kept="colours.v1", tried=[])
    remember(bench, settled, choice)  # a second time writes nothing
    with store.read() as session:
        assert get(session, function.id).change == settled.change


def test_what_a_setting_decides_is_not_kept(store: Store, function: Function) -> None:
    bench = replace(build(store, [COLOURS]), fixed=frozenset({Input.TEXT}))
    remember(bench, function, choose(bench, function, *start(bench)))
    with store.read() as session:
        assert preferences(get(session, function.id)) == Preferences()
    kept = replace(function, plan={"encoders": {"kept": "both.v1"}})
    assert reads(bench, kept).encoders[Input.TEXT] == "colours.v1"


def test_an_encoder_of_last_resort_is_not_kept(store: Store, function: Function) -> None:
    resort = Sighted("fake.v1", ("red",), 6.0)
    bench = replace(build(store, [resort]), rivals=lambda kind: ())
    remember(bench, function, choose(bench, function, *start(bench)))
    with store.read() as session:
        assert preferences(get(session, function.id)).kept is None
