"""Every package that `make test` installs is pinned."""

import re
import tomllib
from importlib.metadata import PackageNotFoundError, requires

import pytest

from tools.pin import ROOT, normal, pins, render

NAME = re.compile(r"[A-Za-z0-9._-]+")


@pytest.fixture
def constraints() -> dict[str, str]:
    return pins((ROOT / "constraints.txt").read_text())


def required(name: str) -> list[str]:
    """What an installed package needs on this machine, without its extras; [] when not here."""
    try:
        lines = requires(name) or []
    except PackageNotFoundError:
        return []
    return [match[0] for line in lines if ";" not in line and (match := NAME.match(line))]


def test_every_direct_dependency_is_pinned(constraints: dict[str, str]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = [
        *project["project"]["dependencies"],
        *project["dependency-groups"]["dev"],
        *project["build-system"]["requires"],
    ]
    names = {normal(match[0]) for line in wanted if (match := NAME.match(line))}
    assert names - constraints.keys() == set()


def test_what_the_dependencies_need_is_pinned(constraints: dict[str, str]) -> None:
    needed = {normal(need) for name in constraints for need in required(name)}
    assert needed - constraints.keys() - {"setuptools"} == set()


def test_the_file_is_what_the_tool_would_write(constraints: dict[str, str]) -> None:
    assert (ROOT / "constraints.txt").read_text() == render(constraints)


def test_pins_leave_out_the_project_and_what_is_not_a_version() -> None:
    frozen = "B_c==2\n-e /here#egg=hotfit\nhotfit==0.1.0\na.b==1.0 ; x\nd @ file:///d.whl\n"
    assert pins(frozen) == {"a-b": "1.0", "b-c": "2"}
