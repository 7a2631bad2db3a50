"""What an installation weighs, and how long importing it and its help take once they are warm.

A fresh environment gets `pip install .` at the versions of `constraints.txt`, nothing else. Sizes
are those of the files on disk, pip and setuptools apart: with the bytecode that pip makes of every
module while it installs, and without (`pip install --no-compile`), as other tools leave them.
"""

import json
import subprocess
import sys
import tempfile
import time
import venv
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
ROUNDS = 7
SHOWN = 12
OWN = frozenset(("pip", "setuptools", "wheel"))
"""What an environment holds before anything is installed."""


def run() -> dict[str, Any]:
    """Packages, megabytes, and seconds; of seconds the least of several."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "environment"
        venv.create(place, with_pip=True)
        python = str(place / "bin" / "python")
        pinned = str(ROOT / "constraints.txt")
        pip = [python, "-m", "pip", "--disable-pip-version-check"]
        began = time.monotonic()
        subprocess.run(
            [*pip, "install", "--quiet", "-c", pinned, str(ROOT)],
            check=True,
        )
        installing = time.monotonic() - began
        listed = json.loads(
            subprocess.run(
                [*pip, "list", "--format", "json"], capture_output=True, check=True
            ).stdout
        )
        packages = sorted({each["name"] for each in listed} - OWN)
        library = next(place.glob("lib/python*/site-packages"))
        return {
            "benchmark": "install",
            "packages": len(packages),
            "megabytes": round(weight(library) / 1e6, 1),
            "megabytes_without_bytecode": round(weight(library, bytecode=False) / 1e6, 1),
            "heaviest_megabytes": heaviest(library),
            "install_seconds": round(installing, 1),
            "python_seconds": least([python, "-c", "pass"]),
            "import_seconds": least([python, "-c", "import hotfit"]),
            "help_seconds": least([str(place / "bin" / "hotfit"), "--help"]),
            "names": packages,
        }


def weight(library: Path, *, bytecode: bool = True) -> int:
    """Bytes of all files that were installed, pip and its like apart."""
    return sum(size for path, size in files(library) if bytecode or path.suffix != ".pyc")


def heaviest(library: Path) -> dict[str, float]:
    """Megabytes of the heaviest folders, those of a package's own libraries counted with it."""
    sizes: Counter[str] = Counter()
    for path, size in files(library):
        sizes[path.parts[0].removesuffix(".libs")] += size
    return {name: round(size / 1e6, 1) for name, size in sizes.most_common(SHOWN)}


def files(library: Path) -> Iterator[tuple[Path, int]]:
    """Every installed file, relative to the library, with its bytes; pip and its like apart."""
    for path in library.rglob("*"):
        inside = path.relative_to(library)
        if path.is_file() and inside.parts[0].split("-")[0].casefold() not in OWN:
            yield inside, path.stat().st_size


def least(command: Sequence[str]) -> float:
    """The least seconds that a command takes; the first time, which warms up, does not count."""
    times = []
    for _ in range(ROUNDS + 1):
        began = time.perf_counter()
        subprocess.run(command, capture_output=True, check=True)
        times.append(time.perf_counter() - began)
    return round(min(times[1:]), 3)


if __name__ == "__main__":
    json.dump(run(), sys.stdout, indent=2)
