"""The parts of one home, each opened when it is first needed."""

import time
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from threading import Lock

from hotfit import encoders as families
from hotfit.app.choosing import Chosen, best_image_encoder
from hotfit.app.costs import Costs
from hotfit.encoders.base import Encoder
from hotfit.settings import Settings
from hotfit.store.blobs import FileBlobs
from hotfit.store.sessions import Store
from hotfit.store.thumbnails import Thumbnails
from hotfit.store.vectors import CachedEncoder
from hotfit.training.bench import Bench, Report, silent
from hotfit.types import Input

PINNING = {Input.TEXT: "text_encoder", Input.IMAGE: "image_encoder"}
"""The setting that, where it is given, decides which encoder reads a kind of input."""


class App:
    """Database, blobs and encoders of the home that `settings` name; safe to share by threads."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._encoders: dict[str, Encoder] = {}
        self._opening = Lock()

    @cached_property
    def store(self) -> Store:
        """The database."""
        return Store.open(self.settings.database_url)

    @cached_property
    def blobs(self) -> FileBlobs:
        """The content-addressed files."""
        return FileBlobs(self.settings.blobs_folder)

    @cached_property
    def thumbnails(self) -> Thumbnails:
        """Small copies of the images among the blobs."""
        return Thumbnails(self.settings.cache.expanduser() / "thumbnails", self.blobs)

    @property
    def encoders(self) -> Mapping[Input, str]:
        """The encoder of each kind of input, by name."""
        return Chosen(
            {
                Input.TEXT: lambda: self.settings.text_encoder,
                Input.IMAGE: lambda: self._image_encoder,
            }
        )

    @cached_property
    def _image_encoder(self) -> str:
        settings = self.settings
        return settings.image_encoder or best_image_encoder(
            cache=settings.weights_cache, folder=settings.weights, offline=settings.offline
        )

    @cached_property
    def shelf(self) -> families.Shelf:
        """The encoders of the catalogue and of this home."""
        return families.Shelf(self.settings.home.expanduser())

    @cached_property
    def costs(self) -> Costs:
        """What each encoder costs on this machine."""
        path = self.settings.cache.expanduser() / "costs.json"
        return Costs(path, self.open_encoder, time.perf_counter)

    def open_encoder(self, name: str) -> Encoder:
        """The encoder of this name, loaded once; names of joined ones hold a `+`.

        Raises UnknownPart, WeightsUnavailable or Unpinned.
        """
        if families.SIGN in name:
            members = name.split(families.SIGN)
            return families.JoinedEncoder([self.open_encoder(member) for member in members])
        with self._opening:
            if name not in self._encoders:
                self._encoders[name] = families.open(
                    self.shelf.get(name),
                    cache=self.weights_of(name),
                    folder=self.settings.weights,
                    offline=self.settings.offline,
                )
            return self._encoders[name]

    def waiting_encoder(self, name: str) -> Encoder:
        """The encoder of this name, opened only if it has to encode; what it does is kept."""
        entries = [self.shelf.get(member) for member in name.split(families.SIGN)]
        return families.Unopened(
            name,
            kind=entries[0].input,
            dimensions=sum(entry.dimensions for entry in entries),
            opening=self._cached,
        )

    def drop_encoder(self, name: str) -> None:
        """Let go of an encoder whose files are about to be deleted."""
        with self._opening:
            self._encoders.pop(name, None)

    def weights_of(self, name: str) -> Path:
        """The folder with the verified files of an encoder; what was added stays in the home."""
        added = name in self.shelf.added()
        return self.shelf.folder if added else self.settings.weights_cache

    def has_encoder(self, name: str) -> bool:
        """Whether an encoder can be opened without the network."""
        return families.is_at_hand(
            self.shelf.get(name), cache=self.weights_of(name), folder=self.settings.weights
        )

    def rivals(self, kind: Input) -> Sequence[str]:
        """The encoders for a kind of input that training may try, cheapest first.

        Only those on this machine; none where a setting names the encoder of this kind.
        """
        if kind in self._fixed:
            return ()
        names = [
            name
            for name in self.shelf
            if (entry := self.shelf.get(name)).input is kind and entry.candidate
        ]
        at_hand = [name for name in names if self.has_encoder(name)]
        if len(at_hand) < 2:
            return ()
        return sorted(at_hand, key=lambda name: self.costs.of(name).each)

    @property
    def _fixed(self) -> frozenset[Input]:
        given = self.settings.model_fields_set
        return frozenset(kind for kind, setting in PINNING.items() if setting in given)

    def _cached(self, name: str) -> CachedEncoder:
        """An encoder that keeps what it encoded; joined ones share the vectors of their members."""
        if families.SIGN not in name:
            return CachedEncoder(self.open_encoder(name), self.store)
        members = [self._cached(member) for member in name.split(families.SIGN)]
        return CachedEncoder(families.JoinedEncoder(members), self.store)

    def bench(self, report: Report = silent) -> Bench:
        """What a training run works with; its encoders keep what they encoded."""
        return Bench(
            store=self.store,
            blobs=self.blobs,
            encoders=self.encoders,
            open_encoder=self._cached,
            clock=time.monotonic,
            report=report,
            rivals=self.rivals,
            cost=self.costs.of,
            fixed=self._fixed,
        )
