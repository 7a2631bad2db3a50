import random
from collections.abc import Mapping, Sequence

import pytest

from hotfit.errors import Refusal
from hotfit.inputs.plan import Plan, plan
from hotfit.inputs.report import Report
from hotfit.inputs.samples import read_samples
from hotfit.inputs.source import open_source
from hotfit.types import Input, Kind, Output

N = 200
WORDS = "red blue green house tree fast slow bird fish stone river light".split()  # noqa: SIM905
CHANCE = random.Random(1)


def prose(words: int = 8) -> str:
    return " ".join(CHANCE.choice(WORDS) for _ in range(words))


TEXT = [prose() for _ in range(N)]
LABEL = [CHANCE.choice("abc") for _ in range(N)]
Columns = Mapping[str, Sequence[object]]


@pytest.fixture(autouse=True)
def _same_draws() -> None:
    """A test draws the same whichever tests ran before it in this process."""
    CHANCE.seed(2)


def planned(columns: Columns, **options: object) -> Plan:
    return plan(open_source(dict(columns)), **options)  # type: ignore[arg-type]


def reasons(made: Plan) -> dict[str, str]:
    return {each.name: each.reason for each in made.ignored}


def test_a_text_and_a_label_need_no_word() -> None:
    made = planned({"text": TEXT, "label": LABEL})
    assert (made.input, made.output, made.text, made.target) == (
        Input.TEXT, Output.CLASSIFICATION, "text", "label",
    )  # fmt: skip
    assert made.notes == ()


def test_columns_that_give_the_label_away_are_no_input() -> None:
    fine = [f"{label}{CHANCE.randrange(3)}" for label in LABEL]
    made = planned({"text": TEXT, "label": LABEL, "label_fine": fine})
    assert made.text == "text"
    assert "gives 'label' away" in reasons(made)["label_fine"]
    numbers = [CHANCE.random() for _ in range(N)]
    table = planned({"x": numbers, "fine": fine, "label": LABEL})
    assert [field.name for field in table.fields] == ["x"]
    assert any("'fine' is left out" in note for note in table.notes)


def test_a_column_that_hardly_tells_is_kept() -> None:
    hint = [label if CHANCE.random() < 0.9 else "z" for label in LABEL]
    made = planned({"hint": hint, "x": [CHANCE.random() for _ in range(N)], "label": LABEL})
    assert [field.name for field in made.fields] == ["hint", "x"]


def test_parts_of_the_text_are_no_input_of_their_own() -> None:
    title, body = [prose(3) for _ in range(N)], [prose(9) for _ in range(N)]
    whole = [f"{a}. {b}" for a, b in zip(title, body, strict=True)]
    made = planned({"title": title, "description": body, "text": whole, "label": LABEL})
    assert made.text == "text"
    assert set(reasons(made)) == {"title", "description"}


def test_two_independent_texts_make_a_table() -> None:
    made = planned({"subject": TEXT, "body": [prose() for _ in range(N)], "team": LABEL})
    assert made.input is Input.TABULAR
    assert {field.kind for field in made.fields} == {Kind.TEXT}


def test_several_informative_columns_make_a_table() -> None:
    made = planned(
        {
            "id": range(1, N + 1),
            "age": [CHANCE.randrange(90) for _ in range(N)],
            "city": [CHANCE.choice(WORDS) for _ in range(N)],
            "remark": TEXT,
            "empty": [""] * N,
            "churn": [CHANCE.choice(["yes", "no"]) for _ in range(N)],
        }
    )
    assert made.target == "churn"
    assert [field.name for field in made.fields] == ["age", "city", "remark"]
    assert (made.id, set(reasons(made))) == ("id", {"id", "empty"})


@pytest.mark.parametrize(
    ("values", "output"),
    [
        ([CHANCE.random() * 9 for _ in range(N)], Output.NUMBER),
        ([CHANCE.randrange(900) for _ in range(N)], Output.NUMBER),
        ([f"${CHANCE.randrange(900)},000" for _ in range(N)], Output.NUMBER),
        ([CHANCE.randrange(1, 6) for _ in range(N)], Output.CLASSIFICATION),
        ([CHANCE.choice(["0", "1"]) for _ in range(N)], Output.CLASSIFICATION),
        ([CHANCE.choice(["007", "113"]) for _ in range(N)], Output.CLASSIFICATION),
    ],
)
def test_the_output_follows_the_target(values: Sequence[object], output: Output) -> None:
    assert planned({"text": TEXT, "target": values}).output is output


