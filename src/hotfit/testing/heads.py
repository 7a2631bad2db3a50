"""What every head keeps: shapes, probabilities, honest hold-outs, the same answer every time.

class TestMine(HeadContract):
    head = MyHead()
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pytest
from numpy.typing import NDArray
from safetensors.numpy import load, save

from hotfit.heads.base import Head, Targets, Trained
from hotfit.types import Features, Groups, Output, State


@dataclass(frozen=True, kw_only=True)
class Problem:
    """A small training set and what to predict with it."""

    features: Features
    targets: Targets
    labels: int
    groups: Groups

    def fit(self, head: Head) -> Trained:
        """Train `head` on all of it."""
        return head.fit(self.features, self.targets, labels=self.labels, groups=self.groups)


def learnable(output: Output, *, n: int = 120, d: int = 6, seed: int = 0) -> Problem:
    """Samples whose answer follows from their features, noise apart; pairs form groups."""
    rng = np.random.default_rng(seed)
    codes = np.arange(n) // 2 % 3
    values = 2 * np.eye(3, d)[codes] + rng.normal(size=(n, d))
    return Problem(
        features=Features(values=values.astype(np.float32)),
        targets=_answers(output, codes, values, rng),
        labels=3,
        groups=np.arange(n) // 2,
    )


def _answers(
    output: Output, codes: NDArray[np.int64], values: NDArray[np.float64], rng: np.random.Generator
) -> Targets:
    if output is Output.CLASSIFICATION:
        return codes.astype(np.int64)
    if output is Output.NUMBER:
        return np.asarray(
            values @ np.arange(1.0, values.shape[1] + 1) + rng.normal(size=len(codes))
        )
    tags = (values[:, :3] > 1).astype(np.int8)
    tags[rng.random(tags.shape) < 0.1] = -1
    return tags


class HeadContract:
    """Inherit it, set `head`; `tolerance` is what equal answers may differ by."""

    head: ClassVar[Head]
    tolerance: ClassVar[float] = 1e-3

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Run each test for every output the head declares."""
        metafunc.parametrize("output", sorted(self.head.outputs))

    def test_scores_have_one_row_a_sample(self, output: Output) -> None:
        """Held-out scores and predictions have the shape the output asks for."""
        problem = learnable(output)
        trained = problem.fit(self.head)
        columns = () if output is Output.NUMBER else (3,)
        assert trained.held_out.shape == (120, *columns)
        predicted = trained.model.predict(problem.features[slice(0, 7)])
        assert predicted.shape == (7, *columns)
        assert predicted.dtype == np.float64
        assert np.isfinite(trained.held_out).all()
        assert trained.model.head == self.head.name

    def test_scores_are_probabilities(self, output: Output) -> None:
        """Between 0 and 1; rows of a classification sum to 1."""
        if output is Output.NUMBER:
            return
        problem = learnable(output)
        trained = problem.fit(self.head)
        for scores in (trained.held_out, trained.model.predict(problem.features)):
            assert scores.min() >= 0
            assert scores.max() <= 1
            if output is Output.CLASSIFICATION:
                assert np.abs(scores.sum(axis=1) - 1).max() < 1e-6

    def test_what_can_be_learned_is_learned(self, output: Output) -> None:
        """Held-out answers beat the constant answer."""
        problem = learnable(output, n=240)
        held_out = problem.fit(self.head).held_out
        truth = problem.targets
        if output is Output.CLASSIFICATION:
            assert (held_out.argmax(axis=1) == truth).mean() > 0.55
        elif output is Output.TAGS:
            stated = truth >= 0
            assert ((held_out > 0.5) == (truth == 1))[stated].mean() > 0.75
        else:
            assert ((held_out - truth) ** 2).mean() < 0.5 * truth.var()

    def test_state_round_trips_through_safetensors(self, output: Output) -> None:
        """A model loaded from stored bytes predicts exactly the same."""
        problem = learnable(output)
        model = problem.fit(self.head).model
        state = model.state()
        stored = save({name: np.ascontiguousarray(a) for name, a in state.arrays.items()})
        loaded = self.head.load(State(arrays=load(stored), parameters=state.parameters))
        assert (loaded.predict(problem.features) == model.predict(problem.features)).all()

    def test_fitting_twice_gives_the_same_bits(self, output: Output) -> None:
        """Nothing is left to chance."""
        problem = learnable(output)
        first, second = problem.fit(self.head), problem.fit(self.head)
        assert (first.held_out == second.held_out).all()
        assert (
            first.model.predict(problem.features) == second.model.predict(problem.features)
        ).all()

    def test_the_order_of_samples_does_not_matter(self, output: Output) -> None:
        """Shuffled samples, shuffled answers."""
        problem = learnable(output)
        order = np.random.default_rng(1).permutation(120)
        shuffled = Problem(
            features=problem.features[order],
            targets=problem.targets[order],
            labels=problem.labels,
            groups=problem.groups[order],
        )
        first, second = problem.fit(self.head), shuffled.fit(self.head)
        scale = 1.0 if output is not Output.NUMBER else float(np.std(problem.targets))
        assert np.abs(first.held_out[order] - second.held_out).max() < self.tolerance * scale
        change = first.model.predict(problem.features) - second.model.predict(problem.features)
        assert np.abs(change).max() < self.tolerance * scale

    def test_the_order_of_labels_does_not_matter(self, output: Output) -> None:
        """Renumbered labels, renumbered columns."""
        if output is Output.NUMBER:
            return
        problem = learnable(output)
        turn = np.array([2, 0, 1])
        classes = output is Output.CLASSIFICATION
        renumbered = Problem(
            features=problem.features,
            targets=np.argsort(turn)[problem.targets] if classes else problem.targets[:, turn],
            labels=3,
            groups=problem.groups,
        )
        first = problem.fit(self.head).model.predict(problem.features)
        second = renumbered.fit(self.head).model.predict(problem.features)
        assert np.abs(first[:, turn] - second).mean() < max(self.tolerance, 0.01)

    def test_a_sample_is_judged_without_its_group(self, output: Output) -> None:
        """Features that only tell duplicates apart help nobody on held-out samples."""
        rng = np.random.default_rng(5)
        groups = np.repeat(np.arange(60), 3)
        values = rng.normal(size=(60, 40))[groups].astype(np.float32)
        codes = rng.permutation(np.arange(60) % 2)[groups].astype(np.int64)
        targets: Targets = codes
        if output is Output.TAGS:
            targets = np.stack([codes, 1 - codes], axis=1).astype(np.int8)
        elif output is Output.NUMBER:
            targets = codes.astype(np.float64)
        problem = Problem(
            features=Features(values=values), targets=targets, labels=2, groups=groups
        )
        held_out = problem.fit(self.head).held_out
        guessed = held_out > 0.5 if output is Output.NUMBER else held_out[:, 1] > 0.5
        told = codes if output is not Output.TAGS else 1 - codes
        assert (guessed == told).mean() < 0.7

    def test_large_groups_are_judged_without_themselves(self, output: Output) -> None:
        """The same where groups hold many samples."""
        rng = np.random.default_rng(6)
        groups = np.repeat(np.arange(12), 20)
        values = (3 * rng.normal(size=(12, 30))[groups] + rng.normal(size=(240, 30))).astype(
            np.float32
        )
        codes = (np.arange(12) % 2)[groups].astype(np.int64)
        targets: Targets = codes
        if output is Output.TAGS:
            targets = np.stack([1 - codes, codes], axis=1).astype(np.int8)
        elif output is Output.NUMBER:
            targets = codes.astype(np.float64)
        problem = Problem(
            features=Features(values=values), targets=targets, labels=2, groups=groups
        )
        held_out = problem.fit(self.head).held_out
        guessed = held_out > 0.5 if output is Output.NUMBER else held_out[:, 1] > 0.5
        assert (guessed == codes).mean() < 0.8

    def test_two_samples_a_label_and_constant_features_are_enough(self, output: Output) -> None:
        """The smallest sets, some columns empty of information, some labels alone."""
        rng = np.random.default_rng(2)
        values = rng.normal(size=(7, 5)).astype(np.float32)
        values[:, 3:] = 1.0
        codes = np.array([0, 0, 1, 1, 2, 2, 3])
        targets: Targets = codes
        if output is Output.TAGS:
            targets = (codes[:, None] == np.arange(4)).astype(np.int8)
        elif output is Output.NUMBER:
            targets = codes.astype(np.float64)
        problem = Problem(
            features=Features(values=values), targets=targets, labels=4, groups=np.arange(7)
        )
        trained = problem.fit(self.head)
        assert np.isfinite(trained.held_out).all()
        assert np.isfinite(trained.model.predict(problem.features)).all()
