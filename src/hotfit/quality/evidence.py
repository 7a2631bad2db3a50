"""What findings are drawn from: the samples' labels, scores, splits, repeats and columns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from hotfit.inputs.looks import Looks
from hotfit.quality.neighbours import Nearest, find_nearest
from hotfit.types import Cell, Codes, Groups, Output, Scores, Vectors


@dataclass(frozen=True, kw_only=True)
class Repeat:
    """Two samples (row indices, first < second) of equal (`exact`) or nearly equal content.

    Every sample of equal content is paired with the first that holds it.
    """

    first: int
    second: int
    similarity: float
    exact: bool


@dataclass(frozen=True, kw_only=True)
class Followed:
    """Time that the score follows: what tells it, how much errors of neighbours in time go
    together (0 to 1), and how many of the samples were `judged`, each from earlier ones.
    """

    column: str
    correlation: float
    judged: int


@dataclass(frozen=True, kw_only=True)
class Fall:
    """What the score is now, and what `after` leaving a column unread; `sure` that it falls.

    With `of_new` the rows of one value were held out together besides, so that it is of new values.
    Scores are shares said right; of a quantity, R2.
    """

    before: float
    after: float
    sure: bool
    of_new: bool = False

    def told(self, output: Output) -> tuple[str, str]:
        """Both scores in words."""
        number = output is Output.NUMBER
        before, after = (
            f"R2 {value:.2f}" if number else f"{100 * value:.1f} % right"
            for value in (self.before, self.after)
        )
        return before, after


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """n samples as the finders see them; what is None was not known.

    `codes` (n,) is the label index into `labels`, -1 where a sample has no label. `held_out`
    (n, k) are probabilities from fits that did not see the sample; rows of samples without a
    label are ignored. `second` (n, k) are such of another head that learned the same samples.
    `vectors` (n, d) are given where their cosines mean something. `test` (n,)
    marks the rows of a declared test split. `target` holds the true quantity, (n,), for Number.
    `tags` (n, k) holds 1 present, 0 absent, -1 not stated, for Tags. `columns` are the input
    columns of a table, n cells each, `texts` what text samples hold, `looks` how
    images look. `followed` is set where the score follows time. `falls` is what was measured of
    columns that make the score too good.
    """

    output: Output
    labels: Sequence[str] = ()
    codes: Codes | None = None
    target: NDArray[np.float64] | None = None
    tags: NDArray[np.int8] | None = None
    held_out: Scores | None = None
    second: Scores | None = None
    vectors: Vectors | None = None
    groups: Groups | None = None
    test: NDArray[np.bool_] | None = None
    repeats: Sequence[Repeat] | None = None
    columns: Mapping[str, Sequence[Cell]] | None = None
    texts: Sequence[str] | None = None
    looks: Looks | None = None
    followed: Followed | None = None
    falls: Mapping[str, Fall] = field(default_factory=dict)

    @cached_property
    def nearest(self) -> Nearest | None:
        """The nearest labelled samples of each, where vectors are known; looked for once."""
        if self.vectors is None or not len(self.vectors):
            return None
        labelled = np.arange(len(self.vectors)) if self.codes is None else self.codes >= 0
        voters = np.arange(len(self.vectors))[labelled]
        return find_nearest(self.vectors, voters, groups=self.groups) if len(voters) else None
