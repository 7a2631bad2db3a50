"""`prepare(sample)`: Python in a folder that changes each sample before it is encoded.

It runs where the folder's owner runs hotfit on the folder, in training and at every call; nothing
of it is kept in a version.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from hotfit.folders.python import BadPython, own_code, run_python
from hotfit.folders.rows import Row
from hotfit.types import Data, Input, Picture, Sample

FUNCTION = "prepare"


@dataclass(frozen=True, kw_only=True)
class Prepare:
    """A folder's `prepare`, checked: what it returns is what the function can be given."""

    file: Path
    input: Input
    call: Callable[[Any], Any]

    def __call__(self, data: Data) -> Data:
        """Change one input; raise BadPython."""
        return self._call(data, "a call")

    def sample(self, row: Row) -> Sample:
        """Change one row; raise BadPython."""
        return replace(row.sample, data=self._call(row.sample.data, row.place))

    def _call(self, data: Data, where: str) -> Data:
        given = data.read() if isinstance(data, Picture) else data
        given = dict(given) if isinstance(given, Mapping) else given
        with own_code(self.file, f"{FUNCTION} failed on {where}"):
            made = self.call(given)
        return self._checked(made, where)

    def _checked(self, made: object, where: str) -> Data:
        if self.input is Input.TEXT and isinstance(made, str):
            return made
        if self.input is Input.IMAGE and isinstance(made, bytes):
            return Picture.of(made)
        if self.input is Input.TABULAR and isinstance(made, Mapping):
            cells = (str, float, int, bool, type(None))
            if all(isinstance(k, str) and isinstance(v, cells) for k, v in made.items()):
                return dict(made)
        wanted = {Input.TEXT: "a text", Input.IMAGE: "bytes", Input.TABULAR: "a row as a dict"}
        raise BadPython(
            file=self.file,
            line=1,
            found=f"{FUNCTION} returned {type(made).__name__} for {where}",
            expected=f"it must return {wanted[self.input]}",
        )


def read_prepare(file: Path, kind: Input) -> Prepare:
    """Run a Python file and take its `prepare`; raise BadPython."""
    names = run_python(file)
    call = names.get(FUNCTION)
    if not callable(call):
        raise BadPython(
            file=file, line=1, found=f"it defines no {FUNCTION}", expected="def prepare(sample):"
        )
    return Prepare(file=file, input=kind, call=call)