@pytest.mark.parametrize("join", ["|", ";", ", ", "json"])
def test_joined_labels_are_tags(join: str) -> None:
    chosen = [CHANCE.sample(["joy", "anger", "fear", "love"], CHANCE.randrange(1, 3)) for _ in TEXT]
    cells = chosen if join == "json" else [join.join(names) for names in chosen]
    source = open_source({"text": TEXT, "labels": cells})
    made = plan(source)
    assert made.output is Output.TAGS
    read = [s.label for batch in read_samples(source, made) for s in batch]
    assert read == [tuple(names) for names in chosen]


def test_names_with_a_comma_are_one_label() -> None:
    names = ["Doe, John", "Roe, Jane", "Poe, Ed"]
    made = planned({"text": TEXT, "label": [CHANCE.choice(names) for _ in TEXT]})
    assert made.output is Output.CLASSIFICATION


def test_arguments_overrule_every_guess() -> None:
    numbers = [CHANCE.randrange(1, 6) for _ in range(N)]
    columns: Columns = {"text": TEXT, "stars": numbers, "city": LABEL, "label": LABEL}
    made = planned(columns, target="stars", inputs=["city", "text"], output=Output.NUMBER)
    assert (made.target, made.output, made.input) == ("stars", Output.NUMBER, Input.TABULAR)
    assert [field.name for field in made.fields] == ["city", "text"]
    assert planned(columns, inputs=["text"]).text == "text"


def test_an_unknown_column_is_refused_with_the_nearest() -> None:
    with pytest.raises(Refusal, match="did you mean 'label'"):
        planned({"text": TEXT, "label": LABEL}, target="lable")
    with pytest.raises(Refusal, match="--input"):
        planned({"text": TEXT, "label": LABEL}, inputs=["nothing like it"])


def test_words_cannot_be_a_quantity() -> None:
    with pytest.raises(Refusal, match="no number"):
        planned({"text": TEXT, "label": LABEL}, output=Output.NUMBER)


def test_what_cannot_be_learned_from_can_still_be_read() -> None:
    made = planned({"text": TEXT, "label": ["a"] * N}, trainable=False)
    assert made.target == "label"
    assert planned({"text": TEXT}, trainable=False).target is None


@pytest.mark.parametrize("part", ["dev", "val", "validation"])
def test_validation_rows_are_for_training_and_it_is_said(part: str) -> None:
    split = [CHANCE.choice(["train", "test", part]) for _ in TEXT]
    source = open_source({"text": TEXT, "label": LABEL, "split": split})
    made, report = plan(source), Report()
    assert made.split == "split"
    assert any("validation" in note for note in made.notes)
    read = [s.split for batch in read_samples(source, made, report=report) for s in batch]
    assert read == ["test" if each == "test" else "train" for each in split]
    assert report.counts["validation rows taken for training"] == split.count(part)


def test_a_split_column_with_other_words_is_an_ordinary_one() -> None:
    cities = [CHANCE.choice(["A", "B"]) for _ in TEXT]
    made = planned({"x": range(0, 3 * N, 3), "set": cities, "label": LABEL})
    assert made.split is None


def test_gaps_in_a_quantity_leave_the_row_unlabelled() -> None:
    prices = [f"${i},50" for i in range(N)]
    prices[0], prices[1] = "NA", "a lot"
    source = open_source({"text": TEXT, "price": prices})
    made, report = plan(source), Report()
    read = [s.label for batch in read_samples(source, made, report=report) for s in batch]
    assert read[:4] == [None, None, 2.5, 3.5]
    assert [notice.row for notice in report.notices] == [2]
    assert report.counts["unlabelled"] == 2


def test_a_lone_column_of_few_words_is_a_category() -> None:
    assert planned({"city": LABEL, "label": LABEL[::-1]}).input is Input.TABULAR


def test_a_shifted_row_is_named() -> None:
    rows: list[list[object]] = [[i, i * 2, "Free", i * 3, "ab"[i % 2]] for i in range(100)]
    rows[70] = [5, "Free", "Everyone", "Tools", "a"]
    columns = dict(zip(["x", "n", "kind", "m", "label"], zip(*rows, strict=True), strict=True))
    source, report = open_source(columns), Report()
    assert sum(len(batch) for batch in read_samples(source, plan(source), report=report)) == 100
    assert [notice.row for notice in report.notices] == [71]


def test_few_numbers_that_all_differ_are_a_quantity() -> None:
    made = planned({"size": [3, 1, 4, 1.5, 9, 2.6], "t": [1.25, 0.4, 2.5, 0.9, 7, 3.1]})
    assert made.output is Output.NUMBER


def test_a_quantity_that_few_rows_have_is_not_guessed_to_be_the_answer() -> None:
    rng = random.Random(0)
    teams = [rng.choice(["red", "blue", "green"]) for _ in range(90)]
    made = planned(
        {
            "note": [prose() for _ in range(90)],
            "score": [rng.random() if row % 4 == 0 else None for row in range(90)],
            "team": teams,
        }
    )
    assert made.target == "team"
