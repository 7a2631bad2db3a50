"""What tests may speak of: the labels, the fields and the inputs of one folder's function."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hotfit.errors import Refusal
from hotfit.folders.checks.entry import Entry
from hotfit.folders.folder import Folder
from hotfit.inputs.picture import check
from hotfit.types import Cell, Data, Input, Kind, Output, Picture, label_names

EXPECTED = {
    Input.TEXT: "a text",
    Input.IMAGE: 'the path of an image below the folder, such as "tests/images/a.jpg"',
    Input.TABULAR: "a row, such as { months = 3, plan = 'basic' }",
}
SHOWN = 12
"""Labels that a refusal names."""


@dataclass(frozen=True, kw_only=True)
class Given:
    """A folder's function as its tests may speak of it."""

    folder: Path
    input: Input
    output: Output
    labels: tuple[str, ...]
    fields: tuple[str, ...]
    texts: tuple[str, ...]

    @classmethod
    def of(cls, folder: Folder) -> "Given":
        """What an opened folder's tests may speak of."""
        said = dict.fromkeys(folder.spec.labels)
        for row in folder.rows:
            said |= dict.fromkeys(label_names(row.sample.label))
        fields = folder.fields
        return cls(
            folder=folder.path,
            input=folder.spec.input,
            output=folder.spec.output,
            labels=tuple(said),
            fields=tuple(each.name for each in fields),
            texts=tuple(each.name for each in fields if each.kind is Kind.TEXT),
        )

    def label(self, entry: Entry, key: str = "label") -> str | None:
        """A label that there is; raise BadToml."""
        name = entry.text(key)
        if name is not None:
            self.known(entry, key, name)
        return name

    def known(self, entry: Entry, key: str, name: str) -> None:
        """Raise BadToml unless there is such a label."""
        if name not in self.labels:
            shown = ", ".join(map(repr, self.labels[:SHOWN])) or "none"
            more = f" and {len(self.labels) - SHOWN} more" if len(self.labels) > SHOWN else ""
            raise entry.bad(
                key,
                found=f"{key} is {name!r}, which no row and no [labels] has",
                expected=f"labels are {shown}{more}",
            )

    def inputs(self, entry: Entry) -> tuple[Data, ...]:
        """What `input` or `inputs` hold; raise BadToml."""
        given = [key for key in ("input", "inputs") if key in entry.values]
        if len(given) > 1:
            raise entry.bad("inputs", found="input and inputs are given", expected="one of them")
        if not given:
            return ()
        key, value = given[0], entry.values[given[0]]
        values = value if key == "inputs" and isinstance(value, list) else [value]
        if not values:
            raise entry.bad(key, found="inputs is empty", expected=self._expected(key))
        return tuple(self._one(entry, key, each) for each in values)

    def _one(self, entry: Entry, key: str, value: Any) -> Data:
        if self.input is Input.TEXT and isinstance(value, str) and value.strip():
            return value
        if self.input is Input.IMAGE and isinstance(value, str):
            return self._picture(entry, key, value)
        if self.input is Input.TABULAR and isinstance(value, dict):
            return self.row(entry, key, value)
        raise entry.bad(key, found=f"{key} holds {value!r}", expected=self._expected(key))

    def row(self, entry: Entry, key: str, value: Mapping[str, Any]) -> dict[str, Cell]:
        """A row by field; raise BadToml."""
        for name, cell in value.items():
            if name not in self.fields:
                raise entry.bad(
                    key,
                    found=f"{key} has {name!r}, which is no column that is read",
                    expected=f"columns are {', '.join(self.fields)}",
                )
            if not isinstance(cell, str | int | float | bool):
                raise entry.bad(
                    key, found=f"{name} is {cell!r}", expected="a text, a number, true or false"
                )
        return dict(value)

    def _picture(self, entry: Entry, key: str, value: str) -> Picture:
        path = self.folder / value
        inside = path.resolve().is_relative_to(self.folder.resolve())
        if not inside or not path.is_file():
            raise entry.bad(
                key, found=f"{key} names {value!r}, which is not there", expected=self._expected()
            )
        try:
            check(path.read_bytes())
        except Refusal as error:
            raise entry.bad(key, found=f"{value}: {error}", expected=self._expected()) from error
        return Picture.of(path.read_bytes())

    def _expected(self, key: str = "input") -> str:
        one = EXPECTED[self.input]
        return f"a list, each {one}" if key == "inputs" else f"{one} was expected"
