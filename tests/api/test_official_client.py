"""The public client of the hosted service, unchanged, against this server."""

import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import httpx2
import nyckel
import pytest
from PIL import Image

from tests.api.servers import SECONDS, Server, serving

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("server") / "home") as started:
        yield started


@pytest.fixture
def credentials(server: Server) -> nyckel.Credentials:
    return nyckel.Credentials(server.key, server.secret, server_url=server.url)


def _until(true: Callable[[], bool]) -> None:
    until = time.monotonic() + SECONDS
    while not true():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.05)


def _learned(function: Any, data: Sequence[Any], labels: Sequence[str]) -> None:
    """Wait until the function says that it is trained, and until it has learned these answers."""
    _until(function.has_trained_model)
    _until(lambda: _names(function.invoke(data)) == labels)


def _names(told: Sequence[object]) -> list[str]:
    """The labels that were answered; an error is none."""
    assert all(isinstance(one, nyckel.ClassificationPrediction) for one in told), told
    return [one.label_name for one in told if isinstance(one, nyckel.ClassificationPrediction)]


def test_the_quick_start_learns_two_labels(credentials: nyckel.Credentials) -> None:
    function = nyckel.TextClassificationFunction.create("IsToxic", credentials)
    assert not function.has_trained_model()
    ids = function.create_samples(
        [
            nyckel.TextClassificationSample(
                data="Hello, friend of mine",
                annotation=nyckel.ClassificationAnnotation("Not toxic"),
            ),
            ("Have a nice day, my friend", "Not toxic"),
            ("Friends, this was so nice", "Not toxic"),
            ("You stupid idiot", "Toxic"),
            ("Shut up, stupid fool", "Toxic"),
            ("Only an idiot and fool says so", "Toxic"),
            "No label here",
        ]
    )
    assert len(set(ids)) == 7
    _learned(function, ["you stupid fool", "a nice friend"], ["Toxic", "Not toxic"])
    listed = function.list_samples()
    assert [one.id for one in listed] == sorted(ids, reverse=True)
    assert all(one.prediction is not None for one in listed)
    unlabelled = [one.data for one in listed if one.annotation is None]
    assert unlabelled == ["No label here"]
    assert (function.sample_count, function.label_count, function.name) == (7, 2, "IsToxic")
    again = function.create_samples(["No label here"])
    assert again == [one.id for one in listed if one.data == "No label here"]
    function.delete()
    with pytest.raises(ValueError, match="Failed to load function"):
        nyckel.TextClassificationFunction(function.function_id, credentials)


def test_labels_and_annotations_are_changed(credentials: nyckel.Credentials) -> None:
    function = nyckel.TextClassificationFunction.create("labels", credentials)
    first, second = function.create_labels(
        [nyckel.ClassificationLabel("a", description="first", metadata={"k": "v"}), " b "]
    )
    assert function.read_label(first).metadata == {"k": "v"}
    assert function.read_label(second).metadata is None
    assert {one.name for one in function.list_labels()} == {"a", "b"}
    changed = nyckel.ClassificationLabel("c", id=first, metadata={"k": "w"})
    function.update_label(changed)
    assert function.read_label(first) == changed
    (sample,) = function.create_samples([("text", "c")])
    kept = function.read_sample(sample)
    assert kept.annotation == nyckel.ClassificationAnnotation("c")
    kept.annotation = nyckel.ClassificationAnnotation("b")
    function.update_annotation(kept)
    assert function.read_sample(sample).annotation == nyckel.ClassificationAnnotation("b")
    function.delete_labels([second])
    assert function.read_sample(sample).annotation is None
    assert [one.name for one in function.list_labels()] == ["c"]
    function.delete_samples([sample])
    assert function.list_samples() == []
    with pytest.raises(RuntimeError, match="Unable to fetch sample"):
        function.read_sample(sample)
    function.delete()


