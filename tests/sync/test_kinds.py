"""Every kind of row there and back: ids, tables, tags, quantities, images, and odd files."""

import json
from pathlib import Path

import pytest

from hotfit.client.content import sendable
from hotfit.errors import Refusal
from hotfit.folders import Folder
from hotfit.sync.keeping import pull
from hotfit.types import Picture
from tests.inputs.pictures import png
from tests.sync.conftest import Make

WITH_ID = """\
[function]
name = "desk"
input = "Text"
output = "Classification"
target = "label"
inputs = ["text"]
id = "ticket"
"""

TABLE = """\
[function]
name = "desk"
input = "Tabular"
output = "Classification"
target = "left"
inputs = ["spend", "plan"]

[fields.spend]
kind = "Number"

[fields.plan]
kind = "Category"
"""

CUSTOMERS = "spend,plan,left\n1.50,gold,yes\n20,basic,no\n3.5,basic,yes\n40,gold,no\n"


def test_rows_with_ids_keep_their_place_when_their_text_changes(make: Make) -> None:
    tickets = "ticket,text,label\nt1,hello there,a\nt2,bye now,b\nt3,hello you,a\n"
    world = make(WITH_ID, **{"tickets.csv": tickets})
    world.push()
    world.edit("bye now", "bye for now", "data/tickets.csv")
    assert world.push().rows == {"added": 0, "relabelled": 0, "changed": 1, "removed": 0}
    rows = {one["externalId"]: one["data"] for one in world.function.rows.all()}
    assert rows["t2"] == "bye for now"
    (row,) = [one for one in world.function.rows.all() if one["externalId"] == "t2"]
    new = {"data": "see you", "label": "b", "externalId": "t2"}
    world.function.rows.step(remove=[{"id": row["id"], "was": "b"}], add=[new])
    assert world.pull().rows["changed"] == 1
    assert world.table("data/tickets.csv").splitlines()[2] == "t2,see you,b"
    assert world.in_step()


def test_a_row_that_gets_an_id_later_is_the_same_row(make: Make) -> None:
    world = make(WITH_ID.replace('id = "ticket"\n', ""))
    (world.folder / "data" / "messages.csv").write_text("text,label\nhello,a\nbye,b\nthere,a\n")
    world.push()
    (world.folder / "hotfit.toml").write_text(WITH_ID)
    (world.folder / "data" / "messages.csv").write_text(
        "ticket,text,label\nt1,hello,a\nt2,bye,b\nt3,there,a\n"
    )
    assert not any(world.push().rows.values())
    world.say("bye", "a")
    assert world.pull().rows["relabelled"] == 1
    assert world.in_step()


def test_tables_compare_numbers_by_value_and_take_new_fields(make: Make) -> None:
    world = make(TABLE, **{"customers.csv": CUSTOMERS})
    world.push()
    kinds = {one["name"]: one["kind"] for one in world.function.rows.fields()}
    assert kinds == {"spend": "Number", "plan": "Category"}
    world.edit("1.50,gold", "1.5,gold", "data/customers.csv")
    assert world.in_step()
    world.function.rows.put_field("city", "Text")
    new = {"data": {"spend": 7, "plan": "gold", "city": "Ulm"}, "label": "no"}
    world.function.rows.step(add=[new])
    report = world.pull()
    assert (report.fields, report.rows["added"]) == (1, 1)
    assert world.table("data/customers.csv").splitlines()[::5] == [
        "spend,plan,left,city",
        "7,gold,no,Ulm",
    ]
    assert world.in_step()
    text = world.table("hotfit.toml")
    (world.folder / "hotfit.toml").write_text(
        text.replace('"spend", "plan", "city"', '"spend", "plan"').replace(
            '[fields."city"]\nkind = "Text"\n', ""
        )
    )
    assert world.push().fields == 1
    assert [one["name"] for one in world.function.rows.fields()] == ["spend", "plan"]
    assert world.in_step()


def test_tags_and_quantities_are_written_as_they_are_read(make: Make) -> None:
    toml = WITH_ID.replace('id = "ticket"\n', "")
    tagged = "text,label\none,a|b\ntwo,b\nthree,a|b\nfour,a\nfive,b|a\nsix,a\n"
    world = make(toml.replace("Classification", "Tags"), **{"messages.csv": tagged})
    world.push()
    assert world.server_rows()["one"] == ["a", "b"]
    (row,) = [one for one in world.function.rows.all() if one["data"] == "two"]
    world.function.rows.step(relabel=[{"id": row["id"], "was": ["b"], "label": ["b", "a"]}])
    world.pull()
    assert "two,b|a\n" in world.table()
    world.edit("five,b|a", "five,a|b")
    assert world.in_step()


