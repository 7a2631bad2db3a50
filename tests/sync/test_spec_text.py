"""`hotfit.toml` edited: what was meant is said, and everything else stays."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotfit.errors import Refusal
from hotfit.sync.spec_text import edited

NAMES = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=12)


@given(st.dictionaries(NAMES, NAMES, max_size=4), NAMES, st.none() | NAMES)
def test_one_label_changes_and_the_others_stay(
    labels: dict[str, str], name: str, value: str | None
) -> None:
    text = '[function]\nname = "x"\n'
    for each, said in labels.items():
        text = edited(text, labels={each: said}, fields={})
    after = tomllib.loads(edited(text, labels={name: value}, fields={}))
    wanted = labels | ({} if value is None else {name: value})
    if value is None:
        wanted.pop(name, None)
    assert {each: said["description"] for each, said in after.get("labels", {}).items()} == wanted


@pytest.mark.parametrize(
    "text",
    [
        '[labels]\nrefund = "old" # why\nother = "kept"\n[goal]\nmin_recall = 0.9\n',
        '[labels]\n"refund" = { description = "old" }\nother = "kept"\n[goal]\nmin_recall = 0.9\n',
        """\
[labels.refund]
description = "old"

# about the goal
[goal]
min_recall = 0.9
[labels.other]
description = "kept\"""",
    ],
)
def test_labels_are_found_however_they_are_written(text: str) -> None:
    after = edited(text, labels={"refund": "new"}, fields={})
    said = tomllib.loads(after)
    assert said["goal"] == {"min_recall": 0.9}
    assert said["labels"]["refund"] in ("new", {"description": "new"})
    assert said["labels"]["other"] in ("kept", {"description": "kept"})
    assert "# about the goal" in after or "# about the goal" not in text
    assert (
        "refund" not in tomllib.loads(edited(after, labels={"refund": None}, fields={}))["labels"]
    )


def test_what_cannot_be_edited_is_refused_with_what_to_do() -> None:
    text = 'labels = { refund = "old" }\n'
    with pytest.raises(Refusal, match="write description = 'new' for it: 'refund'"):
        edited(text, labels={"refund": "new"}, fields={})
    with pytest.raises(Refusal, match=r"\[function\]"):
        edited("[labels]\n", labels={}, fields={}, inputs=["a"])


def test_inputs_are_written_where_they_stood_or_below_the_output() -> None:
    text = '[function]\noutput = "Tags"\ninputs = [\n  "a",\n]\nid = "x"\n'
    after = edited(text, labels={}, fields={"b": "Text"}, inputs=["a", "b"])
    assert 'inputs = ["a", "b"]\nid = "x"\n' in after
    bare = edited('[function]\noutput = "Tags"\n', labels={}, fields={}, inputs=["a"])
    assert tomllib.loads(bare)["function"]["inputs"] == ["a"]
