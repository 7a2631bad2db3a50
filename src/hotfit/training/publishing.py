"""Publishing: the artifact is kept first, then one transaction lets the version answer."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from hotfit.evaluation.paired import Comparison
from hotfit.functions.findings import FoundInData
from hotfit.functions.functions import Function
from hotfit.functions.reading import Reading
from hotfit.functions.rolls import Roll, keep_roll, label_ids, pack_roll
from hotfit.functions.trained import TrainedFunction
from hotfit.functions.versions import Build, Candidate, Version
from hotfit.functions.versions import publish as keep
from hotfit.heads.base import Trained
from hotfit.quality import Finding
from hotfit.store.artifacts import pack
from hotfit.training.bench import Bench, Stopwatch
from hotfit.training.encoded import Encoded
from hotfit.training.judging import Opinion
from hotfit.training.sound import refuse_broken


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """A trained model with everything that is said about it.

    `test` is its score on the declared test rows; `won` the paired test against the model that
    it replaces.
    """

    encoded: Encoded
    trained: Trained
    reading: Reading
    opinion: Opinion
    build: Build = "instant"
    test: Mapping[str, Any] | None = None
    won: Comparison | None = None

    def function(self) -> TrainedFunction:
        """The model with all that a call needs."""
        return trained_function(self.encoded, self.trained, self.reading)


def trained_function(encoded: Encoded, trained: Trained, reading: Reading) -> TrainedFunction:
    """Set a model beside the representation and labels it was trained with."""
    material = encoded.material
    return TrainedFunction(
        input=material.input,
        output=material.output,
        labels=material.labels,
        representation=encoded.representation,
        model=trained.model,
        reading=reading,
    )


def publish(bench: Bench, function: Function, outcome: Outcome, watch: Stopwatch) -> Version:
    """Keep the artifact, then publish the version with its scores and findings."""
    material = outcome.encoded.material
    refuse_broken(function.name, outcome.function(), outcome.encoded.features)
    artifact = bench.blobs.put(pack(outcome.function().state()))
    roll = bench.blobs.put(pack_roll(_roll(bench, function, outcome)))
    judgement, seconds = outcome.opinion.judgement, watch.lap()
    candidate = Candidate(
        change=material.change,
        build=outcome.build,
        encoders=(outcome.encoded.representation.name,),
        head=outcome.trained.model.head,
        artifact=artifact,
        fingerprint=material.fingerprint(),
        scores=_scores(outcome, watch),
        verdict=asdict(judgement.verdict),
        findings={},  # counted when they are kept: some were settled before
        seconds=seconds,
    )
    ids = [*material.ids.tolist(), *outcome.opinion.beyond]
    found = [_kept(each, ids) for each in outcome.opinion.findings]
    with bench.store.write() as session:
        bench.guard(session, candidate)
        version = keep(session, function.id, candidate, found)
        keep_roll(session, version.id, roll)
        return version


def _roll(bench: Bench, function: Function, outcome: Outcome) -> Roll:
    """What was trained on, and what was said of it unseen."""
    encoded, material = outcome.encoded, outcome.encoded.material
    with bench.store.read() as session:
        labels = label_ids(session, function, material.labels, material.change)
    judged = np.zeros(len(material), dtype=np.bool_)
    judged[encoded.judged] = True
    return Roll(
        output=material.output,
        labels=tuple(labels),
        ids=material.ids,
        hashes=material.hashes,
        targets=material.targets,
        groups=encoded.groups,
        judged=judged,
        held_out=outcome.trained.held_out,
    )


def _scores(outcome: Outcome, watch: Stopwatch) -> dict[str, Any]:
    scores: dict[str, Any] = {
        "held_out": dict(outcome.opinion.judgement.score),
        "trained_on": len(outcome.encoded.material),
        "baseline": asdict(outcome.opinion.judgement.baseline),
        "first_model": watch.first,
        "examined": outcome.opinion.full,
    }
    if outcome.opinion.statistics is not None:
        scores["statistics"] = outcome.opinion.statistics
    if outcome.opinion.full:
        scores["curve"] = [asdict(point) for point in outcome.opinion.judgement.curve]
    if outcome.test is not None:
        scores["test"] = dict(outcome.test)
    if outcome.won is not None:
        scores["won"] = {"wins": outcome.won.wins, "losses": outcome.won.losses, "p": outcome.won.p}
    return scores


def _kept(finding: Finding, ids: Sequence[int]) -> FoundInData:
    """Name samples by identifier, not by their row in this run."""
    evidence = {
        "sentence": finding.evidence,
        "severity": finding.severity.value,
        "label": finding.label,
        "suggested": finding.suggested,
        "column": finding.column,
        "about": finding.about,
        "likely": finding.likely,
    }
    return FoundInData(
        kind=finding.kind,
        samples=[ids[row] for row in finding.samples],
        score=finding.score,
        evidence={key: value for key, value in evidence.items() if value is not None},
    )
