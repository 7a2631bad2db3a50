"""Streams of events while they are open, and how many there may be."""

from collections.abc import AsyncIterator

import pytest

from hotfit.api import events
from hotfit.api.streams import Bounds, Follower, Streams, TooManyStreams
from hotfit.functions import functions
from hotfit.serving.serving import Serving
from tests.api.test_versions import identifier, judged, parsed
from tests.serving.conftest import world
from tests.serving.worlds import World

__all__ = ["world"]


async def lines_until(lines: AsyncIterator[str], wanted: str) -> str:
    """What a stream says up to an event of this name."""
    said = ""
    async for line in lines:
        said += line
        if f"event: {wanted}\n" in line:
            return said
    raise AssertionError(f"no {wanted} in {said}")


def change_of(world: World) -> int:
    with world.store.read() as session:
        return functions.get(session, "sms").change


def open_stream(world: World, streams: Streams) -> tuple[Follower, AsyncIterator[str]]:
    follower = streams.enter(key="a", function=identifier(world))
    since = change_of(world)
    return follower, events._told(world.store, streams, follower, since=since, follow=True)


def test_a_stream_tells_what_happens_while_it_is_open(world: World) -> None:
    world.trained("sms")

    async def story(serving: Serving) -> None:
        streams = Streams(serving, Bounds(look=0.005))
        follower, lines = open_stream(world, streams)
        await lines_until(lines, "progress")
        version = judged(world)
        said = await lines_until(lines, "findings")
        assert parsed(said)[0][2]["version"]["id"] == version.id
        with world.store.write() as session:
            functions.remove(session, identifier(world))
        assert parsed(await lines_until(lines, "deleted"))[-1][0] == "deleted"
        assert [line async for line in lines] == []
        streams.leave(follower)
        assert len(streams) == 0

    world.serve(story)


def test_a_silent_stream_shows_that_it_lives(world: World) -> None:
    world.trained("sms")

    async def story(serving: Serving) -> None:
        streams = Streams(serving, Bounds(look=0.005, beat=0.01, lifetime=3600))
        _, lines = open_stream(world, streams)
        assert (await lines_until(lines, "progress")).startswith("retry: ")
        assert [await anext(lines) for _ in range(3)] == [events.BEAT] * 3

    world.serve(story)


def test_a_silent_stream_ends_in_time(world: World) -> None:
    world.trained("sms")

    async def story(serving: Serving) -> None:
        streams = Streams(serving, Bounds(look=0.005, beat=0.01, lifetime=0.1))
        _, lines = open_stream(world, streams)
        await lines_until(lines, "progress")
        assert {line async for line in lines} <= {events.BEAT}

    world.serve(story)


def test_streams_end_when_the_server_is_about_to_stop(world: World) -> None:
    world.trained("sms")

    async def story(serving: Serving) -> None:
        streams = Streams(serving, Bounds(look=0.005))
        _, lines = open_stream(world, streams)
        await lines_until(lines, "progress")
        serving.leave()
        rest = [line async for line in lines]
        assert [name for name, _, _ in parsed("".join(rest))] in ([], ["progress"])
        assert not streams.open

    world.serve(story)


def test_a_key_and_a_server_have_so_many_streams(world: World) -> None:
    async def story(serving: Serving) -> None:
        streams = Streams(serving, Bounds(per_key=1, all=2))
        first = streams.enter(key="a", function="f")
        with pytest.raises(TooManyStreams, match="this key has 1"):
            streams.enter(key="a", function="f")
        streams.enter(key="b", function="f")
        with pytest.raises(TooManyStreams, match="this server has 2"):
            streams.enter(key="c", function="f")
        streams.leave(first)
        streams.leave(first)
        streams.enter(key="c", function="f")

    world.serve(story)
