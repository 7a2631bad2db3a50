"""`hotfit.lock`: what reproduces a version, written by fitting and kept in git.

The version's hash is SHA-256 over its artifact: weights, labels and how scores are read, no times
and no identifiers. Equal folder, equal lock, equal kind of machine: equal hash.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from hotfit.folders.located import BadToml, read_toml
from hotfit.folders.whole import keep_whole

NAME = "hotfit.lock"
FORMAT = 1

HEADER = "# Written by `hotfit fit`; keep it in git. It reproduces the version it names.\n"


@dataclass(frozen=True, kw_only=True)
class Lock:
    """What a version was made of.

    `encoders` are the SHA-256 of each encoder's files by its name, `data`, `spec` and `code` the
    fingerprints of the rows, of `hotfit.toml` and of the Python files, `version` the hash of the
    result. `scores` is for people: what the version was measured to be worth.
    """

    function: str
    data: str
    rows: int
    labelled: int
    spec: str
    code: str
    encoder: str
    encoders: Mapping[str, str]
    head: str
    build: str
    version: str
    scores: Mapping[str, Any] = field(default_factory=dict)


def read_lock(folder: Path) -> Lock | None:
    """Read the lock of a folder, None where there is none; raise BadToml."""
    path = folder / NAME
    try:
        document = read_toml(path)
    except FileNotFoundError:
        return None
    values = dict(document.values)
    found = values.pop("format", None)
    if found != FORMAT:
        raise BadToml(
            file=str(path),
            line=document.line("format"),
            found=f"its format is {found!r}",
            expected=f"format {FORMAT} was expected: delete the file and fit again",
        )
    try:
        return Lock(**values)
    except TypeError as error:
        raise BadToml(
            file=str(path), line=1, found=str(error), expected="delete the file and fit again"
        ) from error


def write_lock(folder: Path, lock: Lock) -> None:
    """Write the lock; the file appears whole or not at all, and stays where nothing changed."""
    keep_whole(folder / NAME, render(lock))


def render(lock: Lock) -> str:
    """The lock as TOML, one fact a line in a fixed order."""
    facts = asdict(lock)
    tables = {name: facts.pop(name) for name in ("encoders", "scores")}
    lines = [HEADER, f"format = {FORMAT}"]
    lines += [f"{name} = {_value(value)}" for name, value in facts.items()]
    for name, table in tables.items():
        lines += ["", f"[{name}]"]
        lines += [f"{_key(key)} = {_value(value)}" for key, value in table.items()]
    return "\n".join(lines).replace(HEADER + "\n", HEADER) + "\n"


def _key(key: str) -> str:
    plain = key.replace("_", "").replace("-", "")
    return key if plain.isascii() and plain.isalnum() else json.dumps(key)


def _value(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
