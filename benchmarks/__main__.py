"""Run benchmarks and keep what they measured: `make bench`, or `python -m benchmarks NAME ...`.

Every module here with a `run() -> dict` is a benchmark. Each runs in a process of its own, prints
what it measured, and leaves it with the machine and the date in `benchmarks/results/NAME.json`.
"""

import json
import subprocess
import sys
from importlib import import_module
from pathlib import Path

from benchmarks.machine import describe

FOLDER = Path(__file__).parent
RESULTS = FOLDER / "results"


def names() -> list[str]:
    """The benchmarks, by name."""
    modules = (path for path in sorted(FOLDER.glob("[!_]*.py")))
    return [path.stem for path in modules if "\ndef run(" in path.read_text()]


def measure(name: str) -> None:
    """Run one benchmark in this process and keep its result."""
    measured = import_module(f"benchmarks.{name}").run()
    text = json.dumps({"machine": describe(), "measured": measured}, indent=1)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.json").write_text(text + "\n", encoding="utf-8")
    print(text)


def main(chosen: list[str]) -> int:
    """Run the benchmarks chosen, else all; 1 where any failed."""
    failed = []
    for name in chosen or names():
        print(f"\n$ python -m benchmarks {name}", flush=True)
        code = f"from benchmarks.__main__ import measure; measure({name!r})"
        if subprocess.run([sys.executable, "-c", code], cwd=FOLDER.parent, check=False).returncode:
            failed.append(name)
    if failed:
        print(f"\nfailed: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
