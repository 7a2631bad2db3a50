"""`conflicts.toml`: what the folder and the server both changed, for a person to decide.

Beside each question stands `take = ""`; whoever writes "folder" or "server" there and pulls or
pushes again has decided. An answer counts only for the question that was asked: where a side has
moved on since, it is asked anew. The file goes when nothing is left to ask.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hotfit.folders.located import read_toml
from hotfit.folders.whole import write_whole
from hotfit.sync.merging import Side

NAME = "conflicts.toml"


@dataclass(frozen=True, kw_only=True)
class Question:
    """One thing that both sides changed; `of` is row, label or field, and all else for people."""

    of: str
    key: str
    what: str
    place: str
    was: str
    folder: str
    server: str

    @property
    def number(self) -> str:
        """What an answer is kept under: other states make another question."""
        told = json.dumps([self.of, self.key, self.was, self.folder, self.server])
        return hashlib.sha256(told.encode()).hexdigest()[:12]

    def lines(self, server: str) -> list[str]:
        """The question as git shows a conflict."""
        return [
            f"{self.place or self.of}  {self.what}",
            "<<<<<<< folder",
            self.folder,
            "||||||| in common last",
            self.was,
            "=======",
            self.server,
            f">>>>>>> {server}",
        ]

    def to_json(self) -> dict[str, Any]:
        """The question as JSON."""
        return {
            "of": self.of,
            "what": self.what,
            "place": self.place,
            "was": self.was,
            "folder": self.folder,
            "server": self.server,
        }


def read_answers(folder: Path) -> Mapping[str, Side]:
    """Who was decided for, by the number of the question; raise BadToml."""
    path = folder / NAME
    try:
        document = read_toml(path)
    except FileNotFoundError:
        return {}
    document.refuse_unknown(None, ("conflict",))
    found: dict[str, Side] = {}
    listed = document.values.get("conflict", [])
    for each in listed if isinstance(listed, list) else []:
        take = each.get("take", "") if isinstance(each, dict) else None
        if take not in {"", "folder", "server"}:
            raise document.bad(
                "conflict",
                "take",
                found=f"take is {take!r}",
                expected='"folder" or "server" was expected, or "" where nothing is decided',
            )
        if take:
            found[str(each.get("number"))] = take
    return found


def write_questions(folder: Path, questions: Sequence[Question], *, server: str) -> None:
    """Write what is to be decided; take the file away where nothing is."""
    path = folder / NAME
    if not questions:
        path.unlink(missing_ok=True)
        return
    write_whole(path, "".join(_text(questions, server)).encode())


def _text(questions: Sequence[Question], server: str) -> Iterable[str]:
    yield f"# Changed both here and on {server}, each differently.\n"
    yield '# Write "folder" or "server" behind each take = and pull or push again.\n'
    for each in questions:
        yield "\n[[conflict]]\n"
        told = {
            "of": each.of,
            "what": each.what,
            "place": each.place,
            "was": each.was,
            "folder": each.folder,
            "server": each.server,
            "take": "",
            "number": each.number,
        }
        for name, value in told.items():
            if value or name == "take":
                yield f"{name} = {json.dumps(value, ensure_ascii=False)}\n"
