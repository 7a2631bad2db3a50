"""The program `hotfit`: finds the command, and turns errors into a sentence and an exit status."""

import os
import sys
from importlib import import_module
from io import TextIOWrapper
from typing import Any

import typer
from typer.core import TyperGroup

from hotfit.errors import HotfitError

COMMANDS = {
    "fit": ("hotfit.cli.fit", "Make a trained function from labelled examples."),
    "init": ("hotfit.cli.init", "Make a folder that is a function, to keep in git."),
    "dev": ("hotfit.cli.dev", "Watch a function's folder: every save is learned and told."),
    "test": ("hotfit.cli.test", "Run the tests of a function's folder."),
    "pull": ("hotfit.cli.pull", "Take over into a folder what changed on a server."),
    "push": ("hotfit.cli.push", "Send what changed in a folder to a server."),
    "invoke": ("hotfit.cli.invoke", "Ask a function."),
    "evaluate": ("hotfit.cli.evaluate", "Score a function on labelled examples it has not seen."),
    "list": ("hotfit.cli.listing", "List the functions of this home."),
    "show": ("hotfit.cli.show", "Show one function: verdict, labels, version, findings."),
    "findings": ("hotfit.cli.findings", "List what is worth a look in a function's data."),
    "diff": ("hotfit.cli.diff", "Show which answers a change fixed and broke."),
    "blame": ("hotfit.cli.blame", "Show which training samples pushed an answer."),
    "statistics": ("hotfit.cli.statistics", "Show how each label fares and what is confused."),
    "similar": ("hotfit.cli.similar", "Find the samples most like an input, or most unlike."),
    "queue": ("hotfit.cli.queue", "List the samples whose labels would teach most."),
    "forecast": ("hotfit.cli.forecast", "Tell how many more labels a target asks for."),
    "label": ("hotfit.cli.label", "Let Python functions and patterns vote on labels."),
    "versions": ("hotfit.cli.versions", "List the versions of a function, newest first."),
    "promote": ("hotfit.cli.promote", "Let one version answer until another is promoted."),
    "rollback": ("hotfit.cli.rollback", "Let the version before the one that answers answer."),
    "delete": ("hotfit.cli.delete", "Delete a function with its samples and versions."),
    "serve": ("hotfit.cli.serve", "Answer calls over HTTP, and learn while doing so."),
    "types": ("hotfit.cli.types", "Write types of a function: its labels and fields."),
    "export": ("hotfit.cli.export", "Write a function, or its samples, to a file."),
    "import": ("hotfit.cli.importing", "Make the function that an exported file holds."),
    "encoders": ("hotfit.cli.encoders", "List, fetch, add and remove the networks that read."),
    "doctor": ("hotfit.cli.doctor", "Look over a home: database, files, weights, disk."),
    "keys": ("hotfit.cli.keys", "Make, list and revoke the keys that open a server."),
}
"""Command, the module that defines it, and its line of help.

A command's module is imported when the command runs, so that `hotfit --help` answers at once.
"""


INTERRUPTED = 130


class LazyGroup(TyperGroup):
    """A group whose commands are imported on first use."""

    def list_commands(self, _ctx: Any) -> list[str]:
        """Name the commands, in the order a newcomer meets them."""
        return list(COMMANDS)

    def get_command(self, _ctx: Any, cmd_name: str) -> Any:
        """Import and return one command, or None where there is no such command."""
        if cmd_name not in COMMANDS:
            return None
        module, line = COMMANDS[cmd_name]
        found = import_module(module)
        if hasattr(found, "program"):  # a noun with commands of its own
            return typer.main.get_command(found.program)
        app = typer.Typer(add_completion=False, rich_markup_mode=None)
        app.command(cmd_name, help=None, short_help=line)(found.command)
        return typer.main.get_command(app)

    def format_commands(self, _ctx: Any, formatter: Any) -> None:
        """Write the list of commands without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


program = typer.Typer(
    cls=LazyGroup,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@program.callback(invoke_without_command=False)
def _root() -> None:
    """ML functions for software engineers: labelled examples in, a trained function out.

    Start with:  hotfit fit messages.csv
    """


def main() -> None:
    """Run the program; exit 0 when done, 2 when the input is at fault, 1 for anything else."""
    _show_what_the_terminal_cannot()
    try:
        program(prog_name="hotfit")
    except HotfitError as error:
        sys.stderr.write(f"hotfit: {error}\n")
        sys.exit(error.exit_status)
    except SystemExit as end:
        _hand_over()
        if end.code == INTERRUPTED:  # typer has turned Ctrl-C into this
            sys.stderr.write("hotfit: interrupted; everything acknowledged is kept\n")
        raise


def _hand_over() -> None:
    """Give what was printed to the reader; one that has left is no error."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        # Python flushes once more at its end, and would complain on the terminal.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _show_what_the_terminal_cannot() -> None:
    """Write letters outside the terminal's character set as escapes instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
