from dataclasses import replace

import numpy as np
import pytest

from hotfit.functions.functions import Function
from hotfit.samples.rows import Rows
from hotfit.training.material import Material, NotTrainable, gather, refuse_untrainable
from hotfit.types import Input, Label, Output


def function(output: Output) -> Function:
    return Function(
        id="function_1", name="f", input=Input.TEXT, output=output, created="now", change=3
    )


def rows(answers: list[Label | None], splits: list[str | None] | None = None) -> Rows:
    n = len(answers)
    names: set[str] = set()
    for answer in answers:
        if isinstance(answer, str):
            names.add(answer)
        elif isinstance(answer, tuple):
            names.update(answer)
    return Rows(
        ids=list(range(100, 100 + n)),
        origins=["fit"] * n,
        numbers=list(range(1, n + 1)),
        data=[f"text {i}" for i in range(n)],
        hashes=[i.to_bytes(32, "big") for i in range(n)],
        splits=splits or [None] * n,  # type: ignore[arg-type]  # the two names of a split
        external_ids=[None] * n,
        answers=answers,
        absent=[()] * n,
        label_names=sorted(names),
        change=3,
    )


def gathered(answers: list[Label | None], output: Output = Output.CLASSIFICATION) -> Material:
    return gather(function(output), rows(answers))


def test_samples_without_an_answer_and_test_rows_are_left_out() -> None:
    answers: list[Label | None] = ["a", None, "b", "a", "c"]
    splits = [None, None, "train", None, "test"]
    material = gather(function(Output.CLASSIFICATION), rows(answers, splits))
    assert material.ids.tolist() == [100, 102, 103]
    assert material.labels == ("a", "b")
    assert material.answers() == ["a", "b", "a"]
    test = gather(function(Output.CLASSIFICATION), rows(answers, splits), test=True)
    assert test.answers() == ["c"]


def test_the_more_labels_the_fewer_samples_are_trained_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hotfit.training.material.MOST_SCORES", 9_000)
    assert len(gathered(["a", "b"] * 1_500)) == 3_000
    many = gathered([f"label {n % 3}" for n in range(6_000)])
    assert (len(many), len(many.labels)) == (3_000, 3)


def test_a_part_speaks_only_of_the_labels_it_has() -> None:
    part = gathered(["a", "b", "c", "b"]).part(np.array([1, 2]))
    assert part.labels == ("b", "c")
    assert part.answers() == ["b", "c"]


def test_equal_samples_have_equal_fingerprints_and_an_edit_changes_it() -> None:
    assert gathered(["a", "b"]).fingerprint() == gathered(["a", "b"]).fingerprint()
    assert gathered(["a", "b"]).fingerprint() != gathered(["b", "a"]).fingerprint()


@pytest.mark.parametrize(
    ("answers", "said"),
    [([], "0 samples"), (["a"], "1 sample with"), (["a", "a", "a"], "one label only, 'a'")],
)
def test_what_cannot_be_trained_on_is_refused(answers: list[Label | None], said: str) -> None:
    with pytest.raises(NotTrainable, match=said):
        refuse_untrainable("f", gathered(answers))


def test_what_only_searches_is_never_trained() -> None:
    searching = replace(gathered(["a", "b"]), output=Output.SEARCH)
    with pytest.raises(NotTrainable, match="f only searches, so it is never trained"):
        refuse_untrainable("f", searching)
