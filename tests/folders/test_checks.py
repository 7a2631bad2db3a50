"""Reading tests: what they make, and refusals that name the file, the line and what to write."""

from pathlib import Path

import pytest

from hotfit.behaviour.direction import Direction
from hotfit.behaviour.floors import Budget, Floor
from hotfit.behaviour.invariance import Invariance
from hotfit.behaviour.must import Must
from hotfit.behaviour.no_worse import NoWorse
from hotfit.errors import Refusal
from hotfit.folders import Folder
from hotfit.folders.checks import read_checks
from hotfit.types import Picture
from tests.inputs.pictures import png

TOML = '[function]\nname = "desk"\ninput = "Text"\noutput = "Classification"\ninputs = ["text"]\n'
CSV = "text,label\nhello,greeting\nhi,greeting\nbye,parting\nso long,parting\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of greetings and partings without tests."""
    return make(tmp_path / "desk", TOML, CSV)


def make(path: Path, toml: str, csv: str) -> Path:
    (path / "data").mkdir(parents=True)
    (path / "tests").mkdir()
    (path / "hotfit.toml").write_text(toml)
    (path / "data" / "rows.csv").write_text(csv)
    return path


def write(folder: Path, text: str, name: str = "a.toml") -> Folder:
    (folder / "tests" / name).write_text(text)
    return Folder.open(folder)


def test_each_input_is_a_test_with_its_place_and_name(folder: Path) -> None:
    text = '# first\n[[must]]\nlabel = "greeting"\ninputs = ["good day", "hey"]\n'
    checks = read_checks(write(folder, text + '[[must]]\nlabel="parting"\ninput="ciao"'))
    assert [(check.name, check.place) for check in checks] == [
        ("greeting: good day", "tests/a.toml:2"),
        ("greeting: hey", "tests/a.toml:2"),
        ("parting: ciao", "tests/a.toml:5"),
    ]
    named = '[[must]]\nname = "polite"\nlabel = "greeting"\ninputs = ["a", "b"]\n'
    names = [check.name for check in read_checks(write(folder, named))]
    assert names == ["polite (1)", "polite (2)"]


def test_rows_of_tables_are_tests_in_the_spelling_of_the_data(folder: Path) -> None:
    write(folder, '{"text": "hey", "label": "Greeting"}\n', "b.jsonl")
    opened = write(folder, "text,label\ngood day,greeting\ngood day,greeting\n", "a.csv")
    checks = read_checks(opened)
    assert [(check.name, check.place) for check in checks] == [
        ("greeting: good day", "tests/a.csv:2"),
        ("greeting: good day (2)", "tests/a.csv:3"),
        ("greeting: hey", "tests/b.jsonl:1"),
    ]
    assert [type(check) for check in checks] == [Must] * 3


def test_every_kind_is_read_with_what_it_says(folder: Path) -> None:
    checks = read_checks(
        write(
            folder,
            """
[[invariance]]
change = ["typos", "case"]
at_most = 0.1
alarm = 0.01
rows = 7
[[invariance]]
change = "names"
inputs = ["hello Anna"]
[[floor]]
accuracy = 0.9
where = { max_words = 3, file = "data/rows.csv" }
[[floor]]
recall = 0.8
label = "parting"
[[floor]]
max_latency_ms = 20
[[floor]]
max_mb = 5
[[direction]]
label = "parting"
add = "farewell"
by = 0.05
[[no_worse]]
""",
        )
    )
    typos, case, names, accuracy, recall, latency, size, farewell, lock = checks
    assert isinstance(farewell, Direction)
    assert (farewell.add, farewell.by, farewell.at_most) == ("farewell", 0.05, 0.05)
    assert farewell.name == "confidence of 'parting' may not fall with 'farewell'"
    assert isinstance(lock, NoWorse)
    assert (lock.name, lock.than) == ("no worse than lock", "lock")
    assert isinstance(typos, Invariance)
    assert (typos.change, typos.at_most, typos.alarm, typos.rows) == ("typos", 0.1, 0.01, 7)
    assert case.name == "answers stay with case"
    assert isinstance(names, Invariance)
    assert (names.at_most, list(names.inputs)) == (0.0, ["hello Anna"])
    assert isinstance(accuracy, Floor)
    assert accuracy.slice is not None
    assert (accuracy.floor, accuracy.slice.max_words) == (0.9, 3)
    assert recall.name == "recall of 'parting' at least 80 %"
    assert isinstance(latency, Budget)
    assert (latency.max_latency_ms, latency.cheap) == (20.0, False)
    assert isinstance(size, Budget)


