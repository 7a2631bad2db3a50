"""The heads of tables keep the contract of every head."""

from hotfit.heads import heads
from hotfit.testing.heads import HeadContract


class TestLinear(HeadContract):
    head = heads.get("linear.v1")


class TestBoosting(HeadContract):
    head = heads.get("boosting.v1")
    tolerance = 0.25  # which columns a node looks at is drawn in the order of labels and samples
