"""A function's folder fitted: rows into a home, a version out of it, what reproduces it locked.

Equal folder, equal lock and equal kind of machine give an equal version: rows and labels are put
into the order of the files, arithmetic runs on one thread, and what the lock names is trained
without a search.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from threadpoolctl import threadpool_limits

from hotfit.encoders import SIGN
from hotfit.errors import Refusal
from hotfit.folders import Folder
from hotfit.folders.folder import HOME
from hotfit.folders.lock import NAME as LOCK
from hotfit.folders.lock import Lock, write_lock
from hotfit.folders.spec import NAME
from hotfit.functions import functions, versions
from hotfit.functions.functions import Function as Record
from hotfit.functions.labels import describe_label, insert_labels, labels_of, order_labels
from hotfit.functions.preferences import prefer, preferences
from hotfit.functions.versions import Version
from hotfit.local.exports import PREPARED
from hotfit.local.function import Function
from hotfit.local.home import ORIGIN, Home, OtherFunction
from hotfit.local.wishes import goal_of
from hotfit.samples import imports
from hotfit.store.sessions import Writing
from hotfit.training.bench import Bench, silent
from hotfit.training.bench import Report as Progress
from hotfit.training.choosing import reads
from hotfit.training.reproducing import reproduce
from hotfit.training.run import run
from hotfit.types import Input, Output, Sample, label_names

BATCH = 2000


class Outdated(Refusal):
    """A folder and its lock differ where they had to agree."""

    status = 409

    def __init__(self, *, folder: Path, said: Sequence[str]) -> None:
        super().__init__(
            f"{folder} is not as its {LOCK} says: {'; '.join(said)}. Fit it without --locked, look "
            f"at what changed, and keep the new {LOCK}: hotfit fit {folder}"
        )


class NotReproduced(Refusal):
    """Training from a lock gave another version than the one it names."""

    status = 409

    def __init__(self, *, folder: Path, expected: str, found: str) -> None:
        super().__init__(
            f"{folder}: the rows and settings are those of {LOCK}, but training gave version "
            f"{found[:12]} where {expected[:12]} was expected; the lock was made on another kind "
            "of machine or by another version of hotfit. Fit without --locked to lock what "
            "this one makes"
        )


class OtherWeights(Refusal):
    """An encoder's files here are not those that a lock names."""

    status = 409

    def __init__(self, *, folder: Path, encoder: str) -> None:
        super().__init__(
            f"{folder}: {LOCK} names other files for the encoder {encoder!r} than this hotfit has; "
            "use the version of hotfit that made the lock, or fit without --locked"
        )


@dataclass(frozen=True, kw_only=True)
class Fitted:
    """A folder's function, trained; `lock` is what reproduces it.

    `cached` says that the home had this version already, `reproduced` that training it from the
    lock gave the hash the lock names.
    """

    folder: Folder
    home: Home
    function: Function
    lock: Lock
    cached: bool = False
    reproduced: bool = False


def is_function_folder(path: object) -> bool:
    """Whether a path names a folder with a `hotfit.toml`."""
    return isinstance(path, str | Path) and str(path) != "-" and (Path(path) / NAME).is_file()


def open_home(folder: Folder) -> Home:
    """The home of a folder's own, beside its `hotfit.toml`, out of git's sight."""
    hidden = folder.path / HOME
    hidden.mkdir(exist_ok=True)
    ignoring = hidden / ".gitignore"
    if not ignoring.exists():
        ignoring.write_text("*\n", encoding="utf-8")
    return Home.open(folder.home)