def test_what_a_call_may_cost_is_tested_too(folder: Path) -> None:
    (folder / "hotfit.toml").write_text(TOML + "[budgets]\nmax_latency_ms = 50\nmax_mb = 200\n")
    names = [(check.name, check.place) for check in read_checks(Folder.open(folder))]
    assert names == [("at most 50 ms a call", "hotfit.toml"), ("at most 200 MB", "hotfit.toml")]


MUST = '[[must]]\nlabel = "greeting"\n'


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("[[must", 1, "not valid TOML"),
        ("[[nonsense]]", 1, "'nonsense' means nothing here; known are must"),
        ("[must]\nlabel = 'a'", 1, r"write \[\[must\]\]"),
        ("must = 3", 1, r"write \[\[must\]\]"),
        (MUST + MUST, 1, "has no inputs"),
        (MUST + 'input = "a"\n' + MUST, 4, "has no inputs"),
        (MUST + "inputs = []", 3, "inputs is empty"),
        (MUST + "inputs = [3]", 3, "inputs holds 3; a list, each a text"),
        (MUST + 'input = "a"\ninputs = ["b"]', 4, "one of them"),
        (MUST + 'input = "a"\nlabels = ["b"]', 4, "has label and labels"),
        (MUST + 'input = "a"\nlabell = "b"', 4, r"'labell' means nothing in \[\[must\]\]"),
        (MUST + 'input = "a"\nmin_confidence = 2', 4, "a share between 0 and 1"),
        ('[[must]]\ninput = "a"\nlabel = "partng"', 3, "labels are 'greeting', 'parting'"),
        ('[[must]]\ninput = "a"\nlabels = ["parting"]', 3, "one label is answered: write label"),
        ('[[invariance]]\nchange = "typo"', 2, "change is 'typo'; one of typos, case"),
        ("[[invariance]]", 1, r'has no change; write change = \["typos"\]'),
        ('[[invariance]]\nchange = "case"\nrows = 1.5', 3, "a whole number from 1 on"),
        ('[[invariance]]\nchange = "case"\nfields = ["a"]', 3, "this is no table"),
        ('[[direction]]\nlabel = "parting"', 1, "has neither; one of add, set"),
        ('[[direction]]\nadd = "a"', 1, r"\[\[direction\]\] has no label"),
        ('[[direction]]\nlabel = "parting"\nset = { a = 1 }', 1, "is given Text; add ="),
        ('[[direction]]\nlabel = "parting"\nadd = "a"\nmay_not = "sink"', 4, "fall or rise"),
        ('[[no_worse]]\nthen = "lock"', 2, r"'then' means nothing in \[\[no_worse\]\]"),
        ("[[no_worse]]\nby = 1", 2, "a share between 0 and 1"),
        ("[[floor]]", 1, "has neither; one of accuracy, recall"),
        ("[[floor]]\naccuracy = 0.5\nrecall = 0.5", 3, "has accuracy and recall"),
        ("[[floor]]\naccuracy = 1", 2, "no number of rows proves that all are right"),
        ("[[floor]]\naccuracy = true", 2, "a number was expected"),
        ("[[floor]]\naccuracy = inf", 2, "a number was expected"),
        ("[[floor]]\nrecall = 0.5", 1, 'recall has no label; write label = "..."'),
        ('[[floor]]\naccuracy = 0.5\nlabel = "parting"', 3, "accuracy has a label"),
        ("[[floor]]\nmax_mb = 0", 2, "a number above 0"),
        ('[[floor]]\nmax_mb = 1\nlabel = "parting"', 3, "'label' means nothing"),
        ("[[floor]]\naccuracy = 0.5\nwhere = { word = 'a' }", 3, "where has 'word'; some of field"),
        ("[[floor]]\naccuracy = 0.5\nwhere = {}", 3, "where is {}"),
        ("[[floor]]\naccuracy = 0.5\nwhere = 3", 3, "where is 3"),
        ("[[floor]]\naccuracy = 0.5\nwhere = { matches = '(' }", 3, "a regular expression"),
    ],
)
def test_a_wrong_test_is_refused_with_its_line(
    folder: Path, text: str, line: int, said: str
) -> None:
    opened = write(folder, text)
    with pytest.raises(Refusal, match=said) as refused:
        read_checks(opened)
    assert str(refused.value).startswith(f"tests/a.toml, line {line}: ")


