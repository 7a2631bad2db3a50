"""Small ONNX networks for tests, written without the `onnx` package."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer, models, pre_tokenizers

from hotfit.encoders.onnx_graph import Graph


def text_network(*, width: int = 6, words: int = 20, seed: int = 0, pooled: bool = False) -> bytes:
    """Look words up in a random table; pooled: their mean, beside the words' own vectors."""
    table = np.random.default_rng(seed).normal(size=(words, width)).astype(np.float32)
    graph = Graph("lookup")
    ids = graph.input("input_ids", "int64", ["b", "t"])
    found = graph.node("Gather", graph.constant("table", table), ids)
    graph.output(found, "float32", ["b", "t", width])
    if pooled:
        mean = graph.node("ReduceMean", found, axes=[1], keepdims=0)
        graph.output(mean, "float32", ["b", width])
    return graph.to_bytes()


def image_network(
    *, side: int = 8, width: int = 5, seed: int = 0, patches: bool = False, batch: int | str = "b"
) -> bytes:
    """A random projection of all pixels; with `patches` one vector for each of three channels."""
    rng = np.random.default_rng(seed)
    graph = Graph("projection")
    pixels = graph.input("pixels", "float32", [batch, 3, side, side])
    shape = [-1, 3, side * side] if patches else [-1, 3 * side * side]
    flat = graph.node("Reshape", pixels, graph.constant("shape", np.array(shape, np.int64)))
    table = rng.normal(size=(shape[-1], width)).astype(np.float32)
    out = graph.node("MatMul", flat, graph.constant("table", table))
    graph.output(out, "float32", [batch, 3, width] if patches else [batch, width])
    return graph.to_bytes()


def outside_network() -> bytes:
    """A network that keeps its table in another file, called `memory`."""
    graph = Graph("outside")
    ids = graph.input("input_ids", "int64", ["b", "t"])
    found = graph.node("Gather", graph.weight("table", np.ones((20, 4), np.float32)), ids)
    graph.output(found, "float32", ["b", "t", 4])
    return graph.to_bytes()


def write(path: Path, content: bytes) -> Path:
    """Write a file, with its folders."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def tokenizer(folder: Path, words: Sequence[str]) -> Path:
    """A `tokenizer.json` of one token a word; words it does not know are token 1."""
    known = {word: number for number, word in enumerate(["[PAD]", "[UNK]", *words])}
    made = Tokenizer(models.WordLevel(known, unk_token="[UNK]"))
    made.pre_tokenizer = pre_tokenizers.Whitespace()
    folder.mkdir(parents=True, exist_ok=True)
    made.save(str(folder / "tokenizer.json"))
    return folder / "tokenizer.json"
