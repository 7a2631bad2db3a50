"""Looks a home over without changing it: what is sound, what is worth knowing, what is wrong."""

import json
import os
import random
import shutil
import sqlite3
import stat
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, select, text
from sqlalchemy.exc import DatabaseError

from hotfit.encoders.catalogue import ENCODERS
from hotfit.encoders.weights import is_intact
from hotfit.errors import HotfitError
from hotfit.registry import UnknownPart
from hotfit.settings import Settings
from hotfit.store.blobs import BlobCorrupt, BlobMissing, FileBlobs
from hotfit.store.engine import may_write, open_postgresql, open_sqlite, parse_url, sqlite_version
from hotfit.store.faults import explained
from hotfit.store.locks import Owner, is_gone
from hotfit.store.schema import revision_of
from hotfit.store.tables import SCHEMA, functions, rolls, samples, versions

SAFE_SQLITE = (3, 51, 3)
"""The first version without the WAL-reset fault (https://sqlite.org/wal.html#walresetbug)."""

SAMPLED = 200
"""Blobs that are read where not all are to be."""

LITTLE = 1 << 30
TOO_LITTLE = 100 << 20
"""Free bytes below which it is said, and below which it is wrong."""


class State(StrEnum):
    """How a thing was found."""

    OK = "ok"
    NOTE = "note"
    WRONG = "wrong"


@dataclass(frozen=True, kw_only=True)
class Check:
    """One thing that was looked at, and a sentence on how it was found."""

    name: str
    state: State
    sentence: str

    def to_json(self) -> dict[str, Any]:
        """The check as JSON."""
        return asdict(self)


def look_over(settings: Settings, *, full: bool = False) -> Iterator[Check]:
    """Check one thing after the other; `full` reads every blob and the whole database."""
    home = settings.home.expanduser()
    yield _sqlite(settings)
    if settings.database is None and not (home / "hotfit.db").exists():
        yield Check(name="home", state=State.OK, sentence=f"{home} holds nothing yet.")
        yield _space(home)
        return
    yield _permissions(home)
    yield _owner(home)
    yield _space(home)
    yield from _database(settings, full=full)


def _sqlite(settings: Settings) -> Check:
    version = sqlite_version()
    if settings.database is not None and not settings.database.startswith("sqlite"):
        return Check(name="sqlite", state=State.OK, sentence=f"SQLite {version} is not used.")
    if sqlite3.sqlite_version_info >= SAFE_SQLITE:
        said = f"SQLite {version} has not the WAL-reset fault."
        return Check(name="sqlite", state=State.OK, sentence=said)
    said = (
        f"SQLite {version} has the WAL-reset fault: a checkpoint beside a write may corrupt a "
        "file. hotfit is safe from it: nothing checkpoints by itself, and every writer and every "
        "checkpoint pass one gate. Let no other program write to hotfit.db."
    )
    return Check(name="sqlite", state=State.NOTE, sentence=said)


def _permissions(home: Path) -> Check:
    try:
        mode = home.stat().st_mode
    except OSError as error:
        said = f"{home} cannot be looked at ({error.strerror})."
        return Check(name="home", state=State.WRONG, sentence=said)
    if os.name != "nt" and mode & (stat.S_IWGRP | stat.S_IWOTH):
        said = f"{home} may be written to by other users; take that away: chmod go-w {home}"
        return Check(name="home", state=State.WRONG, sentence=said)
    if not os.access(home, os.R_OK | os.W_OK | os.X_OK):
        said = f"{home} may not be written to by this user; functions answer, nothing is learned."
        return Check(name="home", state=State.WRONG, sentence=said)
    if os.name != "nt" and mode & (stat.S_IRGRP | stat.S_IROTH):
        said = f"{home} may be read by other users of this machine; to keep it yours: chmod 700"
        return Check(name="home", state=State.NOTE, sentence=said)
    return Check(name="home", state=State.OK, sentence=f"{home} belongs to this user alone.")


def _owner(home: Path) -> Check:
    try:
        owner = Owner(**json.loads((home / "owner.lock").read_text() or "null"))
    except (OSError, ValueError, TypeError):
        return Check(name="owner", state=State.OK, sentence="no server has this home.")
    who = f"process {owner.pid} on {owner.host}"
    if is_gone(owner):
        said = f"{who} ended without giving this home back, which does no harm."
        return Check(name="owner", state=State.NOTE, sentence=said)
    return Check(name="owner", state=State.OK, sentence=f"{who} serves this home.")


def _space(home: Path) -> Check:
    place = next(each for each in (home, *home.parents) if each.exists())
    free = shutil.disk_usage(place).free
    said = f"{free / 2**30:,.1f} GB are free on the disk of {place}."
    if free < TOO_LITTLE:
        return Check(name="disk", state=State.WRONG, sentence=f"{said} Free some at once.")
    return Check(name="disk", state=State.NOTE if free < LITTLE else State.OK, sentence=said)


