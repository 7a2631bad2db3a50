"""Publishing an edit: its score at once, the verdict and findings of the last full examination."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Text, select, type_coerce

from hotfit.evaluation.judge import judge
from hotfit.functions.functions import Function
from hotfit.functions.reading import Labelling
from hotfit.functions.representation import Representation
from hotfit.functions.rolls import Edits, keep_roll
from hotfit.functions.trained import TrainedFunction
from hotfit.functions.versions import Candidate, Version
from hotfit.functions.versions import publish as keep
from hotfit.functions.versions import version as read_version
from hotfit.heads.base import Model
from hotfit.store.artifacts import pack
from hotfit.store.sessions import Reading
from hotfit.store.tables import versions
from hotfit.training.bench import Bench, Stopwatch
from hotfit.training.material import Material
from hotfit.training.sound import refuse_broken
from hotfit.types import Codes, Features, Groups, Scores, Vectors


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What the last full examination of a function said, by its version."""

    version: str
    verdict: Mapping[str, Any]
    findings: Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class Edited:
    """A model right after an edit.

    `truth` (m,), `scores` (m, k) and `groups` (m,) are the held-out predictions it is scored on,
    `tried` (m, d) vectors it is tried on. It was trained on the samples of the blob `roll`, but for
    `edits`.
    """

    material: Material
    representation: Representation
    model: Model
    truth: Codes
    scores: Scores
    groups: Groups
    tried: Vectors
    standing: Standing | None
    roll: str
    edits: Edits


def last_examined(session: Reading, function: str, known: Standing | None) -> Standing | None:
    """The last full examination; `known` is returned where it still is the last."""
    kept = type_coerce(versions.c.scores, Text)
    identifier = session.scalar(
        select(versions.c.id)
        .where(versions.c.function_id == function, kept.contains('"examined":true'))
        .order_by(versions.c.number.desc())
        .limit(1)
    )
    if identifier is None or (known is not None and known.version == identifier):
        return known
    found = read_version(session, identifier)
    return Standing(version=found.id, verdict=found.verdict, findings=found.findings)


def publish_edited(bench: Bench, function: Function, edited: Edited, watch: Stopwatch) -> Version:
    """Try the model, keep it, and let it answer."""
    material = edited.material
    trained = TrainedFunction(
        input=material.input,
        output=material.output,
        labels=material.labels,
        representation=edited.representation,
        model=edited.model,
        reading=Labelling(labels=material.labels),
    )
    refuse_broken(function.name, trained, Features(values=edited.tried))
    with ThreadPoolExecutor(1) as writing:  # the disk works while the score is computed
        kept = writing.submit(bench.blobs.put, pack(trained.state()))
        judgement = judge(
            material.output, edited.truth, edited.scores, edited.groups, material.labels
        )
        fingerprint = material.fingerprint()
        artifact = kept.result()
    standing = edited.standing
    scores = {
        "held_out": dict(judgement.score),
        "trained_on": len(material),
        "baseline": asdict(judgement.baseline),
        "first_model": watch.lap(),
        "examined": False if standing is None else standing.version,
    }
    candidate = Candidate(
        change=material.change,
        build="instant",
        encoders=(edited.representation.name,),
        head=edited.model.head,
        artifact=artifact,
        fingerprint=fingerprint,
        scores=scores,
        verdict=asdict(judgement.verdict) if standing is None else standing.verdict,
        findings={} if standing is None else standing.findings,
        seconds=watch.lap(),
    )
    with bench.store.write() as session:
        bench.guard(session, candidate)
        version = keep(session, function.id, candidate)
        keep_roll(session, version.id, edited.roll, edited.edits)
        return version
