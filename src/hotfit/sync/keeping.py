"""Pull and push: compare, write one side, and keep what both have in common.

Whatever ends a pull or a push half way, the next one finds the rows that were done in step, as
both sides have them, and does the rest.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

from hotfit.client import Client, RemoteFunction
from hotfit.errors import Refusal
from hotfit.folders import Folder
from hotfit.sync.base import NAME as BASE
from hotfit.sync.base import Base, read_base, write_base
from hotfit.sync.merging import Merge, Side
from hotfit.sync.pushing import forget, send
from hotfit.sync.questions import read_answers, write_questions
from hotfit.sync.remote import load, open_client, refuse_other_kind
from hotfit.sync.reporting import Report
from hotfit.sync.standing import Standing, compare, label_key
from hotfit.sync.states import State, folder_side
from hotfit.sync.writing_folder import FolderWriter, write_labels
from hotfit.types import label_names

FEW = 20
"""Rows that may go at once whatever their share."""


class FunctionGone(Refusal):
    """The function that a folder was in step with is no longer on the server."""

    status: ClassVar[int] = 404

    def __init__(self, *, name: str, url: str) -> None:
        super().__init__(
            f"the function that this folder was in step with is no longer on {url}; to make it "
            f"anew there as {name!r}, delete {BASE} and push"
        )


class FunctionAbsent(Refusal):
    """A server has no function of a folder's name."""

    status: ClassVar[int] = 404

    def __init__(self, *, name: str, url: str) -> None:
        super().__init__(
            f"{url} has no function called {name!r} that this key reaches; push the folder to make "
            "it, or correct name in hotfit.toml"
        )


class OtherHome(Refusal):
    """A folder is in step with another server than the one that is named."""

    status: ClassVar[int] = 409

    def __init__(self, *, url: str, known: str) -> None:
        super().__init__(
            f"this folder is in step with {known}, and {url} was named; leave the address out, or "
            f"delete {BASE} to begin anew with {url}"
        )


class Unrelated(Refusal):
    """A folder is pushed for the first time to a function that shares no row with it."""

    status: ClassVar[int] = 409

    def __init__(self, *, name: str, url: str, rows: int) -> None:
        super().__init__(
            f"{url} has a function called {name!r} whose {rows:,} rows share nothing with this "
            "folder; give the folder another name in hotfit.toml, or pull first to join both"
        )


class TooManyGone(Refusal):
    """Most rows of one side would be deleted."""

    status: ClassVar[int] = 409

    def __init__(self, *, gone: int, rows: int, where: str) -> None:
        super().__init__(
            f"{gone:,} of the {rows:,} rows {where} would be deleted; look whether a file is "
            "missing, and say --delete if this is meant"
        )


@dataclass(frozen=True, kw_only=True)
class Wish:
    """How to pull or push: `prefer` settles every conflict, `delete` lets most rows go."""

    prefer: Side | None = None
    delete: bool = False
    dry_run: bool = False


def pull(path: Path, *, url: str, key: str | None, wish: Wish | None = None) -> Report:
    """Take over what the server changed; conflicts are written to `conflicts.toml`."""
    how = wish or Wish()
    folder, base = Folder.open(path), read_base(path)
    _refuse_other_home(base, url)
    with open_client(url, key) as client:
        function = _function(client, folder, base, url)
        if function is None:
            raise FunctionAbsent(name=folder.name, url=url)
        there, known = load(function), base or Base(server=url, function=function.id)
        standing = compare(folder, there, known, answers=read_answers(path), prefer=how.prefer)
        gone = sum(
            len(standing.here.rows[each])
            for each, difference in standing.rows.incoming.items()
            if difference.server is None
        )
        _refuse_emptying(gone, len(folder.rows), "of this folder", how)
        if how.dry_run:
            return _report(
                "pull", standing, url, dry_run=True, rows=_foreseen(standing.rows, pulls=True)
            )
        report = _report("pull", standing, url, rows={})
        if standing.fields.incoming:
            FolderWriter(standing=standing).fields()
            folder = Folder.open(path)
            again = compare(folder, there, known, answers=read_answers(path), prefer=how.prefer)
            standing = replace(again, fields=standing.fields)
        writer = FolderWriter(standing=standing)
        writer.rows()
        writer.write()
    after = Folder.open(path)
    labels = write_labels(standing, _used(after))
    settled = standing
    standing = compare(
        Folder.open(path), there, known, answers=read_answers(path), prefer=how.prefer
    )
    _keep(path, standing, known)
    write_questions(path, standing.questions(), server=url)
    done = writer.done
    rows = {"added": done.added, "relabelled": done.relabelled}
    rows |= {"changed": done.changed, "removed": done.removed}
    return replace(
        report,
        rows=rows,
        labels=labels,
        fields=len(settled.fields.incoming),
        waiting=_counted(standing.rows.outgoing, standing.labels.outgoing),
        questions=standing.questions(),
    )


def push(path: Path, *, url: str, key: str | None, wish: Wish | None = None) -> Report:
    """Send what the folder changed; a function that the server lacks is made there."""
    how = wish or Wish()
    folder, base = Folder.open(path), read_base(path)
    _refuse_other_home(base, url)
    with open_client(url, key) as client:
        function = _function(client, folder, base, url)
        made = function is None
        if function is None:
            if how.dry_run:
                return _first(folder, url)
            spec = folder.spec
            function = client.create(folder.name, input=spec.input.value, output=spec.output.value)
        there, known = load(function), base or Base(server=url, function=function.id)
        standing = compare(folder, there, known, answers=read_answers(path), prefer=how.prefer)
        shared = standing.here.states.keys() & standing.server.states.keys()
        if base is None and there.rows and not shared:
            raise Unrelated(name=folder.name, url=url, rows=len(there.rows))
        gone = sum(
            len(standing.server.rows[each])
            for each, difference in standing.rows.outgoing.items()
            if difference.folder is None
        )
        _refuse_emptying(gone, len(there.rows), f"on {url}", how)
        if how.dry_run:
            return _report(
                "push", standing, url, dry_run=True, rows=_foreseen(standing.rows, pulls=False)
            )
        return _send(path, standing, known, url=url, prefer=how.prefer, made=made)


