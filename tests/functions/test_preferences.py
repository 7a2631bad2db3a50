from pathlib import Path

from hotfit.functions import functions
from hotfit.functions.learning import unlearned
from hotfit.functions.preferences import Preferences, prefer, preferences, settle
from hotfit.store.sessions import Store
from hotfit.types import Input, Output


def open_store(tmp_path: Path) -> tuple[Store, str]:
    store = Store.open(f"sqlite:///{tmp_path / 'hotfit.db'}")
    with store.write() as session:
        made = functions.create(
            session, name="f", input=Input.TEXT, output=Output.CLASSIFICATION, plan={"text": "t"}
        )
    return store, made.id


def test_what_is_wanted_survives_a_new_plan(tmp_path: Path) -> None:
    store, function = open_store(tmp_path)
    with store.write() as session:
        prefer(session, function, encoder="a.v1+b.v1", max_latency_ms=5.0)
    with store.write() as session:
        told = functions.describe(session, function, target=None, fields=(), plan={"text": "u"})
    assert told.plan["text"] == "u"
    assert preferences(told) == Preferences(
        pinned="a.v1+b.v1", kept="a.v1+b.v1", max_latency_ms=5.0, tried=[]
    )


def test_pinning_is_learned_from_and_what_training_finds_is_not(tmp_path: Path) -> None:
    store, function = open_store(tmp_path)
    with store.write() as session:
        before = prefer(session, function, encoder="a.v1", max_latency_ms=None).change
    with store.write() as session:
        settle(session, function, kept="a.v1", tried=[{"encoder": "b.v1"}], offer=None)
    with store.read() as session:
        assert unlearned(session, function, since=before) == []
        assert len(unlearned(session, function, since=before - 1)) == 1
        kept = preferences(functions.get(session, function))
    assert (kept.pinned, kept.kept, kept.tried) == ("a.v1", "a.v1", [{"encoder": "b.v1"}])


def test_the_choice_is_given_back(tmp_path: Path) -> None:
    store, function = open_store(tmp_path)
    with store.write() as session:
        settle(session, function, kept="a.v1", tried=[], offer={"encoder": "b.v1"})
        prefer(session, function, encoder="auto", max_latency_ms=3.0)
    with store.read() as session:
        kept = preferences(functions.get(session, function))
    assert kept == Preferences(max_latency_ms=3.0, tried=[])
