from contextlib import suppress

import pytest
from sqlalchemy import select

from hotfit.functions.access import Role
from hotfit.keys import door as door_module
from hotfit.keys import keys, tokens
from hotfit.keys.door import Door, KeyRefused
from hotfit.keys.keys import NewKey
from hotfit.keys.throttle import TooMany
from hotfit.serving.watch import Watch
from hotfit.store.sessions import Store
from hotfit.store.tables import tokens as token_table
from tests.keys.conftest import Clock

CHOSEN = "correct-horse-battery"


@pytest.fixture
def door(store: Store, clock: Clock) -> Door:
    return Door(store, clock=clock)


@pytest.fixture
def random(store: Store) -> NewKey:
    with store.write() as w:
        return keys.create(w, identifier="machine", role=Role.EDITOR)


@pytest.fixture
def chosen(store: Store) -> NewKey:
    with store.write() as w:
        return keys.create(w, identifier="person", secret=CHOSEN)


def test_a_token_stands_for_its_key_for_an_hour(door: Door, random: NewKey, clock: Clock) -> None:
    token = door.login("machine", random.secret)
    assert token.seconds == 3600
    clock.time += 3599
    assert door.identify(token.word).name == "machine"
    clock.time += 1
    with pytest.raises(KeyRefused):
        door.identify(token.word)


def test_a_token_made_before_the_clock_was_put_back_is_refused(
    door: Door, random: NewKey, clock: Clock
) -> None:
    token = door.login("machine", random.secret)
    clock.time -= 7200
    with pytest.raises(KeyRefused):
        door.identify(token.word)


@pytest.mark.parametrize("shape", ["{secret}", "machine:{secret}"])
def test_a_key_opens_without_a_token(door: Door, random: NewKey, shape: str) -> None:
    who = door.identify(shape.format(secret=random.secret))
    assert (who.name, who.role) == ("machine", Role.EDITOR)


def test_a_chosen_secret_opens_with_its_id(door: Door, chosen: NewKey) -> None:
    assert door.identify(f"person:{CHOSEN}").name == "person"
    assert door.identify(f"person:{CHOSEN}").name == "person"


def test_nothing_opens_after_revoking(
    store: Store, door: Door, random: NewKey, chosen: NewKey
) -> None:
    shown = [
        random.secret,
        f"machine:{random.secret}",
        f"person:{CHOSEN}",
        door.login("machine", random.secret).word,
        door.login("person", CHOSEN).word,
    ]
    for each in shown:
        door.identify(each)
    with store.write() as w:
        keys.revoke(w, "machine")
        keys.revoke(w, "person")
    for each in shown:
        with pytest.raises(KeyRefused):
            door.identify(each)
    with pytest.raises(KeyRefused):
        door.login("machine", random.secret)


@pytest.mark.parametrize(
    "shown", ["", ":", "hf_", "hft_", "hft_x", "hf_" + "a" * 55, "nobody:x", "machine:", "x" * 9999]
)
def test_what_nobody_made_opens_nothing(door: Door, random: NewKey, shown: str) -> None:
    with pytest.raises(KeyRefused):
        door.identify(shown)


def test_a_secret_with_another_id_opens_nothing(door: Door, random: NewKey, chosen: NewKey) -> None:
    with pytest.raises(KeyRefused):
        door.login("person", random.secret)


def test_five_wrong_secrets_a_minute_then_a_chosen_one_waits(
    store: Store, door: Door, chosen: NewKey, clock: Clock
) -> None:
    for _ in range(5):
        with pytest.raises(KeyRefused):
            door.login("person", "wrong-secret")
    with pytest.raises(TooMany) as refused:
        door.login("person", CHOSEN)
    assert 1 <= int(refused.value.headers["Retry-After"]) <= 60
    another_server = Door(store, clock=clock)
    with pytest.raises(TooMany):
        another_server.login("person", CHOSEN)
    clock.time += 60
    assert door.login("person", CHOSEN).word


def test_guessing_does_not_lock_out_who_holds_a_random_secret(door: Door, random: NewKey) -> None:
    for _ in range(5):
        with pytest.raises(KeyRefused):
            door.login("machine", "wrong-secret")
    with pytest.raises(TooMany):
        door.login("machine", "wrong-secret")
    assert door.login("machine", random.secret).word


def test_who_holds_a_chosen_secret_and_was_seen_is_not_locked_out(
    door: Door, chosen: NewKey
) -> None:
    door.identify(f"person:{CHOSEN}")
    for _ in range(6):
        with pytest.raises((KeyRefused, TooMany)):
            door.identify("person:wrong-secret")
    assert door.identify(f"person:{CHOSEN}").name == "person"