def test_quantities_there_and_back(make: Make) -> None:
    toml = WITH_ID.replace('id = "ticket"\n', "").replace("Classification", "Number")
    world = make(toml, **{"messages.csv": "text,label\none,1.5\ntwo,2\nthree,3\n"})
    world.push()
    assert world.server_rows() == {"one": 1.5, "two": 2.0, "three": 3.0}
    (row,) = [one for one in world.function.rows.all() if one["data"] == "two"]
    world.function.rows.step(relabel=[{"id": row["id"], "was": 2, "label": 4.25}])
    world.pull()
    assert "two,4.25\n" in world.table()
    assert world.in_step()


def test_images_travel_with_their_rows(make: Make, tmp_path: Path) -> None:
    toml = WITH_ID.replace('id = "ticket"\n', "").replace('"Text"', '"Image"')
    world = make(toml.replace('["text"]', '["image"]'), **{"pictures.csv": "image,label\n"})
    images = world.folder / "data" / "images"
    images.mkdir()
    lines = ["image,label"]
    for seed in range(4):
        (images / f"{seed}.png").write_bytes(png(seed))
        lines.append(f"images/{seed}.png,{'ab'[seed % 2]}")
    (world.folder / "data" / "pictures.csv").write_text("\n".join(lines) + "\n")
    assert world.push().rows["added"] == 4
    world.function.rows.step(add=[{"data": sendable(png(9)), "label": "b"}])
    assert world.pull().rows["added"] == 1
    folder = Folder.open(world.folder)
    data = folder.rows[-1].sample.data
    assert isinstance(data, Picture)
    assert data.read() == png(9)
    assert world.in_step()


def test_equal_rows_are_one_on_the_server_and_change_together(make: Make) -> None:
    world = make(**{"messages.csv": "text,label\nhello,a\nbye,b\nhello,a\n"})
    world.push()
    assert len(world.server_rows()) == 2
    assert world.in_step()
    world.say("hello", "b")
    world.pull()
    assert world.table() == "text,label\nhello,b\nbye,b\nhello,b\n"
    world.edit("hello,b\nbye", "hello,a\nbye")
    (asked,) = world.push().questions
    assert asked.folder == "different labels on equal rows: a, b"
    assert asked.place == "data/messages.csv:2, data/messages.csv:4"


def test_files_keep_their_dialect_line_ends_and_quotes(make: Make) -> None:
    world = make(
        **{
            "a.tsv": "text\tlabel\r\nhello you\tgreeting\r\nbye\tparting\r\n",
            "b.csv": '"text","label"\n"good day","greeting"\n"so long","parting"\n',
            "c.jsonl": '\n{"text": "hi", "label": "greeting", "more": [1]}\n{"text": "by"}',
        }
    )
    world.push()
    for text in ("bye", "so long", "by"):
        world.say(text, "end")
    world.function.rows.step(add=[{"data": "last", "label": "end"}])
    world.pull()
    assert world.table("data/a.tsv").endswith("bye\tend\n")
    assert b"bye\tend\r\n" in (world.folder / "data" / "a.tsv").read_bytes()
    assert '"so long","end"\n' in world.table("data/b.csv")
    assert [json.loads(line) for line in world.table("data/c.jsonl").split("\n") if line] == [
        {"text": "hi", "label": "greeting", "more": [1]},
        {"text": "by", "label": "end"},
        {"text": "last", "label": "end"},
    ]
    assert world.in_step()


def test_a_json_array_is_pushed_and_not_edited(make: Make) -> None:
    rows = [{"text": f"message {at}", "label": "ab"[at % 2]} for at in range(4)]
    world = make(**{"rows.json": json.dumps(rows)})
    world.push()
    world.say("message 1", "a")
    with pytest.raises(Refusal, match=r"one JSON array, so a row of it cannot be changed"):
        world.pull()


def test_a_folder_without_rows_says_so(make: Make) -> None:
    world = make(**{"messages.csv": "text,label\n"})
    with pytest.raises(Refusal):
        pull(world.folder, url="http://127.0.0.1:5000", key="any")
