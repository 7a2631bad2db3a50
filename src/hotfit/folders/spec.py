"""`hotfit.toml`: what a function is given, what it answers, and what it may cost."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hotfit.errors import Refusal
from hotfit.folders.located import Toml, read_toml
from hotfit.inputs.labels import clean_name
from hotfit.types import Field, Input, Kind, Output

NAME = "hotfit.toml"

FUNCTION = ("name", "input", "output", "target", "inputs", "together", "id", "prepare")
GOALS = ("min_precision", "min_recall")
TABLES = ("function", "labels", "fields", "encoder", "goal", "budgets", "labeling")
OUTPUTS = (Output.CLASSIFICATION, Output.TAGS, Output.NUMBER)
KINDS = (Kind.TEXT, Kind.NUMBER, Kind.CATEGORY, Kind.DATE, Kind.BOOLEAN)


class NoFolder(Refusal):
    """A folder holds no function."""

    def __init__(self, *, folder: Path) -> None:
        super().__init__(
            f"{folder} holds no function ({NAME} is not there); name a folder with one, or make "
            f"one: hotfit init {folder}"
        )


@dataclass(frozen=True, kw_only=True)
class Spec:
    """What `hotfit.toml` says.

    `labels` are descriptions by label, in the order of the file. `inputs` are the columns that
    are read, guessed where none are named; `together` those whose rows of equal value are held out
    together; `fields` the kinds of a table's. `id` is the column that tells rows apart, `prepare`
    the Python file that changes samples before they are encoded, `labeling` the one with label
    functions.
    """

    name: str
    input: Input
    output: Output
    target: str | None = None
    inputs: tuple[str, ...] = ()
    together: tuple[str, ...] = ()
    id: str | None = None
    prepare: str | None = None
    labeling: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    fields: tuple[Field, ...] = ()
    encoder: str | None = None
    encoder_latency_ms: float | None = None
    goal: Mapping[str, float] = field(default_factory=dict)
    max_latency_ms: float | None = None
    max_mb: float | None = None

    @property
    def kinds(self) -> Mapping[str, Kind]:
        """The kind of each field that is named."""
        return {each.name: each.kind for each in self.fields}


def read_spec(folder: Path) -> Spec:
    """Read the `hotfit.toml` of a folder; raise NoFolder or BadToml."""
    path = folder / NAME
    try:
        document = read_toml(path)
    except (FileNotFoundError, NotADirectoryError):
        raise NoFolder(folder=folder) from None
    document.refuse_unknown(None, TABLES)
    document.refuse_unknown("function", FUNCTION)
    document.refuse_unknown("encoder", ("pin", "max_latency_ms"))
    document.refuse_unknown("goal", GOALS)
    document.refuse_unknown("budgets", ("max_latency_ms", "max_mb"))
    document.refuse_unknown("labeling", ("file",))
    text = "a text was expected"
    return Spec(
        name=_required(document, "name"),
        input=Input(_one_of(document, "input", [str(each.value) for each in Input])),
        output=Output(_one_of(document, "output", [str(each.value) for each in OUTPUTS])),
        target=document.get("function", "target", str, text),
        inputs=_names(document, "inputs"),
        together=_names(document, "together"),
        id=document.get("function", "id", str, text),
        prepare=_file(document, "function", "prepare", folder),
        labeling=_file(document, "labeling", "file", folder),
        labels=_labels(document),
        fields=_fields(document),
        encoder=document.get("encoder", "pin", str, text),
        encoder_latency_ms=_positive(document, "encoder", "max_latency_ms"),
        goal=_goal(document),
        max_latency_ms=_positive(document, "budgets", "max_latency_ms"),
        max_mb=_positive(document, "budgets", "max_mb"),
    )


def _required(document: Toml, key: str) -> str:
    value = document.get("function", key, str, "a text was expected")
    if not value:
        expected = f'write {key} = "..." below [function]'
        raise document.bad("function", key, found=f"no {key} is given", expected=expected)
    return str(value)


def _one_of(document: Toml, key: str, known: list[str]) -> str:
    value = _required(document, key)
    for each in known:
        if value.casefold() == each.casefold():
            return each
    raise document.bad(
        "function", key, found=f"{key} is {value!r}", expected=f"one of {', '.join(known)}"
    )


def _names(document: Toml, key: str) -> tuple[str, ...]:
    expected = 'a list of column names, such as ["text"], was expected'
    value = document.get("function", key, list, expected) or []
    if not all(isinstance(each, str) for each in value):
        raise document.bad("function", key, found=f"{key} holds no names", expected=expected)
    return tuple(value)


def _file(document: Toml, table: str, key: str, folder: Path) -> str | None:
    value = document.get(table, key, str, "the name of a Python file was expected")
    if value is None:
        return None
    inside = (folder / value).resolve().is_relative_to(folder.resolve())
    if not inside or not value.endswith(".py"):
        raise document.bad(
            table, key, found=f"{key} is {value!r}", expected="a Python file in this folder"
        )
    return str(value)


def _positive(document: Toml, table: str, key: str) -> float | None:
    value = document.get(table, key, (int, float), "a number was expected")
    if value is not None and not value > 0:
        raise document.bad(
            table, key, found=f"{key} is {value:g}", expected="a number above 0 was expected"
        )
    return None if value is None else float(value)


def _goal(document: Toml) -> dict[str, float]:
    goal = {key: _positive(document, "goal", key) for key in GOALS}
    for key, value in goal.items():
        if value is not None and value >= 1:
            raise document.bad(
                "goal", key, found=f"{key} is {value:g}", expected="a share between 0 and 1"
            )
    return {key: value for key, value in goal.items() if value is not None}


def _labels(document: Toml) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in document.table("labels").items():
        about = value if isinstance(value, dict) else {"description": value}
        described: Any = about.get("description", "")
        unknown = [key for key in about if key != "description"]
        if unknown or not isinstance(described, str):
            raise document.bad(
                "labels",
                name,
                *unknown[:1],
                found=f"the label {name!r} has {unknown[0] if unknown else 'no text'!r}",
                expected='a label has description = "..." and nothing else',
            )
        found[clean_name(name)] = described
    return found


def _fields(document: Toml) -> tuple[Field, ...]:
    known = [str(each.value) for each in KINDS]
    fields = []
    for name, value in document.table("fields").items():
        about = value if isinstance(value, dict) else {"kind": value}
        kind = next((k for k in known if k.casefold() == str(about.get("kind")).casefold()), None)
        if kind is None or set(about) - {"kind"}:
            raise document.bad(
                "fields",
                name,
                found=f"the field {name!r} is {about!r}",
                expected=f'write kind = "..." with one of {", ".join(known)}',
            )
        fields.append(Field(name=name, kind=Kind(kind)))
    return tuple(fields)
