"""The real text encoder, and one small enough to build in a test."""

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from safetensors.numpy import save_file
from tokenizers import Tokenizer, models, pre_tokenizers, processors

from hotfit import encoders
from hotfit.encoders.base import Encoder
from hotfit.encoders.catalogue import Entry
from hotfit.encoders.text import TextEncoder, load
from hotfit.types import Input

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *"abcdefghijklmnop"]
WIDTH, HEADS, LAYERS, MIDDLE, POSITIONS = 16, 2, 2, 24, 24


def small_arrays(seed: int = 0) -> dict[str, NDArray[np.float32]]:
    """Random weights of a very small BERT, named as in its files."""
    rng = np.random.default_rng(seed)
    shapes: dict[str, tuple[int, ...]] = {
        "embeddings.word_embeddings.weight": (len(WORDS), WIDTH),
        "embeddings.position_embeddings.weight": (POSITIONS, WIDTH),
        "embeddings.token_type_embeddings.weight": (2, WIDTH),
    }
    norms = ["embeddings"]
    for layer in range(LAYERS):
        name = f"encoder.layer.{layer}"
        dense = {
            f"{name}.attention.self.query": (WIDTH, WIDTH),
            f"{name}.attention.self.key": (WIDTH, WIDTH),
            f"{name}.attention.self.value": (WIDTH, WIDTH),
            f"{name}.attention.output.dense": (WIDTH, WIDTH),
            f"{name}.intermediate.dense": (MIDDLE, WIDTH),
            f"{name}.output.dense": (WIDTH, MIDDLE),
        }
        shapes |= {f"{part}.weight": shape for part, shape in dense.items()}
        shapes |= {f"{part}.bias": shape[:1] for part, shape in dense.items()}
        norms += [f"{name}.attention.output", f"{name}.output"]
    shapes |= {
        f"{norm}.LayerNorm.{part}": (WIDTH,) for norm in norms for part in ("weight", "bias")
    }
    return {name: rng.normal(0, 0.7, shape).astype(np.float32) for name, shape in shapes.items()}


def small_entry(**facts: object) -> Entry:
    values: dict[str, object] = {
        "name": "small.v1",
        "input": Input.TEXT,
        "loader": "hotfit.encoders.text:load",
        "dimensions": WIDTH,
        "max_tokens": 12,
    }
    return Entry(**(values | facts))  # type: ignore[arg-type] # the test states the fields by name


@pytest.fixture
def small_files(tmp_path: Path) -> dict[str, Path]:
    """The files of a very small BERT: one token a letter."""
    tokenizer = Tokenizer(
        models.WordLevel({word: number for number, word in enumerate(WORDS)}, unk_token="[UNK]")
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    tokenizer.enable_padding(length=20)
    tokenizer.enable_truncation(5)
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    config = {
        "num_hidden_layers": LAYERS,
        "num_attention_heads": HEADS,
        "hidden_size": WIDTH,
        "layer_norm_eps": 1e-12,
    }
    (tmp_path / "config.json").write_text(json.dumps(config), encoding="utf-8")
    save_file(small_arrays(), tmp_path / "model.safetensors")
    return {path.name: path for path in tmp_path.iterdir() if path.is_file()}


@pytest.fixture
def small(small_files: dict[str, Path]) -> TextEncoder:
    return load(small_entry(), small_files, threads=2)


@pytest.fixture(scope="session")
def minilm(tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    """The default text encoder; skips where its weights cannot be had."""
    cache = tmp_path_factory.getbasetemp().parent / "hotfit-weights"
    try:
        return encoders.open("minilm-l6.v1", cache=cache)
    except encoders.WeightsUnavailable as error:
        pytest.skip(str(error))
