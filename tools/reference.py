"""Write `docs/reference.md` from the program itself: `python -m tools.reference`.

The commands' help and the settings table are generated, so that they cannot say what the program
does not do; a test fails while the page is not what this writes.
"""

from importlib import import_module
from pathlib import Path

import typer
from typer.testing import CliRunner

from hotfit.cli.program import COMMANDS, program
from hotfit.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "reference.md"

HEAD = """# Reference

Written by `python -m tools.reference`; edit the program's help and settings instead.

Exit status: 0 done, 2 the input or the arguments are at fault (one sentence says what and where and
what to do), 1 anything else, 130 interrupted.
"""


def page() -> str:
    """The whole page."""
    parts = [HEAD, "## Settings\n", settings(), "\n## Commands\n"]
    parts += [f"\n### hotfit {name}\n\n```\n{help_of(*name.split())}\n```\n" for name in commands()]
    return "\n".join(parts).replace("\n\n\n", "\n\n")


def settings() -> str:
    """One row for each setting."""
    rows = ["| variable | meaning |", "|---|---|"]
    for name, field in Settings.model_fields.items():
        rows.append(f"| `HOTFIT_{name.upper()}` | {field.description} |")
    return "\n".join(rows) + "\n"


def commands() -> list[str]:
    """Every command, each followed by the commands of its own."""
    found = []
    for name, (module, _) in COMMANDS.items():
        found.append(name)
        group = getattr(import_module(module), "program", None)
        if group is not None:
            own = typer.main.get_command(group)
            found += [f"{name} {each}" for each in getattr(own, "commands", {})]
    return found


def help_of(*command: str) -> str:
    """What `hotfit COMMAND --help` prints on a terminal of 80 columns."""
    done = CliRunner().invoke(program, [*command, "--help"], prog_name="hotfit")
    if done.exit_code:
        raise RuntimeError(f"hotfit {' '.join(command)} --help: {done.output}")
    return "\n".join(line.rstrip() for line in done.stdout.strip().splitlines())


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(f"wrote {PAGE.relative_to(ROOT)}")
