"""`hotfit test`: the tests of a function's folder, for people, for programs and for CI."""

from pathlib import Path
from typing import Annotated

import typer

from hotfit.behaviour.junit import junit
from hotfit.behaviour.telling import details
from hotfit.cli.options import HomeFolder, Json
from hotfit.cli.printing import print_json, say
from hotfit.cli.progress import Display
from hotfit.errors import Refusal
from hotfit.folders import Folder
from hotfit.local import Home
from hotfit.local.testing import UNLOCKED, Report, run_tests

WORDS = {"pass": "pass", "fail": "FAIL", "cannot_tell": "cannot tell"}


class NotWritten(Refusal):
    """The report for CI cannot be written."""

    def __init__(self, *, file: Path, why: str) -> None:
        super().__init__(f"{file} cannot be written ({why}); give --junit a file in a folder")


def command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The function's folder.")] = Path(),
    only: Annotated[
        str | None, typer.Option("--only", help="Run the tests whose name or file holds this.")
    ] = None,
    junit_file: Annotated[
        Path | None, typer.Option("--junit", metavar="FILE", help="Write JUnit XML here for CI.")
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Fail too where more labels would have to decide.")
    ] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="List the tests that pass too.")
    ] = False,
    home: HomeFolder = None,
    json: Json = False,
) -> None:
    """Run the tests of a function's folder; exit 0 where none fails, 1 where one does.

    Floors are judged by rows the function has not seen. With --json, one object a test.
    """
    with Display() as display:
        report = run_tests(
            Folder.open(folder),
            home=None if home is None else Home.open(home),
            only=only,
            progress=display.update,
        )
    if junit_file is not None:
        _write(junit_file, junit(report.folder.name, report.results))
    if json:
        for result in report.results:
            print_json(result.to_json())
    else:
        _show(report, verbose=verbose)
    if not report.passed(strict=strict):
        raise typer.Exit(1)


def _show(report: Report, *, verbose: bool) -> None:
    for result in report.results:
        if result.outcome == "pass" and not verbose:
            continue
        word = WORDS[result.outcome]
        say(f"{word:<12} {result.place}  {result.name}")
        if result.outcome != "pass":
            say(f"             {result.message}")
            if result.outcome == "fail":
                for line in details(result):
                    say(f"             {line}")
    say(_summary(report))
    if not report.locked:
        say(f"Note         {UNLOCKED}")


def _summary(report: Report) -> str:
    counts = [
        f"{count} {word}"
        for outcome, word in (("pass", "pass"), ("fail", "fail"), ("cannot_tell", "cannot tell"))
        if (count := report.count(outcome))
    ]
    return f"{report.folder.name}: {', '.join(counts)}   {report.seconds:.1f} s"


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise NotWritten(file=file, why=error.strerror or str(error)) from error
