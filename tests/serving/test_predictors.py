import asyncio
import logging
import time
from typing import Any, ClassVar

import numpy as np
import pytest

from hotfit.functions import functions, versions
from hotfit.functions.labels import add_label, rename_label
from hotfit.heads import heads
from hotfit.heads.fake import Fake
from hotfit.samples.annotations import annotate
from hotfit.samples.rows import read_rows
from hotfit.serving.predictors import NoModel, VersionUnknown, VersionUnusable
from hotfit.serving.serving import Serving
from hotfit.serving.standing import FunctionGone
from hotfit.store.blobs import MemoryBlobs
from hotfit.types import Features, Prediction, Scores, State
from tests.serving.worlds import World, soon


async def ask(serving: Serving, name: str = "sms", **wishes: Any) -> tuple[str, str]:
    """The version that answers, and the label it gives."""
    reply = await serving.answer(serving.standing(name), ["free money, win now"], **wishes)
    (answer,) = reply.answers
    assert isinstance(answer, Prediction)
    return reply.live.name, answer.label


class Odd(Fake):
    """A head whose models answer as no model may."""

    name: ClassVar[str] = "odd.v1"
    scores: ClassVar[Any] = None

    def load(self, state: State) -> Any:
        return OddModel(self.scores)


class OddModel:
    head = "odd.v1"

    def __init__(self, scores: Any) -> None:
        self._scores = scores

    def predict(self, features: Features) -> Scores:
        found: Scores = self._scores(len(features))
        return found

    def state(self) -> State:
        return State(arrays={"none": np.zeros(1)}, parameters={})


def even(n: int) -> Scores:
    return np.full((n, 2), 0.5)


def slow(n: int) -> Scores:
    time.sleep(1.2)
    return even(n)


def raising(n: int) -> Scores:
    raise ValueError(f"cannot answer {n} samples")


BAD: dict[str, Any] = {
    "not a number": lambda n: np.full((n, 2), np.nan),
    "too narrow": lambda n: np.ones((n, 1)),
    "no probabilities": lambda n: np.full((n, 2), 3.0),
    "too slow": slow,
    "an error": raising,
}


@pytest.fixture
def odd(monkeypatch: pytest.MonkeyPatch) -> type[Odd]:
    monkeypatch.setitem(heads.parts, "odd.v1", Odd())
    return Odd


def test_the_live_version_answers_and_says_what_it_has_learned(world: World) -> None:
    function = world.trained("sms")

    async def story(serving: Serving) -> None:
        standing = serving.standing("sms")
        reply = await serving.answer(standing, ["free money, win now", "see you at lunch"])
        assert [answer.label for answer in reply.answers] == ["spam", "ham"]  # type: ignore[union-attr]
        assert reply.live.name == standing.function.live
        assert reply.through == standing.function.change
        assert standing.id == function

    world.serve(story)


def test_a_function_is_found_by_its_identifier_with_and_without_its_kind(world: World) -> None:
    function = world.trained("sms")

    async def story(serving: Serving) -> None:
        bare = function.removeprefix("function_")
        assert serving.standing(bare).id == serving.standing(function).id == function
        with pytest.raises(FunctionGone):
            serving.standing("nobody")

    world.serve(story)


def test_a_new_version_takes_over_by_itself(world: World) -> None:
    function = world.trained("sms")

    async def story(serving: Serving) -> None:
        first, _ = await ask(serving)
        second = world.publish(function).id
        await soon(lambda: getattr(serving.predictors.latest(function), "name", "") == second)
        assert (await ask(serving))[0] == second != first

    world.serve(story)


def test_many_calls_of_a_cold_function_load_it_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.trained("sms")
    loads: list[str] = []
    get = MemoryBlobs.get

    def counted(blobs: MemoryBlobs, key: str) -> bytes:
        loads.append(key)
        time.sleep(0.05)
        return get(blobs, key)

    monkeypatch.setattr(MemoryBlobs, "get", counted)

    async def story(serving: Serving) -> None:
        answers = await asyncio.gather(*(ask(serving) for _ in range(40)))
        assert len(set(answers)) == 1
        assert len(loads) == 1

    world.serve(story)


