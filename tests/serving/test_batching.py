import asyncio
import threading
from collections.abc import Sequence
from dataclasses import replace

import pytest

from hotfit.encoders.base import Progress
from hotfit.encoders.fake import FakeEncoder
from hotfit.functions import functions
from hotfit.functions.labels import add_label
from hotfit.serving import batching
from hotfit.serving.batching import CallExpired, Draining, QueueFull
from hotfit.serving.serving import Reply, Serving
from hotfit.serving.standing import Standing
from hotfit.types import Data, Prediction, Vectors
from tests.serving.worlds import SECONDS, World, soon


class Watched(FakeEncoder):
    """An encoder that tells what it was given together, and can be held up."""

    def __init__(self) -> None:
        super().__init__()
        self.batches: list[list[str]] = []
        self.open = threading.Event()
        self.open.set()
        self.held: dict[str, threading.Event] = {}

    def encode(self, samples: Sequence[Data], *, progress: Progress | None = None) -> Vectors:
        batch = [str(each) for each in samples]
        self.batches.append(batch)
        for gate in (self.open, *(self.held[text] for text in batch if text in self.held)):
            assert gate.wait(SECONDS)
        if "poison" in batch:
            raise ValueError("this text cannot be read")
        return super().encode(samples, progress=progress)


@pytest.fixture
def encoder(world: World) -> Watched:
    made = Watched()
    world.encoder = made
    world.trained("sms")
    made.batches.clear()
    return made


async def ask(serving: Serving, *texts: str) -> list[str]:
    reply = await serving.answer(serving.standing("sms"), texts)
    return [answer.label for answer in reply.answers if isinstance(answer, Prediction)]


async def held_up(serving: Serving, encoder: Watched) -> list["asyncio.Task[list[str]]"]:
    """Keep every lane of the queue busy; return the calls that do."""
    await ask(serving, "warm")
    encoder.open.clear()
    encoder.batches.clear()
    busy = []
    for lane in range(batching.LANES):
        busy.append(asyncio.create_task(ask(serving, f"busy {lane}")))
        await soon(lambda lane=lane: len(encoder.batches) == lane + 1)  # type: ignore[misc]
    return busy


async def queued(serving: Serving, calls: int) -> None:
    """Wait until so many calls wait for a free lane."""
    told = f'hotfit_queue_calls{{queue="fake.v1"}} {float(calls)}\n'
    await soon(lambda: told in serving.meters.page().decode())


async def asked_ahead(
    world: World, serving: Serving, encoder: Watched
) -> tuple[Standing, "asyncio.Task[Reply]"]:
    """A call that waits for a change that nobody has learned, once it is being encoded."""
    await ask(serving, "warm")
    standing = serving.standing("sms")
    with world.store.write() as session:
        add_label(session, standing.id, "other")
        change = functions.get(session, standing.id).change
    waiting = asyncio.create_task(serving.answer(standing, ["free money"], wait=change))
    await soon(lambda: ["free money"] in encoder.batches)
    return standing, waiting


def test_an_idle_encoder_takes_a_call_at_once(world: World, encoder: Watched) -> None:
    async def story(serving: Serving) -> None:
        for text in ("free money now", "see you at lunch"):
            await ask(serving, text)
        assert encoder.batches[-2:] == [["free money now"], ["see you at lunch"]]

    world.serve(story)


def test_calls_that_came_while_it_was_busy_are_encoded_together(
    world: World, encoder: Watched
) -> None:
    async def story(serving: Serving) -> None:
        busy = await held_up(serving, encoder)
        texts = [f"free money, number {number}" for number in range(10, 30)]
        calls = [asyncio.create_task(ask(serving, text)) for text in texts]
        await queued(serving, len(texts))
        encoder.open.set()
        answers = await asyncio.gather(*calls, *busy)
        assert answers[: len(texts)] == [["spam"]] * len(texts)
        together = encoder.batches[batching.LANES :]
        assert sorted(text for batch in together for text in batch) == texts
        assert len(together) == 1

    world.serve(story)


