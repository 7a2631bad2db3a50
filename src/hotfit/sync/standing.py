"""How a folder and a server stand: what goes out, what comes in, and what is a question."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from hotfit.folders import Folder
from hotfit.functions.names import name_key
from hotfit.inputs.labels import clean_name
from hotfit.sync.base import Base
from hotfit.sync.merging import Difference, Merge, Side, in_common, merge
from hotfit.sync.questions import Question
from hotfit.sync.remote import There
from hotfit.sync.states import (
    FolderSide,
    ServerSide,
    State,
    folder_side,
    is_mixed,
    number_fields,
    server_side,
    shown,
)
from hotfit.types import Data, Input, Output, label_names

MOST_LETTERS = 80


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Both sides of a folder, compared; `names` are labels as they are written, by their key."""

    folder: Folder
    there: There
    here: FolderSide
    server: ServerSide
    names: Mapping[str, str]
    labels_here: Mapping[str, str]
    labels_there: Mapping[str, str]
    fields_here: Mapping[str, str]
    rows: Merge[State]
    labels: Merge[str]
    fields: Merge[str]

    def in_common(self, base: Base) -> Base:
        """What both sides have in common now."""
        return Base(
            server=base.server,
            function=base.function,
            rows=in_common(
                base.rows, self.here.states, self.server.states, settled=self.rows.settled
            ),
            labels=in_common(
                base.labels, self.labels_here, self.labels_there, settled=self.labels.settled
            ),
            fields=in_common(
                base.fields, self.fields_here, self.there.fields, settled=self.fields.settled
            ),
        )

    def questions(self) -> list[Question]:
        """What both sides changed, each differently."""
        asked = [self._row(key, each) for key, each in self.rows.conflicts.items()]
        for of, found in (("label", self.labels), ("field", self.fields)):
            asked += [
                Question(
                    of=of,
                    key=key,
                    what=self.names.get(key, key) if of == "label" else key,
                    place="hotfit.toml",
                    was=_said(each.was),
                    folder=_said(each.folder),
                    server=_said(each.server),
                )
                for key, each in found.conflicts.items()
            ]
        return asked

    def _row(self, key: str, each: Difference[State]) -> Question:
        return question_of(key, each, self.here, self.server)


def compare(
    folder: Folder,
    there: There,
    base: Base,
    *,
    answers: Mapping[str, Side] | None = None,
    prefer: Side | None = None,
) -> Standing:
    """Compare both sides with what they had in common; `answers` and `prefer` settle conflicts."""
    here = folder_side(folder)
    server = server_side(there.rows, here, number_fields(folder))
    known = dict(answers or {})
    names: dict[str, str] = {}
    labels_here = _labels_here(folder, base, names)
    labels_there = _labels_there(there, labels_here, base, names) if _has_labels(folder) else {}
    fields_here = _fields_here(folder, there)
    settle_row = partial(_settle_row, here=here, server=server, answers=known, prefer=prefer)
    rows = _unmixed(merge(base.rows, here.states, server.states, settle=settle_row))

    def settle(of: str, key: str, each: Difference[str]) -> Side | None:
        asked = Question(
            of=of,
            key=key,
            what="",
            place="",
            was=_said(each.was),
            folder=_said(each.folder),
            server=_said(each.server),
        )
        return prefer or known.get(asked.number) or _more_said(each)

    return Standing(
        folder=folder,
        there=there,
        here=here,
        server=server,
        names=names,
        labels_here=labels_here,
        labels_there=labels_there,
        fields_here=fields_here,
        rows=rows,
        labels=merge(base.labels, labels_here, labels_there, settle=partial(settle, "label")),
        fields=merge(base.fields, fields_here, there.fields, settle=partial(settle, "field")),
    )


