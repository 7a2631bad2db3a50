"""The examples for CI run commands that exist, with options that they have."""

import re
import shlex
from importlib import import_module
from pathlib import Path

import pytest
import typer

from hotfit.cli.program import COMMANDS

FOLDER = Path(__file__).parents[2] / "examples" / "ci"


def commands(file: Path) -> list[list[str]]:
    """Every call of hotfit in a file, as words."""
    lines = re.findall(r"(?:run: |- )(hotfit .*)", file.read_text())
    return [shlex.split(re.sub(r'"\$\(.*\)"', "REV", line.split(" > ")[0])) for line in lines]


def options(command: str) -> set[str]:
    app = typer.Typer(add_completion=False)
    app.command()(import_module(COMMANDS[command][0]).command)
    return {name for each in typer.main.get_command(app).params for name in each.opts}


@pytest.mark.parametrize("name", ["github.yml", "gitlab.yml"])
def test_commands_and_their_options_exist(name: str) -> None:
    found = commands(FOLDER / name)
    assert [words[1] for words in found] == ["test", "diff"]
    for words in found:
        given = {word for word in words if word.startswith("--")}
        assert given <= options(words[1])


@pytest.mark.parametrize("name", ["github.yml", "gitlab.yml"])
def test_no_text_of_a_contributor_reaches_a_shell(name: str) -> None:
    """What others choose, such as the name of a branch, travels in variables alone."""
    lines = (FOLDER / name).read_text().splitlines()
    scripts = [line for line in lines if re.search(r"run: |- hotfit|gh pr|curl", line)]
    assert scripts
    assert not [line for line in scripts if "${{" in line]