@pytest.mark.parametrize("how", BAD)
def test_a_broken_candidate_never_answers(
    world: World,
    odd: type[Odd],
    how: str,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    function = world.trained("sms")
    monkeypatch.setattr(odd, "scores", staticmethod(BAD[how]))

    async def story(serving: Serving) -> None:
        good = await ask(serving)
        with caplog.at_level(logging.ERROR, "hotfit.serving"):
            bad = world.publish(function, model=OddModel(None)).id
            await soon(lambda: "refused" in caplog.text)
        assert bad in caplog.text
        assert [await ask(serving) for _ in range(20)] == [good] * 20
        better = world.publish(function).id
        await soon(lambda: getattr(serving.predictors.latest(function), "name", "") == better)

    world.serve(story)


def test_a_candidate_that_was_slow_once_is_tried_again_and_answers(
    world: World, odd: type[Odd], monkeypatch: pytest.MonkeyPatch
) -> None:
    function = world.trained("sms")
    turns = iter([slow])

    def slow_once(n: int) -> Scores:
        return next(turns, even)(n)

    monkeypatch.setattr(odd, "scores", staticmethod(slow_once))

    async def story(serving: Serving) -> None:
        await ask(serving)
        made = world.publish(function, model=OddModel(None)).id
        await soon(lambda: getattr(serving.predictors.latest(function), "name", "") == made)

    world.serve(story)


def test_a_version_whose_artifact_is_gone_never_answers(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    function = world.trained("sms")

    async def story(serving: Serving) -> None:
        good = await ask(serving)
        with caplog.at_level(logging.ERROR, "hotfit.serving"):
            world.publish(function, artifact="0" * 64)
            await soon(lambda: "refused" in caplog.text)
        assert await ask(serving) == good

    world.serve(story)


def test_where_the_live_version_is_broken_from_the_start_the_one_before_answers(
    world: World,
) -> None:
    function = world.trained("sms")
    with world.store.read() as session:
        before = versions.live_version(session, function)
    world.publish(function, artifact="0" * 64)
    world.publish(function, artifact="1" * 64)
    assert before is not None

    async def story(serving: Serving) -> None:
        assert (await ask(serving))[0] == before.id

    world.serve(story)


def test_a_function_without_any_whole_version_is_unavailable(world: World) -> None:
    function = world.function("sms")
    world.publish(function, artifact="0" * 64)

    async def story(serving: Serving) -> None:
        with pytest.raises(VersionUnusable):
            await ask(serving)

    world.serve(story)


def test_an_earlier_version_answers_again_after_it_is_made_live(world: World) -> None:
    function = world.trained("sms")

    async def story(serving: Serving) -> None:
        first, _ = await ask(serving)
        second = world.publish(function).id
        await soon(lambda: getattr(serving.predictors.latest(function), "name", "") == second)
        with world.store.write() as session:
            versions.make_live(session, function, first)
        await soon(lambda: getattr(serving.predictors.latest(function), "name", "") == first)

    world.serve(story)


def test_a_call_may_name_the_version_that_answers_it(world: World) -> None:
    function = world.trained("sms")

    async def story(serving: Serving) -> None:
        first, _ = await ask(serving)
        second = world.publish(function).id
        assert (await ask(serving, version=first))[0] == first
        assert (await ask(serving, version=second))[0] == second
        with pytest.raises(VersionUnknown):
            await ask(serving, version="version_0000000000000000")

    world.serve(story)


def test_functions_that_nobody_asks_for_leave_memory_and_answer_again(world: World) -> None:
    names = [f"sms{number}" for number in range(6)]
    for name in names:
        world.trained(name)

    async def story(serving: Serving) -> None:
        for name in names * 2:
            await ask(serving, name)
            assert len(serving.predictors) <= 3

    world.serve(story, resident=3)


def test_a_deleted_function_is_gone_at_once(world: World) -> None:
    function = world.trained("sms")

    async def story(serving: Serving) -> None:
        await ask(serving)
        with world.store.write() as session:
            functions.remove(session, function)
        with pytest.raises(FunctionGone):
            await ask(serving)
        await soon(lambda: serving.predictors.latest(function) is None)

    world.serve(story)


def test_a_renamed_label_keeps_what_was_learned_under_its_old_name(world: World) -> None:
    function = world.trained("sms")

    async def story(serving: Serving) -> None:
        await ask(serving)
        standing = serving.standing("sms")
        spam = next(label for label in standing.labels.values() if label.name == "spam")
        with world.store.write() as session:
            rename_label(session, function, spam.id, "junk")
        again = world.serving()
        for each in (serving, again):  # one had the version in memory, one reads it now
            standing = each.standing("sms")
            reply = await each.answer(standing, ["free money"])
            assert reply.live.labels(standing)["spam"].name == "junk"
        await again.close()

    world.serve(story)


def test_a_call_waits_until_its_change_is_learned(world: World) -> None:
    function = world.trained("sms")

    async def story(serving: Serving) -> None:
        await ask(serving)
        sample = _first_sample(world, function)
        with world.store.write() as session:
            change = annotate(session, function, [(sample, "ham")], author="me")
        waiting = asyncio.create_task(ask(serving, wait=change))
        await soon(lambda: function in serving.predictors._waiting)
        assert not waiting.done()
        version = world.publish(function).id
        assert (await waiting)[0] == version

    world.serve(story)


def test_a_call_for_a_first_version_waits_until_it_is_there(world: World) -> None:
    function = world.function("sms", labels=())

    async def story(serving: Serving) -> None:
        waiting = asyncio.create_task(ask(serving, wait=1))
        await soon(lambda: function in serving.predictors._waiting)
        assert not waiting.done()
        with world.store.write() as session:
            for label in ("spam", "ham"):
                add_label(session, function, label)
        version = world.publish(function).id
        assert (await waiting)[0] == version

    world.serve(story)


def test_a_call_does_not_wait_for_ever(world: World) -> None:
    world.trained("sms")

    async def story(serving: Serving) -> None:
        first, _ = await ask(serving)
        assert (await ask(serving, wait=10**6))[0] == first

    world.serve(story, learn_seconds=0.05)


def test_a_version_knows_changes_that_teach_nothing(world: World) -> None:
    function = world.trained("sms")

    async def story(serving: Serving) -> None:
        with world.store.write() as session:
            now = functions.rename(session, function, "messages").change
        reply = await serving.answer(serving.standing("messages"), ["lunch"], wait=now)
        assert reply.through == now

    world.serve(story, learn_seconds=0.05)


def test_what_has_nothing_to_answer_with_says_what_to_do(world: World) -> None:
    world.function("sms", labels=("spam",))

    async def story(serving: Serving) -> None:
        with pytest.raises(NoModel, match="No model available to invoke function"):
            await ask(serving)

    world.serve(story)


def _first_sample(world: World, function: str) -> int:
    with world.store.read() as session:
        return read_rows(session, function).ids[0]