def test_each_call_gets_its_own_answers(world: World, encoder: Watched) -> None:
    async def story(serving: Serving) -> None:
        busy = await held_up(serving, encoder)
        spam = asyncio.create_task(ask(serving, "win free money now", "see you at lunch"))
        ham = asyncio.create_task(ask(serving, "see you at lunch"))
        await queued(serving, 2)
        encoder.open.set()
        assert await spam == ["spam", "ham"]
        assert await ham == ["ham"]
        await asyncio.gather(*busy)

    world.serve(story)


def test_a_short_text_does_not_share_a_batch_with_a_long_one(
    world: World, encoder: Watched
) -> None:
    async def story(serving: Serving) -> None:
        busy = await held_up(serving, encoder)
        texts = ["short one", "long " * 200, "short two"]
        calls = [asyncio.create_task(ask(serving, text)) for text in texts]
        await queued(serving, len(texts))
        encoder.open.set()
        await asyncio.gather(*calls, *busy)
        assert ["short one", "short two"] in encoder.batches

    world.serve(story)


def test_a_call_of_many_samples_lets_others_in_between(world: World, encoder: Watched) -> None:
    async def story(serving: Serving) -> None:
        busy = await held_up(serving, encoder)
        many = [f"free money, number {number}" for number in range(500)]
        encoder.held[many[-1]] = threading.Event()
        large = asyncio.create_task(ask(serving, *many))
        await queued(serving, 1)
        small = asyncio.create_task(ask(serving, "see you at lunch"))
        await queued(serving, 2)
        encoder.open.set()
        assert await small == ["ham"]
        assert not large.done()
        encoder.held[many[-1]].set()
        assert await large == ["spam"] * 500
        assert max(len(batch) for batch in encoder.batches) <= batching.BATCH_SAMPLES
        await asyncio.gather(*busy)

    world.serve(story)


def test_a_call_keeps_its_version_to_its_end(world: World, encoder: Watched) -> None:
    async def story(serving: Serving) -> None:
        standing = serving.standing("sms")
        busy = await held_up(serving, encoder)
        texts = [f"free money, number {number}" for number in range(300)]
        large = asyncio.create_task(serving.answer(standing, texts))
        await queued(serving, 1)
        encoder.open.set()
        second = world.publish(standing.id)
        await soon(lambda: getattr(serving.predictors.latest(standing.id), "name", "") == second.id)
        reply = await large
        assert len(reply.answers) == 300
        assert reply.live.name in {standing.function.live, second.id}
        await asyncio.gather(*busy)

    world.serve(story)


def test_calls_that_wait_are_answered_by_the_newest_version(world: World, encoder: Watched) -> None:
    async def story(serving: Serving) -> None:
        standing, model = serving.standing("sms"), world.model()
        busy = await held_up(serving, encoder)
        waiting = asyncio.create_task(serving.answer(standing, ["free money"]))
        second = world.publish(standing.id, model=model)
        await soon(lambda: getattr(serving.predictors.latest(standing.id), "name", "") == second.id)
        encoder.open.set()
        assert (await waiting).live.name == second.id
        await asyncio.gather(*busy)

    world.serve(story)


def test_a_call_that_waits_for_a_change_is_encoded_meanwhile(
    world: World, encoder: Watched
) -> None:
    async def story(serving: Serving) -> None:
        standing, waiting = await asked_ahead(world, serving, encoder)
        assert not waiting.done()
        version = world.publish(standing.id)
        reply = await waiting
        assert reply.live.version == version
        assert encoder.batches.count(["free money"]) == 1
        direct = await serving.answer(serving.standing("sms"), ["free money"])
        assert reply.answers == direct.answers

    world.serve(story)


def test_a_waiting_call_is_encoded_anew_where_the_new_version_reads_otherwise(
    world: World, encoder: Watched
) -> None:
    async def story(serving: Serving) -> None:
        standing, waiting = await asked_ahead(world, serving, encoder)
        world.encoder = FakeEncoder(name="other.v1", dimensions=16)
        version = world.publish(standing.id)
        assert (await waiting).live.version == version

    world.serve(story)


