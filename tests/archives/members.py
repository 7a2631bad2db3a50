"""Ways to change what an archive holds."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hotfit.archives.layout import MANIFEST

Change = Callable[[dict[str, bytes]], None]


def rewrite(file: Path, change: Change, *, target: Path | None = None) -> Path:
    """The archive with other members, in its own place unless another is given."""
    with zipfile.ZipFile(file) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    target = target or file
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target


def restate(path: list[str | int], value: Any) -> Change:
    """Change one statement of the manifest."""

    def change(members: dict[str, bytes]) -> None:
        manifest = json.loads(members[MANIFEST])
        place = manifest
        for part in path[:-1]:
            place = place[part]
        place[path[-1]] = value
        members[MANIFEST] = json.dumps(manifest).encode()

    return change


def put(name: str, content: bytes) -> Change:
    """Put a member in."""
    return lambda members: members.update({name: content})


def drop(name: str) -> Change:
    """Take a member out."""

    def change(members: dict[str, bytes]) -> None:
        del members[name]

    return change
