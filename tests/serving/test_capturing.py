from typing import Any

import pytest

from hotfit.samples import imports
from hotfit.samples.captures import Captured, Reason, keep, list_captures
from hotfit.serving import capturing
from hotfit.serving.capturing import Capturing, Rules
from hotfit.serving.serving import Serving
from hotfit.types import Answer, LabelConfidence, Prediction, Quantity, Sample, Tagging
from tests.keys.conftest import Clock
from tests.serving.worlds import World


def said(label: str, confidence: float) -> Prediction:
    return Prediction(label, confidence, (LabelConfidence(label, confidence),))


def seen(world: World, answers: list[Answer], **rules: Any) -> list[Reason | None]:
    """The reasons for which calls with these answers are kept."""
    world.trained("sms")
    found: list[Reason | None] = []

    async def story(serving: Serving) -> None:
        standing = serving.standing("sms")
        live = await serving.predictors.find(standing)
        keeper = Capturing(
            store=world.store,
            blobs=world.blobs,
            meters=serving.meters,
            rules=Rules(**{"share": 0.0, "per_minute": 10_000} | rules),
            seed=0,
            clock=Clock(),
        )
        for number, answer in enumerate(answers):
            found.append(keeper.see(live, standing, f"text {number}", answer))
            if number % 100 == 0:
                await keeper.flush()

    world.serve(story)
    return found


def test_an_uncertain_answer_is_kept(world: World) -> None:
    answers: list[Answer] = [said("spam", 0.55), said("spam", 0.99)]
    assert seen(world, answers) == ["LowConfidence", None]


def test_a_tag_close_to_one_half_is_kept(world: World) -> None:
    sure, unsure = LabelConfidence("a", 0.9), LabelConfidence("b", 0.5)
    answers: list[Answer] = [Tagging((sure,), (sure,)), Tagging((sure,), (sure, unsure))]
    assert seen(world, answers) == [None, "LowConfidence"]


def test_an_answer_that_is_rare_among_the_last_ones_is_kept(world: World) -> None:
    answers: list[Answer] = [said("ham", 0.99)] * 300
    answers += [said("spam", 0.99), said("ham", 0.99)]
    assert seen(world, answers)[-2:] == ["RareLabel", None]


def test_a_random_share_is_kept_and_the_same_for_a_seed(world: World) -> None:
    found = seen(world, [Quantity(1.0, 0.0, 2.0)] * 400, share=0.1)
    assert 20 <= found.count("Random") <= 65
    assert set(found) == {"Random", None}


def test_a_function_keeps_only_so_many_a_minute(world: World) -> None:
    found = seen(world, [said("spam", 0.5)] * 50, per_minute=7)
    assert found == ["LowConfidence"] * 7 + [None] * 43


def test_what_cannot_be_written_fast_enough_is_dropped(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(capturing, "BUFFER", 5)
    assert seen(world, [said("spam", 0.5)] * 20).count("LowConfidence") == 6  # one was written


def test_calls_are_written_down_and_listed_least_certain_first(world: World) -> None:
    function = world.trained("sms")

    async def story(serving: Serving) -> None:
        standing = serving.standing("sms")
        for text in ("a call", "another call"):
            reply = await serving.answer(standing, [text])
            serving.capture(reply, standing, text, external_id=f"id of {text}")

    world.serve(story, captures=Rules(share=1.0))
    with world.store.read() as session:
        found = list_captures(session, function, world.blobs, limit=10)
    assert {one.data for one in found} == {"a call", "another call"}
    assert [one.confidence for one in found] == sorted(one.confidence or 0 for one in found)
    assert found[0].external_id == f"id of {found[0].data}"
    assert found[0].version.startswith("version_")
    assert found[0].label is not None
    assert found[0].label.startswith("label_")


def capture(function: str, text: str) -> Captured:
    return Captured(
        function=function, data=text, reason="Random", label=None, confidence=None, version="v"
    )


def kept(world: World, function: str) -> list[object]:
    with world.store.read() as session:
        return [one.data for one in list_captures(session, function, world.blobs, limit=99)]


def write(world: World, *found: Captured, day: int = 100, most: int = 10, days: int = 30) -> int:
    with world.store.write() as session:
        return keep(session, found, blobs=world.blobs, day=day, most=most, days=days)


def test_a_content_is_kept_once(world: World) -> None:
    function = world.function("sms")
    assert write(world, capture(function, "a"), capture(function, "a")) == 1
    assert write(world, capture(function, "a")) == 0
    assert kept(world, function) == ["a"]


def test_the_oldest_make_room(world: World) -> None:
    function, other = world.function("sms"), world.function("other")
    write(world, capture(other, "stays"))
    for number in range(8):
        write(world, capture(function, f"text {number}"), most=3)
    assert kept(world, function) == ["text 7", "text 6", "text 5"]
    assert kept(world, other) == ["stays"]


def test_captures_are_forgotten_after_some_days(world: World) -> None:
    function = world.function("sms")
    write(world, capture(function, "old"), day=10, days=5)
    write(world, capture(function, "new"), day=16, days=5)
    assert kept(world, function) == ["new"]


def test_what_is_or_becomes_a_sample_is_not_listed(world: World) -> None:
    function = world.function("sms")
    write(world, capture(function, "to be labelled"))
    with world.store.write() as session:
        new = [Sample(number=1, data="to be labelled", label="ham")]
        imports.add(session, function, new, author="me", blobs=world.blobs)
    assert kept(world, function) == []
    assert write(world, capture(function, "to be labelled")) == 0


def test_captures_of_a_deleted_function_are_let_go(world: World) -> None:
    assert write(world, capture("function_0000000000000000", "nobody's")) == 0


def test_flushing_nothing_writes_nothing(world: World) -> None:
    async def story(serving: Serving) -> None:
        keeper = Capturing(
            store=world.store, blobs=world.blobs, meters=serving.meters, rules=Rules()
        )
        await keeper.flush()

    world.serve(story)
