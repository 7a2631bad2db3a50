"""Which encoder reads each kind of input, decided when it is first asked."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from hotfit.encoders import IMAGE_ENCODERS, PIXELS, WeightsUnavailable, fetch
from hotfit.types import Input

NO_NETWORK = (
    f"No pretrained image network could be had, so images are read by their colours, edges and"
    f" textures ({PIXELS.name}), which costs 10 to 20 points of accuracy on photographs. Put"
    f" {IMAGE_ENCODERS[0].files[0].name} into a folder, set HOTFIT_WEIGHTS=<that folder> and fit"
    " again."
)
"""What is said where images are read without a network."""


class Chosen(Mapping[Input, str]):
    """Names of encoders by kind of input; each is chosen when it is looked up."""

    def __init__(self, chosen: Mapping[Input, Callable[[], str]]) -> None:
        self._chosen = chosen

    def __getitem__(self, kind: Input) -> str:
        return self._chosen[kind]()

    def __iter__(self) -> Iterator[Input]:
        return iter(self._chosen)

    def __len__(self) -> int:
        return len(self._chosen)


def best_image_encoder(*, cache: Path, folder: Path | None, offline: bool) -> str:
    """The best image network that is on this machine or can be fetched; else `pixels`.

    Only the best one is looked for on the network: where it cannot be had, others cannot either.
    """
    for place, entry in enumerate(IMAGE_ENCODERS):
        try:
            fetch(entry, cache=cache, folder=folder, offline=offline or place > 0)
        except WeightsUnavailable:
            continue
        return entry.name
    return PIXELS.name
