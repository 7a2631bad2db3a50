"""Label functions vote, say how right they are, and never touch what people said."""

from pathlib import Path

import pytest

import hotfit
from hotfit.local import Function, Home
from tests.local.messages import messages

ROWS = [{"text": text, "label": label} for text, label in messages()]
LABELS = sorted({label for _, label in messages()})


@pytest.fixture
def chat(home: Home) -> Function:
    assert home.functions() == []
    return hotfit.fit(ROWS, name="chat", tuned=False)


def written(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "labels.py"
    file.write_text(text, encoding="utf-8")
    return file


def test_sure_votes_become_answers_where_nobody_gave_one(chat: Function, tmp_path: Path) -> None:
    first, second = messages()[0]
    word = first.split()[0]
    others = [text for text, label in messages() if label == second]
    said = f"return {second!r} if text in {others!r} or 'zebra' in text else None"
    file = written(tmp_path, f"def known(text):\n    {said}\n")
    chat.add([("a zebra has come", None), (f"nothing of {word} kind", None)])
    before = chat.report()["labels"]
    looked = chat.label(file)
    assert chat.report()["labels"] == before
    assert looked.rules[0].judged == len(others)
    assert len(looked.soft) == 1
    kept = chat.label(file, keep=True)
    assert kept.kept == 1
    after = chat.report()["labels"]
    assert after[second] == before[second] + 1
    nothing = written(tmp_path, "def nothing(text):\n    return None\n")
    chat.label(nothing, keep=True)
    assert chat.report()["labels"] == before


@pytest.mark.parametrize(
    "text",
    [
        "1/0",
        "x = 1",
        "def wrong(text):\n    return 'no such label'",
        "def fails(text):\n    return text.nothing",
        "PATTERNS = 5",
        f"PATTERNS = {{{LABELS[0]!r}: '('}}",
        "PATTERNS = {'no such label': 'a word that stands in no text'}",
    ],
)
def test_a_file_at_fault_is_refused(chat: Function, tmp_path: Path, text: str) -> None:
    with pytest.raises(hotfit.Refusal) as refused:
        chat.label(written(tmp_path, text))
    assert "labels.py" in str(refused.value)
    with pytest.raises(hotfit.Refusal):
        chat.label(tmp_path / "missing.py")


def test_patterns_vote_whatever_the_case(chat: Function, tmp_path: Path) -> None:
    chat.add([("A ZEBRA HAS COME", None)])
    file = written(tmp_path, f"PATTERNS = {{{LABELS[0]!r}: ['zebra']}}\n")
    (soft,) = chat.label(file).soft
    assert max(soft["labels"], key=soft["labels"].get) == LABELS[0]


def test_a_file_may_define_dataclasses(chat: Function, tmp_path: Path) -> None:
    chat.add([("a zebra has come", None)])
    file = written(
        tmp_path,
        "from __future__ import annotations\n"
        "from dataclasses import dataclass\n"
        "@dataclass\nclass Rule:\n    word: str\n"
        "RULE = Rule('zebra')\n"
        f"def rule(text):\n    return {LABELS[0]!r} if RULE.word in text else None\n",
    )
    (soft,) = chat.label(file).soft
    assert max(soft["labels"], key=soft["labels"].get) == LABELS[0]


def test_a_file_that_is_not_there_is_named(chat: Function, tmp_path: Path) -> None:
    with pytest.raises(hotfit.Refusal, match=r"nowhere\.py cannot be opened \(No such file"):
        chat.label(tmp_path / "nowhere.py")