def question_of(
    key: str, each: Difference[State], here: FolderSide, server: ServerSide
) -> Question:
    """What is asked of a row that both sides changed."""
    rows, samples = here.rows.get(key, ()), server.rows.get(key, ())
    data = rows[0].sample.data if rows else samples[0].data
    folder, there = shown(each.folder), shown(each.server)
    if each.folder and each.server and each.folder.data != each.server.data:
        folder += f"  {short(rows[0].sample.data)}"
        there += f"  {short(samples[0].data)}"
    return Question(
        of="row",
        key=key,
        what=f"{key[3:]}: {short(data)}" if key.startswith("id:") else short(data),
        place=", ".join(row.place for row in rows[:3]),
        was=shown(each.was) if each.was else "not known",
        folder=folder,
        server=there,
    )


def short(data: Data) -> str:
    """What a row holds, on one line."""
    if isinstance(data, Mapping):
        cells = (f"{name}: {cell}" for name, cell in data.items() if cell is not None)
        data = ", ".join(cells)
    text = " ".join(data.split()) if isinstance(data, str) else f"image {data.sha256[:12]}"
    return text if len(text) <= MOST_LETTERS else text[: MOST_LETTERS - 1] + "\u2026"


def label_key(name: str) -> str:
    """What two spellings of a label share."""
    return name_key(clean_name(name))


def _settle_row(
    key: str,
    each: Difference[State],
    *,
    here: FolderSide,
    server: ServerSide,
    answers: Mapping[str, Side],
    prefer: Side | None,
) -> Side | None:
    asked = question_of(key, each, here, server)
    side = prefer or answers.get(asked.number)
    if side is not None:
        return side
    if each.folder is None or each.server is None or each.folder.data != each.server.data:
        return None
    if each.was is not None and each.was.label != "null":
        return None
    # Nothing was said before: whoever says something says more than who says nothing.
    if each.folder.label == "null":
        return "server"
    return "folder" if each.server.label == "null" else None


def _more_said(each: Difference[str]) -> Side | None:
    """The side with a description where the other has none and none was there."""
    if each.was:
        return None
    if each.folder == "":
        return "server"
    return "folder" if each.server == "" else None


def _unmixed(found: Merge[State]) -> Merge[State]:
    """Equal rows with different answers cannot be kept by the other side: somebody must decide."""
    for moving in (found.outgoing, found.incoming):
        outgoing = moving is found.outgoing
        for key, each in list(moving.items()):
            source, other = (each.folder, each.server) if outgoing else (each.server, each.folder)
            if source is not None and is_mixed(source.label) and (outgoing or other is not None):
                found.conflicts[key] = moving.pop(key)
                found.settled.pop(key, None)
    return found


def _labels_here(folder: Folder, base: Base, names: dict[str, str]) -> dict[str, str]:
    """Descriptions by label key: what hotfit.toml states; rows make the others by naming them."""
    if not _has_labels(folder):
        return {}
    found: dict[str, str] = {}
    for name, description in folder.spec.labels.items():
        names.setdefault(label_key(name), name)
        found[label_key(name)] = description
    for row in folder.rows:
        for name in label_names(row.sample.label):
            key = label_key(name)
            names.setdefault(key, name)
            if key in base.labels:  # no longer stated, and not gone while rows have it
                found.setdefault(key, "")
    return found


def _labels_there(
    there: There, here: Mapping[str, str], base: Base, names: dict[str, str]
) -> dict[str, str]:
    """Descriptions by label key; a label that says nothing and that rows name is theirs alone."""
    used = {label_key(name) for row in there.rows for name in label_names(row.label)}
    found = {}
    for name, description in there.labels.items():
        key = label_key(name)
        names.setdefault(key, name)
        if description or key in here or key in base.labels or key not in used:
            found[key] = description
    return found


def _has_labels(folder: Folder) -> bool:
    return folder.spec.output is not Output.NUMBER


def _fields_here(folder: Folder, there: There) -> dict[str, str]:
    """The kind of each field; one that hotfit.toml does not state is what the server says."""
    if folder.spec.input is not Input.TABULAR:
        return {}
    stated = folder.spec.kinds
    return {
        one.name: stated[one.name].value
        if one.name in stated
        else there.fields.get(one.name, one.kind.value)
        for one in folder.plan.fields
    }


def _said(value: str | None) -> str:
    if value is None:
        return "not there"
    return value or "no description"
