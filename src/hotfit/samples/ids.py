"""How samples are called outside: `sample_` and their number in 16 digits of base 36."""

from hotfit.store.ids import as_id, letters

LARGEST = 2**63 - 1


def sample_id(number: int) -> str:
    """The identifier of the sample of this number."""
    return f"sample_{letters(number)}"


def as_sample(text: str) -> int | None:
    """The number of a sample by its identifier, with or without its kind in front."""
    known = as_id("sample", text)
    number = None if known is None else int(known.removeprefix("sample_"), 36)
    return number if number is not None and number <= LARGEST else None
