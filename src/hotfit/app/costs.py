"""What each encoder costs on this machine: measured at first use, kept in the cache folder."""

import json
import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from hotfit.encoders import SIGN
from hotfit.encoders.base import Cost, Encoder
from hotfit.encoders.cost import measure


class Costs:
    """Costs by name of encoder; a joined one costs what its members cost together."""

    def __init__(
        self, path: Path, open_encoder: Callable[[str], Encoder], clock: Callable[[], float]
    ) -> None:
        self._path = path
        self._open = open_encoder
        self._clock = clock
        self._known = _read(path)

    def known(self, name: str) -> Cost | None:
        """The cost that was measured before, None where there is none yet."""
        return self._known.get(name)

    def of(self, name: str) -> Cost:
        """The cost of an encoder, measured now if it is not known."""
        members = [self._member(member) for member in name.split(SIGN)]
        return Cost(
            latency=sum(cost.latency for cost in members), each=sum(cost.each for cost in members)
        )

    def forget(self, name: str) -> None:
        """Drop what is known of an encoder."""
        if self._known.pop(name, None) is not None:
            self._write()

    def _member(self, name: str) -> Cost:
        if name not in self._known:
            self._known[name] = measure(self._open(name), clock=self._clock)
            self._write()
        return self._known[name]

    def _write(self) -> None:
        """Keep what is known; a cache that cannot be written is measured again next time."""
        with suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(suffix=".part", dir=self._path.parent)
            with os.fdopen(handle, "w", encoding="utf-8") as target:
                json.dump({name: asdict(cost) for name, cost in self._known.items()}, target)
            Path(temporary).replace(self._path)


def _read(path: Path) -> dict[str, Cost]:
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return {name: Cost(**facts) for name, facts in kept.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}
