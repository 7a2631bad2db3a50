import pytest

from hotfit.quality import findings
from hotfit.quality.kinds import KINDS, Action, fix_of


@pytest.mark.parametrize("kind", list(findings))
def test_every_kind_has_a_name_and_a_fix(kind: str) -> None:
    assert KINDS[kind].fix.sentence.endswith(".")


def test_no_kind_is_named_that_is_not_looked_for() -> None:
    assert set(KINDS) == set(findings)


def test_a_relabelling_names_both_labels() -> None:
    fix = fix_of("suspect_label", label="ham", suggested="spam")
    assert (fix.action, fix.sentence) == (Action.RELABEL, "Label it 'spam' instead of 'ham'.")


def test_without_a_suggestion_a_person_must_say_the_label() -> None:
    assert fix_of("contradiction").sentence == "Say which label is right, and accept with it."
    assert fix_of("contradiction", suggested="spam").sentence == "Label all of them 'spam'."


def test_a_tag_is_added_or_taken_off() -> None:
    assert fix_of("suspect_tag", suggested="joy").sentence == "Add the tag 'joy'."
    assert fix_of("suspect_tag", label="joy").sentence == "Take the tag 'joy' off."


def test_a_kind_of_another_version_is_only_looked_at() -> None:
    assert fix_of("unheard_of").action is Action.NONE
