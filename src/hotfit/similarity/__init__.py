"""Samples in; which of them are the same, nearly the same, or alike out.

Enters: sample contents (texts, rows, image bytes) and vectors. Leaves: groups of samples that must
stay on one side of every split, the pairs behind them, and nearest neighbours. Imports `types`
alone.
"""

from hotfit.similarity.groups import Duplicates, Pair, duplicate_groups
from hotfit.similarity.search import Hits, nearest

__all__ = ["Duplicates", "Hits", "Pair", "duplicate_groups", "nearest"]
