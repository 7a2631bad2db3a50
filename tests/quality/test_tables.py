import numpy as np
import pytest

from hotfit.quality import Evidence, Finding, NotApplicable, Severity, findings
from hotfit.quality.evidence import Fall
from hotfit.types import Cell, Output

RNG = np.random.default_rng(0)
N = 400
CODES = RNG.integers(0, 2, N)
SUMS = RNG.normal(100, 20, N)
DRAWN = RNG.bit_generator.state


@pytest.fixture(autouse=True)
def _same_draws() -> None:
    """A test draws the same whichever tests ran before it in this process."""
    RNG.bit_generator.state = DRAWN


def found(kind: str, columns: dict[str, list[Cell]], **known: object) -> tuple[Finding, ...]:
    given = {"output": Output.CLASSIFICATION, "labels": ("no", "yes"), "codes": CODES} | known
    evidence = Evidence(columns=columns, **given)  # type: ignore[arg-type]  # any of them
    result = findings.get(kind).find(evidence)
    return () if isinstance(result, NotApplicable) else result


def noisy(share: float) -> list[Cell]:
    wrong = np.random.default_rng(1).random(N) < share
    return [f"v{code}" for code in np.where(wrong, 1 - CODES, CODES)]


def useful(seed: int) -> list[Cell]:
    """A number that helps, as honest columns do."""
    return [float(x) for x in CODES + 1.5 * np.random.default_rng(seed).normal(size=N)]


def test_a_copy_of_the_target_with_mistakes_is_golden() -> None:
    (one,) = found("golden_feature", {"honest": useful(1), "other": useful(2), "copy": noisy(0.05)})
    assert one.column == "copy"


def test_a_golden_column_says_what_the_score_is_without_it() -> None:
    cells = {"honest": useful(1), "other": useful(2), "copy": noisy(0.05)}
    falls = {"copy": Fall(before=0.97, after=0.8, sure=True)}
    (one,) = found("golden_feature", cells, falls=falls)
    assert one.evidence.endswith("The score is 97.0 % right with it, 80.0 % right without.")


def test_honest_columns_are_not_golden() -> None:
    assert found("golden_feature", {"honest": useful(1), "other": useful(2)}) == ()
    assert found("golden_feature", {"one": noisy(0.2), "two": noisy(0.21)}) == ()


def test_a_field_that_is_filled_in_afterwards_is_golden() -> None:
    when: list[Cell] = [
        f"2024-01-{1 + row % 28}" if code else None for row, code in enumerate(CODES)
    ]
    when[int(np.flatnonzero(CODES)[0])] = None
    (one,) = found("golden_feature", {"honest": useful(1), "closed": when})
    assert one.column == "closed"
    assert "empty" in one.evidence


def test_a_noisy_copy_of_a_quantity_is_golden() -> None:
    copy = (2 * SUMS + RNG.normal(0, 5, N)).tolist()
    weak = (SUMS + RNG.normal(0, 40, N)).tolist()
    known = {"output": Output.NUMBER, "codes": None, "target": SUMS}
    assert [one.column for one in found("golden_feature", {"a": weak, "b": copy}, **known)] == ["b"]
    assert found("golden_feature", {"a": weak}, **known) == ()


def keys(of: np.ndarray) -> list[Cell]:
    order = np.argsort(of, kind="stable")
    names = np.empty(N, dtype=np.int64)
    names[order] = np.arange(N) // 5
    return [f"P-{name:04d}" for name in names]


@pytest.mark.parametrize("plain", [False, True])
def test_a_key_whose_rows_share_their_answer_is_found(plain: bool) -> None:
    cells = keys(CODES)
    if plain:
        cells = [float(str(cell)[2:]) for cell in cells]
    (one,) = found("group_key", {"patientId": cells, "x": useful(1)})
    assert (one.column, one.kind) == ("patientId", "group_key")


def test_a_key_says_what_the_score_is_of_values_that_were_not_met() -> None:
    cells = {"patient": keys(CODES), "x": useful(1)}
    falls = {"patient": Fall(before=0.93, after=0.61, sure=True, of_new=True)}
    (one,) = found("group_key", cells, falls=falls)
    assert "is 93.0 % right, but for values that were not met in training it is 61.0 %" in (
        one.evidence
    )
    falls = {"patient": Fall(before=0.93, after=0.92, sure=False, of_new=True)}
    (one,) = found("group_key", cells, falls=falls)
    assert (one.severity, "about as good, 92.0 % right" in one.evidence) == (Severity.HINT, True)


def test_a_key_is_no_golden_feature() -> None:
    assert found("golden_feature", {"patient": keys(CODES), "x": useful(1)}) == ()


def test_a_key_that_says_nothing_and_an_ordinary_number_are_left_alone() -> None:
    assert found("group_key", {"patient_id": keys(RNG.permutation(N))}) == ()
    assert found("group_key", {"age": [float(str(cell)[2:]) for cell in keys(CODES)]}) == ()
    dates: list[Cell] = [f"2024-{1 + row % 12:02d}-{1 + row % 28:02d}" for row in range(N)]
    assert found("group_key", {"day": dates}) == ()


def answers(wrong: np.ndarray) -> np.ndarray:
    said = np.where(wrong, 1 - CODES, CODES)
    return np.stack([1.0 - said, said], axis=1) * 0.8 + 0.1


def test_a_part_that_is_answered_worse_is_named_by_its_condition() -> None:
    shop: list[Cell] = [["north", "south", "west"][row % 3] for row in range(N)]
    south = np.array([cell == "south" for cell in shop])
    wrong = RNG.random(N) < np.where(south, 0.4, 0.05)
    (one, *_) = found("weak_slice", {"shop": shop, "x": useful(1)}, held_out=answers(wrong))
    assert one.column == "shop"
    assert "'south'" in one.evidence
    assert set(one.samples) == set(np.flatnonzero(south & wrong).tolist())


def test_errors_everywhere_make_no_weak_part() -> None:
    shop: list[Cell] = [["north", "south", "west"][row % 3] for row in range(N)]
    wrong = RNG.random(N) < 0.2
    assert found("weak_slice", {"shop": shop, "x": useful(1)}, held_out=answers(wrong)) == ()


def test_a_weak_part_of_texts_is_a_word_or_a_length() -> None:
    texts = [f"{'refund' if row % 4 == 0 else 'card'} please number {row}" for row in range(N)]
    wrong = RNG.random(N) < np.where(np.arange(N) % 4 == 0, 0.5, 0.05)
    result = findings.get("weak_slice").find(
        Evidence(output=Output.CLASSIFICATION, codes=CODES, held_out=answers(wrong), texts=texts)
    )
    assert isinstance(result, tuple)
    assert "'refund'" in result[0].evidence