def test_an_example_without_a_label_is_refused(folder: Path) -> None:
    opened = write(folder, "text,label\nhello,greeting\nbye,\n", "a.csv")
    with pytest.raises(Refusal, match=r"tests/a\.csv, line 3: .* has no label"):
        read_checks(opened)


def test_a_quantity_needs_bounds(tmp_path: Path) -> None:
    toml = TOML.replace("Classification", "Number")
    folder = make(tmp_path / "price", toml, "text,label\na,1\nb,2\nc,3\nd,5.5\n")
    ok = write(folder, '[[must]]\ninput = "a"\nlow = 1\nhigh = 2')
    (check,) = read_checks(ok)
    assert check.name == ">= 1 and <= 2: a"
    for text, said in [
        ('[[must]]\ninput = "a"', "has no low and no high"),
        ('[[must]]\ninput = "a"\nlabel = "b"', "'label' means nothing"),
        ("[[floor]]\naccuracy = 0.5", "never simply right"),
    ]:
        with pytest.raises(Refusal, match=said):
            read_checks(write(folder, text))
    write(folder, "", "a.toml")
    with pytest.raises(Refusal, match=r"write \[\[must\]\] with low and high"):
        read_checks(write(folder, "text,label\na,1\n", "a.csv"))


def test_rows_of_a_table_are_checked_by_column(tmp_path: Path) -> None:
    toml = TOML.replace('"Text"', '"Tabular"').replace('["text"]', '["months", "plan"]')
    rows = "".join(
        f"{n},{'gold' if n % 3 else 'basic'},{'yes' if n % 2 else 'no'}\n" for n in range(40)
    )
    folder = make(tmp_path / "churn", toml, "months,plan,label\n" + rows)
    (check,) = read_checks(write(folder, '[[must]]\nlabel = "yes"\ninput = { months = 3 }'))
    assert isinstance(check, Must)
    assert check.data == {"months": 3}
    for text, said in [
        ('[[must]]\nlabel = "yes"\ninput = { month = 3 }', "'month', which is no column"),
        ('[[must]]\nlabel = "yes"\ninput = { months = [3] }', "a text, a number, true or false"),
        ('[[must]]\nlabel = "yes"\ninput = "gold"', "a row, such as"),
        ('[[direction]]\nlabel = "yes"\nadd = "a"', "is given Tabular; set ="),
        ('[[direction]]\nlabel = "yes"\nset = 3', "write set = { column = value }"),
        ('[[direction]]\nlabel = "yes"\nset = { a = 3 }', "'a', which is no column"),
        ('[[invariance]]\nchange = "case"', "no column is known to hold text"),
        ("[[floor]]\naccuracy = 0.5\nwhere = { max = 3 }", "where has the field None"),
    ]:
        with pytest.raises(Refusal, match=said):
            read_checks(write(folder, text))
    part = "[[floor]]\naccuracy = 0.5\nwhere = { field = 'months', max = 3 }"
    (floor,) = read_checks(write(folder, part))
    assert floor.name == "accuracy at least 50 %, months up to 3.0"


def test_images_are_named_by_path_and_looked_at(tmp_path: Path) -> None:
    toml = TOML.replace('"Text"', '"Image"').replace('["text"]', '["image"]')
    names = [f"{n}.png" for n in range(4)]
    rows = "".join(f"{name},{'a' if n % 2 else 'b'}\n" for n, name in enumerate(names))
    folder = make(tmp_path / "parts", toml, "image,label\n" + rows)
    for n, name in enumerate(names):
        (folder / "data" / name).write_bytes(png(seed=n))
    (folder / "tests" / "broken.png").write_bytes(b"no image")
    (check,) = read_checks(write(folder, '[[must]]\nlabel = "a"\ninput = "data/1.png"'))
    assert isinstance(check, Must)
    assert isinstance(check.data, Picture)
    for path, said in [
        ("data/9.png", "'data/9.png', which is not there"),
        ("../hotfit.toml", "which is not there"),
        ("tests/broken.png", "tests/broken.png"),
    ]:
        with pytest.raises(Refusal, match=said):
            read_checks(write(folder, f'[[must]]\nlabel = "a"\ninput = "{path}"'))
    with pytest.raises(Refusal, match="one of crop, brightness, jpeg"):
        read_checks(write(folder, '[[invariance]]\nchange = "typos"'))
