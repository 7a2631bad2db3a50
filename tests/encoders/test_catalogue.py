import importlib
import re
from dataclasses import replace

import pytest

from hotfit.encoders import ENCODERS
from hotfit.encoders.catalogue import Entry, File
from hotfit.types import Input

UNPINNED = {
    "convnext-tiny.v1",
    "e5-small.v2",
    "gte-base.v1",
    "gte-small.v1",
    "mobilenet-v4-small.v1",
}
"""Entries with a file whose hash could not be verified; the list may only become shorter."""


@pytest.mark.parametrize("name", list(ENCODERS))
def test_every_entry_is_named_pinned_and_loadable(name: str) -> None:
    entry = ENCODERS.get(name)
    assert entry.name == name
    assert re.fullmatch(r"[a-z0-9-]+(\.\d+)?\.v\d+", name)
    module, _, function = entry.loader.partition(":")
    assert callable(getattr(importlib.import_module(module), function))
    for file in entry.files:
        assert re.fullmatch(r"[0-9a-f]{64}|", file.sha256)
        assert file.size >= 0
    assert entry.pinned is (name not in UNPINNED)
    if entry.repository:
        assert re.fullmatch(r"[0-9a-f]{40}|main", entry.revision)
        assert entry.revision != "main" or name in UNPINNED or entry.pinned
    assert entry.licence
    assert entry.summary


@pytest.mark.parametrize("name", list(ENCODERS))
def test_networks_state_what_their_loader_needs(name: str) -> None:
    entry = ENCODERS.get(name)
    networks = [file.name for file in entry.files if file.name.endswith((".onnx", ".safetensors"))]
    if not entry.files:
        return
    assert len(networks) == 1
    assert entry.dimensions > 0
    assert entry.parameters > 0
    if entry.input is Input.IMAGE:
        assert entry.preparation is not None
    else:
        assert entry.max_tokens > 0
        assert sum(file.name.endswith("tokenizer.json") for file in entry.files) == 1


def test_several_languages_are_among_the_text_encoders() -> None:
    texts = [ENCODERS.get(name) for name in ENCODERS if ENCODERS.get(name).input is Input.TEXT]
    assert sum("languages" in entry.summary for entry in texts) >= 3


def test_the_size_of_an_entry_is_that_of_its_files() -> None:
    entry = Entry(
        name="a.v1",
        input=Input.TEXT,
        loader="nowhere:load",
        dimensions=1,
        files=(File(name="a", sha256="0" * 64, size=3), File(name="b", size=4)),
    )
    assert entry.size == 7
    assert not entry.pinned
    assert replace(entry, files=(*entry.files, File(name="c"))).size == 0


def test_the_default_text_encoder_is_what_its_name_has_always_meant() -> None:
    entry = ENCODERS.get("minilm-l6.v1")
    hashes = {file.name: file.sha256[:16] for file in entry.files}
    assert hashes == {
        "config.json": "953f9c0d463486b1",
        "tokenizer.json": "be50c3628f2bf5bb",
        "model.safetensors": "53aa51172d142c89",
    }
    assert (entry.dimensions, entry.max_tokens, entry.pooling) == (384, 512, "mean")