def fit_folder(
    folder: Folder,
    *,
    home: Home | None = None,
    locked: bool = False,
    tuned: bool = True,
    write: bool = True,
    progress: Progress = silent,
) -> Fitted:
    """Train the function of a folder; what its lock names where it fits, else what a search finds.

    `locked` raises Outdated, OtherWeights or NotReproduced where the lock does not hold; else a
    new one is written, unless `write` is False.
    """
    differences = folder.differences()
    if locked and differences:
        raise Outdated(folder=folder.path, said=differences)
    lock = None if differences else folder.lock
    if lock is not None and not tuned and lock.build != "instant":
        lock = None
    here = home or open_home(folder)
    if lock is not None and (found := _cached(here, folder, lock)) is not None:
        return Fitted(
            folder=folder, home=here, function=found, lock=lock, cached=True, reproduced=True
        )
    record = keep(here, folder, folder.prepared())
    # Sums of products depend on how they are shared among threads.
    with threadpool_limits(1, user_api="blas"):
        version = _train(here, folder, record, lock, locked=locked, tuned=tuned, progress=progress)
    made = lock_of(here, folder, version)
    reproduced = lock is not None and lock.version == made.version
    if locked and lock is not None and not reproduced:
        raise NotReproduced(folder=folder.path, expected=lock.version, found=made.version)
    if write and not reproduced:
        write_lock(folder.path, made)
    return Fitted(
        folder=folder,
        home=here,
        function=function_of(here, folder),
        lock=made,
        reproduced=reproduced,
    )


def function_of(home: Home, folder: Folder) -> Function:
    """The function of a folder as it stands in a home; calls are prepared as its rows were."""
    with home.app.store.read() as session:
        return Function(home.app, functions.get(session, folder.name), prepare=folder.prepare)


def keep(home: Home, folder: Folder, samples: Sequence[Sample]) -> Record:
    """Put a folder's rows, labels and wishes into a home, in one transaction."""
    spec = folder.spec
    goal = goal_of(
        spec.output,
        min_precision=spec.goal.get("min_precision"),
        min_recall=spec.goal.get("min_recall"),
    )
    batches = [samples[start : start + BATCH] for start in range(0, len(samples), BATCH)]
    with home.app.store.write() as session:
        record = _record(session, folder)
        imports.replace(session, record.id, ORIGIN, batches, blobs=home.app.blobs)
        _keep_labels(session, record.id, folder, samples)
        reading = folder.plan
        functions.describe(
            session,
            record.id,
            target=reading.target,
            fields=folder.fields,
            plan={
                "goal": dict(goal),
                "source": str(folder.path),
                "text": reading.text,
                "image": reading.image,
                "notes": list(folder.notes),
                "folder": state_of(folder),
                PREPARED: folder.spec.prepare is not None,
                **functions.held_together(record.plan, reading.together),
            },
        )
        return _keep_wishes(session, record.id, folder)


def lock_of(home: Home, folder: Folder, version: Version) -> Lock:
    """What reproduces a version of a folder's function."""
    verdict = version.verdict
    told = {name: verdict[name] for name in ("estimate", "low", "high", "baseline")}
    scores: dict[str, Any] = {"metric": verdict.get("metric", "")}
    scores |= {name: round(float(value), 4) for name, value in told.items() if value is not None}
    encoder = " + ".join(version.encoders)
    return Lock(
        function=folder.name,
        rows=len(folder.rows),
        labelled=sum(row.sample.label is not None for row in folder.rows),
        **state_of(folder),
        encoder=encoder,
        encoders=_hashes(home, encoder),
        head=version.head,
        build=version.build,
        version=version.artifact,
        scores=scores,
    )


def _train(
    home: Home,
    folder: Folder,
    record: Record,
    lock: Lock | None,
    *,
    locked: bool,
    tuned: bool,
    progress: Progress,
) -> Version:
    bench = home.app.bench(progress)
    if lock is not None:
        changed = _other_weights(home, lock)
        if changed is None:
            return reproduce(reading_by(bench, record, lock.encoder), record, head=lock.head)
        if locked:
            raise OtherWeights(folder=folder.path, encoder=changed)
    (*_, version) = run(bench, record, tuned=tuned, growing=False)
    if version.build == "instant":
        return version
    with home.app.store.read() as session:
        record = functions.get(session, record.id)
    by = reading_by(reads(bench, record), record, " + ".join(version.encoders))
    return reproduce(by, record, head=version.head)


