"""Nearly equal texts: copies that differ by typos, a cut end, an added end or a word in many.

Candidates: the texts share some of their rarest character shingles (windows of `q` characters).
A shingle that only one text holds cannot join two, so a typo costs a copy nothing but the windows
it touches, and boilerplate that many texts end with is never among the rarest. This is prefix
filtering with document-frequency order (Chaudhuri, Ganti and Kaushik 2006; Bayardo, Ma and Srikant
2007) with the prefix cut to a fixed number of slots, which bounds the work to O(n).

Confirmation compares words, weighted by idf(w) = log((n + 1) / df(w)), after words that differ by
a slip of the finger were matched. Words of rare weight must agree: "block my card" is no copy of
"cancel my card", however close their vectors are.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

_SHINGLE = 5
_SLOTS = 12
_FULL_BUCKET = 12
_WINDOW = 4
_MOST_SHINGLES = 1_500_000
_MOST_CANDIDATES = 8  # per text, on average
_LEAST_SHARED = 2
_LEAST_SHARE = 0.25

_COPY_WORDS = 8
_COPY_WEIGHT = 0.8
_CONTAINED_WORDS = 6
_TIMES_RARER = 20  # a slip is this much rarer than the word that was meant
_SHORT_WORD = 5


def near_pairs(texts: Sequence[str]) -> list[tuple[int, int, float]]:
    """Find pairs (i < j) of normalised, mutually different texts that are near copies.

    The third entry is their similarity in (0, 1): the idf-weighted share of words in common.
    """
    judge = Judge.of(texts)
    pairs = candidates(texts)
    found = ((i, j, judge.similarity(i, j)) for i, j in pairs.tolist())
    return [(i, j, value) for i, j, value in found if value > 0.0]


def candidates(texts: Sequence[str]) -> NDArray[np.int64]:
    """Propose pairs of texts that share rare shingles, shape (m, 2), first < second."""
    shingle, text = _shingles(texts)
    if not len(shingle):
        return np.empty((0, 2), dtype=np.int64)
    bucket, text = _rarest(shingle, text, len(texts))
    slots = np.bincount(text, minlength=len(texts))
    lengths = np.array([len(t) for t in texts], dtype=np.int64)
    order = np.lexsort((lengths[text], bucket))
    left, right = _bucket_pairs(bucket[order], text[order])
    low, high = np.minimum(left, right), np.maximum(left, right)
    keys, shared = np.unique(low * len(texts) + high, return_counts=True)
    low, high = keys // len(texts), keys % len(texts)
    share = shared / np.maximum(np.minimum(slots[low], slots[high]), 1)
    keep = ((shared >= _LEAST_SHARED) & (share >= _LEAST_SHARE)) | (share >= 1.0)
    low, high, share = low[keep], high[keep], share[keep]
    most = _MOST_CANDIDATES * len(texts)
    if len(low) > most:
        best = np.argpartition(-share, most)[:most]
        low, high = low[best], high[best]
    return np.stack([low, high], axis=1)


def _shingles(texts: Sequence[str]) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Hash every window of characters; return the hashes and the text each comes from."""
    squashed = [text.replace(" ", "") for text in texts]
    lengths = np.array([len(text) for text in squashed], dtype=np.int64)
    joined = "".join(squashed).encode("utf-32-le", "surrogatepass")
    points = np.frombuffer(joined, dtype="<u4").astype(np.uint64)
    windows = len(points) - _SHINGLE + 1
    if windows <= 0:
        return np.empty(0, dtype=np.uint64), np.empty(0, dtype=np.int64)
    hashed = np.zeros(windows, dtype=np.uint64)
    for offset in range(_SHINGLE):
        hashed *= np.uint64(0x9E3779B97F4A7C15)
        hashed += points[offset : offset + windows]
        hashed ^= hashed >> np.uint64(29)
    owner = np.repeat(np.arange(len(texts)), lengths)
    inside = owner[:windows] == owner[_SHINGLE - 1 :]
    every = math.ceil(windows / _MOST_SHINGLES)
    if every > 1:  # a sample that depends on the shingle alone is the same in every text
        inside &= (hashed >> np.uint64(17)) % np.uint64(every) == 0
    return hashed[inside], owner[:windows][inside]