def _database(settings: Settings, *, full: bool) -> Iterator[Check]:
    url = parse_url(settings.database_url)
    where = url.render_as_string(hide_password=True)
    lite = url.get_backend_name() == "sqlite"
    try:
        if lite:
            file = Path(str(url.database))
            engine = open_sqlite(file, busy_seconds=30, writable=may_write(file))
        else:
            engine = open_postgresql(url)
        try:
            yield from _in_database(engine, settings, where=where, full=full, lite=lite)
        finally:
            engine.dispose()
    except HotfitError as error:
        yield Check(name="database", state=State.WRONG, sentence=str(error))
    except DatabaseError as error:
        reason = str(error.orig).strip().splitlines()[0]
        said = f"{where} cannot be read ({reason})."
        yield Check(name="database", state=State.WRONG, sentence=said)


def _in_database(
    engine: Engine, settings: Settings, *, where: str, full: bool, lite: bool
) -> Iterator[Check]:
    with explained(where), engine.connect() as connection, connection.begin():
        revision = revision_of(connection)
        faults = _faults(connection, full=full) if lite else []
        if faults:
            said = f"{where} is damaged: {faults[0]}. Restore a backup."
            yield Check(name="database", state=State.WRONG, sentence=said)
            return
        looked = "whole" if full else "quickly"
        said = f"{where} is sound, looked over {looked}; its tables are at {revision}."
        yield Check(name="database", state=State.OK, sentence=said)
        if revision != SCHEMA:
            said = f"its tables are at {revision}, this program's at {SCHEMA}; opening upgrades it."
            yield Check(name="tables", state=State.NOTE, sentence=said)
            return
        owners = _owners(connection)
        encoders = {
            name
            for kept in connection.execute(
                select(versions.c.encoders).join(functions, functions.c.live == versions.c.id)
            ).scalars()
            for joined in kept
            for name in joined.split(" + ")
        }
    yield _blobs(FileBlobs(settings.blobs_folder), owners, full=full)
    for name in sorted({settings.text_encoder, *encoders}):
        yield from _weights(name, settings)


def _owners(connection: Connection) -> dict[str, str]:
    """The function that each file belongs to."""
    artifacts = select(functions.c.name, versions.c.artifact).join(
        functions, functions.c.id == versions.c.function_id
    )
    listed = (
        select(functions.c.name, rolls.c.blob)
        .join(versions, versions.c.id == rolls.c.version_id)
        .join(functions, functions.c.id == versions.c.function_id)
    )
    images = (
        select(functions.c.name, samples.c.blob)
        .join(functions, functions.c.id == samples.c.function_id)
        .where(samples.c.blob.is_not(None))
    )
    asked = (artifacts, listed, images)
    return {key: name for each in asked for name, key in connection.execute(each)}


def _faults(connection: Connection, *, full: bool) -> list[str]:
    """What SQLite finds wrong with its file."""
    pragma = "integrity_check" if full else "quick_check"
    found = [row[0] for row in connection.execute(text(f"PRAGMA {pragma}(5)"))]
    if found != ["ok"]:
        return [str(each) for each in found]
    orphans = connection.execute(text("PRAGMA foreign_key_check")).first()
    return [] if orphans is None else [f"a row of {orphans[0]} refers to nothing"]


def _blobs(blobs: FileBlobs, owners: dict[str, str], *, full: bool) -> Check:
    keys: Sequence[str] = sorted(owners)
    if not full and len(keys) > SAMPLED:
        keys = random.sample(keys, SAMPLED)
    bad = [f"{key} of {owners[key]!r} is not there" for key in sorted(owners) if not blobs.has(key)]
    for key in keys:
        try:
            blobs.get(key)
        except BlobMissing:
            continue
        except BlobCorrupt:
            bad.append(f"{key} of {owners[key]!r} is damaged")
    if bad:
        more = f", and {len(bad) - 1} more are lost" if len(bad) > 1 else ""
        said = f"the file {bad[0]}{more}; restore a backup of {blobs.folder}."
        return Check(name="files", state=State.WRONG, sentence=said)
    said = f"{len(owners):,} files of images and versions are there; {len(keys):,} were read whole."
    return Check(name="files", state=State.OK, sentence=said)


def _weights(name: str, settings: Settings) -> Iterator[Check]:
    try:
        entry = ENCODERS.get(name)
    except UnknownPart:
        return
    for file in entry.files:
        if not file.sha256:
            continue
        places = [settings.weights_cache / file.sha256]
        if settings.weights is not None:
            places += [settings.weights.expanduser() / file.name]
        there = [place for place in places if place.is_file()]
        if not there:
            said = f"{file.name} of {name} is not kept here; it is fetched when first needed."
            yield Check(name="weights", state=State.NOTE, sentence=said)
        elif any(is_intact(file, place) for place in there):
            said = f"{file.name} of {name} is the one that is pinned."
            yield Check(name="weights", state=State.OK, sentence=said)
        else:
            said = f"{file.name} of {name} is damaged; delete {there[0]} and it is fetched again."
            yield Check(name="weights", state=State.WRONG, sentence=said)
