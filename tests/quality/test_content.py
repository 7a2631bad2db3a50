import numpy as np
import pytest

from hotfit.quality import Evidence, Finding, NotApplicable, Severity, findings
from hotfit.quality.broken_encoding import is_misread
from hotfit.types import Codes, Output, Scores


def found(kind: str, **known: object) -> tuple[Finding, ...]:
    evidence = Evidence(output=Output.CLASSIFICATION, **known)  # type: ignore[arg-type]  # any of them
    result = findings.get(kind).find(evidence)
    assert not isinstance(result, NotApplicable)
    return result


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1"])
@pytest.mark.parametrize(
    "text", ["café au lait", "Grüße aus Köln", "it\u2019s \u201cfine\u201d", "5 €"]
)
def test_utf8_read_as_another_encoding_is_seen(text: str, encoding: str) -> None:
    try:
        broken = text.encode().decode(encoding)
    except UnicodeDecodeError:
        pytest.skip("this encoding lacks one of the bytes")
    assert [one.samples for one in found("broken_encoding", texts=[text, broken])] == [(1,)]


@pytest.mark.parametrize(
    "text",
    ["naïve café", "Ünïcödé", "日本語", "Ω ≈ 3", "ÃO PAULO", "prix : 5 €", "😀"],
)
def test_honest_letters_are_left_alone(text: str) -> None:
    assert found("broken_encoding", texts=[text]) == ()
    assert not is_misread(text)


def test_letters_that_were_replaced_are_counted() -> None:
    (one,) = found("broken_encoding", texts=["caf\ufffd cr\ufffdme"])
    assert one.evidence.startswith("2 letters")
    (one,) = found("broken_encoding", texts=["caf\ufffd"])
    assert one.evidence.startswith("1 letter could")


def test_samples_without_content_are_certain() -> None:
    assert [one.samples for one in found("empty_content", texts=["a", " \n", ""])] == [(1,), (2,)]
    assert [one.samples for one in found("empty_content", texts=["??? ...", "7", "😀"])] == [(0,)]
    for word in ("N/A", "None", "missing"):
        (one,) = found("empty_content", texts=["a real text", word])
        assert (one.samples, one.severity) == ((1,), Severity.LIKELY)
    assert found("empty_content", texts=["none of the cards came", "no"]) == ()
    columns = {"a": [None, 1.0], "b": ["", "x"]}
    assert [one.samples for one in found("empty_content", columns=columns)] == [(0,)]


CODES: Codes = np.arange(40) % 2


def test_a_label_that_its_texts_spell_out_is_seen() -> None:
    texts = [f"ticket {n} {'Card-Lost' if code else 'other'}" for n, code in enumerate(CODES)]
    known = {"codes": CODES, "labels": ["payment", "card_lost"]}
    (one,) = found("label_in_text", texts=texts, **known)
    assert (one.label, one.score, len(one.samples)) == ("card_lost", 1.0, 20)
    everywhere = [f"card lost {n}" for n in range(40)]
    assert found("label_in_text", texts=everywhere, **known) == ()
    part = [f"{'card lost' if n % 8 == 1 else 'gone'} {n}" for n in range(40)]
    assert found("label_in_text", texts=part, **known) == ()


@pytest.mark.parametrize(
    ("name", "other", "told"),
    [
        ("card_lost", "card_lost_abroad", [("card_lost", 14)]),  # no word of the other's name
        ("billing/refund", "chat", [("billing/refund", 14)]),
        ("refund", "chat", []),  # a topic
    ],
)
def test_a_label_spelled_as_only_a_program_does_gives_single_texts_away(
    name: str, other: str, told: list[tuple[str, int]]
) -> None:
    codes = np.arange(80) % 2
    marks = {0: f"[{name}] ", 3: f"{other}: "}
    texts = [f"{marks.get(n % 6, '')}ticket {n}" for n in range(80)]
    labels = [name, other]
    first = list(found("label_in_text", texts=texts, codes=codes, labels=labels))
    assert [(one.label, len(one.samples)) for one in first if one.label == name] == told
    anyones = [f"{'[' + name + '] ' if n % 5 == 0 else ''}ticket {n}" for n in range(80)]
    assert found("label_in_text", texts=anyones, codes=codes, labels=labels) == ()


def scores(mistaken: float) -> tuple[Codes, Scores]:
    """Three labels of 100; of the first two, a share is answered as the other."""
    codes = np.repeat(np.arange(3), 100)
    said = codes.copy()
    many = int(100 * mistaken)
    said[:many], said[100 : 100 + many] = 1, 0
    return codes, np.eye(3)[said]


def test_labels_that_a_coin_would_tell_apart_overlap() -> None:
    codes, held_out = scores(0.45)
    (one,) = found("overlapping_labels", codes=codes, held_out=held_out, labels=["a", "b", "c"])
    assert (one.label, one.suggested) == ("a", "b")
    assert one.score == pytest.approx(0.9)


def test_labels_that_are_often_told_apart_do_not_overlap() -> None:
    codes, held_out = scores(0.25)
    assert found("overlapping_labels", codes=codes, held_out=held_out, labels=list("abc")) == ()
