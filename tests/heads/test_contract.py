"""Every head of ours keeps the contract it asks of others."""

from hotfit.heads import heads
from hotfit.testing.heads import HeadContract
from hotfit.types import Output


class TestDiscriminant(HeadContract):
    head = heads.get("discriminant.v1")


class TestLogistic(HeadContract):
    head = heads.get("logistic.v1")
    tolerance = 0.02  # it stops at a loss, not at a point


class TestRidge(HeadContract):
    head = heads.get("ridge.v1")


class TestFake(HeadContract):
    head = heads.get("fake.v1")

    def test_what_can_be_learned_is_learned(self, output: Output) -> None:
        if output is not Output.NUMBER:
            super().test_what_can_be_learned_is_learned(output)
