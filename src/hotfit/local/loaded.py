"""A function read from one small file: it answers here, without a server, a home or a database."""

import atexit
import shutil
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, cast

from hotfit import encoders
from hotfit.app import App
from hotfit.archives.model_reading import ModelFile, read_model
from hotfit.archives.opening import Archive
from hotfit.encoders import Entry
from hotfit.encoders.base import Encoder
from hotfit.errors import Refusal
from hotfit.local.function import Function
from hotfit.settings import Settings
from hotfit.types import Data

SUFFIX = ".hotfit"


class OnlyAnswers(Refusal):
    """A function that was read from a file was asked for what only a home has."""

    status = 409

    def __init__(self, *, file: Path) -> None:
        super().__init__(
            f"{file} holds a function that answers and no samples, versions or findings; ask the "
            "home or server that it was exported from"
        )


class Unprepared(Refusal):
    """Python changed what a function was trained on, and none was given to do so here."""

    def __init__(self, *, file: Path) -> None:
        super().__init__(
            f"{file} holds a function whose inputs are changed by Python (prepare.py of its "
            "folder) before they are read, and a file carries no code: load it with "
            "prepare=..., the same function"
        )


def load_file(file: Path, *, prepare: Callable[[Data], Data] | None = None) -> Function:
    """The function that a file holds; its encoder is opened by the first call.

    Raises ModelRefused, Newer or Unprepared.
    """
    settings = Settings()
    brought = _Brought(settings.weights_cache)
    found = read_model(file, opening=partial(_open, settings, brought), keep=brought.keep)
    if found.prepared and prepare is None:
        raise Unprepared(file=file)
    return Loaded(file, found, prepare=prepare)


class Loaded(Function):
    """A function without a home: it can be called, and says what it was worth."""

    def __init__(
        self, file: Path, found: ModelFile, *, prepare: Callable[[Data], Data] | None
    ) -> None:
        super().__init__(cast("App", _Absent(file)), found.function, prepare=prepare)
        self.__dict__ |= {"_trained": found.trained, "_version": found.version}


class _Absent:
    """Stands where the program of a home would be; whoever reaches for it is told."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def __getattr__(self, name: str) -> Any:
        raise OnlyAnswers(file=self._file)


class _Brought:
    """The files of encoders that came with a model, under their SHA-256.

    They are kept beside all other verified weights, or where that folder cannot be written for as
    long as this process lives.
    """

    def __init__(self, cache: Path) -> None:
        self.folder = cache

    def keep(self, key: str, archive: Archive) -> None:
        """Put a file away whole, or not at all."""
        if (self.folder / key).is_file():
            return
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._write(key, archive)
        except OSError:
            self.folder = Path(tempfile.mkdtemp(prefix="hotfit-"))
            atexit.register(shutil.rmtree, self.folder, ignore_errors=True)
            self._write(key, archive)

    def _write(self, key: str, archive: Archive) -> None:
        with tempfile.NamedTemporaryFile(dir=self.folder, suffix=".part", delete=False) as part:
            try:
                archive.weights(key, part)
            except BaseException:
                part.close()
                Path(part.name).unlink(missing_ok=True)
                raise
        Path(part.name).replace(self.folder / key)


def _open(settings: Settings, brought: _Brought, entry: Entry) -> Encoder:
    """Open an encoder by what came with the model, or as any home would."""
    return encoders.open(
        entry,
        cache=brought.folder,
        folder=settings.weights,
        offline=settings.offline,
    )