def _rarest(
    shingle: NDArray[np.uint64], text: NDArray[np.int64], n: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Keep of each text the rarest shingles that another text holds too, as bucket numbers."""
    order = np.argsort(shingle, kind="stable")
    shingle, text = shingle[order], text[order]
    starts = np.empty(len(shingle), dtype=bool)
    starts[0] = True
    np.not_equal(shingle[1:], shingle[:-1], out=starts[1:])
    fresh = starts.copy()
    fresh[1:] |= text[1:] != text[:-1]
    bucket = np.cumsum(starts)[fresh] - 1
    text = text[fresh]
    frequency = np.bincount(bucket)[bucket]
    common = frequency > 1
    bucket, text, frequency = bucket[common], text[common], frequency[common]
    order = np.argsort(text * (n + 1) + frequency, kind="stable")
    bucket, text = bucket[order], text[order]
    first = np.searchsorted(text, np.arange(n))
    keep = np.arange(len(text)) - first[text] < _SLOTS
    return bucket[keep], text[keep]


def _bucket_pairs(
    bucket: NDArray[np.int64], text: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pair the texts of each bucket: all of them, or each with the next few of like length."""
    sizes = np.bincount(bucket, minlength=1)[bucket]
    left, right = [], []
    for step in range(1, _FULL_BUCKET):
        if step >= len(bucket):
            break
        together = bucket[step:] == bucket[:-step]
        if step > _WINDOW:
            together &= sizes[step:] <= _FULL_BUCKET
        left.append(text[:-step][together])
        right.append(text[step:][together])
    empty = [np.empty(0, dtype=np.int64)]
    return np.concatenate(left or empty), np.concatenate(right or empty)


@dataclass(frozen=True)
class Judge:
    """Decides whether two texts of a collection are near copies."""

    words: list[list[str]]
    different: list[frozenset[str]]
    frequency: Counter[str]
    weight: dict[str, float]
    slips: dict[tuple[str, str], bool]

    @classmethod
    def of(cls, texts: Sequence[str]) -> "Judge":
        """Count in how many of the texts each word stands."""
        words = [text.split() for text in texts]
        different = [frozenset(line) for line in words]
        frequency = Counter(chain.from_iterable(different))
        n = len(texts) + 1
        weight = {word: math.log(n / df) + 0.1 for word, df in frequency.items()}
        return cls(words=words, different=different, frequency=frequency, weight=weight, slips={})

    def similarity(self, i: int, j: int) -> float:
        """Return the weighted share of words in common, or 0 where the texts are no copies."""
        if len(self.words[i]) > len(self.words[j]):
            i, j = j, i
        if not self._may_be_copies(i, j):
            return 0.0
        one, two = self.words[i], self.words[j]
        only_one, only_two = _difference(one, two)
        most = _most_slips(len(one))
        if len(only_one) > most + 2 and len(one) - len(only_one) < _COPY_WORDS - most:
            return 0.0
        slips = self._match_slips(only_one, only_two)
        common = len(one) - len(only_one)
        rest = self._mass(only_one) + self._mass(only_two)
        shared = max(self._mass(two) - self._mass(only_two), 0.0)
        value = shared / (shared + rest) if shared else 0.0
        if slips > _most_slips(common):
            return 0.0
        if not only_one and not only_two:
            return min(value, 0.99)
        if not only_one and common >= _CONTAINED_WORDS and self._starts(one, two):
            return min(max(value, 0.5), 0.99)
        copied = common >= _COPY_WORDS and value >= _COPY_WEIGHT
        return min(value, 0.99) if copied else 0.0

    def _may_be_copies(self, i: int, j: int) -> bool:
        """Reject cheaply what differs in more words than any kind of copy may."""
        one, two = self.different[i], self.different[j]
        common = len(one & two)
        missing, extra = len(one) - common, len(two) - common
        few = _most_slips(len(one)) + 2
        if missing > few:
            return common >= _COPY_WORDS // 2 and common >= 0.5 * (common + missing + extra)
        return extra <= few or common >= _CONTAINED_WORDS // 2

    def _mass(self, words: list[str]) -> float:
        return sum([self.weight[word] for word in words])

    def _starts(self, one: list[str], two: list[str]) -> bool:
        """Tell whether the longer text begins with the shorter one, slips aside."""
        return all(a == b or self._is_slip(a, b) for a, b in zip(one, two, strict=False))

    def _match_slips(self, one: list[str], two: list[str]) -> int:
        """Take words that differ by a slip off both lists; return how many were taken."""
        taken = 0
        for word in list(one) if self._any_rare(one, two) else ():
            match = next((other for other in two if self._is_slip(word, other)), None)
            if match is not None:
                one.remove(word)
                two.remove(match)
                taken += 1
        if one and two and len(one) + len(two) > 2 and _is_moved_space("".join(one), "".join(two)):
            one.clear()
            two.clear()
            taken += 1
        return taken

    def _any_rare(self, one: list[str], two: list[str]) -> bool:
        """Tell whether any two of the words may be a slip by how often they are used."""
        if not one or not two:
            return False
        uses = [self.frequency[word] for word in (*one, *two)]
        return min(uses) <= max(1, max(uses) // _TIMES_RARER)

    def _is_slip(self, one: str, two: str) -> bool:
        """Tell whether one word is the other mistyped: close in letters, and not both in use."""
        if abs(len(one) - len(two)) > 2:
            return False
        known = self.slips.get((one, two))
        if known is None:
            known = self.slips[one, two] = self._looks_mistyped(one, two)
        return known

    def _looks_mistyped(self, one: str, two: str) -> bool:
        rare, usual = sorted((self.frequency[one], self.frequency[two]))
        if rare > max(1, usual // _TIMES_RARER) or not (one.isalpha() and two.isalpha()):
            return False
        twice = max(len(one), len(two)) > _SHORT_WORD and (one[0] == two[0] or usual > 1)
        most = 2 if twice else 1
        return _edits(one, two, most) <= most


def _most_slips(words: int) -> int:
    return max(2 if words >= 4 else 1, words // 4)


def _is_moved_space(one: str, two: str) -> bool:
    """Tell whether the letters are the same but for a slip, however they are cut into words."""
    if min(len(one), len(two)) < _SHORT_WORD or not (one.isalpha() and two.isalpha()):
        return one == two
    ends = one[0] == two[0] and one[-1] == two[-1]
    return ends and abs(len(one) - len(two)) <= 2 and _edits(one, two, 2) <= 2


def _difference(one: list[str], two: list[str]) -> tuple[list[str], list[str]]:
    """Return the words of each list that the other lacks, counted, in their order."""
    left, right = list(one), []
    for word in two:
        if word in left:
            left.remove(word)
        else:
            right.append(word)
    return left, right


def _edits(one: str, two: str, most: int) -> int:
    """Count insertions, deletions, substitutions and swaps of neighbours, up to `most` + 1.

    Optimal string alignment (Damerau 1964).
    """
    before: list[int] = []
    row = list(range(len(two) + 1))
    for i, a in enumerate(one, start=1):
        older, before, row = before, row, [i] + [0] * len(two)
        for j, b in enumerate(two, start=1):
            best = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == two[j - 2] and b == one[i - 2]:
                best = min(best, older[j - 2] + 1)
            row[j] = best
        if min(row) > most:
            return most + 1
    return row[-1]
