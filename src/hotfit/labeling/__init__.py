"""Samples with and without answers in; what to label next, and what rules of thumb say, out.

Pure: vectors, label codes and votes as arrays. Imports `evaluation`, `heads` and `types` alone.
"""

from hotfit.labeling.batch import Batch, Pick
from hotfit.labeling.desk import Desk
from hotfit.labeling.likeness import more_like

__all__ = ["Batch", "Desk", "Pick", "more_like"]
