"""The heads for tags and quantities keep the contract of every head."""

from hotfit.heads import heads
from hotfit.testing.heads import HeadContract


class TestTagRidge(HeadContract):
    head = heads.get("tag-ridge.v1")


class TestTagBlend(HeadContract):
    head = heads.get("tag-blend.v1")
    tolerance = 0.02  # logistic regression stops at a loss, not at a point


class TestTagwise(HeadContract):
    head = heads.get("tag-linear.v1")


class TestTagwiseBoosting(HeadContract):
    head = heads.get("tag-boosting.v1")
    tolerance = 0.25  # which columns a node looks at is drawn in the order of labels and samples


class TestStack(HeadContract):
    head = heads.get("stack.v1")
    tolerance = 0.3  # boosted trees are a member


class TestStackedRidge(HeadContract):
    head = heads.get("stacked-ridge.v1")
