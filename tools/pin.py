"""Pin every package of the development environment: `.venv/bin/python -m tools.pin`.

Installs the project with its dev group into a clean environment, with the newest versions that
pyproject.toml allows, and writes what came out to constraints.txt. Run it with the oldest Python
that the project supports, so that the pins exist for every supported one.
"""

import re
import subprocess
import sys
import tempfile
import tomllib
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HEADER = (
    "# Every package of `make run` and `make test`, pinned; written by: python -m tools.pin",
    "# (on the oldest supported Python). Names no host: pip uses whatever it is configured for.",
)
LEFT_OUT = {"hotfit", "setuptools", "wheel"}
PIN = re.compile(r"([A-Za-z0-9._-]+)==([^\s;]+)")


def normal(name: str) -> str:
    """The one spelling of a package name: lower case, runs of `-_.` as one dash."""
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(frozen: str) -> dict[str, str]:
    """Version by normal name out of the lines of `pip freeze` or of a constraints file."""
    found = (PIN.match(line) for line in frozen.splitlines())
    by_name = {normal(match[1]): match[2] for match in found if match}
    return {name: by_name[name] for name in sorted(by_name) if name not in LEFT_OUT}


def render(versions: dict[str, str]) -> str:
    """The text of constraints.txt."""
    return "\n".join([*HEADER, *(f"{name}=={version}" for name, version in versions.items()), ""])


def freeze(folder: Path) -> str:
    """Install the project, its dev group and its build backend in `folder`; return the freeze."""
    venv.create(folder, with_pip=True)
    pip = [str(folder / "bin" / "python"), "-m", "pip", "--disable-pip-version-check"]
    backend = tomllib.loads((ROOT / "pyproject.toml").read_text())["build-system"]["requires"]
    subprocess.run([*pip, "install", "--quiet", "--upgrade", "pip"], check=True)
    command = [*pip, "install", "--quiet", *backend, "--editable", ".", "--group", "dev"]
    subprocess.run(command, check=True, cwd=ROOT)
    done = subprocess.run([*pip, "freeze", "--all"], check=True, capture_output=True, text=True)
    return done.stdout


def main() -> int:
    """Write constraints.txt anew."""
    with tempfile.TemporaryDirectory() as folder:
        versions = pins(freeze(Path(folder)))
    (ROOT / "constraints.txt").write_text(render(versions))
    print(f"constraints.txt: {len(versions)} packages pinned")
    return 0


if __name__ == "__main__":
    sys.exit(main())
