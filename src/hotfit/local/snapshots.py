"""A folder's function at one moment, trained apart so that it can be compared, and kept for later.

It is trained in a home of its own that is thrown away, with the vectors of the folder's home: what
answers there is not touched. What comes of it is kept in that home by what it was made of.
"""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from hotfit.folders import Folder, Row
from hotfit.folders.lock import Lock
from hotfit.functions.rolls import Roll, pack_roll, unpack_roll
from hotfit.functions.trained import TrainedFunction
from hotfit.local.folders import keep, reading_by
from hotfit.local.home import Home
from hotfit.serving.sides import Side, open_side
from hotfit.store.artifacts import ArtifactCorrupt, pack, unpack
from hotfit.store.content import content_hash
from hotfit.training.bench import Report as Progress
from hotfit.training.bench import silent
from hotfit.training.reproducing import reproduce
from hotfit.training.run import run
from hotfit.types import Data, State

KEPT = 32
"""Snapshots that are kept in a home, the newest."""

LAYOUT = 1
"""Counts up when snapshots are trained or kept otherwise than before."""


class Moment:
    """A folder at one moment, called `name`; equal identities hold equal files.

    What `hotfit.toml` and the lock say is there; the rows are written by `complete` when they are
    first needed.
    """

    def __init__(
        self,
        folder: Folder,
        *,
        name: str,
        identity: str | None = None,
        complete: Callable[[], None] | None = None,
    ) -> None:
        self.name = name
        self._folder = folder
        self._identity = identity
        self._complete = complete

    @property
    def lock(self) -> Lock | None:
        """What reproduces it, or reproduced what it was before."""
        return self._folder.lock

    @cached_property
    def folder(self) -> Folder:
        """The folder with its rows."""
        if self._complete is not None:
            self._complete()
        return self._folder

    @cached_property
    def identity(self) -> str:
        """What it is made of."""
        if self._identity is not None:
            return self._identity
        folder = self.folder
        made = folder.fingerprint(), folder.spec_fingerprint(), folder.code_fingerprint()
        return " ".join(made)

    @cached_property
    def rows(self) -> Mapping[bytes, Row]:
        """A row of each content that is encoded; the first where several hold it."""
        pairs = list(zip(self.folder.prepared(), self.folder.rows, strict=True))
        return {content_hash(one.data): row for one, row in reversed(pairs)}

    @cached_property
    def data(self) -> Mapping[bytes, Data]:
        """Each content, as it is encoded."""
        return {content_hash(one.data): one.data for one in self.folder.prepared()}


def snapshot(
    home: Home, moment: Moment, *, recipe: Lock | None, progress: Progress = silent
) -> Side:
    """The function that a folder makes, by what `recipe` says or the instant head.

    `home` lends its vectors and keeps what is encoded. Raises what reading and training raise.
    """
    place = _place(home, moment, recipe)
    side = _kept(home, place, moment)
    if side is not None:
        return side
    side = _trained(home, moment, recipe, progress)
    _keep(place, side)
    return replace(side, contents=partial(_contents, side.roll, moment))


def _place(home: Home, moment: Moment, recipe: Lock | None) -> Path:
    """The file that keeps what comes of a folder's content trained by a recipe."""
    made = None if recipe is None else (recipe.encoder, dict(recipe.encoders), recipe.head)
    facts = (LAYOUT, moment.identity, made or dict(home.app.encoders))
    key = hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()
    return home.app.settings.home.expanduser() / "revisions" / f"{key}.safetensors"


def _trained(home: Home, moment: Moment, recipe: Lock | None, progress: Progress) -> Side:
    folder = moment.folder
    parent = home.app.settings.home.expanduser()
    parent.mkdir(parents=True, exist_ok=True)
    path = Path(tempfile.mkdtemp(prefix=".revision-", dir=parent))
    apart = Home(_alike(home, path))
    try:
        record = keep(apart, folder, folder.prepared())
        app = apart.app
        bench = replace(home.app.bench(progress), store=app.store, blobs=app.blobs)
        # Sums of products depend on how they are shared among threads.
        with threadpool_limits(1, user_api="blas"):
            if recipe is None:
                (version,) = run(bench, record, tuned=False, growing=False)
            else:
                by = reading_by(bench, record, recipe.encoder)
                version = reproduce(by, record, head=recipe.head)
        return open_side(
            app.store, app.blobs, home.app.waiting_encoder, record, version, name=moment.name
        )
    finally:
        apart.app.store.close()
        shutil.rmtree(path, ignore_errors=True)


def _alike(home: Home, path: Path) -> Any:
    """The program of a home at `path` that is set as another one."""
    given = home.app.settings.model_copy(
        update={"home": path, "database": f"sqlite:///{path.absolute() / 'hotfit.db'}"}
    )
    return type(home.app)(given)


def _keep(place: Path, side: Side) -> None:
    """Write a side down, and let go of the oldest; the file appears whole or not at all."""
    version = side.version
    assert version is not None
    roll = pack_roll(replace(side.roll, labels=side.labels))
    arrays = {
        "roll": np.frombuffer(roll, dtype=np.uint8),
        "function": np.frombuffer(pack(side.trained.state()), dtype=np.uint8),
    }
    facts = {"made": side.made, "version": version.artifact}
    place.parent.mkdir(parents=True, exist_ok=True)
    part = place.with_name(f".{place.name}.{hashlib.sha256(roll).hexdigest()[:8]}.part")
    part.write_bytes(pack(State(arrays=arrays, parameters=facts)))
    part.replace(place)
    kept = sorted(place.parent.glob("*.safetensors"), key=lambda path: -path.stat().st_mtime)
    for path in kept[KEPT:]:
        path.unlink(missing_ok=True)


def _kept(home: Home, place: Path, moment: Moment) -> Side | None:
    """The side that was written down, None where there is none or it is damaged."""
    try:
        state = unpack(place.read_bytes())
        roll = unpack_roll(state.arrays["roll"].tobytes())
        function = unpack(state.arrays["function"].tobytes())
    except (OSError, ArtifactCorrupt, KeyError):
        return None
    assert roll.held_out is not None
    return Side(
        name=moment.name,
        made=str(state.parameters["made"]),
        labels=roll.labels,
        roll=roll,
        held_out=roll.held_out,
        trained=TrainedFunction.load(function, open_encoder=home.app.waiting_encoder),
        contents=partial(_contents, roll, moment),
    )


def _contents(roll: Roll, moment: Moment, rows: Sequence[int]) -> dict[int, Data]:
    data = moment.data
    return {row: data[roll.hashes[row]] for row in rows if roll.hashes[row] in data}
