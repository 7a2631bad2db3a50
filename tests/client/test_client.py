import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from hotfit.answers import Prediction
from hotfit.app import App
from hotfit.app.web import build_web
from hotfit.client import Client, RemoteFunction
from hotfit.client.transport import ServerRefused
from hotfit.functions.functions import get
from hotfit.keys import keys
from hotfit.settings import Settings
from hotfit.training.run import run
from tests.local.messages import messages

ADDRESS = "http://127.0.0.1:5000"


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> App:
    monkeypatch.setenv("HOTFIT_TEXT_ENCODER", "fake.v1")
    return App(Settings())


@pytest.fixture
def client(app: App) -> Iterator[Client]:
    with app.store.write() as w:
        key = keys.create(w).secret
    with TestClient(build_web(app), base_url=ADDRESS) as inner:
        yield Client(ADDRESS, key, transport=inner._transport)


def learn(app: App, function: RemoteFunction) -> None:
    """What the worker beside a server does."""
    with app.store.read() as session:
        record = get(session, function.id)
    for _ in run(app.bench(), record, tuned=False):
        pass


def test_a_list_of_examples_becomes_a_function_that_answers(client: Client, app: App) -> None:
    polite = client.fit(messages(), name="polite")
    learn(app, polite)
    answer = polite("good morning dear sailor")
    assert isinstance(answer, Prediction)
    assert answer.label == "greeting"
    assert [each.label for each in answer.labels] == ["greeting", "parting"]
    answers = polite.predict(["farewell dear baker", "hello dear painter"])
    assert [each.label for each in answers if isinstance(each, Prediction)] == [
        "parting",
        "greeting",
    ]
    assert polite.labels == ("greeting", "parting")


def test_a_file_is_added_to_the_function_of_its_name(client: Client, tmp_path: Path) -> None:
    file = tmp_path / "mails.csv"
    file.write_text("text,label\nhello,a\nbye,b\n")
    first = client.fit(str(file))
    assert first.name == "mails"
    file.write_text("text,label\nhello,a\nciao,b\n")
    second = client.fit(file)
    assert second.id == first.id
    assert second.report()["sampleCount"] == 3
    told = second.add([("hello", "a"), ("new", None)])
    assert (told["added"], told["known"]) == (1, 1)


def test_samples_are_listed_and_annotated(client: Client) -> None:
    function = client.fit([("one", "a"), ("two", "b")], name="f")
    found = {each["data"]: each for each in function.samples()}
    function.annotate(found["one"]["id"], "b")
    (changed,) = function.samples(searchText="one")
    assert changed["annotation"] == found["two"]["annotation"]
    function.annotate(found["one"]["id"], None)
    assert len(list(function.samples(annotated="false"))) == 1


def test_rows_make_a_table(client: Client, app: App) -> None:
    rows = [
        {"size": n % 7 + 0.5, "colour": "red" if n % 3 else "blue", "kind": "ab"[n % 2]}
        for n in range(60)
    ]
    table = client.fit(rows, name="table", target="kind")
    assert table.input == "Tabular"
    learn(app, table)
    answer = table({"size": 2.5, "colour": "red"})
    assert isinstance(answer, Prediction)


def test_a_function_is_moved_by_file(client: Client, app: App, tmp_path: Path) -> None:
    polite = client.fit(messages(), name="polite")
    learn(app, polite)
    polite.export(tmp_path / "polite.hotfit")
    moved = client.import_function(tmp_path / "polite.hotfit", name="moved")
    assert moved.predict(["hello dear sailor"]) == polite.predict(["hello dear sailor"])
    polite.export_samples(tmp_path / "polite.csv")
    assert (tmp_path / "polite.csv").read_text().startswith("text,label,")
    assert {each.name for each in client.functions()} == {"polite", "moved"}
    moved.delete()
    assert client.find("moved") is None


def test_what_the_server_refuses_is_raised_in_its_words(client: Client) -> None:
    with pytest.raises(ServerRefused, match="no such function") as refused:
        client.load("nothing")
    assert (refused.value.http_status, refused.value.name) == (404, "NotFound")


def test_one_input_that_cannot_be_read_is_named(client: Client, app: App) -> None:
    polite = client.fit(messages(), name="polite")
    learn(app, polite)
    with pytest.raises(ServerRefused, match="input 2: "):
        polite.predict(["fine", {"no": "text"}])


def test_the_client_imports_nothing_heavy() -> None:
    program = (
        "import sys, hotfit; hotfit.Client('http://127.0.0.1:1', 'k');"
        "heavy = 'numpy sqlalchemy onnxruntime scipy sklearn fastapi duckdb PIL alembic pydantic';"
        "print([each for each in heavy.split() if each in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_an_earlier_version_answers_until_it_is_let_go(client: Client, app: App) -> None:
    polite = client.fit(messages(), name="polite")
    assert (polite.verdict, polite.versions()) == (None, [])
    learn(app, polite)
    learn(app, polite)
    newest, before = polite.versions()[:2]
    assert polite.promote(before["number"])["id"] == before["id"]
    assert [one["pinned"] for one in polite.versions()[:2]] == [False, True]
    assert polite.promote(newest["id"])["id"] == newest["id"]
    polite.unpin()
    assert polite.versions()[0] == {**newest, "live": True}
    assert isinstance(polite("good morning dear sailor"), Prediction)
    assert (polite.verdict or {})["answer"]
    with pytest.raises(ServerRefused, match="no such version"):
        polite.promote(99)


def test_findings_are_settled_and_unsettled_from_afar(client: Client, app: App) -> None:
    chat = client.fit([*messages(), ("one", "rare"), ("two", "rare")], name="chat")
    learn(app, chat)
    (thin,) = chat.finding_reports(kind="thin_label", status="open")
    counted = {one["kind"]: one["open"] for one in chat.finding_summary(first=50)}
    assert counted["thin_label"] == 1
    done = chat.accept(thin["id"], label="greeting")
    assert (done["status"], done["done"]) == ("accepted", "2 samples are labelled 'greeting' now")
    assert chat.undo(thin["id"])["status"] == "open"
    assert chat.dismiss(thin["id"])["status"] == "dismissed"
    assert list(chat.finding_reports(kind="thin_label", status="open")) == []
    assert {one["labelName"] for one in chat.statistics()["labels"]} == {
        "greeting",
        "parting",
        "rare",
    }
    assert "sentence" in chat.forecast(0.9)


def test_samples_are_searched_and_queued_from_afar(client: Client, app: App) -> None:
    chat = client.fit([*messages(), ("good evening dear sailor", None)], name="chat")
    learn(app, chat)
    text, label = messages()[3]
    first, *_ = chat.similar(text, k=3)
    assert first["data"] == text
    assert chat.similar(sample=first["sampleId"], k=1)[0]["sampleId"] == first["sampleId"]
    (other,) = chat.similar(text, annotated=False)
    assert other["data"] == "good evening dear sailor"
    assert len(chat.similar(unlike=True, k=4)) == 4
    assert len(chat.similar(text, label=label, k=100)) == 40
    with pytest.raises(ServerRefused, match="no label is called 'nothing'"):
        chat.similar(text, label="nothing")
    (item,) = chat.queue()["items"]
    assert item["sampleId"] == other["sampleId"]
    (like,) = chat.more_like([first["sampleId"]], count=1)["items"]
    assert like["sampleId"] == other["sampleId"]
