import numpy as np

from hotfit.quality import Evidence, NotApplicable, Severity
from hotfit.quality.suspect_quantity import SuspectQuantity
from hotfit.quality.suspect_tag import SuspectTag
from hotfit.types import Output, Scores


def prices(n: int = 2000) -> tuple[Scores, Scores]:
    """Quantities with heavy-tailed errors that grow with their size, and their predictions."""
    rng = np.random.default_rng(0)
    expected = np.exp(rng.uniform(3, 6, n))
    return expected * (1 + 0.05 * rng.laplace(size=n)), expected


def test_quantities_off_by_a_factor_are_found_and_heavy_tails_are_not() -> None:
    target, expected = prices()
    target[[5, 70]] *= [10, 0.01]
    evidence = Evidence(output=Output.NUMBER, target=target, held_out=expected)
    found = SuspectQuantity().find(evidence)
    assert not isinstance(found, NotApplicable)
    assert {one.samples for one in found[:2]} == {(5,), (70,)}
    assert len(found) <= 4
    assert found[0].severity is Severity.LIKELY
    assert found[0].score >= found[-1].score
    assert 0 < found[-1].score < 1


def test_a_perfect_prediction_makes_nothing_suspect() -> None:
    target = np.arange(100.0)
    evidence = Evidence(output=Output.NUMBER, target=target, held_out=target.copy())
    assert SuspectQuantity().find(evidence) == ()


def test_without_quantities_nothing_is_looked_for() -> None:
    assert isinstance(SuspectQuantity().find(Evidence(output=Output.TAGS)), NotApplicable)
    assert isinstance(SuspectTag().find(Evidence(output=Output.NUMBER)), NotApplicable)


def test_flipped_tags_are_found_and_said_which_way() -> None:
    rng = np.random.default_rng(1)
    likely = np.where(rng.random((1500, 2)) < 0.3, 0.97, 0.03)
    tags = (rng.random((1500, 2)) < likely).astype(np.int8)
    tags[likely > 0.5] = 1
    tags[likely < 0.5] = 0
    tags[3, 0] = 1 - tags[3, 0]
    tags[9, 1] = 1 - tags[9, 1]
    tags[20] = -1
    evidence = Evidence(output=Output.TAGS, labels=("red", "blue"), tags=tags, held_out=likely)
    found = {one.samples[0]: one for one in SuspectTag().find(evidence)}  # type: ignore[union-attr]
    assert set(found) == {3, 9}
    for row, name, tag in ((3, "red", 0), (9, "blue", 1)):
        told = found[row].label if tags[row, tag] == 1 else found[row].suggested
        assert told == name
