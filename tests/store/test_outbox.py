import pytest

from hotfit.functions import functions as f
from hotfit.store.outbox import finish, pending, record
from hotfit.store.sessions import Store
from hotfit.types import Input, Output


@pytest.fixture
def function(store: Store) -> str:
    with store.write() as w:
        return f.create(w, name="sms", input=Input.TEXT, output=Output.CLASSIFICATION).id


def test_changes_are_numbered_without_gaps_and_finished_in_order(
    store: Store, function: str
) -> None:
    with store.write() as w:
        assert [record(w, function, "k", {"n": n}) for n in range(3)] == [2, 3, 4]
    with pytest.raises(ZeroDivisionError), store.write() as w:  # noqa: PT012 - the transaction is the block
        record(w, function, "k", {})
        raise ZeroDivisionError
    with store.write() as w:
        assert record(w, function, "k", {"n": 3}) == 5
        finish(w, function, through=3)
        assert [(one.number, one.payload) for one in pending(w)] == [(4, {"n": 2}), (5, {"n": 3})]
        assert len(pending(w, limit=1)) == 1
