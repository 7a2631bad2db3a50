"""Texts in another language than the rest, told by their letters and their commonest words.

Every language spells a few dozen words over and over ("the", "und", "que"). A text belongs to the
language most of whose commonest words it holds, or to the alphabet of most of its letters. Only
where nearly all texts that can be told are of one language are the others worth a look.
"""

import re
import unicodedata
from collections import Counter

from hotfit.quality.base import Finding, NotApplicable, Severity
from hotfit.quality.evidence import Evidence

_COMMON = {
    "English": (
        "a the of and to in is that it was for on are with as his they at be this have from or had"
        " by not but what all were we when your can said there use an each which she do how their"
        " if will up other about out many then them these so some her would make like him into has"
        " my me you i"
    ),
    "German": (
        "der die das und ist nicht ein eine einen einem einer ich sie wir ihr mit auf für von dem"
        " den des zu im sich auch es an werden aus er hat dass wie als aber noch nach bei nur oder"
        " wird war kann wenn bitte meine mein habe haben keine"
        " am vor mehr zum zur vom bis durch über unter gegen sind mir mich uns wo warum sehr"
        " schon ja nein diese dieser dieses um sein seine ihre möchte kommt gibt mal"
    ),
    "French": (
        "le la les de des du un une et est que qui dans pour pas sur au aux ce cette il elle nous"
        " vous je ne se plus par avec tout mais sont être ou où mon ma mes votre été fait c'est"
        " j'ai n'est"
        " comment puis peux voudrais veux suis leur leurs ces ses son sa très bien aussi"
        " depuis quand pourquoi à y l'ai d'un d'une qu'il s'il"
    ),
    "Spanish": (
        "el la los las de del que y en un una por con no es para su al lo como más pero sus le ya o"
        " este sí porque esta entre cuando muy sin sobre también me hasta hay donde quien mi yo"
        " puedo está"
        " dónde cómo quiero tengo mis desde hace hacer ser fue ha he te nos favor puede qué"
        " cuál aquí todo todos"
    ),
    "Italian": (
        "il lo la gli le di del della dei che e è in un una per con non sono da al alla come anche"
        " più ma se mi ho ha questo questa nel nella mio mia si ci quando dove perché"
        " vorrei posso cosa stato molto dello delle alle dal sul suo sua fare essere ancora"
    ),
    "Portuguese": (
        "o a os as de do da dos das que e em um uma por com não é para no na se como mais mas foi"
        " ao ele ela meu minha eu você está isso pelo pela são também quando muito"
        " onde quero tenho meus minhas favor pode à aos às já até sem seu sua nos nas fazer"
    ),
    "Dutch": (
        "de het een en van ik te dat die in je niet is op aan met voor er maar om hij zijn ze wij"
        " ook als dan nog uit bij naar heb heeft mijn kan wat geen wel"
        " wil waar waarom hoe mij me onze deze door over al alstublieft bent was werd zou"
        " zonder"
    ),
    "Swedish": (
        "och att det som en på är av för med den till inte om ett har jag men var vi så kan man när"
        " från han hon eller nu mig min"
        " vad hur varför mitt mina vill ska ut upp efter hade då alla någon väntat"
    ),
    "Polish": (
        "i w na z do nie się że to jest o jak po ale za co dla od przez tak czy tym jego już mam"
        " moja mój jestem gdzie"
        " moje moim kiedy dlaczego można proszę chcę tylko bardzo przed był była są więc lub"
    ),
    "Turkish": (
        "ve bir bu da de için ile ne çok daha ama gibi var mi değil ben sen o kadar olarak bana"
        " benim nas\u0131l"
        " nerede neden hala şu her şey olan olduğu ya en sonra önce lütfen istiyorum"
    ),
}
_OF_SCRIPT = {
    "CJK": "Chinese",
    "HIRAGANA": "Japanese",
    "KATAKANA": "Japanese",
    "KATAKANA-HIRAGANA": "Japanese",
    "HANGUL": "Korean",
}
_EITHER = ("Chinese", "Japanese")  # Japanese texts are written in Chinese characters alone too
_SETS = {name: frozenset(words.split()) for name, words in _COMMON.items()}
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_LEAST_WORDS = 5
_LEAST_KNOWN = 3
_LEAST_SHARE = 0.25
_AHEAD = 2  # times the common words of any other language
_MOST = 0.1  # of the texts; where more are in another language, the data is of both
_SEEN = 400  # letters of a text


class OtherLanguage:
    """Finds texts in another language than nearly all others."""

    kind = "other_language"

    def find(self, evidence: Evidence) -> tuple[Finding, ...] | NotApplicable:
        """Tell the language of every text that can be told."""
        if evidence.texts is None:
            return NotApplicable(kind=self.kind, reason="the samples are no texts")
        told = [language(text) for text in evidence.texts]
        counted = Counter(name for name in told if name is not None)
        if not counted:
            return ()
        main, most = counted.most_common(1)[0]
        if counted.total() - most > _MOST * counted.total():
            return NotApplicable(kind=self.kind, reason="the texts are in several languages")
        return tuple(
            Finding(
                kind=self.kind,
                samples=(row,),
                score=0.9,
                severity=Severity.LIKELY,
                evidence=f"it is written in {name}, where nearly all texts are in {main}",
            )
            for row, name in enumerate(told)
            if name is not None and name != main and (name, main) != _EITHER
        )


def language(text: str) -> str | None:
    """The language or alphabet of a text, None where it cannot be told."""
    start = text[:_SEEN].casefold()
    if not start.isascii():
        alphabet = _alphabet(start)
        if alphabet is not None:
            return alphabet
    words = _WORD.findall(start.replace("\u2019", "'"))
    if len(words) < _LEAST_WORDS:
        return None
    different = frozenset(words)
    known = sorted(
        ((len(different & common), name) for name, common in _SETS.items()),
        reverse=True,
    )
    (hits, name), (next_hits, _) = known[:2]
    least = _LEAST_KNOWN if next_hits else _LEAST_KNOWN - 1
    clear = hits >= max(least, _LEAST_SHARE * len(different)) and hits >= _AHEAD * next_hits
    return name if clear else None


def _alphabet(text: str) -> str | None:
    """The alphabet of most letters where it is not the Latin one."""
    letters = [char for char in text if char.isalpha()]
    if len(letters) < _LEAST_WORDS:
        return None
    named = Counter(_script(char) for char in letters)
    if "Japanese" in named:
        named["Japanese"] += named.pop("Chinese", 0)
    (first, most) = named.most_common(1)[0]
    return None if first == "Latin letters" or most < len(letters) / 2 else first


def _script(char: str) -> str:
    """What a letter is of: a language where that tells it, else an alphabet."""
    first = unicodedata.name(char, "UNKNOWN").split()[0]
    return _OF_SCRIPT.get(first, f"{first.title()} letters")
