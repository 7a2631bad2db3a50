"""A folder made of a function that is there holds all of it, and is in step at once."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from hotfit.client import Client
from hotfit.client.content import sendable
from hotfit.errors import Refusal
from hotfit.folders import Folder
from hotfit.local import Home
from hotfit.sync import starting
from hotfit.sync.starting import from_home, from_server
from hotfit.types import Picture
from tests.inputs.pictures import png
from tests.local.messages import messages, write_csv
from tests.sync.conftest import URL, World


@pytest.fixture
def there(client: Client, monkeypatch: pytest.MonkeyPatch) -> Client:
    """A server that folders are made from."""

    @contextlib.contextmanager
    def reach(_url: str, _key: str | None) -> Iterator[Client]:
        yield client

    monkeypatch.setattr(starting, "open_client", reach)
    return client


def test_texts_with_ids_splits_and_descriptions(there: Client, tmp_path: Path) -> None:
    made = there.create("desk")
    rows = [
        {"data": "where is it", "label": "delivery", "externalId": "t1"},
        {"data": "one line\nand another", "label": "refund", "split": "test"},
        {"data": "nobody said"},
    ]
    made.rows.step(add=rows)
    made.rows.describe("refund", "wants money")
    from_server(tmp_path / "desk", url=URL, key="any", name="desk")
    folder = Folder.open(tmp_path / "desk")
    assert folder.spec.labels == {"delivery": "", "refund": "wants money"}
    told = [(row.sample.data, row.sample.label, row.sample.split) for row in folder.rows]
    assert told == [(row["data"], row.get("label"), row.get("split")) for row in rows]
    assert folder.rows[0].sample.external_id == "t1"
    world = World(folder=tmp_path / "desk", client=there)
    assert world.in_step()
    world.say("nobody said", "refund")
    assert world.pull().rows["relabelled"] == 1
    with pytest.raises(Refusal, match="holds a function already"):
        from_server(tmp_path / "desk", url=URL, key="any", name="desk")


def test_tables_tags_quantities_and_images(there: Client, tmp_path: Path) -> None:
    table = there.create("table", input="Tabular", output="Tags")
    table.rows.put_field("label", "Category")
    table.rows.put_field("spend", "Number")
    table.rows.step(
        add=[
            {"data": {"label": "gold", "spend": 1.5}, "label": ["a", "b"]},
            {"data": {"label": "basic", "spend": 20}, "label": ["b"]},
            {"data": {"spend": 3}, "label": []},
        ]
    )
    images = there.create("images", input="Image", output="Number")
    images.rows.step(add=[{"data": sendable(png(at)), "label": at + 0.5} for at in range(3)])
    for name in ("table", "images"):
        from_server(tmp_path / name, url=URL, key="any", name=name)
        assert World(folder=tmp_path / name, client=there).in_step()
    rows = Folder.open(tmp_path / "table").rows
    assert [row.sample.label for row in rows] == [("a", "b"), ("b",), ()]
    first = Folder.open(tmp_path / "images").rows[0].sample
    assert isinstance(first.data, Picture)
    assert (first.data.read(), first.label) == (png(0), 0.5)


def test_what_cannot_be_a_folder_leaves_none(there: Client, tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="no function called 'nothing'"):
        from_server(tmp_path / "made", url=URL, key="any", name="nothing")
    there.create("empty")
    with pytest.raises(Refusal, match="has no samples yet"):
        from_server(tmp_path / "made", url=URL, key="any", name="empty")
    pictured = there.create("pictured", input="Tabular")
    pictured.rows.put_field("photo", "Image")
    pictured.rows.put_field("price", "Number")
    pictured.rows.step(add=[{"data": {"price": 3}, "label": "a"}])
    with pytest.raises(Refusal, match="images in its field 'photo'"):
        from_server(tmp_path / "made", url=URL, key="any", name="pictured")
    assert not (tmp_path / "made").exists()


def test_a_function_of_a_home_keeps_its_columns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOTFIT_TEXT_ENCODER", "fake.v1")
    home = Home.open(tmp_path / "home")
    try:
        file = write_csv(tmp_path / "polite.csv", messages(), ["message", "mood"])
        home.fit(file, name="polite")
        from_home(tmp_path / "made", home, "polite")
    finally:
        home.app.store.close()
    folder = Folder.open(tmp_path / "made")
    assert (folder.spec.target, folder.spec.inputs) == ("mood", ("message",))
    told = [(row.sample.data, row.sample.label) for row in folder.rows]
    assert told == list(messages())
