"""Make a catalogue entry of an ONNX file that a user has, and try it before it is believed."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np

from hotfit.encoders import onnx_session
from hotfit.encoders.catalogue import Entry, File, Preparation
from hotfit.encoders.loading import load
from hotfit.encoders.onnx_cut import NotAModel, fields
from hotfit.encoders.probes import probes
from hotfit.encoders.trust import stated
from hotfit.errors import Refusal, Unavailable
from hotfit.types import Input

PROBES = 3
GRAPH, INITIALIZER, DATA_LOCATION = 7, 5, 14
IMAGENET_MEAN, IMAGENET_DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)

_FAILURES: tuple[type[Exception], ...] = (
    *onnx_session.FAILURES,
    ValueError,
    KeyError,
    IndexError,
    TypeError,
    OSError,
    Refusal,
    Unavailable,
)
"""What a network or tokenizer that is not one raises."""


class Unusable(Refusal):
    """A file cannot serve as an encoder."""

    def __init__(self, *, path: Path, why: str) -> None:
        super().__init__(f"{path.name} cannot be added as an encoder: {why}.")


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What the user says about a file; what is not said is read from it or guessed.

    `mean` and `deviation` are for channels from 0 to 1, as they are usually published.
    """

    name: str | None = None
    input: Input | None = None
    tokenizer: Path | None = None
    sha256: str | None = None
    side: int | None = None
    mean: tuple[float, float, float] = IMAGENET_MEAN
    deviation: tuple[float, float, float] = IMAGENET_DEVIATION
    order: Literal["RGB", "BGR"] = "RGB"
    cut: str = ""
    output: str = ""
    pooling: Literal["mean", "first"] = "mean"
    normalised: bool = True
    prefix: str = ""
    max_tokens: int = 512
    licence: str = "not stated"


def describe(model: Path, wanted: Wanted) -> tuple[Entry, Mapping[str, Path]]:
    """Return an entry for the file, tried on samples, and where its files lie; raise Unusable."""
    file = _checked(model, wanted)
    inputs = _inputs(model)
    kind = wanted.input or (Input.IMAGE if len(inputs[0].shape) == 4 else Input.TEXT)
    files = {"model.onnx": model}
    entry = Entry(
        name=wanted.name or encoder_name(model),
        input=kind,
        loader="",
        dimensions=0,
        files=(replace(file, name="model.onnx"),),
        output=wanted.output,
        pooling=wanted.pooling,
        normalised=wanted.normalised,
        licence=wanted.licence,
        summary=f"added from {model.name}",
    )
    if kind is Input.IMAGE:
        entry = replace(
            entry,
            loader="hotfit.encoders.image:load",
            preparation=_preparation(model, inputs[0].shape, wanted),
        )
    else:
        files["tokenizer.json"] = _tokenizer(model, wanted)
        entry = replace(
            entry,
            loader="hotfit.encoders.text_onnx:load",
            files=(*entry.files, stated("tokenizer.json", files["tokenizer.json"])),
            prefix=wanted.prefix,
            max_tokens=wanted.max_tokens,
        )
    return replace(entry, dimensions=_tried(entry, files, model)), files


def encoder_name(model: Path, *, version: int = 1) -> str:
    """A name for an encoder from its file's: `My Net_v3.onnx` gives `my-net-v3.v1`."""
    stem = re.sub(r"[^a-z0-9]+", "-", model.stem.lower()).strip("-")
    return f"{stem or 'encoder'}.v{version}"


def uses_other_files(model: bytes) -> bool:
    """Whether a model keeps tensors in other files; raise NotAModel.

    GraphProto.initializer is field 5, TensorProto.data_location field 14 with 1 for elsewhere.
    """
    for number, _, body, end in fields(model):
        if number != GRAPH:
            continue
        graph = model[body:end]
        for kind, _, at, stop in fields(graph):
            if kind == INITIALIZER:
                tensor = graph[at:stop]
                for fact, _, first, last in fields(tensor):
                    if fact == DATA_LOCATION and tensor[first:last] == b"\x01":
                        return True
    return False


def _checked(model: Path, wanted: Wanted) -> File:
    """The file as it is stated; refuse what is none, has other contents, or needs other files."""
    if not model.is_file():
        raise Unusable(path=model, why=f"there is no file at {model}")
    file = stated(model.name, model)
    if wanted.sha256 is not None and wanted.sha256.lower() != file.sha256:
        why = f"its SHA-256 is {file.sha256}, not the {wanted.sha256} that was asked for"
        raise Unusable(path=model, why=why)
    try:
        elsewhere = uses_other_files(model.read_bytes())
    except NotAModel:
        raise Unusable(path=model, why="it is not an ONNX model") from None
    if elsewhere:
        why = "it keeps its weights in another file (external data); save it as one file first"
        raise Unusable(path=model, why=why)
    return file


def _inputs(model: Path) -> Sequence[Any]:
    try:
        session = onnx_session.start(model.read_bytes(), {})
    except onnx_session.FAILURES as error:
        why = f"the runtime cannot load it ({_first_line(error)})"
        raise Unusable(path=model, why=why) from error
    found: Sequence[Any] = session.get_inputs()
    if not found:
        raise Unusable(path=model, why="it takes no input")
    return found


def _preparation(model: Path, shape: Sequence[Any], wanted: Wanted) -> Preparation:
    sides = [size for size in shape[2:] if isinstance(size, int)]
    side = wanted.side or (sides[0] if len(sides) == 2 and sides[0] == sides[1] else None)
    if side is None:
        why = "its input has no fixed size; say with --input-size how many pixels a side it takes"
        raise Unusable(path=model, why=why)
    return Preparation(
        side=side,
        mean=_scaled(wanted.mean),
        deviation=_scaled(wanted.deviation),
        order=wanted.order,
        cut=wanted.cut,
        fuse=True,
        batch=1 if shape[0] == 1 else 8,
    )


def _tokenizer(model: Path, wanted: Wanted) -> Path:
    """The tokenizer that was named, else the one beside the model or in the folder above."""
    if wanted.tokenizer is not None:
        if wanted.tokenizer.is_file():
            return wanted.tokenizer
        raise Unusable(path=model, why=f"there is no tokenizer at {wanted.tokenizer}")
    for folder in (model.parent, model.parent.parent):
        if (folder / "tokenizer.json").is_file():
            return folder / "tokenizer.json"
    why = "a text network needs its tokenizer.json; name it with --tokenizer"
    raise Unusable(path=model, why=why)


def _tried(entry: Entry, files: Mapping[str, Path], model: Path) -> int:
    """How wide the vectors are, after encoding samples; refuse what is no use as a vector."""
    try:
        bare: Any = load(replace(entry, dimensions=1), files, threads=1)
        width = bare.width()
        encoder = load(replace(entry, dimensions=width), files, threads=1)
        vectors = encoder.encode(probes(entry.input, PROBES))
    except _FAILURES as error:
        why = f"it cannot encode {entry.input.lower()}s ({_first_line(error)})"
        raise Unusable(path=model, why=why) from error
    if not np.isfinite(vectors).all():
        raise Unusable(path=model, why="its vectors hold NaN or infinity")
    if np.ptp(vectors, axis=0).max() < 1e-9:
        raise Unusable(path=model, why="it gives the same vector for different samples")
    return int(width)


def _scaled(values: tuple[float, float, float]) -> tuple[float, float, float]:
    red, green, blue = values
    return red * 255, green * 255, blue * 255


def _first_line(error: BaseException) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]
