"""Labels, scores, repeats and columns in; findings out: what in the data is worth a look.

Imports `evaluation`, `inputs`, `types`, `errors` and `registry` alone.
"""

from hotfit.quality.base import Finder, Finding, NotApplicable, Severity
from hotfit.quality.ceiling import Ceiling, noise_ceiling
from hotfit.quality.evidence import Evidence, Followed, Repeat
from hotfit.quality.survey import Survey, find, findings, survey
from hotfit.quality.suspect_label import Suspects, suspect_labels

__all__ = [
    "Ceiling",
    "Evidence",
    "Finder",
    "Finding",
    "Followed",
    "NotApplicable",
    "Repeat",
    "Severity",
    "Survey",
    "Suspects",
    "find",
    "findings",
    "noise_ceiling",
    "survey",
    "suspect_labels",
]
