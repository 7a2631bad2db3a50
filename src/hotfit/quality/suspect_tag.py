"""Tags that look wrong: present where everything speaks against them, or missing.

Every tag is a pair of labels, present and absent, judged as labels are (`suspect_label`): a model
of the labeller fitted to held-out probabilities. One finding a sample names its worst tag.
"""

import numpy as np

from hotfit.quality.base import Finding, NotApplicable, Severity
from hotfit.quality.evidence import Evidence
from hotfit.quality.suspect_label import suspect_labels

_LIKELY = 0.8
_LEAST_POSITIVES = 10  # of a tag, below which nothing can be said about its samples
_SURE = 0.7  # tags are many: what is only likelier than not would flood the list


class SuspectTag:
    """Finds samples with a tag that looks wrong."""

    kind = "suspect_tag"

    def find(self, evidence: Evidence) -> tuple[Finding, ...] | NotApplicable:
        """Look at every tag alone; highest score first."""
        tags, held_out = evidence.tags, evidence.held_out
        if tags is None or held_out is None:
            return NotApplicable(kind=self.kind, reason="there are no tags with held-out scores")
        worst = np.zeros(len(tags))
        which = np.zeros(len(tags), dtype=np.int64)
        for tag in range(tags.shape[1]):
            if np.count_nonzero(tags[:, tag] == 1) < _LEAST_POSITIVES:
                continue
            likely = held_out[:, tag]
            pair = np.stack([1 - likely, likely], axis=1)
            score = suspect_labels(tags[:, tag].astype(np.int64), pair).score
            which[score > worst] = tag
            worst = np.maximum(worst, score)
        rows = np.flatnonzero(worst > _SURE)
        rows = rows[np.argsort(-worst[rows], kind="stable")]
        return tuple(
            self._finding(evidence, int(row), int(which[row]), float(worst[row])) for row in rows
        )

    def _finding(self, evidence: Evidence, row: int, tag: int, score: float) -> Finding:
        assert evidence.tags is not None
        name, present = evidence.labels[tag], bool(evidence.tags[row, tag] == 1)
        told = "is among the tags, but" if present else "is not among the tags, but"
        return Finding(
            kind=self.kind,
            samples=(row,),
            label=name if present else None,
            suggested=None if present else name,
            score=score,
            severity=Severity.LIKELY if score >= _LIKELY else Severity.HINT,
            evidence=f"{name!r} {told} the samples like it say {'no' if present else 'yes'}",
        )
