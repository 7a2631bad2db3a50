import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotfit.similarity.exact import normalise
from hotfit.similarity.near import _edits, candidates, near_pairs

SUBJECTS = ["card", "account", "transfer", "payment", "refund", "statement", "password", "branch"]
VERBS = ["cancel", "block", "find", "change", "check", "activate", "replace", "delete"]
TAILS = [
    "because the machine at the station swallowed it yesterday evening",
    "since my employer sends the salary to another country from January",
    "and nobody at the counter could tell me which form is needed",
    "before the holiday in Portugal starts next week with the children",
]


def corpus() -> list[str]:
    return [
        f"how do i {verb} my {subject} {tail}".lower()
        for verb in VERBS
        for subject in SUBJECTS
        for tail in ["", *TAILS[:1]]
    ]


def alike(one: str, two: str, *others: str) -> bool:
    return (0, 1) in {(i, j) for i, j, _ in near_pairs([normalise(t) for t in (one, two, *others)])}


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("please tell me about the opening hours", "please tell me about the openign hours"),
        ("please tell me about the opening hours", "please tell me aboutt he opening hours"),
        (
            "my parcel was left in the rain by the driver and everything inside it is ruined now",
            "my parcel was left in the rain by the driver and everything",
        ),
        (
            "my parcel was left in the rain by the driver",
            "my parcel was left in the rain by the driver -- sent from my phone",
        ),
        (
            "the museum opens at nine and closes at five except on mondays when the garden is open",
            "the museum opens at nine and closes at six except on mondays when the garden is open",
        ),
    ],
)
def test_a_slip_a_cut_an_addition_or_one_word_in_many_leaves_a_copy(one: str, two: str) -> None:
    assert alike(one, two, *corpus())


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("cancel my card", "block my card"),
        ("how do i cancel my card", "how do i cancel my account"),
        ("what is the rate for 10 euros", "what is the rate for 20 euros"),
        ("what is a urologist", "what is a biologist"),
    ],
)
def test_texts_that_differ_in_the_word_that_matters_are_no_copies(one: str, two: str) -> None:
    assert not alike(one, two, *corpus())


def test_words_in_general_use_are_never_taken_for_slips_of_each_other() -> None:
    texts = [f"i can open file number{i}" for i in range(30)]
    texts += [f"i cant open file number{i}" for i in range(30, 60)]
    pairs = near_pairs(["i can reach the support team", "i cant reach the support team", *texts])
    assert (0, 1) not in {(i, j) for i, j, _ in pairs}


def test_a_shared_signature_makes_no_copies() -> None:
    letters = random.Random(0)
    words = ["".join(letters.choices("abcdefghijklmnop", k=6)) for _ in range(400)]
    signature = " this message is confidential and meant for the addressee alone acme limited"
    texts = [" ".join(letters.sample(words, 12)) + signature for _ in range(200)]
    assert near_pairs(texts) == []


def test_all_copies_of_a_rare_template_are_tied_to_another() -> None:
    template = "dear customer your order {} has left our warehouse and reaches you in three days"
    texts = [template.format(i) for i in range(20)]
    pairs = near_pairs([*texts, *(f"{line} number{i}" for i in range(8) for line in corpus())])
    assert {i for pair in pairs for i in pair[:2]} >= set(range(20))


@pytest.mark.parametrize("texts", [[], [""], ["", ""], ["ab", "ab"], ["\ud800 odd", "plain text"]])
def test_little_text_is_no_trouble(texts: list[str]) -> None:
    assert candidates(texts).shape[1] == 2


def naive_edits(one: str, two: str) -> int:
    table = {(i, 0): i for i in range(len(one) + 1)} | {(0, j): j for j in range(len(two) + 1)}
    for i in range(1, len(one) + 1):
        for j in range(1, len(two) + 1):
            options = [
                table[i - 1, j] + 1,
                table[i, j - 1] + 1,
                table[i - 1, j - 1] + (one[i - 1] != two[j - 1]),
            ]
            if i > 1 and j > 1 and one[i - 1] == two[j - 2] and one[i - 2] == two[j - 1]:
                options.append(table[i - 2, j - 2] + 1)
            table[i, j] = min(options)
    return table[len(one), len(two)]


@given(st.text("abc", max_size=7), st.text("abc", max_size=7))
def test_edits_agree_with_the_full_table_up_to_the_bound(one: str, two: str) -> None:
    full = naive_edits(one, two)
    assert _edits(one, two, 20) == full
    assert (_edits(one, two, 2) > 2) == (full > 2)
