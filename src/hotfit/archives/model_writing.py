"""Writes a trained function alone as one small file, equal for equal versions to the byte."""

import hashlib
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import IO

from hotfit.archives.layout import ARTIFACT, MANIFEST, MODEL_FORMAT, WEIGHTS
from hotfit.archives.model_stated import VersionStated
from hotfit.encoders import Entry
from hotfit.functions.functions import Function
from hotfit.functions.versions import Version
from hotfit.store.columns import to_json

FIRST_DAY = (1980, 1, 1, 0, 0, 0)
"""When every member was written: a file must not differ because it was written later."""

BLOCK = 1 << 20


def write_model(
    target: IO[bytes],
    function: Function,
    version: Version,
    artifact: bytes,
    *,
    entries: Sequence[Entry],
    files: Mapping[str, Path] | None = None,
    prepared: bool = False,
) -> None:
    """Write a version; `files` are the encoders' files by SHA-256, where they are to go along."""
    stated = {
        "format": MODEL_FORMAT,
        "function": {
            "name": function.name,
            "input": function.input.value,
            "output": function.output.value,
            "target": function.target,
            "fields": [{"name": one.name, "kind": one.kind.value} for one in function.fields],
            "plan": {name: function.plan.get(name) for name in ("text", "image")},
            "change": version.change,
        },
        "version": {name: getattr(version, name) for name in VersionStated.model_fields},
        "prepared": prepared,
        "encoders": [asdict(entry) for entry in entries],
        "files": {ARTIFACT: hashlib.sha256(artifact).hexdigest()},
    }
    with zipfile.ZipFile(target, "w") as packed:
        _add(packed, MANIFEST, to_json(stated).encode())
        _add(packed, ARTIFACT, artifact)
        for key, path in sorted((files or {}).items()):
            with path.open("rb") as source, packed.open(_weight(key), "w") as member:
                while block := source.read(BLOCK):
                    member.write(block)


def _add(packed: zipfile.ZipFile, name: str, content: bytes) -> None:
    packed.writestr(_info(name), content, compresslevel=6)


def _info(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, FIRST_DAY)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    return info


def _weight(key: str) -> zipfile.ZipInfo:
    """A file of an encoder: weights do not shrink, so they are stored as they are."""
    info = _info(WEIGHTS + key)
    info.compress_type = zipfile.ZIP_STORED
    return info
