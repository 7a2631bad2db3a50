"""The real program: a folder made, watched, edited, broken, mended, ended, and watched again."""

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

HOTFIT = [sys.executable, "-m", "hotfit"]
SECONDS = 120.0


def save(file: Path, text: str) -> None:
    """Write a file as careful editors do, so that nobody sees half of it."""
    part = file.with_name(f".{file.name}.swp")
    part.write_text(text)
    part.replace(file)


@contextmanager
def watched(folder: Path) -> Iterator["Watched"]:
    """`hotfit dev` on a folder."""
    command = [*HOTFIT, "dev", str(folder), "--port", "0", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Watched(process)
        finally:
            process.terminate()
            assert process.wait(SECONDS) == 0


class Watched:
    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        self.url = self.next()["invoke"]

    def next(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        told: dict[str, Any] = json.loads(self.process.stdout.readline())
        return told

    def until(self, event: str) -> dict[str, Any]:
        """The next event of this kind; a save may be seen in parts."""
        while (told := self.next())["event"] != event:
            pass
        return told

    def ask(self, text: str) -> str:
        body = json.dumps({"data": text}).encode()
        request = urllib.request.Request(  # the program's own address
            self.url, data=body, headers={"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=SECONDS) as response:
            return str(json.load(response)["labelName"])


@pytest.mark.journey
def test_every_save_answers_and_nothing_broken_does(tmp_path: Path) -> None:
    folder = tmp_path / "desk"
    subprocess.run([*HOTFIT, "init", str(folder)], check=True, capture_output=True)
    table = folder / "data" / "messages.csv"
    good = table.read_text()
    with watched(folder) as dev:
        assert dev.next()["event"] == "ready"
        assert dev.ask("my parcel never came") == "delivery"
        save(table, good + "zebra crossing lights,traffic\nzebra stripes,traffic\n")
        step = dev.until("learned")
        assert step["encoded"] == 2
        assert dev.ask("zebra crossing lights") == "traffic"
        save(table, good + '"half a ro')
        assert "line 44" in dev.until("kept")["message"]
        assert dev.ask("zebra crossing lights") == "traffic"
        moved = table.rename(folder / "data" / "renamed.csv")
        save(moved, good)
        assert dev.until("learned")["edits"]["rows removed"] == 2
    with watched(folder) as again:  # answers before it has read anything
        assert again.ask("my parcel never came") == "delivery"
        assert again.next()["event"] == "ready"


@pytest.mark.journey
def test_a_folder_fits_at_once_and_its_lock_holds(tmp_path: Path) -> None:
    folder = tmp_path / "desk"
    subprocess.run([*HOTFIT, "init", str(folder)], check=True, capture_output=True)
    command = [*HOTFIT, "fit", str(folder), "--json"]
    subprocess.run(command, check=True, capture_output=True)
    command.append("--locked")
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    assert json.loads(done.stdout)["lock"]["reproduced"]
    with (folder / "data" / "messages.csv").open("a") as table:
        table.write("one more,delivery\n")
    refused = subprocess.run(command, check=False, capture_output=True, text=True)
    assert refused.returncode == 2
    assert "the rows differ (42 are locked, 43 are there)" in refused.stderr
