"""Reads a trained function from one small file, without a home.

The file is a zip of JSON and safetensors; its encoders go by name and SHA-256, or with their files.
It is checked whole before it may answer: its sums, its statements, that its parts are known here
and fit together.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from pydantic import ValidationError

from hotfit.archives.layout import MODEL_FORMAT
from hotfit.archives.model_stated import ModelStated
from hotfit.archives.opening import Archive, ArchiveRefused, open_archive, refuse
from hotfit.archives.stated import first_fault
from hotfit.encoders import ENCODERS, SIGN, Entry, JoinedEncoder, Unopened
from hotfit.encoders.base import Encoder
from hotfit.errors import HotfitError, Refusal
from hotfit.functions.functions import Function
from hotfit.functions.representation import Frozen
from hotfit.functions.trained import FORMAT, TrainedFunction
from hotfit.functions.versions import Version
from hotfit.store.artifacts import ArtifactCorrupt, unpack
from hotfit.types import Features, Field, Output

LOADERS = frozenset(
    {"hotfit.encoders.text:load", "hotfit.encoders.text_onnx:load", "hotfit.encoders.image:load"}
)
"""What may load an encoder that is not in the catalogue: a file cannot name code to run."""

Opening = Callable[[Entry], Encoder]
"""Opens an encoder that goes by its entry."""


class ModelRefused(Refusal):
    """A file is no model, is damaged, states what is not so, or comes from a newer hotfit."""

    def __init__(self, *, file: Path, reason: str) -> None:
        super().__init__(
            f"{file} cannot be loaded: {reason}; export it again with this hotfit: "
            f"hotfit export NAME -o {file.name}"
        )


class Newer(Refusal):
    """A file was written by a hotfit that knows more."""

    def __init__(self, *, file: Path, found: str, known: str) -> None:
        super().__init__(
            f"{file} is of the format {found!r} and this hotfit reads {known!r}: it was written by "
            "a newer one. Install that, or export the function again with this one"
        )


@dataclass(frozen=True, kw_only=True)
class ModelFile:
    """A trained function that was read from a file, ready to answer."""

    function: Function
    version: Version
    trained: TrainedFunction = field(repr=False)
    prepared: bool


def read_model(file: Path, *, opening: Opening, keep: Callable[[str, Archive], None]) -> ModelFile:
    """Read a model; `keep` puts away each file of an encoder that it brings, by SHA-256.

    Raises ModelRefused or Newer.
    """
    try:
        with open_archive(file) as archive:
            return _read(archive, file, opening, keep)
    except ArchiveRefused as fault:
        raise ModelRefused(file=file, reason=fault.reason) from fault


def _read(
    archive: Archive, file: Path, opening: Opening, keep: Callable[[str, Archive], None]
) -> ModelFile:
    stated = _stated(archive, file)
    archive.trust(stated.files)
    content = archive.artifact()
    if hashlib.sha256(content).hexdigest() != stated.version.artifact:
        refuse("its trained version is not the one that hotfit.json names")
    entries = {entry.name: _believed(entry) for entry in stated.encoders}
    brought = archive.encoder_files()
    known = {one.sha256 for entry in entries.values() for one in entry.files}
    if brought - known:
        refuse("it brings a file that none of its encoders has")
    for key in sorted(brought):
        keep(key, archive)
    trained = _trained(content, file, stated, entries, opening)
    return ModelFile(
        function=_function(stated), version=_version(stated), trained=trained,
        prepared=stated.prepared,
    )  # fmt: skip


def _stated(archive: Archive, file: Path) -> ModelStated:
    try:
        found = json.loads(archive.manifest)["format"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ArchiveRefused(reason="hotfit.json states no format") from error
    if found != MODEL_FORMAT and str(found).startswith("hotfit.model."):
        raise Newer(file=file, found=str(found)[:40], known=MODEL_FORMAT)
    if found == "hotfit.function.v1":
        refuse("it is a whole function with its samples, for `hotfit import`")
    try:
        return ModelStated.model_validate_json(archive.manifest)
    except ValidationError as error:
        refuse(f"hotfit.json states {first_fault(error)}")


def _believed(entry: Entry) -> Entry:
    """An encoder as it may be used: the catalogue's own, else one that names no code or place."""
    if entry.name in ENCODERS.parts:
        own = ENCODERS.get(entry.name)
        if {one.sha256 for one in own.files if one.sha256} - {one.sha256 for one in entry.files}:
            refuse(f"it names other files for the encoder {entry.name!r} than the catalogue")
        return own if own.pinned else entry
    if entry.loader not in LOADERS:
        refuse(f"its encoder {entry.name!r} is not known here; a plug-in may have it")
    if not entry.pinned:
        refuse(f"it names no SHA-256 for files of the encoder {entry.name!r}")
    return Entry(**{**vars(entry), "package": None, "repository": "", "revision": ""})


