import numpy as np
import pytest

from hotfit.quality import Evidence, NotApplicable
from hotfit.quality.merged_label import MergedLabel
from hotfit.types import Codes, Output, Vectors

LABELS = tuple("abcdef")


def clouds() -> tuple[Vectors, Codes]:
    rng = np.random.default_rng(0)
    centres = 3.0 * np.eye(7, 40)
    kinds = np.repeat(np.arange(7), 60)
    points = centres[kinds] + 0.4 * rng.normal(size=(len(kinds), 40))
    return points.astype(np.float32), kinds


def named(vectors: Vectors, codes: Codes) -> list[str | None]:
    evidence = Evidence(output=Output.CLASSIFICATION, labels=LABELS, codes=codes, vectors=vectors)
    result = MergedLabel().find(evidence)
    assert not isinstance(result, NotApplicable)
    return [one.label for one in result]


def test_a_label_of_two_clouds_is_found() -> None:
    vectors, kinds = clouds()
    assert named(vectors, np.minimum(kinds, 5)) == ["f"]


def test_the_samples_that_are_named_are_of_the_one_kind_and_then_of_the_other() -> None:
    vectors, kinds = clouds()
    evidence = Evidence(
        output=Output.CLASSIFICATION,
        labels=LABELS,
        codes=np.minimum(kinds, 5),
        vectors=vectors,
    )
    result = MergedLabel().find(evidence)
    assert not isinstance(result, NotApplicable)
    (found,) = result
    assert [len(set(kinds[list(part)])) for part in (found.samples[:3], found.samples[3:])] == [
        1,
        1,
    ]
    assert set(kinds[list(found.samples)]) == {5, 6}
    assert "the first 3 that are named are typical of the one" in found.evidence


def test_labels_of_one_cloud_each_are_left_alone() -> None:
    vectors, kinds = clouds()
    assert named(vectors[kinds < 6], kinds[kinds < 6]) == []


@pytest.mark.parametrize("labels", [1, 2])
def test_few_labels_cannot_be_compared(labels: int) -> None:
    vectors, kinds = clouds()
    evidence = Evidence(
        output=Output.CLASSIFICATION, labels=LABELS, codes=kinds % labels, vectors=vectors
    )
    assert isinstance(MergedLabel().find(evidence), NotApplicable)
