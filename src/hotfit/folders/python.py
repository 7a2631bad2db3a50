"""Python that the owner of a folder keeps in it, run where hotfit runs on that folder.

The one place that runs a file's code: it must be named in `hotfit.toml`, which whoever runs
hotfit on a folder trusts as they trust its tests, or in a command. Nothing of it enters a version.
"""

import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from hotfit.errors import Refusal
from hotfit.folders.patience import WATCH, TookTooLong

CALL_SECONDS = 5.0
"""Seconds that one call of a folder's own code may take: one row, one label function."""

FILE_SECONDS = 60.0
"""Seconds that a file may take to run: it may import something large."""


class BadPython(Refusal):
    """A Python file of a folder cannot be used; `line` counts from 1."""

    def __init__(self, *, file: Path, line: int, found: str, expected: str) -> None:
        super().__init__(f"{file}, line {line}: {found}; {expected}")
        self.line = line


class PythonMissing(Refusal):
    """A Python file cannot be opened."""

    def __init__(self, *, file: Path, why: str) -> None:
        super().__init__(f"{file} cannot be opened ({why}); expected a file of Python code.")


def run_python(file: Path) -> dict[str, Any]:
    """The names that a Python file defines; raise BadPython or PythonMissing."""
    try:
        text = file.read_text(encoding="utf-8")
    except OSError as error:
        raise PythonMissing(file=file, why=error.strerror or str(error)) from error
    except UnicodeDecodeError as error:
        raise BadPython(
            file=file, line=1, found=f"it cannot be read ({error})", expected="save it as UTF-8"
        ) from error
    try:
        code = compile(text, str(file), "exec")
    except (SyntaxError, ValueError) as error:
        line = (error.lineno if isinstance(error, SyntaxError) else None) or 1
        said = error.msg if isinstance(error, SyntaxError) else str(error)
        raise BadPython(
            file=file, line=line, found=f"not valid Python ({said})", expected="correct this line"
        ) from error
    module = ModuleType(f"hotfit_folder_{file.stem}")
    module.__file__ = str(file)
    # Dataclasses and the like look for the module of a class while it is defined.
    sys.modules[module.__name__] = module
    try:
        with own_code(file, "it failed", seconds=FILE_SECONDS):
            exec(code, vars(module))  # noqa: S102 - the owner's own file, named in hotfit.toml
    finally:
        sys.modules.pop(module.__name__, None)
    return vars(module)


@contextmanager
def own_code(file: Path, failed: str, *, seconds: float | None = None) -> Iterator[None]:
    """Turn whatever the code of a file raises into BadPython with the line it passed through.

    Code that goes on for more than `seconds`, else CALL_SECONDS, is ended.
    """
    limit = CALL_SECONDS if seconds is None else seconds
    run = WATCH.begin(limit)
    try:
        try:
            yield
        finally:
            WATCH.end(run)
    except TookTooLong as error:
        WATCH.end(run)
        raise BadPython(
            file=file,
            line=_line_in(error, file),
            found=f"{failed} (it went on for more than {limit:g} s)",
            expected="let it end sooner",
        ) from error
    except Exception as error:
        raise BadPython(
            file=file,
            line=_line_in(error, file),
            found=f"{failed} ({type(error).__name__}: {error})",
            expected="correct it",
        ) from error


def _line_in(error: BaseException, file: Path) -> int:
    """The last line of `file` that the error passed through."""
    lines = [f.lineno for f in traceback.extract_tb(error.__traceback__) if f.filename == str(file)]
    return (lines[-1] if lines else None) or 1
