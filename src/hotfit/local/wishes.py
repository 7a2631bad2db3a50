"""What a user wants of tags: how surely they are right, or how many of them are found."""

from hotfit.errors import Refusal
from hotfit.types import Output


class BadWish(Refusal):
    """A least precision or recall that cannot be kept."""

    def __init__(self, *, found: str, expected: str) -> None:
        super().__init__(f"{found}; {expected}.")


def goal_of(
    output: Output, *, min_precision: float | None, min_recall: float | None
) -> dict[str, float]:
    """The goal as it is kept beside the function, empty where nothing is asked; raise BadWish."""
    asked = {"min_precision": min_precision, "min_recall": min_recall}
    goal = {name: value for name, value in asked.items() if value is not None}
    for name, value in goal.items():
        if not 0 < value < 1:
            raise BadWish(
                found=f"{name} is {value:g}", expected="a share between 0 and 1 was expected"
            )
    if goal and output is not Output.TAGS:
        raise BadWish(
            found=f"{' and '.join(goal)} was given for a function that answers {output.value}",
            expected="thresholds belong to Tags: leave it out, or ask for --output tags",
        )
    return goal
