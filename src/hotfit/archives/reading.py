"""Brings a function back from a file: all of it in one transaction, or nothing."""

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from types import NoneType
from typing import Any

from sqlalchemy import func, insert, select, update

from hotfit.archives.opening import Archive, open_archive, refuse
from hotfit.archives.stated import Manifest, SampleStated, Value, read_manifest, read_sample
from hotfit.functions import functions, versions
from hotfit.functions.findings import FoundInData
from hotfit.functions.functions import Function
from hotfit.functions.labels import insert_labels
from hotfit.functions.names import clean_name, name_key
from hotfit.functions.versions import Candidate
from hotfit.inputs.picture import BadPicture, check
from hotfit.samples.sets import add_set
from hotfit.store import outbox
from hotfit.store.artifacts import ArtifactCorrupt, unpack
from hotfit.store.blobs import Blobs
from hotfit.store.columns import storable, to_json
from hotfit.store.content import content_hash, data_to_json
from hotfit.store.sessions import Store, Writing
from hotfit.store.tables import annotations, labels, origins, sample_set_members, samples
from hotfit.store.tables import functions as function_table
from hotfit.types import Field, Input, Output

BATCH = 1000


def import_function(
    store: Store, blobs: Blobs, file: Path, *, name: str | None = None, shared: bool = False
) -> Function:
    """Make the function of an archive, under `name` or its own; raise ArchiveRefused, NameTaken.

    It answers as it did where it was exported; what its version had not learned, it learns here.
    With `shared` it may have the name of another.
    """
    with open_archive(file) as archive:
        manifest = read_manifest(archive.manifest)
        archive.trust(manifest.files)
        for key in archive.images():
            blobs.put(_sound(archive.image(key)))
        artifact = _keep_artifact(archive, manifest, blobs)
        with store.write() as session:
            work = _Reading(session, manifest, set(archive.images()), name=name, shared=shared)
            work.read_samples(archive)
            work.finish(artifact)
            return functions.get(session, work.function.id)


def _sound(image: bytes) -> bytes:
    try:
        check(image)
    except BadPicture as fault:
        refuse(f"an image in it {fault.why}")
    return image


def _keep_artifact(archive: Archive, manifest: Manifest, blobs: Blobs) -> str | None:
    """Keep the trained version, once it was seen to be one; return its key."""
    if manifest.version is None:
        return None
    content = archive.artifact()
    try:
        parameters = unpack(content).parameters
    except ArtifactCorrupt:
        refuse("its trained version cannot be read")
    is_now = manifest.function
    told = (parameters.get("input"), parameters.get("output"), parameters.get("head"))
    if told != (is_now.input, is_now.output, manifest.version.head):
        refuse("its trained version is of another function")
    return blobs.put(content)


