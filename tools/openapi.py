"""Write the OpenAPI document of the server: `python -m tools.openapi`; `--check` only compares."""

import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fastapi import FastAPI

from hotfit.api.document import document
from hotfit.app import App
from hotfit.app.web import build_web
from hotfit.settings import Settings

PATH = Path(__file__).resolve().parents[1] / "docs" / "openapi.json"


@contextmanager
def program(folder: Path) -> Iterator[FastAPI]:
    """The whole API over a new home in `folder`."""
    app = App(Settings(home=folder, database=None))
    try:
        yield build_web(app)
    finally:
        app.store.close()


def render() -> str:
    """The document as it is committed."""
    with tempfile.TemporaryDirectory() as folder, program(Path(folder)) as app:
        made = document(app)
    return json.dumps(made, indent=1, ensure_ascii=False) + "\n"


def main(arguments: list[str]) -> int:
    """Write the document, or say that the committed one is another; 1 then."""
    made = render()
    if "--check" not in arguments:
        PATH.write_text(made, encoding="utf-8")
        return 0
    if PATH.is_file() and PATH.read_text(encoding="utf-8") == made:
        print("docs/openapi.json is current")
        return 0
    print("docs/openapi.json is not current: python -m tools.openapi")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