def _send(
    path: Path, standing: Standing, known: Base, *, url: str, prefer: Side | None, made: bool
) -> Report:
    """Send what goes out, look again, and keep what both have in common."""
    base = replace(known, rows=dict(known.rows))
    write_base(path, base)

    def kept(keys: Sequence[str]) -> None:
        """Write down what a batch brought into step, so that an end half way asks nothing."""
        nonlocal base
        rows = dict(base.rows)
        for key in keys:
            state = standing.here.states.get(key)
            rows.pop(key, None)
            if state is not None:
                rows[key] = state
        base = replace(base, rows=rows)
        write_base(path, base)

    sent = send(standing, each=kept)
    function, folder, answers = standing.there.function, standing.folder, read_answers(path)
    there = load(function)
    again = compare(folder, there, known, answers=answers, prefer=prefer)
    used = {label_key(name) for one in there.rows for name in label_names(one.label)}
    if any(each.folder is None for each in again.labels.outgoing.values()) or any(
        each.folder is None for each in again.fields.outgoing.values()
    ):
        gone = forget(again, used=used)
        sent.labels, sent.fields = sent.labels + gone.labels, sent.fields + gone.fields
        again = compare(folder, load(function), known, answers=answers, prefer=prefer)
    _keep(path, again, known)
    write_questions(path, again.questions(), server=url)
    changed = min(sent.added, sent.removed, _changed(standing.rows))
    rows = {"added": sent.added - changed, "relabelled": sent.relabelled}
    rows |= {"changed": changed, "removed": sent.removed - changed}
    report = _report("push", again, url, rows=rows)
    return replace(report, labels=sent.labels, fields=sent.fields, refused=sent.refused, made=made)


def _function(client: Client, folder: Folder, base: Base | None, url: str) -> RemoteFunction | None:
    """The folder's function on the server; raise FunctionGone or OtherKind."""
    found = client.find(folder.name if base is None else base.function)
    if found is None and base is not None:
        raise FunctionGone(name=folder.name, url=url)
    if found is not None:
        spec = folder.spec
        given = f"{spec.input.value} to {spec.output.value}"
        refuse_other_kind(found, name=folder.name, given=given, url=url)
    return found


def _refuse_other_home(base: Base | None, url: str) -> None:
    if base is not None and base.server != url:
        raise OtherHome(url=url, known=base.server)


def _refuse_emptying(gone: int, rows: int, where: str, how: Wish) -> None:
    if gone > FEW and 2 * gone > rows and not how.delete:
        raise TooManyGone(gone=gone, rows=rows, where=where)
    if gone and gone == rows and where == "of this folder":
        raise TooManyGone(gone=gone, rows=rows, where=where)


def _keep(path: Path, standing: Standing, known: Base) -> None:
    write_base(path, standing.in_common(known))


def _report(
    command: str, standing: Standing, url: str, *, rows: Mapping[str, int], dry_run: bool = False
) -> Report:
    pulls = command == "pull"
    merges = (standing.rows, standing.labels, standing.fields)
    moving = [one.incoming if pulls else one.outgoing for one in merges]
    waiting = sum(len(one.outgoing if pulls else one.incoming) for one in merges)
    notes = []
    if standing.folder.spec.prepare is not None and not pulls:
        notes.append(
            f"{standing.folder.spec.prepare} stays here: the server learns rows as they stand, "
            "before it changes them"
        )
    return Report(
        command=command,
        folder=str(standing.folder.path),
        server=url,
        function=standing.folder.name,
        rows=rows,
        labels=len(moving[1]) if dry_run else 0,
        fields=len(moving[2]) if dry_run else 0,
        waiting=waiting,
        questions=standing.questions(),
        notes=notes,
        dry_run=dry_run,
    )


def _first(folder: Folder, url: str) -> Report:
    """What a first push would do."""
    return Report(
        command="push",
        folder=str(folder.path),
        server=url,
        function=folder.name,
        rows={"added": len(folder_side(folder).states)},
        labels=0,
        fields=0,
        waiting=0,
        made=True,
        dry_run=True,
    )


def _foreseen(rows: Merge[State], *, pulls: bool) -> dict[str, int]:
    """What would become of rows, counted as it is when it is done."""
    counts = dict.fromkeys(("added", "relabelled", "changed", "removed"), 0)
    for each in (rows.incoming if pulls else rows.outgoing).values():
        source, target = (each.server, each.folder) if pulls else (each.folder, each.server)
        if target is None:
            counts["added"] += 1
        elif source is None:
            counts["removed"] += 1
        else:
            counts["relabelled" if source.data == target.data else "changed"] += 1
    return counts


def _changed(rows: Merge[State]) -> int:
    """Rows that hold something else now: the server removes and adds them."""
    return sum(
        each.folder is not None and each.server is not None and each.folder.data != each.server.data
        for each in rows.outgoing.values()
    )


def _counted(*moving: Mapping[str, object]) -> int:
    return sum(map(len, moving))


def _used(folder: Folder) -> set[str]:
    return {label_key(name) for row in folder.rows for name in label_names(row.sample.label)}
