"""A function kept in memory while it learns: an edit becomes a version in milliseconds.

`look` asks the database what differs, `learn` takes it up, `publish` lets the result answer. A
version claims the change of the database moment that `look` saw, and everything up to it is in
the model then.
"""

from dataclasses import replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from hotfit.evaluation.paired import compare
from hotfit.functions.functions import Function, get
from hotfit.functions.labels import labels_of
from hotfit.functions.learning import newest_learned
from hotfit.functions.rolls import Roll, pack_roll
from hotfit.functions.versions import Version
from hotfit.heads.live import Live
from hotfit.samples.labelled import Labelled, read_data, read_labelled_after
from hotfit.samples.rows import read_rows
from hotfit.store.sessions import Reading
from hotfit.store.vectors import get_many, missing
from hotfit.training.bench import Bench, Stopwatch
from hotfit.training.choosing import reads
from hotfit.training.encoded import encode
from hotfit.training.held_out import HeldOut, classified, held_out_of
from hotfit.training.live_publishing import Edited, last_examined, publish_edited
from hotfit.training.live_rows import Difference, Known, look
from hotfit.training.material import MOST, Material, NotTrainable, gather, refuse_untrainable
from hotfit.training.publishing import publish
from hotfit.training.run import fit_quickly, grow
from hotfit.types import Codes, Groups, Input, Output, Scores, Vectors

AT_ONCE = 16
"""New samples that are encoded on the spot; more are a longer job."""

SHARE = 20
"""A head is fitted afresh when more than one in so many samples has changed since the last fit."""

SCORED = 512
"""Samples that the score of an edit rests on."""

GROUPS = 1 << 40
"""Numbers of groups that began after the last fit."""

ALARM = 1e-4
"""Chance that an update of equal worth is taken for a worse one, and fitted afresh."""


class Learner(Protocol):
    """A function that learns what changed."""

    change: int

    def look(self) -> bool:
        """Find out what has changed since `change`; False where learning it takes long."""
        ...

    def learn(self) -> None:
        """Take up what `look` saw; raise NotTrainable."""
        ...

    def publish(self) -> Version:
        """Let what was learned answer."""
        ...

    def held_out(self) -> HeldOut:
        """What it says of its samples, each scored without itself."""
        ...


def open_learner(bench: Bench, function: Function) -> Learner:
    """Read a function and train it; publishes early versions while a first reading takes long."""
    plain, bench = bench, reads(bench, function)
    with bench.store.read() as session:
        rows = read_rows(session, function.id, blobs=bench.blobs)
        learned = newest_learned(session, function.id)
    incremental = (
        function.output is Output.CLASSIFICATION
        and function.input is not Input.TABULAR
        and len(rows) <= MOST
    )
    material = gather(function, rows)
    refuse_untrainable(function.name, material)
    if function.input is not Input.TABULAR and _mostly_new(bench, material):
        early = replace(material, change=learned)
        for _ in grow(bench, function, early, Stopwatch(bench.clock)):
            pass
    return LiveClassifier(plain, function) if incremental else Refitted(plain, function)


