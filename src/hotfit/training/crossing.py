"""Declared test rows whose content is learned from too: a score on them promises too much."""

from dataclasses import dataclass

import numpy as np

from hotfit.quality import Evidence, Finding, NotApplicable
from hotfit.quality.split_leak import SplitLeak
from hotfit.similarity.groups import duplicate_groups
from hotfit.similarity.pictures import Found, near_pictures
from hotfit.training.bench import Bench
from hotfit.training.encoded import Encoded, look, repeats_of
from hotfit.training.material import Material


@dataclass(frozen=True, kw_only=True)
class Tested:
    """The rows of a declared test split, and the findings that some of them are learned from.

    Findings count the test rows on from those that are learned from.
    """

    material: Material
    leaks: tuple[Finding, ...] = ()


def declared(bench: Bench, encoded: Encoded, test: Material) -> Tested:
    """Look in a declared test split for rows that repeat, exactly or nearly, what is learned."""
    if not len(test):
        return Tested(material=test)
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
    return Tested(material=test, leaks=() if isinstance(found, NotApplicable) else found)


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
