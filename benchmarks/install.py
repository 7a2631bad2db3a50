"""What an installation weighs, and how long importing it and its help take once they are warm.

A fresh environment gets `pip install .` at the versions of `constraints.txt`, nothing else. Sizes
are those of the files on disk, pip and setuptools apart.
"""

import json
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
ROUNDS = 7
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
            "install_seconds": round(installing, 1),
            "python_seconds": least([python, "-c", "pass"]),
            "import_seconds": least([python, "-c", "import hotfit"]),
            "help_seconds": least([str(place / "bin" / "hotfit"), "--help"]),
            "names": packages,
        }


def weight(library: Path) -> int:
    """Bytes of all files that were installed, pip and its like apart."""
    return sum(
        path.stat().st_size
        for path in library.rglob("*")
        if path.is_file() and path.relative_to(library).parts[0].split("-")[0].casefold() not in OWN
    )


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
