import numpy as np

from hotfit.quality import Evidence, NotApplicable, find
from hotfit.quality.outlier import Outlier
from hotfit.types import Cell, Output, Vectors


def rows(vectors: Vectors) -> list[int]:
    result = Outlier().find(Evidence(output=Output.CLASSIFICATION, vectors=vectors))
    return [] if isinstance(result, NotApplicable) else [one.samples[0] for one in result]


def cloud(n: int, *, spread: float) -> Vectors:
    rng = np.random.default_rng(0)
    return (np.eye(1, 30) + spread * rng.normal(size=(n, 30))).astype(np.float32)


def test_a_sample_of_another_topic_is_found() -> None:
    other = np.roll(np.eye(1, 30, dtype=np.float32), 7)
    assert rows(np.concatenate([cloud(300, spread=0.1), other])) == [300]


def test_data_without_a_topic_has_no_outliers() -> None:
    assert rows(np.random.default_rng(0).normal(size=(300, 30)).astype(np.float32)) == []


def test_few_samples_cannot_be_compared() -> None:
    assert rows(cloud(20, spread=0.1)) == []


def test_what_another_finding_explains_is_no_outlier_besides() -> None:
    far = np.stack([np.roll(np.eye(1, 30, dtype=np.float32)[0], turn) for turn in (7, 14)])
    texts = ["where is the card that you sent to me", "when will the card be with me"] * 150
    other = ["ich habe meine Karte verloren und weiß nicht, was ich tun soll", "a lonely topic"]
    vectors = np.concatenate([cloud(300, spread=0.1), far])
    evidence = Evidence(output=Output.CLASSIFICATION, vectors=vectors, texts=[*texts, *other])
    told = {(one.kind, one.samples) for one in find(evidence)}
    assert {("other_language", (300,)), ("outlier", (301,))} <= told
    assert ("outlier", (300,)) not in told


def test_a_row_with_a_number_that_is_too_far_off_is_found() -> None:
    rng = np.random.default_rng(0)
    age = [float(value) for value in rng.normal(40, 12, 300).round()]
    pay = [float(value) for value in rng.lognormal(11, 0.5, 300).round()]
    town: list[Cell] = [f"town {row % 7}" for row in range(300)]
    age[7], pay[7] = 4_000.0, 5e11
    evidence = Evidence(
        output=Output.CLASSIFICATION,
        columns={"age": [*age[:-1], None], "pay": list(pay), "town": town},
    )
    (one,) = [each for each in find(evidence) if each.kind == "outlier"]
    assert (one.samples, one.column) == ((7,), None)
    assert one.evidence.startswith("'age' is 4,000, where nine in ten lie between ")
    assert "; 'pay' is 500,000,000,000, where " in one.evidence
