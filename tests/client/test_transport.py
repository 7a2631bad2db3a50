from collections.abc import Callable, Iterator

import httpx2
import pytest

from hotfit.client.client import Client
from hotfit.client.transport import ServerFailed, ServerRefused, Transport

Answer = httpx2.Response | Exception


def server(answers: list[Answer]) -> tuple[Transport, list[httpx2.Request], list[float]]:
    """A transport whose server gives these answers in turn; its requests, and its pauses."""
    asked: list[httpx2.Request] = []
    pauses: list[float] = []
    coming: Iterator[Answer] = iter(answers)

    def answer(request: httpx2.Request) -> httpx2.Response:
        request.read()
        asked.append(request)
        found = next(coming)
        if isinstance(found, Exception):
            raise found
        return found

    made = Transport(
        "http://server/",
        "hf_secret",
        timeout=1,
        attempts=4,
        sleep=pauses.append,
        transport=httpx2.MockTransport(answer),
    )
    return made, asked, pauses


def ok() -> httpx2.Response:
    return httpx2.Response(200, json={})


def busy(status: int = 503, **headers: str) -> httpx2.Response:
    return httpx2.Response(status, json={"message": "busy", "name": "Busy"}, headers=headers)


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
@pytest.mark.parametrize("bad", [busy, lambda: httpx2.ReadError("gone")])
def test_what_can_be_repeated_is(method: str, bad: Callable[[], Answer]) -> None:
    transport, asked, pauses = server([bad(), bad(), ok()])
    transport.request(method, "/x")
    assert len(asked) == 3
    assert 0 < pauses[0] <= 0.4
    assert 0 < pauses[1] <= 0.8


@pytest.mark.parametrize("bad", [busy, lambda: httpx2.ReadError("gone")])
def test_a_post_that_may_have_been_done_is_not_repeated(bad: Callable[[], Answer]) -> None:
    transport, asked, _ = server([bad(), ok()])
    with pytest.raises(ServerFailed):
        transport.request("POST", "/x", json={})
    assert len(asked) == 1


@pytest.mark.parametrize("bad", [lambda: busy(429), lambda: httpx2.ConnectError("refused")])
def test_a_post_that_was_not_done_is_repeated(bad: Callable[[], Answer]) -> None:
    transport, asked, _ = server([bad(), ok()])
    transport.request("POST", "/x", content=lambda: iter([b"a", b"b"]))
    assert [each.content for each in asked] == [b"ab", b"ab"]


def test_the_pause_that_the_server_asks_for_is_made() -> None:
    transport, _, pauses = server([busy(429, **{"Retry-After": "3"}), ok()])
    transport.request("GET", "/x")
    assert 3 <= pauses[0] < 4


def test_a_server_that_stays_busy_is_told_of_after_so_many_attempts() -> None:
    transport, asked, _ = server([busy(429)] * 9)
    with pytest.raises(ServerRefused):
        transport.request("GET", "/x")
    assert len(asked) == 4


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 415, 500])
def test_what_will_not_change_is_not_repeated(status: int) -> None:
    transport, asked, _ = server([busy(status), ok()])
    with pytest.raises((ServerRefused, ServerFailed)):
        transport.request("GET", "/x")
    assert len(asked) == 1


def test_the_key_goes_to_no_other_server() -> None:
    away = httpx2.Response(302, headers={"Location": "http://elsewhere/"})
    transport, asked, _ = server([away, ok()])
    with pytest.raises(ServerFailed):
        transport.request("GET", "/x")
    assert len(asked) == 1


@pytest.mark.parametrize("body", [b"<html>", b"", b"[]", b'{"message": 3}'])
def test_an_error_that_is_not_of_hotfit_is_told_too(body: bytes) -> None:
    transport, _, _ = server([httpx2.Response(418, content=body)])
    with pytest.raises(ServerRefused, match="418"):
        transport.request("GET", "/x")


def test_the_key_stands_in_no_text() -> None:
    transport, _, _ = server([httpx2.ConnectError("refused")] * 4)
    with pytest.raises(ServerFailed) as failed:
        transport.request("GET", "/x")
    shown = str(failed.value) + repr(transport) + repr(Client("http://server", "hf_secret"))
    assert "hf_secret" not in shown
