"""A folder and a server: the whole API in this process, reached as over a network."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from hotfit.app import App
from hotfit.app.web import build_web
from hotfit.client import Client, RemoteFunction
from hotfit.keys import keys
from hotfit.settings import Settings
from hotfit.sync import keeping
from hotfit.sync.keeping import Wish, pull, push
from hotfit.sync.reporting import Report

URL = "http://127.0.0.1:5000"

TOML = """\
[function]
name = "desk"
input = "Text"
output = "Classification"
target = "label"
inputs = ["text"]

# what people ask for
[labels.refund]
description = "wants money back"

[labels.delivery]
description = ""
"""

ROWS = """\
text,label
where is my parcel,delivery
I want my money,refund
parcel lost,delivery
"give it back, all of it",refund
"""


@dataclass(frozen=True, kw_only=True)
class World:
    """A folder, and a server that it may be kept in step with."""

    folder: Path
    client: Client

    def push(self, folder: Path | None = None, **wish: Any) -> Report:
        return push(folder or self.folder, url=URL, key="any", wish=Wish(**wish))

    def pull(self, folder: Path | None = None, **wish: Any) -> Report:
        return pull(folder or self.folder, url=URL, key="any", wish=Wish(**wish))

    def in_step(self) -> bool:
        """Whether neither command has anything left to do."""
        return all(
            not any(one.rows.values()) and one.clean and not one.waiting
            for one in (self.push(dry_run=True), self.pull(dry_run=True))
        )

    @property
    def function(self) -> RemoteFunction:
        return self.client.load("desk")

    def server_rows(self) -> dict[str, Any]:
        """Answers by data."""
        return {str(one["data"]): one.get("label") for one in self.function.rows.all()}

    def say(self, text: str, label: str | None) -> None:
        """Say on the server what a sample is."""
        (row,) = [one for one in self.function.rows.all() if one["data"] == text]
        self.function.annotate(row["id"], label)

    def table(self, name: str = "data/messages.csv") -> str:
        return (self.folder / name).read_text()

    def edit(self, old: str, new: str, name: str = "data/messages.csv") -> None:
        file = self.folder / name
        text = file.read_text()
        assert old in text
        file.write_text(text.replace(old, new))


def make_folder(path: Path, toml: str = TOML, **tables: str) -> Path:
    """A folder with these tables."""
    (path / "data").mkdir(parents=True)
    (path / "hotfit.toml").write_text(toml)
    for name, text in (tables or {"messages.csv": ROWS}).items():
        (path / "data" / name).write_text(text)
    return path


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    """A client of an empty server, which pulls and pushes reach too."""
    monkeypatch.setenv("HOTFIT_TEXT_ENCODER", "fake.v1")
    app = App(Settings())
    with app.store.write() as session:
        key = keys.create(session).secret
    with TestClient(build_web(app), base_url=URL) as inner:
        made = Client(URL, key, transport=inner._transport)

        @contextmanager
        def reach(url: str, key: str | None) -> Iterator[Client]:
            assert (url, key) == (URL, "any")
            yield made

        monkeypatch.setattr(keeping, "open_client", reach)
        yield made
    app.store.close()


@pytest.fixture
def world(client: Client, tmp_path: Path) -> World:
    """A folder that the server does not know yet."""
    return World(folder=make_folder(tmp_path / "desk"), client=client)


Make = Callable[..., World]


@pytest.fixture
def make(client: Client, tmp_path: Path) -> Make:
    """Makes a world of a folder of one's own."""

    def made(toml: str = TOML, **tables: str) -> World:
        return World(folder=make_folder(tmp_path / "made", toml, **tables), client=client)

    return made
