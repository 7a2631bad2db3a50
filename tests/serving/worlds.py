"""A home with functions trained in milliseconds, and the serving over it."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from hotfit.encoders.base import Encoder
from hotfit.encoders.fake import FakeEncoder
from hotfit.functions import functions, versions
from hotfit.functions.labels import add_label
from hotfit.functions.reading import Labelling
from hotfit.functions.representation import Frozen
from hotfit.functions.trained import TrainedFunction
from hotfit.functions.versions import Candidate, Version
from hotfit.heads.base import Model
from hotfit.heads.fake import Fake
from hotfit.samples import imports
from hotfit.serving.serving import Limits, Serving
from hotfit.store.artifacts import pack
from hotfit.store.blobs import MemoryBlobs
from hotfit.store.sessions import Store
from hotfit.types import Features, Input, Output, Sample

TEXTS = {
    "spam": ("win free money now", "free prize, call now", "cash prize for you"),
    "ham": ("see you at lunch", "lunch at noon?", "call me after lunch"),
}


SECONDS = 60.0
"""How long what must happen may take where the machine is busy with other things."""


@dataclass(kw_only=True)
class World:
    """A store, blobs and an encoder that counts what it encodes."""

    store: Store
    blobs: MemoryBlobs = field(default_factory=MemoryBlobs)
    encoder: Encoder = field(default_factory=FakeEncoder)

    def function(
        self,
        name: str,
        *,
        labels: Sequence[str] = ("spam", "ham"),
        output: Output = Output.CLASSIFICATION,
        kind: Input = Input.TEXT,
    ) -> str:
        """Create a function with labels and no samples; return its identifier."""
        with self.store.write() as session:
            made = functions.create(session, name=name, input=kind, output=output)
            for label in labels:
                add_label(session, made.id, label)
        return made.id

    def fill(self, function: str) -> None:
        """Add three samples of each label."""
        rows = [(text, label) for label, texts in TEXTS.items() for text in texts]
        samples = [
            Sample(number=number, data=text, label=label)
            for number, (text, label) in enumerate(rows, start=1)
        ]
        with self.store.write() as session:
            imports.add(session, function, samples, author="test", blobs=self.blobs)

    def trained(self, function: str) -> str:
        """Create, fill and train a function; return its identifier."""
        identifier = self.function(function)
        self.fill(identifier)
        self.publish(identifier)
        return identifier

    def publish(
        self,
        function: str,
        *,
        model: Model | None = None,
        labels: Sequence[str] = ("spam", "ham"),
        artifact: str | None = None,
    ) -> Version:
        """Publish a version, as training would: of `model`, else one fitted on the texts above."""
        trained = TrainedFunction(
            input=Input.TEXT,
            output=Output.CLASSIFICATION,
            labels=tuple(labels),
            representation=Frozen(encoder=self.encoder),
            model=model or self.model(),
            reading=Labelling(labels=tuple(labels)),
        )
        key = artifact or self.blobs.put(pack(trained.state()))
        with self.store.write() as session:
            change = functions.get(session, function).change
            candidate = Candidate(
                change=change,
                build="instant",
                encoders=(self.encoder.name,),
                head=trained.model.head,
                artifact=key,
                fingerprint="",
                scores={},
                verdict={},
                findings={},
                seconds=0.1,
            )
            return versions.publish(session, function, candidate)

    def model(self) -> Model:
        """The fake head, fitted on the texts above."""
        texts = [text for part in TEXTS.values() for text in part]
        codes = np.repeat(np.arange(len(TEXTS)), 3)
        features = Features(values=self.encoder.encode(texts))
        return Fake().fit(features, codes, labels=2, groups=np.arange(len(texts))).model

    def serving(self, **limits: Any) -> Serving:
        """The serving over this world; only what a test is about runs out of time."""
        limits = {"captures": None, "call_seconds": SECONDS, "learn_seconds": SECONDS} | limits
        return Serving(
            store=self.store,
            blobs=self.blobs,
            open_encoder=lambda _name: self.encoder,
            encoders={Input.TEXT: self.encoder.name},
            limits=Limits(**limits),
        )

    def serve(self, story: Callable[[Serving], Coroutine[Any, Any, None]], **limits: Any) -> None:
        """Run `story` with a serving that follows what goes live."""

        async def told() -> None:
            serving = self.serving(**limits)
            serving.start()
            try:
                async with asyncio.timeout(2 * SECONDS):
                    await story(serving)
            finally:
                await serving.close()

        asyncio.run(told())


async def soon(condition: Callable[[], bool]) -> None:
    """Wait until something holds, or fail."""
    async with asyncio.timeout(SECONDS):
        while not condition():
            await asyncio.sleep(0.002)
