"""The library's front door: `hotfit.fit`, `load`, `list_functions` and `encode`."""

from collections.abc import Callable, Sequence
from pathlib import Path

from hotfit.errors import Refusal
from hotfit.folders import Folder
from hotfit.local.folders import fit_folder, is_function_folder
from hotfit.local.function import Function
from hotfit.local.home import Home
from hotfit.local.loaded import SUFFIX, load_file
from hotfit.types import Data, Output, Vectors


def fit(
    source: object,
    *,
    name: str | None = None,
    target: str | None = None,
    inputs: Sequence[str] | None = None,
    output: Output | str | None = None,
    together: Sequence[str] | None = None,
    tuned: bool = True,
    min_precision: float | None = None,
    min_recall: float | None = None,
    encoder: str | None = None,
    max_latency_ms: float | None = None,
    home: Path | str | None = None,
) -> Function:
    """Make a trained function from labelled examples.

    `source` is a path, a list of rows (dicts) or of (data, label) pairs, a dict of columns, or a
    data frame. `target` and `inputs` name columns, `output` is `Classification`, `Tags` or
    `Number`; what is not given is guessed, and the guesses stand in `report()["notes"]`.
    Tags are present from the score on that keeps `min_precision` or `min_recall`, else from that
    of the best F1. Rows of one value of a column in `together`, such as a customer's, are held out
    together, so that the score is of new ones. `encoder` pins the encoder, `max_latency_ms` is what
    one may take for a call.
    A folder with a `hotfit.toml` is fitted as that says, into `home` or a home of its own, and
    its `hotfit.lock` is written.
    Raises Refusal where the source is at fault; nothing is kept then.
    """
    if is_function_folder(source):
        folder = Folder.open(str(source))
        return fit_folder(folder, home=None if home is None else Home.open(home)).function
    return Home.open(home).fit(
        source,
        name=name,
        target=target,
        inputs=inputs,
        output=None if output is None else _output(output),
        together=together,
        tuned=tuned,
        min_precision=min_precision,
        min_recall=min_recall,
        encoder=encoder,
        max_latency_ms=max_latency_ms,
    )


def _output(name: Output | str) -> Output:
    """The output of this name, whatever its case; raise UnknownOutput."""
    try:
        return Output(str(name).capitalize())
    except ValueError:
        raise UnknownOutput(name=str(name)) from None


class UnknownOutput(Refusal):
    """Functions have no output of this name."""

    def __init__(self, *, name: str) -> None:
        known = ", ".join(repr(str(each.value)) for each in Output)
        super().__init__(f"{name[:60]!r} is no output of a function; the outputs are {known}")


class NotTexts(Refusal):
    """What should be encoded is no list of texts."""

    def __init__(self, *, found: str) -> None:
        super().__init__(f"encode was given {found}; a list of texts was expected")


def load(
    name: Path | str,
    *,
    home: Path | str | None = None,
    prepare: Callable[[Data], Data] | None = None,
) -> Function:
    """Find a function by its name or identifier, or read the file that `hotfit export -o` wrote.

    A path that ends in `.hotfit` is a file: it answers in this process, without a server or a
    home. `prepare` is the Python that changes each input, for files whose function had some.
    Raises FunctionUnknown; of a file ModelRefused, Newer or Unprepared.
    """
    if isinstance(name, Path) or name.endswith(SUFFIX):
        return load_file(Path(name), prepare=prepare)
    return Home.open(home).load(name)


def list_functions(*, home: Path | str | None = None) -> list[Function]:
    """List the functions of a home, by name."""
    return Home.open(home).functions()


def encode(
    values: Sequence[str], *, encoder: str | None = None, home: Path | str | None = None
) -> Vectors:
    """Encode texts into vectors of length 1, float32, shape (n, dimensions)."""
    if isinstance(values, str):
        raise NotTexts(found="one text")
    texts = list(values)
    for number, text in enumerate(texts, 1):
        if not isinstance(text, str):
            raise NotTexts(found=f"a value of type {type(text).__name__} as number {number}")
    return Home.open(home).encode(texts, encoder=encoder)