def _trained(
    content: bytes,
    file: Path,
    stated: ModelStated,
    entries: Mapping[str, Entry],
    opening: Opening,
) -> TrainedFunction:
    """The function, seen to answer as one does."""

    def waiting(name: str) -> Encoder:
        members = [entries[each] for each in name.split(SIGN)]
        return Unopened(
            name,
            kind=members[0].input,
            dimensions=sum(each.dimensions for each in members),
            opening=lambda _: _joined([opening(each) for each in members]),
        )

    try:
        state = unpack(content)
        newest = state.parameters["format"]
        if isinstance(newest, int) and newest > FORMAT:
            raise Newer(file=file, found=f"artifact {newest}", known=f"artifact {FORMAT}")
        trained = TrainedFunction.load(state, open_encoder=waiting)
        told = (trained.input, trained.output, trained.model.head)
        if told != (stated.function.input, stated.function.output, stated.version.head):
            refuse("its trained version is of another function")
        _try(trained)
    except (ArtifactCorrupt, KeyError, ValueError, TypeError, IndexError, AttributeError) as fault:
        raise ArchiveRefused(reason=f"its parts do not fit together ({_short(fault)})") from fault
    except HotfitError as fault:
        if isinstance(fault, ArchiveRefused | Newer):
            raise
        raise ArchiveRefused(reason=_short(fault)) from fault
    return trained


def _joined(encoders: Sequence[Encoder]) -> Encoder:
    return encoders[0] if len(encoders) == 1 else JoinedEncoder(encoders)


def _try(trained: TrainedFunction) -> None:
    """Ask for the answers to nothing in particular; raise what does not fit together raises."""
    representation = trained.representation
    if isinstance(representation, Frozen):
        width = representation.encoder.dimensions
        features = Features(values=np.zeros((2, width), dtype=np.float32))
    else:
        features = representation.features([{}, {}])
    with np.errstate(all="ignore"):
        scores = trained.model.predict(features)
    wide = () if trained.output is Output.NUMBER else (len(trained.labels),)
    if np.shape(scores) != (2, *wide) or not np.isfinite(scores).all():
        raise ValueError(f"scores of the shape {np.shape(scores)} for {len(trained.labels)} labels")
    trained.reading.answers(scores, features)


def _function(stated: ModelStated) -> Function:
    told = stated.function
    return Function(
        id="",
        name=told.name,
        input=told.input,
        output=told.output,
        target=told.target,
        fields=tuple(Field(name=one.name, kind=one.kind) for one in told.fields),
        plan=told.plan.model_dump(exclude_none=True),
        created=stated.version.created,
        change=told.change,
    )


def _version(stated: ModelStated) -> Version:
    return Version(id="", parent=None, **stated.version.model_dump())


def _short(fault: Exception) -> str:
    return " ".join((str(fault) or type(fault).__name__).split())[:160].rstrip(".;")
