"""Which heads a function is trained with: one at once, others when there is time."""

from hotfit.types import Input, Output

INSTANT = {
    (Input.TEXT, Output.CLASSIFICATION): "discriminant.v1",
    (Input.IMAGE, Output.CLASSIFICATION): "discriminant.v1",
    (Input.TABULAR, Output.CLASSIFICATION): "linear.v1",
    (Input.TEXT, Output.TAGS): "tag-ridge.v1",
    (Input.IMAGE, Output.TAGS): "tag-ridge.v1",
    (Input.TABULAR, Output.TAGS): "tag-linear.v1",
    (Input.TEXT, Output.NUMBER): "ridge.v1",
    (Input.IMAGE, Output.NUMBER): "ridge.v1",
    (Input.TABULAR, Output.NUMBER): "linear.v1",
}
"""The head that learns in milliseconds."""

TUNED = {
    (Input.TEXT, Output.CLASSIFICATION): ("neighbours.v1", "mixture.v1"),
    (Input.IMAGE, Output.CLASSIFICATION): ("neighbours.v1", "mixture.v1"),
    (Input.TABULAR, Output.CLASSIFICATION): ("blend.v1",),
    (Input.TEXT, Output.TAGS): ("tag-blend.v1",),
    (Input.IMAGE, Output.TAGS): ("tag-blend.v1",),
    (Input.TABULAR, Output.TAGS): ("tag-boosting.v1",),
    (Input.TEXT, Output.NUMBER): ("stacked-ridge.v1",),
    (Input.IMAGE, Output.NUMBER): ("stacked-ridge.v1",),
    (Input.TABULAR, Output.NUMBER): ("stack.v1",),
}
"""Heads tried in the background, cheapest first; each must win a paired test."""

SEARCHED_SCORES = 4_000_000
"""Samples times labels above which no other heads are tried: a search would take many minutes."""

SPREAD = {
    Input.TEXT: "ridge.v1",
    Input.IMAGE: "ridge.v1",
    Input.TABULAR: "linear.v1",
}
"""The head that learns how far off a quantity's answers are."""
