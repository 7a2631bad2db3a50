"""Writes a function as one file, as it is at one moment."""

import hashlib
import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any

from sqlalchemy import Row, select

from hotfit.archives.layout import ARTIFACT, FORMAT, IMAGES, MANIFEST, SAMPLES
from hotfit.functions import functions, versions
from hotfit.functions.findings import list_findings
from hotfit.functions.functions import Function
from hotfit.functions.labels import labels_of
from hotfit.functions.learning import unlearned
from hotfit.functions.versions import Version
from hotfit.samples.sets import sets_of
from hotfit.store.blobs import Blobs
from hotfit.store.columns import to_json
from hotfit.store.sessions import Reading, Store
from hotfit.store.tables import annotations, origins, sample_set_members, samples

BATCH = 1000


@dataclass(frozen=True, kw_only=True)
class Exported:
    """What was written."""

    function: str
    samples: int
    labels: int
    images: int
    version: str | None


def export_function(store: Store, blobs: Blobs, function: str, file: IO[bytes]) -> Exported:
    """Write the function of this name or identifier; raise FunctionUnknown, BlobMissing."""
    with (
        store.read() as session,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive,
    ):
        return _Writing(session, blobs, functions.get(session, function), archive).write()


class _Writing:
    """One export under way."""

    def __init__(
        self, session: Reading, blobs: Blobs, function: Function, archive: zipfile.ZipFile
    ) -> None:
        self.session = session
        self.blobs = blobs
        self.function = function
        self.archive = archive
        self.labels = labels_of(session, function.id)
        self.sets = sets_of(session, function.id)
        self.label_places = {label.id: place for place, label in enumerate(self.labels)}
        self.set_places = {one.id: place for place, one in enumerate(self.sets)}
        self.sample_places: dict[int, int] = {}
        self.images: dict[str, None] = {}

    def write(self) -> Exported:
        live = versions.live_version(self.session, self.function.id)
        sums = {SAMPLES: self._write_samples()}
        for key in self.images:
            self.archive.writestr(IMAGES + key, self.blobs.get(key), zipfile.ZIP_STORED)
        if live is not None:
            artifact = self.blobs.get(live.artifact)
            sums[ARTIFACT] = hashlib.sha256(artifact).hexdigest()
            self.archive.writestr(ARTIFACT, artifact)
        manifest = {
            "format": FORMAT,
            "function": self._function(),
            "labels": [
                {
                    "name": label.name,
                    "description": label.description,
                    "metadata": label.metadata,
                    "former": [list(one) for one in label.former],
                }
                for label in self.labels
            ],
            "sets": [{"name": one.name, "trains": one.trains} for one in self.sets],
            "samples": len(self.sample_places),
            "version": None if live is None else self._version(live),
            "files": sums,
        }
        self.archive.writestr(MANIFEST, to_json(manifest))
        return Exported(
            function=self.function.name,
            samples=len(self.sample_places),
            labels=len(self.labels),
            images=len(self.images),
            version=None if live is None else live.id,
        )

    def _function(self) -> dict[str, Any]:
        function = self.function
        return {
            "name": function.name,
            "input": function.input.value,
            "output": function.output.value,
            "target": function.target,
            "fields": [{"name": one.name, "kind": one.kind.value} for one in function.fields],
            "plan": dict(function.plan),
            "change": function.change,
        }

    def _version(self, live: Version) -> dict[str, Any]:
        found = list_findings(self.session, self.function.id)
        learned = not unlearned(self.session, self.function.id, since=live.change)
        return {
            "change": live.change,
            "learned": learned,
            "build": live.build,
            "encoders": list(live.encoders),
            "head": live.head,
            "fingerprint": live.fingerprint,
            "scores": dict(live.scores),
            "verdict": dict(live.verdict),
            "findings": dict(live.findings),
            "seconds": live.seconds,
            "found": [
                {
                    "kind": one.kind,
                    "samples": [
                        self.sample_places[each]
                        for each in one.samples
                        if each in self.sample_places
                    ],
                    "score": one.score,
                    "evidence": dict(one.evidence),
                    "status": one.status,
                }
                for one in found
            ],
        }

    def _write_samples(self) -> str:
        """Write the samples; return the SHA-256 of what was written."""
        digest = hashlib.sha256()
        with self.archive.open(SAMPLES, "w", force_zip64=True) as lines:
            for rows in self._rows():
                said, sets = self._said(rows), self._memberships(rows)
                for row in rows:
                    self.sample_places[row.id] = len(self.sample_places)
                    line = (to_json(self._sample(row, said, sets)) + "\n").encode()
                    digest.update(line)
                    lines.write(line)
        return digest.hexdigest()

    def _rows(self) -> Iterator[Sequence[Row[Any]]]:
        query = (
            select(samples, origins.c.name.label("origin"))
            .join(origins, origins.c.id == samples.c.origin_id)
            .where(samples.c.function_id == self.function.id)
            .order_by(samples.c.id)
        )
        last = 0
        while rows := self.session.rows(query.where(samples.c.id > last).limit(BATCH)):
            yield rows
            last = rows[-1].id

    def _sample(
        self,
        row: Row[Any],
        said: Mapping[int, list[dict[str, Any]]],
        sets: Mapping[int, list[list[Any]]],
    ) -> dict[str, Any]:
        if row.blob is not None:
            self.images.setdefault(row.blob)
        told = {
            "origin": row.origin,
            "number": row.number,
            "externalId": row.external_id,
            "data": None if row.data is None else json.loads(row.data),
            "image": row.blob,
            "file": row.file,
            "split": row.split,
            "stated": self._value(row.stated),
            "created": row.created,
            "said": said.get(row.id),
            "sets": sets.get(row.id),
        }
        return {name: value for name, value in told.items() if value is not None}

    def _said(self, rows: Sequence[Row[Any]]) -> dict[int, list[dict[str, Any]]]:
        """What was said about these samples, oldest first."""
        found: dict[int, list[dict[str, Any]]] = {}
        query = (
            select(annotations)
            .where(annotations.c.sample_id.in_([row.id for row in rows]))
            .order_by(annotations.c.id)
        )
        for row in self.session.rows(query):
            told = {"value": self._value(row.value), "author": row.author, "created": row.created}
            found.setdefault(row.sample_id, []).append(told)
        return found

    def _memberships(self, rows: Sequence[Row[Any]]) -> dict[int, list[list[Any]]]:
        found: dict[int, list[list[Any]]] = {}
        if not self.sets:
            return found
        members = sample_set_members
        query = select(members).where(members.c.sample_id.in_([row.id for row in rows]))
        for row in self.session.rows(query):
            place = [self.set_places[row.set_id], row.weight]
            found.setdefault(row.sample_id, []).append(place)
        return found

    def _value(self, kept: str | None) -> Any:
        """A kept annotation, its labels by place; labels that are gone are left out."""
        value = None if kept is None else json.loads(kept)
        if not isinstance(value, list):
            return value
        return [
            [self.label_places[label], present]
            for label, present in value
            if label in self.label_places
        ]
