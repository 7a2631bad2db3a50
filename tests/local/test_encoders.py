import hashlib
from collections.abc import Sequence
from pathlib import Path

import pytest

from hotfit.app import App
from hotfit.encoders import ENCODERS, Unpinned, WeightsUnavailable
from hotfit.encoders.adding import Unusable, Wanted
from hotfit.encoders.shelf import NameKept
from hotfit.local import Home
from hotfit.local.encoders import InUse, NothingToTrust, OtherKind
from hotfit.registry import UnknownPart
from hotfit.settings import Settings
from hotfit.types import Output
from tests.encoders.networks import image_network, text_network, tokenizer, write
from tests.local.messages import GREETINGS, PARTINGS, messages

WORDS = sorted({word for text in (*GREETINGS, *PARTINGS) for word in text.split()})


@pytest.fixture
def place(tmp_path: Path) -> Home:
    """A home that may not call the network, with a cache and weights of its own."""
    settings = Settings(
        home=tmp_path / "home",
        cache=tmp_path / "cache",
        weights=tmp_path / "weights",
        offline=True,
    )
    return Home(App(settings))


def network(folder: Path, name: str, words: Sequence[str] = WORDS, seed: int = 0) -> Path:
    """A text network that knows some words, with its tokenizer beside it."""
    tokenizer(folder, words)
    return write(folder / f"{name}.onnx", text_network(width=8, words=len(words) + 2, seed=seed))


def test_every_encoder_is_listed_with_what_is_known_of_it(place: Home) -> None:
    rows = {row["name"]: row for row in place.encoders.listing()}
    assert set(rows) == set(ENCODERS)
    minilm = rows["minilm-l6.v1"]
    assert (minilm["kind"], minilm["dimensions"], minilm["licence"]) == ("Text", 384, "Apache-2.0")
    assert not rows["bge-small-en.v1"]["here"]
    assert rows["bge-small-en.v1"]["pinned"]
    assert not rows["e5-small.v2"]["pinned"]
    assert rows["pixels.v1"]["here"]


def test_an_added_encoder_is_used_by_name_and_stays_in_the_home(
    place: Home, tmp_path: Path
) -> None:
    row = place.encoders.add(network(tmp_path / "mine", "words"), Wanted())
    assert (row["name"], row["added"], row["here"]) == ("words.v1", True, True)
    assert row["latency_ms"] > 0
    (tmp_path / "mine" / "words.onnx").unlink()
    (tmp_path / "mine" / "tokenizer.json").unlink()
    again = Home(App(place.app.settings))
    assert again.encode(["hello", "goodbye"], encoder="words.v1").shape == (2, 8)
    assert again.encode(["hello"], encoder="words.v1+fake.v1").shape == (1, 264)


def test_a_damaged_copy_in_the_home_is_not_used(place: Home, tmp_path: Path) -> None:
    model = network(tmp_path / "mine", "words")
    place.encoders.add(model, Wanted())
    digest = hashlib.sha256(model.read_bytes()).hexdigest()
    (tmp_path / "home" / "encoders" / digest).write_bytes(b"shorter")
    again = Home(App(place.app.settings))
    with pytest.raises(WeightsUnavailable):
        again.encode(["hello"], encoder="words.v1")


def test_a_network_of_the_same_name_and_other_contents_is_refused(
    place: Home, tmp_path: Path
) -> None:
    place.encoders.add(network(tmp_path / "a", "words"), Wanted())
    place.encoders.add(network(tmp_path / "a", "words"), Wanted())
    with pytest.raises(NameKept):
        place.encoders.add(network(tmp_path / "b", "words", seed=1), Wanted())


def test_what_is_refused_leaves_nothing_behind(place: Home, tmp_path: Path) -> None:
    with pytest.raises(Unusable):
        place.encoders.add(write(tmp_path / "no.onnx", b"no"), Wanted())
    assert not (tmp_path / "home" / "encoders.json").exists()


def test_unpinned_weights_are_fetched_only_with_trust(place: Home, tmp_path: Path) -> None:
    weights = tmp_path / "weights"
    model = network(weights, "words")
    write(weights / "onnx" / "model.onnx", model.read_bytes())
    with pytest.raises(Unpinned, match="--trust"):
        place.encoders.fetch("gte-small.v1")
    # Its network has a published hash, which trust does not set aside.
    with pytest.raises(WeightsUnavailable, match="not the pinned"):
        place.encoders.fetch("gte-small.v1", trust=True)
    with pytest.raises(NothingToTrust):
        place.encoders.fetch("bge-small-en.v1", trust=True)


def test_what_is_not_on_this_machine_cannot_be_fetched_offline(place: Home) -> None:
    with pytest.raises(WeightsUnavailable, match="hf download BAAI/bge-small-en"):
        place.encoders.fetch("bge-small-en.v1")
    with pytest.raises(UnknownPart):
        place.encoders.fetch("nothing.v1")


def test_an_encoder_that_answers_is_not_removed(place: Home, tmp_path: Path) -> None:
    place.encoders.add(network(tmp_path / "mine", "words"), Wanted())
    function = place.fit(messages(), name="talk", encoder="words.v1")
    assert function.report()["encoder"] == "words.v1"
    with pytest.raises(InUse, match="is what talk answers by"):
        place.encoders.remove("words.v1")
    function.delete()
    place.encoders.remove("words.v1")
    assert "words.v1" not in {row["name"] for row in place.encoders.listing()}
    with pytest.raises(UnknownPart):
        place.encode(["hello"], encoder="words.v1")


def test_files_that_another_encoder_needs_stay(place: Home, tmp_path: Path) -> None:
    place.encoders.add(network(tmp_path / "mine", "one"), Wanted())
    place.encoders.add(network(tmp_path / "mine", "two", seed=1), Wanted())
    place.encoders.remove("one.v1")
    again = Home(App(place.app.settings))
    assert again.encode(["hello"], encoder="two.v1").shape == (1, 8)


def test_an_encoder_of_another_kind_is_refused(place: Home, tmp_path: Path) -> None:
    place.encoders.add(write(tmp_path / "eye.onnx", image_network()), Wanted())
    with pytest.raises(OtherKind, match=r"'eye\.v1' reads images.*given texts"):
        place.fit(messages(), name="talk", encoder="eye.v1")
    assert not place.has("talk")


def test_a_later_encoder_is_offered_and_taken_when_it_is_accepted(
    place: Home, tmp_path: Path
) -> None:
    place.encoders.add(network(tmp_path / "poor", "poor", words=["dear"]), Wanted())
    place.fit(messages(), name="talk", encoder="poor.v1")
    with place.app.store.write() as session:  # leave the choice to training, from where it is
        from hotfit.functions.functions import get
        from hotfit.functions.preferences import prefer, settle

        prefer(session, get(session, "talk").id, encoder="auto", max_latency_ms=None)
        settle(session, get(session, "talk").id, kept="poor.v1", tried=[], offer=None)
    place.encoders.add(network(tmp_path / "good", "good"), Wanted())
    function = place.retrain("talk")
    report = function.report()
    assert report["encoder"] == "poor.v1"
    assert "good.v1" in report["encoders"]["offer"]["encoder"]
    assert report["encoders"]["offer"]["gain"] > 0
    accepted = place.retrain("talk", encoder=report["encoders"]["offer"]["encoder"])
    assert "good.v1" in accepted.report()["encoder"]
    assert accepted.report()["encoders"]["offer"] is None
    assert accepted("goodbye dear sailor").to_json()["label"] == "parting"
    again = place.fit(messages(), name="talk", output=Output.CLASSIFICATION)
    assert "good.v1" in again.report()["encoder"]
