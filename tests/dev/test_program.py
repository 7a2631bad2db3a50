"""The loop of `hotfit dev` in this process."""

import threading
from pathlib import Path

import pytest

from hotfit.dev.program import run_dev
from hotfit.dev.steps import Step
from tests.folders.moods import make_folder


def test_what_is_saved_while_the_folder_is_read_first_is_not_missed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOTFIT_TEXT_ENCODER", "fake.v1")
    folder, stop, told = make_folder(tmp_path / "mood"), threading.Event(), list[Step]()
    table = folder / "data" / "messages.csv"

    def tell(step: Step) -> None:
        told.append(step)
        if step.event == "ready":
            with table.open("a") as file:
                file.write("zzz qqq xxx,noise\nzzz qqq yyy,noise\n")
        elif step.event == "learned":
            stop.set()

    late = threading.Timer(120, stop.set)
    late.start()
    run_dev(folder, tell=tell, serving=lambda *_: None, port=0, stop=stop)
    late.cancel()
    assert [step.event for step in told[:2]] == ["ready", "learned"]
    assert told[1].edits["rows added"] == 2
