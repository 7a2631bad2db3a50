"""The console's files, read once at start: whoever asks names a file of this table or none."""

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

FOLDER = Path(__file__).with_name("static")
"""Where the build of the console puts what it made; absent where nobody built it."""

INDEX = "index.html"

NONCE = b"__HOTFIT_NONCE__"
"""What stands in the page for the word that its own scripts and styles are known by."""

LASTING = "assets/"
"""Names of files in this folder hold a digest of their content, so they never change."""

KINDS = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
"""The kinds of files that are served; others in the folder are left out."""

PACKED = frozenset({".css", ".js", ".json", ".svg", ".txt", ".webmanifest"})
WORTH_PACKING = 1024


@dataclass(frozen=True, kw_only=True)
class File:
    """A file: its bytes, also gzipped where that saves any, and how long they stay the same."""

    content: bytes
    packed: bytes | None = None
    kind: str
    lasting: bool

    @property
    def tag(self) -> str:
        """A short digest of the content."""
        return hashlib.sha256(self.content).hexdigest()[:20]


def load(folder: Path = FOLDER) -> Mapping[str, File]:
    """The files by their path below `folder`, always with an `index.html`."""
    found = {
        path.relative_to(folder).as_posix(): path
        for path in sorted(folder.rglob("*"))
        if path.suffix in KINDS and path.is_file() and not path.is_symlink()
    }
    files = {name: _read(name, path) for name, path in found.items()}
    return {INDEX: File(content=UNBUILT, kind=KINDS[".html"], lasting=False), **files}


def _read(name: str, path: Path) -> File:
    content, suffix = path.read_bytes(), PurePosixPath(name).suffix
    packed = None
    if suffix in PACKED and len(content) >= WORTH_PACKING:
        packed = gzip.compress(content, mtime=0)
    return File(
        content=content, packed=packed, kind=KINDS[suffix], lasting=name.startswith(LASTING)
    )


UNBUILT = b"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>hotfit</title>
<style nonce="__HOTFIT_NONCE__">
body { font: 16px/1.5 system-ui, sans-serif; max-width: 40rem; margin: 15vh auto; padding: 0 1rem }
code { font-family: ui-monospace, monospace }
</style>
<h1>hotfit is running</h1>
<p>The server and its API work. The console is not part of this installation, because nobody
built it: in a checkout with Node.js, run <code>make console</code> and start the server again.</p>
<p>The API is described at <a href="/openapi.json"><code>/openapi.json</code></a>; the command
line does all that the console does: <code>hotfit --help</code>.</p>
</html>
"""