def reading_by(bench: Bench, record: Record, encoder: str) -> Bench:
    """The bench with the encoder that a lock or a version names."""
    if record.input is not Input.TABULAR:
        return replace(bench, encoders={record.input: encoder})
    _, _, texts = encoder.partition(" + ")
    return bench if not texts else replace(bench, encoders={Input.TEXT: texts})


def _cached(home: Home, folder: Folder, lock: Lock) -> Function | None:
    """The function of a folder where the home has the version that its lock names."""
    with home.app.store.read() as session:
        record = functions.find(session, folder.name)
        live = None if record is None else versions.live_version(session, record.id)
    if record is None or live is None or record.plan.get("folder") != state_of(folder):
        return None
    return function_of(home, folder) if live.artifact == lock.version else None


def state_of(folder: Folder) -> dict[str, str]:
    """The fingerprints that tell one state of a folder from another."""
    return {
        "data": folder.fingerprint(),
        "spec": folder.spec_fingerprint(),
        "code": folder.code_fingerprint(),
    }


def _record(session: Writing, folder: Folder) -> Record:
    spec = folder.spec
    record = functions.find(session, spec.name) or functions.create(
        session, name=spec.name, input=spec.input, output=spec.output
    )
    if (record.input, record.output) == (spec.input, spec.output):
        return record
    if record.plan.get("source") != str(folder.path):
        raise OtherFunction(
            name=spec.name,
            is_now=f"from {record.input} to {record.output}",
            would_be=f"from {spec.input} to {spec.output}",
        )
    functions.remove(session, record.id)
    return functions.create(session, name=spec.name, input=spec.input, output=spec.output)


def _keep_labels(
    session: Writing, function: str, folder: Folder, samples: Sequence[Sample]
) -> None:
    """Labels in the order of `hotfit.toml` and then of the rows, with their descriptions."""
    if folder.spec.output is Output.NUMBER:
        return
    said = folder.spec.labels
    met = dict.fromkeys(name for one in samples for name in label_names(one.label))
    known = {one.name for one in labels_of(session, function)}
    names = [name for name in said if name not in known]
    if names:
        insert_labels(session, function, names)
    order_labels(session, function, list(dict.fromkeys([*said, *met])))
    for one in labels_of(session, function):
        wanted = said.get(one.name) or None
        if one.description != wanted:
            describe_label(session, function, one.id, description=wanted, metadata=one.metadata)


def _keep_wishes(session: Writing, function: str, folder: Folder) -> Record:
    spec = folder.spec
    wanted = spec.encoder_latency_ms or spec.max_latency_ms
    record = functions.get(session, function)
    now = preferences(record)
    if (now.pinned, now.max_latency_ms) == (spec.encoder, wanted):
        return record
    return prefer(session, function, encoder=spec.encoder or "auto", max_latency_ms=wanted)


def _hashes(home: Home, encoder: str) -> dict[str, str]:
    """One SHA-256 over the files of each encoder by its name."""
    shelf, found = home.app.shelf, {}
    for name in re.split(rf"\s*{re.escape(SIGN)}\s*", encoder):
        if name in list(shelf):
            files = sorted((file.name, file.sha256) for file in shelf.get(name).files)
            found[name] = hashlib.sha256(repr(files).encode()).hexdigest()
    return found


def _other_weights(home: Home, lock: Lock) -> str | None:
    """An encoder of a lock that is not the same here, None where all are."""
    here = _hashes(home, lock.encoder)
    return next((name for name, known in lock.encoders.items() if here.get(name) != known), None)


def report(fitted: Fitted) -> dict[str, Any]:
    """What `hotfit fit DIR --json` prints: the function's report, and its lock."""
    told = fitted.function.report()
    return {
        **told,
        "folder": str(fitted.folder.path),
        "lock": {**asdict(fitted.lock), "cached": fitted.cached, "reproduced": fitted.reproduced},
    }
