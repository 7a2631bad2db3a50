"""Comparing what answers: two versions of a function, or a folder with what git has of it."""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from hotfit.app import App
from hotfit.errors import Refusal
from hotfit.folders import Folder, Row
from hotfit.folders.lock import NAME as LOCK
from hotfit.folders.revisions import find_revision, uncommitted
from hotfit.folders.spec import NAME as SPEC
from hotfit.functions import versions
from hotfit.functions.functions import Function as Record
from hotfit.functions.versions import NothingBefore, Version, VersionMissing
from hotfit.local.folders import open_home
from hotfit.local.home import Home
from hotfit.local.snapshots import Moment, snapshot
from hotfit.serving.comparing import Difference, compare
from hotfit.serving.responsible import with_edits
from hotfit.serving.sides import Side, open_side
from hotfit.training.bench import Report as Progress
from hotfit.training.bench import silent
from hotfit.types import Data

Where = Callable[[bytes], tuple[str, Data] | None]
"""Where a sample of this content stands, in words, and what it holds as it stands there."""

WEIGHED = 20
"""Changed answers for which the edits that answer for them are looked for."""

NAMED = 5
"""Files that are named before the rest are counted."""

RANGE = ".."
"""Stands between two revisions."""


@dataclass(frozen=True, kw_only=True)
class Compared:
    """A difference with what is worth saying about how it was made.

    `where` finds samples of a folder; None where a function's home is asked.
    """

    function: str
    difference: Difference
    notes: tuple[str, ...] = ()
    where: Where | None = None


class BadRange(Refusal):
    """Two revisions were asked for in a way that names none."""

    def __init__(self, *, given: str) -> None:
        super().__init__(
            f"{given!r} names no two revisions; write one (main), or two with two dots between "
            "them (main..HEAD)"
        )


def diff_versions(
    app: App, record: Record, older: str | None, newer: str | None, *, weighed: int = WEIGHED
) -> Compared:
    """Compare two versions; by default the one that answers with the one before it.

    Raises VersionMissing, NothingBefore, RollMissing, NotAlike or NothingInCommon.
    """
    now = _live(app, record) if newer is None else _version(app, record, newer)
    before = _before(app, record, now) if older is None else _version(app, record, older)
    sides = [_side(app, record, one) for one in (before, now)]
    found = with_edits(app.store, compare(app.store, *sides), most=weighed)
    return Compared(function=record.name, difference=found)


def diff_folder(
    folder: Folder,
    revision: str = "HEAD",
    *,
    home: Home | None = None,
    weighed: int = WEIGHED,
    progress: Progress = silent,
) -> Compared:
    """Compare a folder as it is now with a revision of it, or two revisions: `main..HEAD`.

    Each side is trained as its lock says; where that does not hold, with the encoder and head of
    the nearest lock, without a search, so that what differs comes from the rows.
    """
    here = home or open_home(folder)
    given, dots, to = revision.partition(RANGE)
    if not given or (dots and (not to or to.startswith("."))):
        raise BadRange(given=revision)
    with ExitStack() as stack:
        older, newer = (_moment(folder, one, stack) for one in (given, to or None))
        nearest = older.lock or newer.lock
        own = newer.lock if newer.lock and not newer.folder.differences() else nearest
        sides = [
            snapshot(here, one, recipe=recipe, progress=progress)
            for one, recipe in ((older, nearest), (newer, own))
        ]
        places = [newer.rows[key].file for key in sides[1].roll.hashes]
        found = compare(here.app.store, *sides, places=places)
        found = with_edits(here.app.store, found, most=weighed)
        removed = any(edit.kind == "removed" for edit in found.edits)
        gone = older.rows if removed else {}
        return Compared(
            function=folder.name,
            difference=found,
            notes=() if to else _dirt(uncommitted(folder.path)),
            where=partial(_where, (newer.rows, gone)),
        )


def _where(rows: Sequence[Mapping[bytes, Row]], key: bytes) -> tuple[str, Data] | None:
    """Where the first row of this content stands, and what it holds."""
    row = next((found[key] for found in rows if key in found), None)
    return None if row is None else (row.place, row.sample.data)


def _moment(folder: Folder, revision: str | None, stack: ExitStack) -> Moment:
    """A folder as a revision has it, or as it is now."""
    if revision is None:
        clean = not uncommitted(folder.path)
        head = f"tree {find_revision(folder.path, 'HEAD').tree()}" if clean else None
        return Moment(folder, name="the folder now", identity=head)
    found = find_revision(folder.path, revision)
    path = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hotfit-")))
    found.write(path, only=(SPEC, LOCK))
    return Moment(
        Folder.open(path),
        name=found.name,
        identity=f"tree {found.tree()}",
        complete=partial(found.write, path),
    )


def _dirt(files: Sequence[str]) -> tuple[str, ...]:
    if not files:
        return ()
    more = f" and {len(files) - NAMED} more" if len(files) > NAMED else ""
    return (f"Not committed yet: {', '.join(files[:NAMED])}{more}.",)


def _side(app: App, record: Record, version: Version) -> Side:
    return open_side(app.store, app.blobs, app.waiting_encoder, record, version)


def _version(app: App, record: Record, given: str) -> Version:
    with app.store.read() as session:
        found = versions.find_version(session, record.id, given)
    if found is None:
        raise VersionMissing(function=record.name, given=given)
    return found


def _live(app: App, record: Record) -> Version:
    with app.store.read() as session:
        found = versions.live_version(session, record.id)
    if found is None:
        raise NothingBefore(function=record.name)
    return found


def _before(app: App, record: Record, version: Version) -> Version:
    """The version that was there before another one."""
    with app.store.read() as session:
        older = [one for one in versions.history(session, record.id) if one.number < version.number]
    if not older:
        raise NothingBefore(function=record.name)
    return older[0]
