"""Every kind of finding: what it is called, and what one step sets it right."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Action(StrEnum):
    """What accepting a finding does; each of them can be undone.

    RELABEL says another label, WITHDRAW keeps the sample and takes its label back, DELETE deletes
    all samples but the first (of one sample, it), MOVE lets a test sample be learned from,
    EXCLUDE_COLUMN leaves a column unread, HOLD_TOGETHER also holds out the rows of each of its
    values together. NONE keeps that it was seen.
    """

    RELABEL = "relabel"
    WITHDRAW = "withdraw"
    DELETE = "delete"
    MOVE = "move"
    EXCLUDE_COLUMN = "exclude_column"
    HOLD_TOGETHER = "hold_together"
    NONE = "none"


@dataclass(frozen=True, kw_only=True)
class Fix:
    """What would set a finding right, for programs and in a sentence."""

    action: Action
    sentence: str


@dataclass(frozen=True, kw_only=True)
class KindOfFinding:
    """A kind: its name for one and for many, and its fix.

    Findings below the score `counts_from` are listed, but not counted as what the name says.
    """

    one: str
    many: str
    fix: Fix
    counts_from: float = 0.0

    @property
    def listed(self) -> str:
        """What a list of many is called, the doubtful ones with it."""
        return f"{self.many} or doubtful" if self.counts_from else self.many


LOOKS_WRONG = 0.6
"""Probability that a label is wrong from which it looks wrong; below it is doubtful at most."""


def _kind(
    one: str, many: str, action: Action, sentence: str, *, counts_from: float = 0.0
) -> KindOfFinding:
    fix = Fix(action=action, sentence=sentence)
    return KindOfFinding(one=one, many=many, fix=fix, counts_from=counts_from)


_OUT = "Take the label back, so that nothing is learned from it."
_UNREAD = "Leave the column unread."

KINDS: Mapping[str, KindOfFinding] = {
    "suspect_label": _kind(
        "label looks wrong",
        "labels look wrong",
        Action.RELABEL,
        "Say the suggested label.",
        counts_from=LOOKS_WRONG,
    ),
    "suspect_tag": _kind(
        "example with a tag that looks wrong",
        "examples with tags that look wrong",
        Action.RELABEL,
        "Add the suggested tag, or take the tag off.",
    ),
    "suspect_quantity": _kind(
        "quantity looks wrong", "quantities look wrong", Action.WITHDRAW, _OUT
    ),
    "contradiction": _kind(
        "example with two labels",
        "examples with two labels",
        Action.RELABEL,
        "Give all of them the suggested label.",
    ),
    "leaking_column": _kind(
        "column gives the answer away",
        "columns give the answer away",
        Action.EXCLUDE_COLUMN,
        _UNREAD,
    ),
    "golden_feature": _kind(
        "column is suspiciously good",
        "columns are suspiciously good",
        Action.EXCLUDE_COLUMN,
        "Leave the column unread, unless its value is known when the function is called.",
    ),
    "group_key": _kind(
        "column ties rows together",
        "columns tie rows together",
        Action.HOLD_TOGETHER,
        "Leave the column unread and hold out the rows of each value together, so that the score "
        "is of new values.",
    ),
    "label_in_text": _kind(
        "label is written in its texts",
        "labels are written in their texts",
        Action.NONE,
        "Leave the words out of the texts, unless calls will hold them too.",
    ),
    "split_leak": _kind(
        "test row also in training",
        "test rows also in training",
        Action.MOVE,
        "Learn from the test sample instead of testing on it.",
    ),
    "time_order": _kind(
        "order in time (the score is of later rows, predicted from earlier ones)",
        "orders in time",
        Action.NONE,
        "Nothing to do: the score is made from earlier rows alone.",
    ),
    "duplicate": _kind(
        "set of exact duplicates",
        "sets of exact duplicates",
        Action.DELETE,
        "Delete all but the first; they are held out together as it is.",
    ),
    "near_duplicate": _kind(
        "pair of near duplicates",
        "pairs of near duplicates",
        Action.DELETE,
        "Delete the second; they are held out together as it is.",
    ),
    "thin_label": _kind(
        "label with few examples",
        "labels with few examples",
        Action.NONE,
        "Label more samples of it.",
    ),
    "overlapping_labels": _kind(
        "pair of labels that overlap",
        "pairs of labels that overlap",
        Action.NONE,
        "Write down what tells the two apart and label by that, or make them one.",
    ),
    "merged_label": _kind(
        "label that holds two things",
        "labels that hold two things",
        Action.NONE,
        "Split the label where the two are to be told apart.",
    ),
    "weak_slice": _kind(
        "part of the data is answered worse",
        "parts of the data are answered worse",
        Action.NONE,
        "Label more samples of this part, and look at those that are there.",
    ),
    "broken_encoding": _kind(
        "text with broken letters", "texts with broken letters", Action.WITHDRAW, _OUT
    ),
    "empty_content": _kind(
        "sample without content", "samples without content", Action.WITHDRAW, _OUT
    ),
    "truncated": _kind("text that is cut off", "texts that are cut off", Action.WITHDRAW, _OUT),
    "other_language": _kind(
        "text in another language", "texts in another language", Action.WITHDRAW, _OUT
    ),
    "boilerplate": _kind(
        "phrase that many texts share",
        "phrases that many texts share",
        Action.NONE,
        "Cut the phrase out before the texts come here.",
    ),
    "outlier": _kind(
        "sample unlike all others", "samples unlike all others", Action.WITHDRAW, _OUT
    ),
    "blank_image": _kind(
        "image that shows nothing", "images that show nothing", Action.WITHDRAW, _OUT
    ),
    "blurred_image": _kind("blurred image", "blurred images", Action.WITHDRAW, _OUT),
    "dark_image": _kind("dark image", "dark images", Action.WITHDRAW, _OUT),
    "tiny_image": _kind("tiny image", "tiny images", Action.WITHDRAW, _OUT),
    "odd_aspect": _kind("image of an odd shape", "images of an odd shape", Action.WITHDRAW, _OUT),
    "identifier_column": _kind(
        "column only numbers the rows",
        "columns only number the rows",
        Action.EXCLUDE_COLUMN,
        _UNREAD,
    ),
    "constant_column": _kind(
        "column never changes", "columns never change", Action.EXCLUDE_COLUMN, _UNREAD
    ),
}
"""The kinds there are, in the order in which they are shown: first what makes a score wrong."""

UNKNOWN = _kind("finding", "findings", Action.NONE, "Look at it.")
"""What is said of a kind that is not known here, as of an older version or a plug-in."""


def kind_of(kind: str) -> KindOfFinding:
    """The kind of this name."""
    return KINDS.get(kind, UNKNOWN)


def fix_of(kind: str, *, label: str | None = None, suggested: str | None = None) -> Fix:
    """What sets one finding right; without a suggestion there is no label to say."""
    fix = kind_of(kind).fix
    if fix.action is not Action.RELABEL:
        return fix
    if kind == "suspect_tag" and (label or suggested):
        told = f"Add the tag {suggested!r}." if suggested else f"Take the tag {label!r} off."
        return Fix(action=fix.action, sentence=told)
    if suggested is None:
        return Fix(action=fix.action, sentence="Say which label is right, and accept with it.")
    if label is None:
        return Fix(action=fix.action, sentence=f"Label all of them {suggested!r}.")
    return Fix(action=fix.action, sentence=f"Label it {suggested!r} instead of {label!r}.")


def is_counted(kind: str, score: float) -> bool:
    """Whether a finding is what the name of its kind says, and not only doubtful."""
    return score >= kind_of(kind).counts_from
