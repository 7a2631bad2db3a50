"""Columns whose equal values tie rows together, as somebody who knows their data names them."""

from collections.abc import Sequence

from hotfit.errors import Refusal
from hotfit.inputs.choice import Choice


class CannotTie(Refusal):
    """A column that rows should be held out together by cannot serve so."""

    def __init__(self, *, source: str, column: str, found: str, do: str) -> None:
        super().__init__(
            f"{source}: rows cannot be held out together by {column!r}: {found}; a column that"
            f" stands beside those that are learned from was expected: {do}"
        )


def beside(asked: Sequence[str], together: Sequence[str], *, answer: str | None) -> tuple[str, ...]:
    """The inputs `asked` for and what ties them together; none where none are asked for."""
    more = [name for name in together if asked and name not in {*asked, answer}]
    return (*asked, *more)


def refuse_untied(
    choice: Choice, together: Sequence[str], *, source: str, answer: str | None, split: str | None
) -> None:
    """Raise CannotTie where a column of `together` is not kept with the samples of a table."""
    for column in together:
        parts = {answer: "the answer", split: "the split", choice.text: "what is learned from"}
        if column in parts:
            raise CannotTie(
                source=source, column=column, found=f"it is {parts[column]}", do="name another"
            )
        if not any(field.name == column for field in choice.fields):
            raise CannotTie(
                source=source,
                column=column,
                found=_why(choice, column),
                do=f"name those with --input, such as {_example(choice)!r}",
            )
    if together and all(field.name in together for field in choice.fields):
        raise CannotTie(
            source=source,
            column=together[-1],
            found="no other column is learned from",
            do="name one with --input",
        )


def _why(choice: Choice, column: str) -> str:
    if choice.text is not None:
        return f"the text in {choice.text!r} is read alone"
    reasons = {each.name: each.reason for each in choice.ignored}
    return f"it {reasons.get(column, 'is not read')}"


def _example(choice: Choice) -> str:
    return choice.text or next((field.name for field in choice.fields), "text")
