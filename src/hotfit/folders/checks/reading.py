"""Reading all tests of a folder, in the order of their files."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from hotfit.behaviour.base import Check, shortly
from hotfit.behaviour.floors import Budget
from hotfit.behaviour.must import Must
from hotfit.errors import Refusal
from hotfit.folders.checks.entry import Entry
from hotfit.folders.checks.given import Given
from hotfit.folders.checks.kinds import KINDS
from hotfit.folders.folder import Folder
from hotfit.folders.located import read_toml
from hotfit.folders.rows import SUFFIXES, BadRow, read_table
from hotfit.folders.spec import NAME
from hotfit.types import Output

EXAMPLE = """[[must]]
label = "..."
inputs = ["..."]"""


class NoTests(Refusal):
    """A folder has no tests, or none of those that were asked for."""

    def __init__(self, *, folder: Path, only: str | None = None) -> None:
        if only is not None:
            super().__init__(f"{folder} has no test whose name or file holds {only!r}")
            return
        file = folder / "tests" / "behaviour.toml"
        super().__init__(f"{folder} has no tests; write one to {file}, such as\n{EXAMPLE}")


def check_files(folder: Path) -> list[Path]:
    """The files of a folder that hold tests, in order; hidden ones are none."""
    return [
        path
        for path in sorted((folder / "tests").glob("*"))
        if path.suffix.lower() in (".toml", *SUFFIXES)
        and not path.name.startswith((".", "#", "~"))
        and path.is_file()
    ]


def read_checks(folder: Folder, *, files: Sequence[Path] | None = None) -> list[Check]:
    """The checks of a folder, or of some of its test files; raise BadToml, BadRow.

    What `hotfit.toml` says a call may cost is among all.
    """
    given = Given.of(folder)
    checks: list[Check] = [] if files is not None else _budgets(folder)
    for path in check_files(folder.path) if files is None else files:
        checks += (
            read_file(path, folder.path, given)
            if path.suffix.lower() == ".toml"
            else _examples(path, folder)
        )
    return _apart(checks)


def read_file(path: Path, folder: Path, given: Given) -> list[Check]:
    """The checks of one TOML file; raise BadToml."""
    name = path.relative_to(folder).as_posix()
    document = read_toml(path, name=name)
    document.refuse_unknown(None, KINDS)
    checks: list[Check] = []
    for kind, tables in document.values.items():
        if not isinstance(tables, list) or not all(isinstance(each, dict) for each in tables):
            raise document.bad(
                kind, found=f"{kind} is written [{kind}]", expected=f"write [[{kind}]]"
            )
        for at, values in enumerate(tables):
            entry = Entry(document=document, kind=kind, at=at, values=values)
            checks += KINDS[kind](entry, given)
    return sorted(checks, key=lambda check: int(check.place.rsplit(":", 1)[1]))


def _examples(path: Path, folder: Folder) -> list[Check]:
    """A table of examples with their labels, one check a row; raise BadRow."""
    file = path.relative_to(folder.path).as_posix()
    if folder.spec.output is Output.NUMBER:
        raise BadRow(
            file=file,
            line=1,
            found="rows say one quantity, and a test needs a range: write [[must]] with low and "
            "high into a .toml file",
        )
    table = read_table(folder.path, path, folder.spec, before=folder.tables)
    checks: list[Check] = []
    for row in table.rows:
        label = row.sample.label
        if label is None:
            raise BadRow(file=file, line=row.line, found="an example of a test has no label")
        told = ", ".join(label) if isinstance(label, tuple) else str(label)
        name = f"{told}: {shortly(row.sample.data)}"
        checks.append(Must(name=name, place=row.place, data=row.sample.data, label=label))
    return checks


def _budgets(folder: Folder) -> list[Check]:
    """What `hotfit.toml` bounds."""
    said = {"max_latency_ms": folder.spec.max_latency_ms, "max_mb": folder.spec.max_mb}
    checks: list[Check] = []
    if said["max_latency_ms"] is not None:
        most = said["max_latency_ms"]
        checks.append(Budget(name=f"at most {most:g} ms a call", place=NAME, max_latency_ms=most))
    if said["max_mb"] is not None:
        checks.append(
            Budget(name=f"at most {said['max_mb']:g} MB", place=NAME, max_mb=said["max_mb"])
        )
    return checks


def _apart(checks: Sequence[Check]) -> list[Check]:
    """The checks, equal names numbered."""
    seen: Counter[str] = Counter()
    told: list[Check] = []
    for check in checks:
        seen[check.name] += 1
        count = seen[check.name]
        told.append(check if count == 1 else replace(check, name=f"{check.name} ({count})"))
    return told
