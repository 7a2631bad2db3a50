"""A small folder whose function tells greetings from partings."""

from pathlib import Path

from tests.local.messages import messages, write_csv

TOML = """\
[function]
name = "mood"
input = "Text"
output = "Classification"
target = "label"
inputs = ["text"]
"""


def make_folder(path: Path) -> Path:
    """Make the folder, its rows in data/messages.csv, with room for tests."""
    for name in ("data", "tests"):
        (path / name).mkdir(parents=True)
    (path / "hotfit.toml").write_text(TOML)
    write_csv(path / "data" / "messages.csv", messages(), ["text", "label"])
    return path