def test_an_id_that_no_key_has_is_throttled_without_a_write(store: Store, door: Door) -> None:
    for _ in range(5):
        with pytest.raises(KeyRefused):
            door.login("nobody", "wrong-secret")
    with pytest.raises(TooMany):
        door.login("nobody", "wrong-secret")


@pytest.fixture(params=[False, True], ids=["one server", "several"])
def doors(
    request: pytest.FixtureRequest, store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> list[Door]:
    monkeypatch.setattr(Door, "is_remote", property(lambda _: request.param))
    return [Door(store, clock=clock) for _ in range(1 + request.param)]


def test_a_key_has_its_calls_a_minute_over_all_servers(
    store: Store, doors: list[Door], clock: Clock
) -> None:
    with store.write() as w:
        shown = keys.create(w, limit=20).secret
    passed = 0
    for turn in range(50):
        with suppress(TooMany):
            doors[turn % len(doors)].identify(shown)
            passed += 1
    assert passed == 20
    with pytest.raises(TooMany) as refused:
        doors[0].identify(shown)
    assert refused.value.status == 429
    assert 1 <= refused.value.seconds <= 60
    clock.time += 60
    doors[0].identify(shown)


def test_the_last_use_is_written_once_a_minute(store: Store, random: NewKey, clock: Clock) -> None:
    def used(times: int) -> str | None:
        door = Door(store, clock=clock)
        for _ in range(times):
            door.note_use(random.key.identity())
        door.close()
        door.note_use(random.key.identity())
        with store.read() as r:
            found = keys.find(r, "machine")
        return found.used if found else None

    assert used(0) is None
    first = used(3)
    assert first is not None
    assert used(0) == first
    clock.time += 60
    assert used(1) != first


def test_a_use_within_the_minute_writes_nothing(
    store: Store, random: NewKey, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[str] = []
    monkeypatch.setattr(door_module, "touch", lambda _, key: written.append(key))
    door = Door(store, clock=clock)
    for _ in range(5):
        door.note_use(random.key.identity())
    clock.time += 60
    door.note_use(random.key.identity())
    door.close()
    assert written == ["machine", "machine"]


def test_a_glance_knows_what_needs_no_stretching(
    door: Door, random: NewKey, chosen: NewKey
) -> None:
    for shown in (random.secret, f"machine:{random.secret}", door.login("machine", random.secret)):
        assert door.glance(shown if isinstance(shown, str) else shown.word) is not None
    assert door.glance(f"person:{CHOSEN}") is None
    door.identify(f"person:{CHOSEN}")
    assert door.glance(f"person:{CHOSEN}") is not None
    assert door.glance("person:wrong-secret") is None
    assert door.glance("nobody:wrong-secret") is None


def test_a_remembered_glance_ends_with_the_next_write_and_with_the_token(
    store: Store, random: NewKey, clock: Clock
) -> None:
    watch, epoch = Watch(store, clock=clock), [0]

    def news() -> int:
        epoch[0] += watch.moved()
        return epoch[0]

    door = Door(store, clock=clock, news=news)
    token = door.login("machine", random.secret).word
    assert door.glance(random.secret) == random.key.identity()
    clock.time += 3599.5
    assert door.glance(token) is not None
    clock.time += 1.1
    with pytest.raises(KeyRefused):
        door.glance(token)
    assert door.glance(random.secret) is not None
    with store.write() as w:
        keys.revoke(w, "machine")
    watch.hint()  # PostgreSQL counts no commits
    assert door.glance(random.secret) is None
    watch.close()


def test_tokens_that_are_over_are_swept(
    store: Store, door: Door, random: NewKey, clock: Clock
) -> None:
    door.login("machine", random.secret)
    clock.time += 3600
    door.login("machine", random.secret)
    with store.read() as r:
        assert len(r.rows(select(token_table))) == 1


def test_a_key_holds_so_many_tokens_and_the_oldest_go(
    store: Store, random: NewKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "MOST", 3)
    with store.write() as w:
        words = [tokens.issue(w, "machine", time=1000.0 + turn).word for turn in range(5)]
    with store.read() as r:
        found = [tokens.key_of(r, word, time=1010.0) is not None for word in words]
    assert found == [False, False, True, True, True]


def test_no_token_and_no_secret_stands_in_the_database(
    store: Store, door: Door, random: NewKey, chosen: NewKey
) -> None:
    token = door.login("person", CHOSEN).word
    with store.read() as r:
        kept = repr(r.rows(select(token_table))) + repr(keys.list_all(r))
    for secret in (token, CHOSEN, random.secret):
        assert secret not in kept
