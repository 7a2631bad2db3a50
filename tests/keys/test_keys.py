import re

import pytest

from hotfit.functions.access import Right, Role
from hotfit.functions.functions import FunctionUnknown
from hotfit.functions.functions import create as create_function
from hotfit.keys import keys
from hotfit.keys.sealing import SecretRefused
from hotfit.store.sessions import Store
from hotfit.types import Input, Output


def test_a_random_secret_holds_256_bits_and_is_not_kept(store: Store) -> None:
    with store.write() as w:
        made = keys.create(w)
    assert re.fullmatch(r"hf_[a-z0-9]{12}[A-Za-z0-9_-]{43}", made.secret)
    with store.read() as r:
        (kept,) = keys.list_all(r)
    assert made.secret not in repr(kept)
    assert made.secret[15:] not in repr(kept)
    assert kept.hint == made.secret[3:15]


def test_two_keys_of_one_secret_are_sealed_differently(store: Store) -> None:
    with store.write() as w:
        one = keys.create(w, identifier="one", secret="the-same-words")
        two = keys.create(w, identifier="two", secret="the-same-words")
    assert one.key.sealed != two.key.sealed


def test_what_a_person_chose_is_stretched_and_what_is_random_is_not(store: Store) -> None:
    with store.write() as w:
        assert keys.create(w, secret="correct-horse").key.sealed.startswith("scrypt$")
        assert keys.create(w).key.sealed.startswith("sha256$")


@pytest.mark.parametrize("secret", ["", "short", "x" * 513, "with a space", "ünïcödé-secret"])
def test_a_secret_that_cannot_be_used_is_refused(store: Store, secret: str) -> None:
    with pytest.raises(SecretRefused) as refused, store.write() as w:
        keys.create(w, secret=secret)
    assert not secret or secret not in str(refused.value)


@pytest.mark.parametrize("identifier", ["", "a:b", "a b", "a\n", "-a", "é", "x" * 101])
def test_an_id_that_no_header_can_carry_is_refused(store: Store, identifier: str) -> None:
    with pytest.raises(keys.KeyIdRefused), store.write() as w:
        keys.create(w, identifier=identifier)


def test_an_id_is_given_out_once_even_after_it_was_revoked(store: Store) -> None:
    with store.write() as w:
        keys.create(w, identifier="ci")
        keys.revoke(w, "ci")
    with pytest.raises(keys.KeyTaken, match="'ci'"), store.write() as w:
        keys.create(w, identifier="ci")


def test_a_key_reaches_the_functions_it_is_bound_to(store: Store) -> None:
    with store.write() as w:
        mine = create_function(w, name="mine", input=Input.TEXT, output=Output.TAGS)
        other = create_function(w, name="other", input=Input.TEXT, output=Output.TAGS)
        who = keys.create(w, role=Role.INVOKE, bound_to=["Mine"]).key.identity()
    assert who.reaches(mine.id)
    assert not who.reaches(other.id)
    assert who.may(Right.INVOKE)
    assert not who.may(Right.READ)


def test_a_key_for_a_function_that_is_not_there_is_refused(store: Store) -> None:
    with pytest.raises(FunctionUnknown), store.write() as w:
        keys.create(w, bound_to=["nothing"])
    with store.read() as r:
        assert keys.list_all(r) == []


def test_the_first_key_of_a_home_is_made_once(store: Store) -> None:
    with store.write() as w:
        first = keys.create_first(w)
        assert first is not None
        assert first.key.role is Role.ADMIN
        keys.revoke(w, first.key.id)
        assert keys.create_first(w) is None


def test_revoking_a_key_that_is_not_there_is_refused(store: Store) -> None:
    with pytest.raises(keys.KeyUnknown, match="'gone'"), store.write() as w:
        keys.revoke(w, "gone")


def test_a_limit_below_one_is_refused(store: Store) -> None:
    with pytest.raises(keys.LimitRefused), store.write() as w:
        keys.create(w, limit=0)
