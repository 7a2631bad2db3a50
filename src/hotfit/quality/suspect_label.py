"""Labels that look wrong, ranked, with an estimate of how many really are.

Two opinions that did not see the label, the held-out probabilities p (of two heads their geometric
mean) and the vote v of the nearest samples, are pooled to q ~ p^(1-a) (v + s)^a (Genest and Zidek
1986), with the a up to 1/2 under which the labels are likeliest: some samples lie in clusters that
the head does not draw, elsewhere a vote is noise. `label_noise` turns q into the probability w that
the label is wrong, if all that a model gets wrong were chance. It is not: a model of few samples
errs where the label is right. So what is believed is

    logit w' = 0.8 + 0.3 max(logit w, 0) + min(logit w, 0) - 12 / m

with m the different samples that carry the label. The numbers come from a logistic regression on
what 2,300 tasks of 60 to 3,000 texts, images or rows held, with mistakes planted at random, between
like labels, and in hard samples. A label looks wrong from w' = 0.6; from 0.05 it is doubtful, and
listed after those: where mistakes look like hard samples, most are found there.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hotfit.heads.calibration import as_scores, fit_weights, weigh
from hotfit.quality.base import Finding, NotApplicable, Severity
from hotfit.quality.evidence import Evidence
from hotfit.quality.kinds import LOOKS_WRONG
from hotfit.quality.label_noise import wrong_probability
from hotfit.quality.neighbours import Nearest, neighbour_votes
from hotfit.types import Codes, Groups, Scores, Vectors

_TINY = 1e-6
_HEARD = np.array([0.6, 0.4])  # head and neighbours, where the labels do not tell
_MOST_VOTE = 0.5  # of the neighbours beside the head
_MOST_ASKED = 1500  # samples that tell how much each is worth
_DOUBT = 0.01  # added to a vote: that no neighbour holds a label does not exclude it
_LEAST_SAMPLES = 3  # different ones of a label, below which nothing can be said about them
_DOUBTFUL = 0.05
_BELIEVED = 0.8
_SLOPE = 0.3
_RARE = 1e-12
_SURE = 9.0  # log odds that are surer than this order labels, and hardly tell more
_ORDER = 0.01
_MISTRUST = 12.0  # of a label of one sample, on the log-odds scale


@dataclass(frozen=True, kw_only=True)
class Suspects:
    """Suspect labels among n samples.

    `score` (n,) is the probability that the label is wrong, 0 for samples without a label.
    `suggested` (n,) is the likeliest other label. `flagged` are the rows that look wrong, most
    suspect first, `listed` these and the doubtful ones after them. `wrong` estimates how many of
    all labels really are wrong, `wrong_flagged` how many of the flagged.
    """

    score: NDArray[np.float64]
    suggested: Codes
    flagged: NDArray[np.int64]
    listed: NDArray[np.int64]
    wrong: float
    wrong_flagged: float


def suspect_labels(
    codes: Codes,
    held_out: Scores,
    *,
    vectors: Vectors | None = None,
    groups: Groups | None = None,
    nearest: Nearest | None = None,
) -> Suspects:
    """Rank n samples by how wrong their label looks, from (n, k) held-out probabilities.

    `codes` is -1 where a sample has no label. `vectors` (n, d) let the nearest samples vote;
    those of the same group do not, since a copy brings its own copy of the mistake. `nearest` are
    the nearest labelled samples where they are known.
    """
    n, k = held_out.shape
    labelled = np.flatnonzero(codes >= 0)
    score = np.zeros(n)
    suggested = np.zeros(n, dtype=np.int64)
    wrong = 0.0
    if len(labelled) and k > 1:
        own = codes[labelled]
        opinion = held_out[labelled].astype(np.float64)
        if vectors is not None:
            votes = neighbour_votes(vectors, codes, labels=k, groups=groups, nearest=nearest)[
                labelled
            ]
            opinion = _pooled(opinion, votes, own)
        held = groups[labelled] if groups is not None else labelled
        different = _different(own, held, labels=k)[own]
        chance = wrong_probability(own, opinion)
        score[labelled] = _believed(chance, different)
        score[labelled[different < _LEAST_SAMPLES]] = 0.0
        wrong = float(np.minimum(chance, score[labelled]).sum())
        opinion[np.arange(len(own)), own] = -1.0
        suggested[labelled] = opinion.argmax(axis=1)
    order = np.argsort(-score, kind="stable")
    flagged = order[: int((score >= LOOKS_WRONG).sum())]
    return Suspects(
        score=score,
        suggested=suggested,
        flagged=flagged,
        listed=order[: int((score >= _DOUBTFUL).sum())],
        wrong=wrong,
        wrong_flagged=float(score[flagged].sum()),
    )


def _pooled(opinion: Scores, votes: Scores, codes: Codes) -> NDArray[np.float64]:
    """One opinion (n, k) of a head's and the neighbours', each heard as it foretells labels."""
    terms = [np.log(opinion + _TINY), np.log(votes + _DOUBT)]
    asked = np.arange(len(codes))
    if len(codes) > _MOST_ASKED:
        asked = np.random.default_rng(0).choice(len(codes), _MOST_ASKED, replace=False)
    heard = fit_weights([term[asked] for term in terms], codes[asked], start=_HEARD)
    vote = min(heard[1] / heard.sum(), _MOST_VOTE)
    return as_scores(weigh(terms, np.array([1 - vote, vote])))


def _believed(chance: NDArray[np.float64], different: Codes) -> NDArray[np.float64]:
    """w' of n labels, from w and how many different samples carry the label."""
    wrong = np.clip(chance, _RARE, 1 - _RARE)
    odds = np.log(wrong / (1 - wrong))
    rising = _SLOPE * np.clip(odds, 0, _SURE) + _ORDER * np.maximum(odds - _SURE, 0)
    rising += np.minimum(odds, 0)
    believed: NDArray[np.float64] = 1 / (1 + np.exp(_MISTRUST / different - _BELIEVED - rising))
    return believed


