"""What an earlier version of a folder's function says of the rows that are judged now."""

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from hotfit.behaviour.base import Earlier, said_of
from hotfit.errors import Refusal
from hotfit.folders import Folder
from hotfit.folders.lock import NAME as LOCK
from hotfit.folders.revisions import find_revision, last_change, last_tag
from hotfit.functions.versions import find_version
from hotfit.local.snapshots import Moment, snapshot
from hotfit.local.tested import Answering, said_by
from hotfit.serving.sides import open_side
from hotfit.store.content import content_hash
from hotfit.types import Data, Label

LOCKED = "lock"
RELEASE = "release"
"""Names of earlier versions: the one that the lock names, and the one at the last tag of git."""


class NoEarlier(Refusal):
    """An earlier version that a test compares with is not there."""

    status = 409

    def __init__(self, *, function: str, than: str, why: str) -> None:
        super().__init__(f"{function!r} cannot be compared with {than!r}: {why}")


class Tested(Answering):
    """A version of a folder's function that knows its past: what tests are asked of."""

    def earlier(self, than: str) -> Earlier:
        """An earlier version by its name; raise NoEarlier, and what git and training refuse."""
        return earlier(self, than)


def earlier(tested: Answering, than: str) -> Earlier:
    """The version called `than`: `lock`, `release`, a number of this home, or a git revision.

    Raises NoEarlier, and what git and training refuse.
    """
    lock = tested.folder.lock
    if than == LOCKED and lock is not None and lock.version == tested.version.artifact:
        return Earlier(name=f"the version of {LOCK}", said=[None] * len(tested.judged), same=True)
    if than.isdigit():
        return _of_number(tested, than)
    return _of_revision(tested, than, _revision(tested, than))


def _revision(tested: Answering, than: str) -> str:
    """The git revision that a name stands for."""
    path, name = tested.folder.path, tested.folder.name
    if than == RELEASE:
        found = last_tag(path)
        if found is None:
            why = "git has no tag here yet; tag a release (git tag v1), or name a branch"
            raise NoEarlier(function=name, than=than, why=why)
        return found
    if than == LOCKED:
        found = last_change(path, LOCK)
        if found is None:
            why = f"{LOCK} is not in git; run hotfit fit and commit it"
            raise NoEarlier(function=name, than=than, why=why)
        return found
    return than


def _of_number(tested: Answering, than: str) -> Earlier:
    app = tested.home.app
    with app.store.read() as session:
        version = find_version(session, tested.record.id, than)
    if version is None:
        why = f"this home has no version {than}; hotfit versions lists them"
        raise NoEarlier(function=tested.folder.name, than=than, why=why)
    side = open_side(app.store, app.blobs, app.waiting_encoder, tested.record, version)
    known = dict(zip(side.roll.hashes, said_by(side), strict=True))
    if tested.judged.unseen == "test":
        answers = side.trained.answer(_prepared(tested.folder, tested.judged.data))
        return Earlier(name=f"version {than}", said=[said_of(each) for each in answers])
    hashes = map(content_hash, _prepared(tested.folder, tested.judged.data))
    return Earlier(name=f"version {than}", said=[known.get(each) for each in hashes])


def _of_revision(tested: Answering, than: str, revision: str) -> Earlier:
    found = find_revision(tested.folder.path, revision)
    name = found.name if than not in {LOCKED, RELEASE} else f"the {than} ({found.commit[:8]})"
    with tempfile.TemporaryDirectory(prefix="hotfit-") as place:
        found.write(Path(place))
        folder = Folder.open(place)
        recipe = None if folder.differences() else folder.lock
        moment = Moment(folder, name=name)
        side = snapshot(tested.home, moment, recipe=recipe)
        if tested.judged.unseen == "test":
            answers = side.trained.answer(_prepared(folder, tested.judged.data))
            return Earlier(name=name, said=[said_of(each) for each in answers])
        known: Mapping[bytes, Label] = {
            content_hash(row.sample.data): said
            for key, said in zip(side.roll.hashes, said_by(side), strict=True)
            if (row := moment.rows.get(key)) is not None
        }
    return Earlier(name=name, said=[known.get(content_hash(each)) for each in tested.judged.data])


def _prepared(folder: Folder, data: Sequence[Data]) -> list[Data]:
    return list(data) if folder.prepare is None else [folder.prepare(each) for each in data]
