"""The real programs: a folder pushed to a real server, edited on both sides, killed half way."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from hotfit.client import Client
from tests.api.servers import SECONDS, Server, serving
from tests.sync.conftest import make_folder

ROWS = 3000
LIMITED, HALF = 11, 1500
"""Calls in a minute that are enough to push half of the rows, so that the push waits there."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("server") / "home") as made:
        yield made


class Program:
    """`hotfit` with a key, asked for JSON."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.environment = os.environ | {"HOTFIT_KEY": f"{server.key}:{server.secret}"}

    def start(self, *arguments: str, **more: str) -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "hotfit", *arguments]
        pipe, environment = subprocess.PIPE, self.environment | more
        return subprocess.Popen(command, env=environment, stdout=pipe, stderr=pipe, text=True)

    def __call__(self, *arguments: str) -> tuple[int, str, str]:
        with self.start(*arguments) as running:
            out, err = running.communicate(timeout=SECONDS)
            return running.returncode, out, err

    def json(self, *arguments: str) -> Any:
        status, out, err = self(*arguments, "--json")
        assert status == 0, err
        return json.loads(out)

    def limited(self, calls: int) -> str:
        """A key for so many calls a minute."""
        headers = {"Authorization": f"Bearer {self.server.secret}"}
        with httpx2.Client(base_url=self.server.url, headers=headers, timeout=SECONDS) as admin:
            made = admin.post("/v1/keys", json={"role": "editor", "limit": calls}).json()
        return str(made["secret"])

    def client(self) -> Client:
        return Client(self.server.url, self.environment["HOTFIT_KEY"])


@pytest.fixture
def hotfit(server: Server) -> Program:
    return Program(server)


@pytest.mark.journey
def test_a_folder_is_pushed_edited_on_both_sides_and_settled(
    hotfit: Program, tmp_path: Path
) -> None:
    folder = make_folder(tmp_path / "desk")
    url = hotfit.server.url
    told = hotfit.json("push", str(folder), url)
    assert (told["made"], told["rows"]["added"]) == (True, 4)
    with hotfit.client() as client:
        (row,) = client.load("desk").samples(searchText="parcel lost")
        client.load("desk").annotate(row["id"], "refund")
    table = folder / "data" / "messages.csv"
    table.write_text(table.read_text().replace("parcel lost,delivery", "parcel lost,account"))
    status, out, _ = hotfit("pull", str(folder))  # the address is known from last time
    assert status == 1
    assert "<<<<<<< folder\naccount" in out
    assert "1 conflict, in" in out
    status, out, _ = hotfit("pull", str(folder), "--theirs")
    assert (status, "parcel lost,refund" in table.read_text()) == (0, True)
    assert not (folder / "conflicts.toml").exists()


@pytest.mark.journey
def test_what_cannot_be_is_refused_in_a_sentence(hotfit: Program, tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "refused")
    url = hotfit.server.url
    status, _, err = hotfit("push", str(folder))
    assert (status, "name one: hotfit push DIR http" in err) == (2, True)
    status, _, err = hotfit("push", str(folder), url, "--key", "hf_nonsense")
    assert (status, "does not take this key" in err) == (2, True)
    status, _, err = hotfit("push", str(folder), "localhost:5000")
    assert (status, "is no address" in err) == (2, True)
    status, _, err = hotfit("push", str(folder), url, "--ours", "--theirs")
    assert (status, "decide conflicts for one" in err) == (2, True)
    status, _, err = hotfit("pull", str(tmp_path), url)
    assert (status, "holds no function" in err) == (2, True)
    del hotfit.environment["HOTFIT_KEY"]
    status, _, err = hotfit("push", str(folder), url)
    assert (status, "set HOTFIT_KEY or pass --key" in err) == (2, True)
    assert not (folder / "hotfit.sync").exists()


@pytest.mark.journey
def test_a_push_that_is_killed_goes_on_where_it_was(hotfit: Program, tmp_path: Path) -> None:
    rows = "".join(f"message number {at},{'abc'[at % 3]}\n" for at in range(ROWS))
    folder = make_folder(tmp_path / "big", **{"messages.csv": "text,label\n" + rows})
    toml = folder / "hotfit.toml"
    toml.write_text(toml.read_text().replace('"desk"', '"big"'))
    sync = folder / "hotfit.sync"
    url, limited = hotfit.server.url, hotfit.limited(LIMITED)
    with hotfit.start("push", str(folder), url, HOTFIT_KEY=limited) as running:
        until = time.monotonic() + SECONDS
        while time.monotonic() < until and running.poll() is None:
            if sync.exists() and sync.read_text().count("\n") > HALF:
                break
            time.sleep(0.005)
        running.kill()
        running.communicate()
    kept = sync.read_text().count("\n")
    assert HALF < kept < ROWS
    with hotfit.client() as client:
        there = len(client.load("big").rows.all())
    done = hotfit.json("push", str(folder))
    assert done["rows"]["added"] == ROWS - there
    with hotfit.client() as client:
        found = client.load("big").rows.all()
    assert len(found) == len({one["data"] for one in found}) == ROWS
    again = hotfit.json("push", str(folder))
    assert not any(again["rows"].values())
    assert hotfit.json("pull", str(folder))["waiting"] == 0