def _mostly_new(bench: Bench, material: Material) -> bool:
    """Whether more than half of the samples have to be encoded."""
    with bench.store.read() as session:
        new = missing(session, material.hashes, bench.encoders[material.input])
    return len(new) > max(AT_ONCE, len(set(material.hashes)) // 2)


class Refitted:
    """A function whose head is fitted afresh for every change."""

    def __init__(self, bench: Bench, function: Function) -> None:
        self._bench = bench
        self._id = function.id
        self._function = function
        self._watch = Stopwatch(bench.clock)
        self.change = -1
        self.learn()

    def look(self) -> bool:
        """Every change takes long."""
        return False

    def learn(self) -> None:
        """Train on all samples."""
        self._watch = Stopwatch(self._bench.clock)
        with self._bench.store.read() as session:
            self._function = get(session, self._id)
            rows = read_rows(session, self._id, blobs=self._bench.blobs)
        material = gather(self._function, rows)
        refuse_untrainable(self._function.name, material)
        self._outcome = fit_quickly(encode(reads(self._bench, self._function), material))
        self.change = material.change

    def publish(self) -> Version:
        """Let the last fit answer."""
        return publish(self._bench, self._function, self._outcome, self._watch)

    def held_out(self) -> HeldOut:
        """What the last fit says of its samples, each scored without itself."""
        return held_out_of(self._outcome)


class LiveClassifier:
    """A classification on frozen vectors, learned edit by edit."""

    def __init__(self, bench: Bench, function: Function) -> None:
        self._bench = bench
        self._id = function.id
        self._load()

    def _load(self) -> None:
        """Read all samples and fit the head from nothing."""
        watch = Stopwatch(self._bench.clock)
        with self._bench.store.read() as session:
            function = get(session, self._id)
            rows = read_rows(session, self._id, blobs=self._bench.blobs)
            labelled = read_labelled_after(session, self._id, 0)
            labels = {label.name: label.id for label in labels_of(session, self._id)}
            standing = last_examined(session, self._id, None)
        material = gather(function, rows)
        refuse_untrainable(function.name, material)
        bench = reads(self._bench, function)
        self._encoder = bench.open_encoder(bench.encoders[function.input])
        encoded = encode(bench, material)
        groups = encoded.repeats.groups
        self._codes = {labels[name]: code for code, name in enumerate(material.labels)}
        self._live = Live(
            encoded.features.values,
            material.targets.astype(np.int64),
            groups,
            labels=len(material.labels),
        )
        self._part = self._live.held_out_part(SCORED)
        self._hashes = list(material.hashes)
        self._known = {one.id: Known(one.hash, one.label) for one in labelled}
        for row, sample in enumerate(material.ids):
            self._known[int(sample)].row = row
        self._groups = dict(zip(material.hashes, groups.tolist(), strict=True))
        self._newest = max(self._known, default=0)
        self._representation = encoded.representation
        self._function, self._standing = function, standing
        self._touched = 0
        self._watch = watch
        self._difference: Difference | None = None
        self._vectors: dict[bytes, Vectors] = {}
        self._names = {identifier: name for name, identifier in labels.items()}
        self._seen = self.change = material.change
        self._edits: dict[int, tuple[bytes, str] | None] = {}
        self._roll = self._keep_roll(
            material, groups, tuple(labels[name] for name in material.labels)
        )

    def _keep_roll(self, material: Material, groups: Groups, labels: tuple[str, ...]) -> str:
        """Keep what the head was fitted on; return the key. Later edits are told beside it."""
        roll = Roll(
            output=material.output,
            labels=labels,
            ids=material.ids,
            hashes=material.hashes,
            targets=material.targets,
            groups=groups,
            judged=np.ones(len(material), dtype=np.bool_),
            held_out=None,
        )
        return self._bench.blobs.put(pack_roll(roll))

    def look(self) -> bool:
        """Find out what has changed; False where much of it must be encoded or fitted."""
        self._watch = Stopwatch(self._bench.clock)
        with self._bench.store.read() as session:
            self._read(session)
        difference = self._difference
        assert difference is not None
        new = {one.hash for one in difference.met if self._joins(one)}
        return len(new - self._vectors.keys()) <= AT_ONCE and not self._overdue(difference)

    def _read(self, session: Reading) -> None:
        self._function = get(session, self._id)
        self._names = {label.id: label.name for label in labels_of(session, self._id)}
        self._difference = look(
            session,
            self._id,
            self._known,
            since=self.change,
            newest=self._newest,
            labels=self._names,
        )
        self._seen = self._function.change
        fresh = [one.hash for one in self._difference.met if self._joins(one)]
        cached = get_many(session, fresh, self._encoder.name)
        width = self._encoder.dimensions
        self._vectors = {key: vector for key, vector in cached.items() if len(vector) == width}
        self._standing = last_examined(session, self._id, self._standing)

    def _overdue(self, difference: Difference) -> bool:
        size = len(difference.met) + len(difference.gone) + self._touched
        read_by = reads(self._bench, self._function).encoders[self._function.input]
        return read_by != self._encoder.name or size > max(1, len(self._live.rows) // SHARE)

    def learn(self) -> None:
        """Take up what was seen, by updates where few samples differ, else by a fresh fit."""
        difference = self._difference
        assert difference is not None
        if self._overdue(difference):
            self._load()
            return
        self._encode(difference)
        rows, scores = self._part
        codes = self._live.codes(rows)
        for sample in difference.gone:
            self._forget(sample)
            self._edits[sample] = None
            del self._known[sample]
        for one in difference.met:
            self._take(one)
        self._touched += len(difference.met) + len(difference.gone)
        self._part = self._live.held_out_part(SCORED)
        self._refit_if_worse(rows, codes, scores)
        self._refuse_untrainable()
        self.change = self._seen

    def _encode(self, difference: Difference) -> None:
        """Have the vectors of all samples that join the head."""
        new = {
            one.hash: one.id
            for one in difference.met
            if self._joins(one) and one.hash not in self._vectors
        }
        if not new:
            return
        with self._bench.store.read() as session:
            data = read_data(session, list(new.values()), blobs=self._bench.blobs)
        kept = [(key, data[sample]) for key, sample in new.items() if sample in data]
        encoded = self._encoder.encode([content for _, content in kept])
        self._vectors.update(zip((key for key, _ in kept), encoded, strict=True))

    def _joins(self, one: Labelled) -> bool:
        """Whether a sample has to enter the head with its vector."""
        before = self._known.get(one.id)
        if one.label is None:
            return False
        return before is None or before.row is None or before.hash != one.hash

    def _take(self, one: Labelled) -> None:
        """Let the head hold a sample as it is now."""
        known = self._known.get(one.id)
        if one.label is None or (known is not None and known.hash != one.hash):
            self._forget(one.id)
        row = None if known is None else known.row
        if one.label is not None:
            code = self._code(one.label)
            if row is None:
                row = self._live.add(self._vectors[one.hash], code, self._group(one.hash))
                self._hashes.append(one.hash)
            else:
                self._live.relabel(row, code)
        self._edits[one.id] = None if one.label is None else (one.hash, one.label)
        self._known[one.id] = Known(one.hash, one.label, row)
        self._newest = max(self._newest, one.id)

    def _forget(self, sample: int) -> None:
        known = self._known.get(sample)
        if known is not None and known.row is not None:
            self._live.remove(known.row)
            known.row = None

    def _code(self, label: str) -> int:
        if label not in self._codes:
            self._codes[label] = self._live.add_label()
        return self._codes[label]

    def _group(self, key: bytes) -> int:
        """Samples of equal content are held out together."""
        return int(self._groups.setdefault(key, len(self._groups) + GROUPS))

    def _refit_if_worse(self, rows: NDArray[np.int64], codes: Codes, before: Scores) -> None:
        """Choose penalty and calibration afresh where samples left alone are answered worse."""
        now, after = self._part
        _, old, new = np.intersect1d(rows, now, assume_unique=True, return_indices=True)
        same = codes[old] == self._live.codes(now[new])
        old, new = old[same], new[same]
        if not len(old):
            return
        padded = np.zeros((len(old), after.shape[1]))
        padded[:, : before.shape[1]] = before[old]
        worse = compare(
            Output.CLASSIFICATION, codes[old], after[new], padded, rows[old], alarm=ALARM
        )
        if worse.better:
            self._live.retune()
            self._touched = 0
            self._part = self._live.held_out_part(SCORED)

    def _order(self) -> list[tuple[str, int]]:
        """Name and code of every label that has a sample, in the order of the function."""
        counts = self._live.counts
        return [
            (name, self._codes[identifier])
            for identifier, name in self._names.items()
            if identifier in self._codes and counts[self._codes[identifier]] > 0
        ]

    def _refuse_untrainable(self) -> None:
        labels = [name for name, _ in self._order()]
        if len(labels) < 2:
            raise NotTrainable(
                function=self._function.name,
                found=f"samples of the labels {labels}",
                expected="there is nothing to tell apart below two",
            )

    def publish(self) -> Version:
        """Let the head as it is now answer."""
        order = self._order()
        names, codes = tuple(name for name, _ in order), [code for _, code in order]
        rows, scores = self._part
        place = np.zeros(len(self._live.counts), dtype=np.int64)
        place[codes] = np.arange(len(codes))
        present = self._live.rows
        whole = len(present) == len(self._hashes)
        material = Material(
            input=self._function.input,
            output=self._function.output,
            fields=(),
            ids=present,
            data=(),
            hashes=self._hashes if whole else [self._hashes[row] for row in present],
            targets=place[self._live.codes(present)],
            labels=names,
            change=self.change,
        )
        model = self._live.model()
        edited = Edited(
            material=material,
            representation=self._representation,
            model=replace(
                model,
                weights=np.ascontiguousarray(model.weights[:, codes]),
                bias=np.ascontiguousarray(model.bias[codes]),
            ),
            truth=place[self._live.codes(rows)],
            scores=scores[:, codes],
            groups=rows,
            tried=self._live.vectors(rows),
            standing=self._standing,
            roll=self._roll,
            edits=self._edits,
        )
        return publish_edited(self._bench, self._function, edited, self._watch)

    def held_out(self) -> HeldOut:
        """What the head as it is now says of its samples, each scored without itself."""
        sample = {one.row: key for key, one in self._known.items() if one.row is not None}
        rows = self._live.rows
        names = [""] * len(self._live.counts)
        for identifier, code in self._codes.items():
            names[code] = self._names.get(identifier, "")
        ids = [sample[row] for row in rows.tolist()]
        return classified(ids, self._live.codes(rows), self._live.held_out(), names)
