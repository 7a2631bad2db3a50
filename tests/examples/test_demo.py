"""The demo shows each command as one would type it, and stops where one fails."""

import sys

import pytest

from examples import demo


def stand_in(code: str) -> tuple[str, ...]:
    return (sys.executable, "-c", code)


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "HOTFIT", stand_in("import sys; print('ran', sys.argv[1:])"))
    monkeypatch.setattr("examples.tables.write", lambda folder, name: (folder / name, folder / "n"))


@pytest.mark.usefixtures("commands")
def test_prints_every_command_before_running_it(capfd: pytest.CaptureFixture[str]) -> None:
    assert demo.main() == 0
    lines = [line for line in capfd.readouterr().out.splitlines() if line and line[0] in "$r"]
    assert lines[:2] == ["$ hotfit fit examples/support.csv", "ran ['fit', 'examples/support.csv']"]
    assert "$ hotfit invoke support 'You paid back one chair. I returned two.'" in lines
    assert sum(line.startswith("$ hotfit evaluate") for line in lines) == 3


def test_stops_with_the_status_of_a_command_that_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "HOTFIT", stand_in("raise SystemExit(2)"))
    with pytest.raises(SystemExit) as stopped:
        demo.run("list")
    assert stopped.value.code == 2
