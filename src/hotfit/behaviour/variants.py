"""Changes of an input that must not change its answer: which there are, and what they make."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from hotfit.behaviour import pictures, texts
from hotfit.types import Data, Input, Picture

TEXTS: Mapping[str, Callable[[str, np.random.Generator], Sequence[str]]] = {
    "typos": texts.typos,
    "case": texts.case,
    "punctuation": texts.punctuation,
    "names": texts.names,
    "numbers": texts.numbers,
}
"""Changes of a text."""

IMAGES: Mapping[str, Callable[[bytes], Sequence[bytes]]] = {
    "crop": pictures.crop,
    "brightness": pictures.brightness,
    "jpeg": pictures.jpeg,
}
"""Changes of an image."""


def known_for(kind: Input) -> tuple[str, ...]:
    """The changes that an input of this kind can undergo."""
    return tuple(IMAGES) if kind is Input.IMAGE else tuple(TEXTS)


def variants(data: Data, change: str, *, seed: int, fields: Sequence[str] = ()) -> list[Data]:
    """What a change makes of an input, the same every time; empty where it finds nothing to do.

    Of a row its text `fields` are changed, all at once.
    """
    if isinstance(data, Picture):
        return [Picture.of(made) for made in IMAGES[change](data.read())]
    if isinstance(data, str):
        return list(_of_text(data, change, seed))
    changed = {
        name: _of_text(str(data[name]), change, seed)
        for name in fields
        if isinstance(data.get(name), str)
    }
    most = max(map(len, changed.values()), default=0)
    return [
        {**data, **{name: made[at % len(made)] for name, made in changed.items() if made}}
        for at in range(most)
    ]


def _of_text(text: str, change: str, seed: int) -> list[str]:
    random = np.random.default_rng([seed, *text.encode()[:256]])
    made = TEXTS[change](text, random)
    return [each for each in dict.fromkeys(made) if each != text and each.strip()]
