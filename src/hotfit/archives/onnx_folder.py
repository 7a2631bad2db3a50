"""A trained function as plain ONNX and JSON, for programs that have ONNX Runtime and no hotfit.

    head.onnx          vectors (b, d) in, scores (b, k) out
    model.json         what goes in and comes out, labels, how scores become answers, the encoder
    golden.json        inputs with what they must give, from tokens (or pixels) to answers
    encoder.onnx       where it was asked for: what makes the vectors
    tokenizer.json     of a text encoder

The golden inputs are sentences and pictures of hotfit's own, never samples of the function.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from hotfit.archives.onnx_head import SCORES, VECTORS, NotInOnnx, head_graph
from hotfit.encoders import Entry
from hotfit.encoders.probes import probes
from hotfit.encoders.text import graph_of, read_tokenizer
from hotfit.errors import Refusal
from hotfit.functions.functions import Function
from hotfit.functions.reading import RangeReading, TagReading
from hotfit.functions.representation import Frozen
from hotfit.functions.trained import TrainedFunction
from hotfit.functions.versions import Version
from hotfit.types import Features, Input, Output

FORMAT = "hotfit.onnx.v1"
GOLDEN = 8
"""Inputs that travel with a function."""

TOLERANCE = 1e-5
"""How far another runtime may be off; different processors round differently."""

BERT = "hotfit.encoders.text:load"


class NoGraph(Refusal):
    """An encoder has no graph that could go along."""

    status = 409

    def __init__(self, *, encoder: str) -> None:
        super().__init__(
            f"the encoder {encoder!r} is not one ONNX file, so it cannot go along; leave "
            "--include-encoder away, and make the vectors with hotfit.encode"
        )


def write_onnx(
    folder: Path,
    function: Function,
    version: Version,
    trained: TrainedFunction,
    *,
    entry: Entry | None = None,
    files: Mapping[str, Path] | None = None,
) -> None:
    """Write the files into an empty folder; with the `entry` of its encoder and its `files`, those.

    Raises NotInOnnx or NoGraph.
    """
    representation = trained.representation
    if not isinstance(representation, Frozen):
        raise NotInOnnx(head=trained.model.head)
    width = representation.encoder.dimensions
    graph = head_graph(trained.model, dimensions=width, labels=len(trained.labels))
    (folder / "head.onnx").write_bytes(graph.to_bytes(whole=True))
    brought = None if entry is None else _write_encoder(folder, entry, files or {})
    _write(folder / "model.json", _model(function, version, trained, brought))
    _write(folder / "golden.json", _golden(trained, entry, files or {}))


def _write_encoder(folder: Path, entry: Entry, files: Mapping[str, Path]) -> dict[str, Any]:
    networks = [path for name, path in files.items() if name.endswith(".onnx")]
    outside = any(name.endswith(".onnx_data") for name in files)
    if entry.loader == BERT:
        content = graph_of(entry, files).to_bytes(whole=True)
        inputs, pooled = ["ids"], True
    elif len(networks) == 1 and not outside:
        content = networks[0].read_bytes()
        inputs, pooled = ["input_ids", "attention_mask", "token_type_ids"], False
    else:
        raise NoGraph(encoder=entry.name)
    (folder / "encoder.onnx").write_bytes(content)
    told: dict[str, Any] = {"file": "encoder.onnx"}
    if entry.input is Input.IMAGE:
        assert entry.preparation is not None
        return {**told, "preparation": asdict(entry.preparation)}
    tokenizer = next(path for name, path in files.items() if name.endswith("tokenizer.json"))
    (folder / "tokenizer.json").write_bytes(tokenizer.read_bytes())
    return {
        **told,
        "tokenizer": "tokenizer.json",
        "inputs": inputs,
        "prefix": entry.prefix,
        "max_tokens": entry.max_tokens,
        "pooling": None if pooled else entry.pooling,
        "normalise": not pooled and entry.normalised,
        "output": entry.output,
    }


def _model(
    function: Function,
    version: Version,
    trained: TrainedFunction,
    brought: Mapping[str, Any] | None,
) -> dict[str, Any]:
    representation = trained.representation
    assert isinstance(representation, Frozen)
    return {
        "format": FORMAT,
        "function": function.name,
        "version": version.artifact,
        "input": trained.input.value,
        "output": trained.output.value,
        "labels": list(trained.labels),
        "head": {
            "file": "head.onnx",
            "made_by": trained.model.head,
            "input": VECTORS,
            "output": SCORES,
            "dimensions": representation.encoder.dimensions,
        },
        "reading": _reading(trained),
        "encoder": {"name": representation.encoder.name, **(brought or {"file": None})},
    }


def _reading(trained: TrainedFunction) -> dict[str, Any]:
    """How scores become answers."""
    reading = trained.reading
    if isinstance(reading, TagReading):
        return {"present_from": [float(each) for each in reading.thresholds]}
    if isinstance(reading, RangeReading):
        plain = reading.spread is None
        floor = reading.floor
        return {
            "floor": None if floor == float("-inf") else floor,
            "range": [reading.low, reading.high] if plain else None,
        }
    return {"answer": "the label with the highest score"}


def _golden(
    trained: TrainedFunction, entry: Entry | None, files: Mapping[str, Path]
) -> dict[str, Any]:
    data = probes(trained.input, GOLDEN)
    vectors = trained.representation.features(data).values
    scores = trained.model.predict(Features(values=vectors))
    answers = trained.reading.answers(scores, Features(values=vectors))
    cases = [
        {
            "data": one if isinstance(one, str) else None,
            "vector": [float(each) for each in vector],
            "scores": score.tolist(),
            "answer": _answer(trained, answer.to_json()),
        }
        for one, vector, score, answer in zip(data, vectors, scores, answers, strict=True)
    ]
    if entry is not None and trained.input is Input.TEXT:
        tokenizer = read_tokenizer(files)
        for case, one in zip(cases, data, strict=True):
            case["tokens"] = tokenizer.encode(f"{entry.prefix}{one}").ids
    return {"format": FORMAT, "tolerance": TOLERANCE, "cases": cases}


def _answer(trained: TrainedFunction, told: dict[str, Any]) -> Any:
    """What must come out: a label, the tags that are present, or the quantity."""
    if trained.output is Output.NUMBER:
        return told["value"]
    if trained.output is Output.TAGS:
        return sorted(each["label"] for each in told["present"])
    return told["label"]


def _write(file: Path, told: Mapping[str, Any]) -> None:
    file.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