def test_a_table_has_fields_and_answers_rows(credentials: nyckel.Credentials) -> None:
    function = nyckel.TabularClassificationFunction.create("table", credentials)
    fields = [
        nyckel.TabularFunctionField(name="size", type="Number"),
        nyckel.TabularFunctionField(name="colour", type="Text"),
        nyckel.TabularFunctionField(name="unused", type="Text"),
    ]
    ids = function.create_fields(fields)
    assert {one.name for one in function.list_fields()} == {"size", "colour", "unused"}
    function.delete_field(ids[2])
    rows: list[tuple[dict[str, str | float], str]] = [
        ({"size": 1.0 + n, "colour": "red"}, "small") for n in range(4)
    ]
    rows += [({"size": 101.0 + n, "colour": "red"}, "large") for n in range(4)]
    samples = function.create_samples(rows)
    assert function.read_sample(samples[0]).data == {"size": 1, "colour": "red"}
    asked = [{"size": 2.5, "colour": "red"}, {"size": 102.5, "colour": "red"}]
    _learned(function, asked, ["small", "large"])
    assert {one.id for one in function.list_samples()} == set(samples)
    function.delete()


def test_tags_are_present_absent_or_open(credentials: nyckel.Credentials) -> None:
    function = nyckel.TextTagsFunction.create("tags", credentials)
    function.create_labels(["food", "music"])
    texts = ["pasta and pizza", "pizza with cheese", "guitar and song", "a song with drums"]
    samples = function.create_samples(
        [
            nyckel.TextTagsSample(
                data=text, annotation=[nyckel.TagsAnnotation("food" if place < 2 else "music")]
            )
            for place, text in enumerate(texts)
        ]
    )
    kept = function.read_sample(samples[0])
    assert kept.annotation == [
        nyckel.TagsAnnotation("food", present=True),
        nyckel.TagsAnnotation("music", present=False),
    ]
    kept.annotation = [nyckel.TagsAnnotation("music"), nyckel.TagsAnnotation("food", present=False)]
    function.update_annotation(kept)
    assert function.read_sample(samples[0]).annotation == kept.annotation
    assert function.label_count == 2
    _until(function.has_trained_model)
    (told,) = function.invoke(["a pizza"])
    assert {*_names(told)} <= {"food", "music"}
    assert len(function.list_samples()) == 4
    function.delete()


def test_images_are_learned_from_and_come_back(credentials: nyckel.Credentials) -> None:
    function = nyckel.ImageClassificationFunction.create("colours", credentials)
    colours = {"red": (200, 20, 20), "blue": (20, 20, 200)}
    pictures = [
        (Image.new("RGB", (40 + n, 40), tuple(c + n for c in colours[name])), name)
        for n in range(4)
        for name in colours
    ]
    samples = function.create_samples(pictures)
    assert len(set(samples)) == 8
    _until(function.has_trained_model)
    kept = function.read_sample(samples[0])
    assert kept.data.startswith("data:image/jpeg;base64,")
    listed = function.list_samples()
    names = {one.id: one.annotation.label_name for one in listed if one.annotation is not None}
    assert sorted(names.values()) == ["blue"] * 4 + ["red"] * 4
    _learned(function, [one.data for one in listed], [names[one.id] for one in listed])
    function.delete()


def test_long_lists_are_paged(server: Server, credentials: nyckel.Credentials) -> None:
    function = nyckel.TextClassificationFunction.create("pages", credentials)
    ids = function.create_samples([f"text {n}" for n in range(1100)])
    assert len(set(ids)) == 1100
    assert [one.id for one in function.list_samples()] == sorted(ids, reverse=True)
    function.delete()


def test_a_wrong_secret_opens_nothing(server: Server) -> None:
    with pytest.raises(ValueError, match="Failed to renew credentials"):
        nyckel.Credentials(server.key, "wrong", server_url=server.url).get_session()
    assert httpx2.get(f"{server.url}/v1/functions").status_code == 401