def _different(codes: Codes, groups: Groups, *, labels: int) -> Codes:
    """How many groups hold each label, (k,): copies that are held out together count as one."""
    pairs = np.unique(np.stack([codes, groups]), axis=1)
    return np.bincount(pairs[0], minlength=labels)


def _together(first: Scores, second: Scores | None) -> Scores:
    """The geometric mean of what two heads hold likely, (n, k): their doubts differ."""
    if second is None:
        return first
    joint = np.sqrt((first + _TINY) * (second + _TINY))
    return np.asarray(joint / joint.sum(axis=1, keepdims=True))


class SuspectLabel:
    """Finds labels that look wrong."""

    kind = "suspect_label"

    def find(self, evidence: Evidence) -> tuple[Finding, ...] | NotApplicable:
        """Look for labels that held-out predictions contradict."""
        if evidence.codes is None or evidence.held_out is None:
            return NotApplicable(kind=self.kind, reason="there are no labels with held-out scores")
        suspects = suspect_labels(
            evidence.codes,
            _together(evidence.held_out, evidence.second),
            vectors=evidence.vectors,
            groups=evidence.groups,
            nearest=evidence.nearest,
        )
        return tuple(self._finding(int(row), suspects, evidence) for row in suspects.listed)

    def _finding(self, row: int, suspects: Suspects, evidence: Evidence) -> Finding:
        assert evidence.codes is not None
        label = evidence.labels[evidence.codes[row]]
        suggested = evidence.labels[suspects.suggested[row]]
        score = float(suspects.score[row])
        return Finding(
            kind=self.kind,
            samples=(row,),
            label=label,
            suggested=suggested,
            score=score,
            severity=Severity.LIKELY if score >= LOOKS_WRONG else Severity.HINT,
            evidence=f"labelled {label!r}, but the samples like it say {suggested!r}",
        )
