"""Declared test rows whose content is learned from too: a score on them promises too much."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hotfit.functions.findings import list_findings
from hotfit.functions.functions import Function
from hotfit.quality import Evidence, Finding, NotApplicable
from hotfit.quality.split_leak import SplitLeak
from hotfit.similarity.groups import duplicate_groups
from hotfit.similarity.pictures import Found, near_pictures
from hotfit.training.bench import Bench
from hotfit.training.encoded import Encoded, look, repeats_of
from hotfit.training.material import Material


@dataclass(frozen=True, kw_only=True)
class Tested:
    """The n rows of a declared test split, and the findings that some of them are learned from.

    Findings count the test rows on from those that are learned from. `apart` (n,) marks the rows
    that are not learned from, or of which a person dismissed the finding that they are.
    """

    material: Material
    apart: NDArray[np.bool_]
    leaks: tuple[Finding, ...] = ()


def declared(bench: Bench, function: Function, encoded: Encoded, test: Material) -> Tested:
    """Look in a declared test split for rows that repeat, exactly or nearly, what is learned."""
    if not len(test):
        return Tested(material=test, apart=np.ones(0, dtype=np.bool_))
    learned = len(encoded.material)
    repeats = duplicate_groups(
        [*encoded.material.data, *test.data], pictures=_alike(bench, encoded, test)
    )
    found = SplitLeak().find(
        Evidence(
            output=test.output,
            test=np.arange(learned + len(test)) >= learned,
            repeats=repeats_of(repeats),
        )
    )
    leaks = () if isinstance(found, NotApplicable) else found
    learned_too = [each.samples[0] - learned for each in leaks]
    with bench.store.read() as session:
        settled = list_findings(session, function.id, kind=SplitLeak.kind, status="dismissed")
    apart = np.ones(len(test), dtype=np.bool_)
    apart[learned_too] = False
    apart |= np.isin(test.ids, [each.samples[0] for each in settled])
    return Tested(material=test, apart=apart, leaks=leaks)


def _alike(bench: Bench, encoded: Encoded, test: Material) -> list[Found]:
    """Near copies among the images that are learned from and those of `test`."""
    looks = None if encoded.looks is None else look(bench, test)
    if encoded.looks is None or looks is None:
        return []
    features = encoded.representation.features(
        test.data, progress=lambda done, total: bench.report("encoding the test part", done, total)
    )
    return near_pictures(
        np.concatenate([encoded.looks.thumbnails, looks.thumbnails]),
        np.concatenate([encoded.features.values, features.values]),
    )
