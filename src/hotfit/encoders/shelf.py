"""What one home knows of encoders beyond the catalogue: hashes it trusts, and encoders added to it.

Both lie in one JSON file of the home, `encoders.json`; the files of added encoders lie beside it in
the folder `encoders`, by their SHA-256, as nobody else may have them.
"""

import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from hotfit.encoders.catalogue import ENCODERS, Entry, File, Preparation
from hotfit.errors import Refusal
from hotfit.types import Input


class ShelfBroken(Refusal):
    """The home's file of encoders cannot be read."""

    def __init__(self, *, path: Path, why: str) -> None:
        super().__init__(
            f"{path} cannot be read ({why}); mend it, or move it away and add its encoders again."
        )


class NameKept(Refusal):
    """An encoder's name already stands for another encoder."""

    status = 409

    def __init__(self, *, name: str) -> None:
        super().__init__(
            f"an encoder called {name!r} is already known and holds other files; a name stands for "
            "the same vectors for ever, so give this one another with --name."
        )


class Shelf:
    """The encoders that a home may use; `folder` holds the files of those added to it."""

    def __init__(self, home: Path) -> None:
        self.path = home / "encoders.json"
        self.folder = home / "encoders"

    def __iter__(self) -> Iterator[str]:
        return iter(sorted({*ENCODERS, *self.added()}))

    def get(self, name: str) -> Entry:
        """The encoder of this name with the hashes that the home trusts; raise UnknownPart."""
        kept = self._read()
        if name in kept["added"]:
            return _entry(kept["added"][name])
        entry = ENCODERS.get(name)
        trusted = {each["name"]: File(**each) for each in kept["trusted"].get(name, ())}
        return replace(
            entry,
            files=tuple(
                file if file.sha256 else trusted.get(file.name, file) for file in entry.files
            ),
        )

    def added(self) -> list[str]:
        """Names of the encoders that were added to this home."""
        return sorted(self._read()["added"])

    def trust(self, entry: Entry) -> None:
        """Record the hashes of an entry's files; those of the catalogue stay as they are."""
        kept = self._read()
        kept["trusted"][entry.name] = [asdict(file) for file in entry.files]
        self._write(kept)

    def trusts(self, name: str) -> bool:
        """Whether hashes of this encoder were recorded here rather than published."""
        return name in self._read()["trusted"]

    def add(self, entry: Entry) -> None:
        """Record an encoder whose files lie in `folder`; raise NameKept."""
        kept = self._read()
        before = kept["added"].get(entry.name)
        if entry.name in ENCODERS.parts or (
            before is not None and _entry(before).files != entry.files
        ):
            raise NameKept(name=entry.name)
        kept["added"][entry.name] = asdict(entry)
        self._write(kept)

    def forget(self, name: str) -> None:
        """Drop what this home recorded of an encoder."""
        kept = self._read()
        kept["added"].pop(name, None)
        kept["trusted"].pop(name, None)
        self._write(kept)

    def _read(self) -> dict[str, dict[str, Any]]:
        try:
            kept = json.loads(self.path.read_text(encoding="utf-8"))
            return {"trusted": dict(kept["trusted"]), "added": dict(kept["added"])}
        except FileNotFoundError:
            return {"trusted": {}, "added": {}}
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ShelfBroken(path=self.path, why=str(error) or type(error).__name__) from error

    def _write(self, kept: Mapping[str, Any]) -> None:
        """Replace the file at once, so that it is whole whatever dies when."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(suffix=".part", dir=self.path.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as target:
                json.dump(kept, target, indent=1)
                target.flush()
                os.fsync(target.fileno())
            Path(temporary).replace(self.path)
        finally:
            Path(temporary).unlink(missing_ok=True)


def _entry(kept: Mapping[str, Any]) -> Entry:
    """The entry that was kept as JSON."""
    facts = dict(kept)
    preparation = facts.pop("preparation")
    if preparation is not None:
        wide = {key: tuple(preparation[key]) for key in ("mean", "deviation")}
        preparation = Preparation(**(preparation | wide))
    files = tuple(File(**each) for each in facts.pop("files"))
    facts.pop("package")
    return Entry(**(facts | {"input": Input(facts["input"])}), files=files, preparation=preparation)
