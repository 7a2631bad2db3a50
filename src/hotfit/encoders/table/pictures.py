"""Images in a row: how they look to the image encoder, reduced by principal components."""

from typing import ClassVar

from hotfit.encoders.table.texts import MeaningColumn


class LookColumn(MeaningColumn):
    """The leading principal components of the vectors of an image; a cell is its data URI."""

    part: ClassVar[str] = "look"
    aspect: ClassVar[str] = "look"
