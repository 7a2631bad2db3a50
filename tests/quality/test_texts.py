import numpy as np
import pytest

from hotfit.quality import Evidence, Finding, NotApplicable, findings
from hotfit.quality.other_language import language
from hotfit.types import Output

WORDS = [
    *("please", "help", "my", "card", "was", "lost", "on", "the", "way", "to", "work"),
    *("and", "the", "shop", "said", "it", "is", "gone", "today"),
]


def found(kind: str, texts: list[str]) -> tuple[Finding, ...]:
    result = findings.get(kind).find(Evidence(output=Output.CLASSIFICATION, texts=texts))
    return () if isinstance(result, NotApplicable) else result


def english(n: int, *, words: int = 9) -> list[str]:
    rng = np.random.default_rng(0)
    return [" ".join(rng.choice(WORDS, words)) + f" {row}." for row in range(n)]


def test_a_signature_under_many_texts_is_one_finding() -> None:
    signature = "This message may hold secrets; delete it if it is not for you."
    texts = [
        f"{text} {signature}" if row % 3 == 0 else text for row, text in enumerate(english(90))
    ]
    (one,) = found("boilerplate", texts)
    assert one.samples == tuple(range(0, 90, 3))
    assert "secrets" not in one.evidence


def test_copies_and_common_turns_are_no_boilerplate() -> None:
    assert found("boilerplate", english(90)) == ()
    assert (
        found("boilerplate", ["the very same text of ten words or so again and again"] * 90) == ()
    )


def test_texts_that_pile_up_at_the_greatest_length_are_cut() -> None:
    texts = english(60, words=14)
    cut = [(text * 4)[:150].strip().ljust(150, "x") for text in texts[:8]]
    assert [one.samples for one in found("truncated", [*texts, *cut])] == [
        (60 + row,) for row in range(8)
    ]


def test_a_few_long_texts_are_not_cut() -> None:
    texts = english(60, words=12)
    assert found("truncated", [*texts, "a much longer text " * 9]) == ()
    assert found("truncated", ["yes", "no"] * 40) == ()
    assert found("truncated", [f"{text[:40]:.<41}." for text in texts]) == ()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("where is the card that you sent to me last week", "English"),
        ("ich habe meine Karte verloren und weiß nicht, was ich tun soll", "German"),
        ("je ne sais pas où est ma carte et je suis dans le train", "French"),
        ("no sé dónde está mi tarjeta, por favor ayuda con la cuenta", "Spanish"),
        ("где моя карта, помогите пожалуйста", "Cyrillic letters"),
        ("我的卡还没有到", "Chinese"),
        ("私のカードはいつ届きますか", "Japanese"),
        ("제 카드는 언제 도착하나요", "Korean"),
        ("ha ha ha ha ha ha", None),
        ("", None),
    ],
)
def test_languages_are_told_by_their_commonest_words(text: str, name: str | None) -> None:
    assert language(text) == name


def test_texts_in_another_language_are_found_among_many_of_one() -> None:
    other = "ich habe meine Karte verloren und weiß nicht, was ich tun soll"
    (one,) = found("other_language", [*english(40), other])
    assert one.samples == (40,)
    assert "German" in one.evidence


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Ich möchte meine Bestellung stornieren", "German"),
        ("Comment puis-je changer mon mot de passe ?", "French"),
        ("Cómo puedo cambiar mi contraseña", "Spanish"),
        ("Quero cancelar a minha assinatura por favor", "Portuguese"),
        ("Ik wil mijn abonnement opzeggen alstublieft", "Dutch"),
        ("I would like to cancel my order", "English"),
        ("qwe rty uio pas dfg", None),
    ],
)
def test_the_language_of_a_short_message_is_told(text: str, told: str | None) -> None:
    assert language(text) == told


def test_japanese_in_chinese_characters_alone_is_no_other_language_in_japanese_data() -> None:
    texts = [f"私のカードはいつ届きますか {n}" for n in range(40)]
    assert found("other_language", [*texts, "東京都千代田区"]) == ()
    assert len(found("other_language", [*english(40), "東京都千代田区"])) == 1


def test_data_of_two_languages_is_left_alone() -> None:
    other = "ich habe meine Karte verloren und weiß nicht, was ich tun soll"
    assert found("other_language", [*english(40), *[other] * 10]) == ()
