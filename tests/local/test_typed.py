"""A function as a typed module: what type checkers say of code that uses it."""

import ast
import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from hotfit.folders import Folder
from hotfit.local import Home
from hotfit.local.typed import (
    Signature,
    class_name,
    is_current,
    module_of,
    quoted,
    signature_in,
    signature_of,
)
from hotfit.types import Field, Input, Kind, Output
from tests.local.messages import messages, write_csv

LABELS = {"refund": "wants money back", "where is it": "", 'say "hi"': ""}


def signature(**given: Any) -> Signature:
    facts: dict[str, Any] = {
        "name": "desk",
        "input": Input.TEXT,
        "output": Output.CLASSIFICATION,
        "labels": LABELS,
    }
    return Signature(**facts | given)


def checked(folder: Path, code: str) -> str:
    """What mypy says, strictly, of code beside the module `desk_types`."""
    (folder / "use.py").write_text(code)
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--follow-imports=silent", "--no-error-summary",
         "--cache-dir", str(folder / "cache"), "use.py"],
        capture_output=True, text=True, cwd=folder, check=False,
        env={"PATH": "", "MYPYPATH": str(folder / "stubs")},
    )  # fmt: skip
    return done.stdout


@pytest.fixture
def stubbed(tmp_path: Path) -> Path:
    """A folder in which hotfit itself is a stub, so that only the module is looked at."""
    (tmp_path / "stubs").mkdir()
    (tmp_path / "stubs" / "hotfit.pyi").write_text(
        "def load(name: str, *, home: str | None = None) -> object: ...\n"
    )
    return tmp_path


def write(folder: Path, found: Signature, name: str = "desk_types") -> None:
    (folder / f"{name}.py").write_text(module_of(found, source="desk"), encoding="utf-8")


def run(folder: Path, text: str) -> ModuleType:
    """The module, imported."""
    file = folder / "written.py"
    file.write_text(text, encoding="utf-8")
    spec = spec_from_file_location("written", file)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


USE = """\
from desk_types import Label, load

QUEUES: dict[Label, str] = {"refund": "money", "where is it": "parcels", 'say "hi"': "front"}

desk = load()
answer = desk("where is my parcel?")
queue: str = QUEUES[answer.label]
if answer.label == "refund":
    print(queue, answer.confidence + 1)
many: list[Label] = [each.label for each in desk.predict(["a", "b"])]
"""


def test_a_removed_label_is_a_type_error(stubbed: Path) -> None:
    write(stubbed, signature())
    assert checked(stubbed, USE) == ""
    kept = {name: about for name, about in LABELS.items() if name != "refund"}
    write(stubbed, signature(labels=kept))
    said = checked(stubbed, USE)
    assert "use.py:3: error" in said
    assert "use.py:8: error: Non-overlapping equality check" in said


def test_rows_are_checked_by_their_fields(stubbed: Path) -> None:
    fields = (
        Field(name="months", kind=Kind.NUMBER),
        Field(name="plan", kind=Kind.CATEGORY),
        Field(name="row", kind=Kind.IDENTIFIER),
    )
    write(stubbed, signature(input=Input.TABULAR, fields=fields))
    odd = (Field(name="months left", kind=Kind.NUMBER), Field(name="class", kind=Kind.TEXT))
    write(stubbed, signature(input=Input.TABULAR, fields=odd), "odd_types")
    said = checked(
        stubbed,
        "from desk_types import load\n"
        "from odd_types import load as other\n"
        'load()({"months": 3.0, "plan": "big"})\n'
        'load()({"mouths": 3.0})\n'
        'load()({"months": "three"})\n'
        'other()({"months left": 3.0, "class": "a"})\n',
    ).splitlines()
    assert len(said) == 2
    assert said[0].startswith('use.py:4: error: Extra key "mouths"')
    assert said[1].startswith("use.py:5: error: Incompatible types")


def test_tags_and_quantities_have_their_own_answers(stubbed: Path) -> None:
    write(stubbed, signature(output=Output.TAGS), "tags_types")
    write(stubbed, signature(output=Output.NUMBER, labels={}), "number_types")
    said = checked(
        stubbed,
        "import number_types\n"
        "import tags_types\n"
        "print([each.label for each in tags_types.load()('a').present])\n"
        "print(number_types.load()('a').high - number_types.load()('a').value)\n"
        "print(tags_types.load()('a').label, number_types.load()('a').label)\n",
    ).splitlines()
    assert len(said) == 2
    assert all('use.py:5: error: "Prediction" has no attribute "label"' in line for line in said)


def test_the_module_runs_and_answers(home: Home, tmp_path: Path) -> None:
    function = home.fit(messages(), name="polite", tuned=False)
    module = run(tmp_path, module_of(signature_of(function), source="polite"))
    assert module.load()("hello dear sailor") == function("hello dear sailor")
    assert module.typed(function) is function


def test_no_name_or_description_can_leave_its_place(tmp_path: Path) -> None:
    evil = '"""\nimport os\u2028os.abort()\x0c#\x00'
    text = module_of(
        signature(name=evil, labels={evil: evil, "\u202eabc": ""}, output=Output.CLASSIFICATION),
        source=evil,
    )
    module = run(tmp_path, text)
    assert evil in module.Label.__args__
    assert "\u202e" not in text
    assert "os" not in vars(module)


def test_a_folder_needs_no_training_to_be_typed(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "hotfit.toml").write_text(
        '[function]\nname = "mood"\ninput = "Text"\noutput = "Classification"\n\n'
        '[labels.parting]\ndescription = "somebody leaves"\n'
    )
    write_csv(tmp_path / "data" / "rows.csv", messages(), ["text", "label"])
    found = signature_in(Folder.open(tmp_path))
    assert dict(found.labels) == {"parting": "somebody leaves", "greeting": ""}
    assert "# somebody leaves" in module_of(found, source="mood")


def test_a_module_that_is_not_current_is_seen(tmp_path: Path) -> None:
    write(tmp_path, signature())
    file = tmp_path / "desk_types.py"
    assert is_current(signature(), file, source="desk")
    assert not is_current(signature(labels={"refund": ""}), file, source="desk")
    assert not is_current(signature(), tmp_path / "absent.py", source="desk")


@pytest.mark.parametrize(
    ("name", "made"),
    [("sms-spam", "SmsSpam"), ("1 st", "Function1St"), ("row", "FunctionRow"), ("ü", "Function")],
)
def test_a_name_becomes_that_of_a_class(name: str, made: str) -> None:
    assert class_name(name) == made


def test_quotes_are_kept_apart() -> None:
    for text in ("plain", 'a "b"', "it's", "both ' and \"", "back\\slash", "é", "line\nend"):
        assert ast.literal_eval(quoted(text)) == text