class _Reading:
    """One import under way."""

    def __init__(
        self,
        session: Writing,
        manifest: Manifest,
        images: set[str],
        *,
        name: str | None,
        shared: bool,
    ) -> None:
        self.session = session
        self.manifest = manifest
        self.images = images
        stated = manifest.function
        self.function = functions.create(
            session,
            name=name or stated.name,
            input=stated.input,
            output=stated.output,
            target=None if stated.target is None else storable(stated.target),
            fields=[
                Field(name=clean_name("field", one.name), kind=one.kind) for one in stated.fields
            ],
            plan=stated.plan.model_dump(exclude_none=True),
            shared=shared,
        )
        # Numbers of changes go on from where the function was exported: versions name them.
        session.run(
            update(function_table)
            .where(function_table.c.id == self.function.id)
            .values(change=max(stated.change, self.function.change))
        )
        self.change = outbox.next_change(session, self.function.id)
        self.labels = self._make_labels()
        self.sets = [
            add_set(session, self.function.id, one.name, trains=one.trains).id
            for one in manifest.sets
        ]
        self.origins: dict[str, int] = {}
        self.ids: list[int] = []

    def read_samples(self, archive: Archive) -> None:
        """Keep the samples of the archive."""
        lines = (read_sample(number, given) for number, given in archive.lines())
        while batch := list(islice(lines, BATCH)):
            self._keep(batch)
        if len(self.ids) != self.manifest.samples:
            refuse(f"it holds {len(self.ids):,} samples and states {self.manifest.samples:,}")

    def finish(self, artifact: str | None) -> None:
        """Let the version answer, and write down what is left to be learned."""
        version = self.manifest.version
        learned = version is not None and version.learned
        payload = {"samples": len(self.ids)}
        kind = "version.imported" if learned else "samples.imported"
        outbox.record(self.session, self.function.id, kind, payload, number=self.change)
        if version is None or artifact is None:
            return
        candidate = Candidate(
            change=min(version.change, self.change),
            build=version.build,
            encoders=version.encoders,
            head=version.head,
            artifact=artifact,
            fingerprint=version.fingerprint,
            scores=version.scores,
            verdict=version.verdict,
            findings=version.findings,
            seconds=version.seconds,
        )
        found = [
            FoundInData(
                kind=one.kind,
                samples=[self.ids[place] for place in one.samples if 0 <= place < len(self.ids)],
                score=one.score,
                evidence=one.evidence,
                status=one.status,
            )
            for one in version.found
        ]
        versions.publish(self.session, self.function.id, candidate, found)

    def _make_labels(self) -> list[str]:
        names = [clean_name("label", one.name) for one in self.manifest.labels]
        if len({name_key(name) for name in names}) != len(names):
            refuse("two of its labels have one name")
        made = insert_labels(self.session, self.function.id, names)
        for label, one in zip(made, self.manifest.labels, strict=True):
            self.session.run(
                update(labels)
                .where(labels.c.id == label.id)
                .values(
                    description=one.description,
                    metadata=one.metadata,
                    former=[list(each) for each in one.former] or None,
                )
            )
        return [label.id for label in made]

    def _keep(self, batch: Sequence[SampleStated]) -> None:
        rows = [self._row(one) for one in batch]
        self._refuse_taken(rows)
        statement = insert(samples).returning(samples.c.id, sort_by_parameter_order=True)
        ids = [int(row.id) for row in self.session.returned(statement, rows)]
        self.ids += ids
        pairs = list(zip(ids, batch, strict=True))
        self.session.run_many(insert(annotations), self._said(pairs))
        members = [
            {"sample_id": key, "set_id": self._place(self.sets, place), "weight": weight}
            for key, one in pairs
            for place, weight in one.sets
        ]
        self.session.run_many(insert(sample_set_members), members)

    def _row(self, one: SampleStated) -> dict[str, Any]:
        data = self._data(one)
        return {
            "function_id": self.function.id,
            "origin_id": self._origin(one.origin),
            "number": one.number,
            "external_id": one.external_id,
            "data": data,
            "blob": one.image,
            "file": one.file,
            "content_hash": bytes.fromhex(one.image)
            if one.image is not None
            else content_hash(one.data if one.data is not None else ""),
            "split": one.split,
            "stated": self._value(one.stated),
            "seen": self.change,
            "created": one.created,
        }

    def _data(self, one: SampleStated) -> str | None:
        """A text or row as it is kept; raise ArchiveRefused where it is of another kind."""
        kinds: dict[Input, type] = {Input.TEXT: str, Input.TABULAR: dict, Input.IMAGE: NoneType}
        fits = isinstance(one.data, kinds[self.function.input])
        if not fits or (one.image is None) is (self.function.input is Input.IMAGE):
            refuse(f"sample {len(self.ids) + 1} or a later one is not what the function is given")
        if one.image is not None and one.image not in self.images:
            refuse("a sample names an image that is missing in it")
        return None if one.data is None else data_to_json(one.data)

    def _said(self, pairs: Sequence[tuple[int, SampleStated]]) -> Iterator[dict[str, Any]]:
        for key, one in pairs:
            for place, said in enumerate(one.said, start=1):
                yield {
                    "sample_id": key,
                    "value": self._value(said.value),
                    "author": said.author,
                    "created": said.created,
                    "latest": place == len(one.said),
                }

    def _value(self, value: Value) -> str | None:
        if value is None:
            return None
        if isinstance(value, list) is (self.function.output is Output.NUMBER):
            refuse("an annotation in it is of another kind than the function answers")
        if not isinstance(value, list):
            return to_json(float(value))
        named = [[self._place(self.labels, place), present] for place, present in value]
        return to_json(named)

    @staticmethod
    def _place(known: Sequence[str], place: int) -> str:
        if not 0 <= place < len(known):
            refuse("it names a label or a set that it does not hold")
        return known[place]

    def _origin(self, name: str) -> int:
        if name not in self.origins:
            made = insert(origins).values(function_id=self.function.id, name=name)
            self.origins[name] = int(self.session.scalar(made.returning(origins.c.id)))
        return self.origins[name]

    def _refuse_taken(self, rows: Sequence[dict[str, Any]]) -> None:
        """Raise where two samples have one external id."""
        names = [row["external_id"] for row in rows if row["external_id"] is not None]
        mine = samples.c.function_id == self.function.id
        taken = 0
        if names:
            query = select(func.count()).where(mine, samples.c.external_id.in_(names))
            taken = int(self.session.scalar(query))
        if taken or len(set(names)) != len(names):
            refuse("two of its samples have one external id")