def test_what_cannot_be_answered_soon_is_turned_away(world: World, encoder: Watched) -> None:
    async def story(serving: Serving) -> None:
        busy = await held_up(serving, encoder)
        waiting = [asyncio.create_task(ask(serving, "free money")) for _ in range(5)]
        await queued(serving, 5)
        with pytest.raises(QueueFull) as refused:
            await ask(serving, "one too many")
        assert refused.value.status == 503
        assert int(refused.value.headers["Retry-After"]) >= 1
        encoder.open.set()
        assert await asyncio.gather(*waiting) == [["spam"]] * 5
        await asyncio.gather(*busy)
        assert await ask(serving, "free money") == ["spam"]

    world.serve(story, waiting_calls=5)


def test_a_long_wait_is_foreseen(world: World, encoder: Watched) -> None:
    async def story(serving: Serving) -> None:
        busy = await held_up(serving, encoder)
        long = "long " * 2000
        waiting = [asyncio.create_task(ask(serving, long)) for _ in range(2)]
        await queued(serving, 2)
        with pytest.raises(QueueFull):
            await ask(serving, long)
        encoder.open.set()
        await asyncio.gather(*waiting, *busy)

    world.serve(story, waiting_seconds=1e-9)


def test_a_call_that_is_not_answered_in_time_is_given_up(world: World, encoder: Watched) -> None:
    async def story(serving: Serving) -> None:
        await ask(serving, "warm")
        encoder.open.clear()
        patient, serving.limits = serving.limits, replace(serving.limits, call_seconds=0.1)
        with pytest.raises(CallExpired):
            await ask(serving, "too late")
        serving.limits = patient
        encoder.open.set()
        assert await ask(serving, "free money") == ["spam"]

    world.serve(story)


def test_a_call_whose_caller_has_gone_is_not_encoded(world: World, encoder: Watched) -> None:
    async def story(serving: Serving) -> None:
        busy = await held_up(serving, encoder)
        gone = asyncio.create_task(ask(serving, "nobody waits for this"))
        await queued(serving, 1)
        gone.cancel()
        await asyncio.gather(gone, return_exceptions=True)
        encoder.open.set()
        assert await ask(serving, "free money") == ["spam"]
        await asyncio.gather(*busy)
        assert not any("nobody waits for this" in batch for batch in encoder.batches)

    world.serve(story)


def test_one_call_at_fault_does_not_fail_those_beside_it(world: World, encoder: Watched) -> None:
    async def story(serving: Serving) -> None:
        busy = await held_up(serving, encoder)
        texts = ["free money", "poison", "win money"]
        calls = [asyncio.create_task(ask(serving, text)) for text in texts]
        await queued(serving, len(texts))
        encoder.open.set()
        first, poison, last = await asyncio.gather(*calls, return_exceptions=True)
        assert first == last == ["spam"]
        assert isinstance(poison, ValueError)
        await asyncio.gather(*busy)

    world.serve(story)


def test_draining_answers_what_is_under_way_and_nothing_more(
    world: World, encoder: Watched
) -> None:
    async def story(serving: Serving) -> None:
        before = serving.ready
        busy = await held_up(serving, encoder)
        serving.leave()
        assert before
        assert not serving.ready
        late = asyncio.create_task(ask(serving, "free money"))
        await queued(serving, 1)
        draining = asyncio.create_task(serving.drain())
        await asyncio.sleep(0)  # it has begun
        with pytest.raises(Draining):
            await ask(serving, "after the end")
        encoder.open.set()
        await draining
        assert await late == ["spam"]
        await asyncio.gather(*busy)

    world.serve(story)


def test_no_samples_need_no_answer(world: World, encoder: Watched) -> None:
    async def story(serving: Serving) -> None:
        await ask(serving, "warm")
        encoder.batches.clear()
        assert await ask(serving) == []
        assert not encoder.batches

    world.serve(story)
