"""A function's folder, opened: what it says, its rows, its tests, its lock."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path

from hotfit.folders.lock import Lock, read_lock
from hotfit.folders.prepare import Prepare, read_prepare
from hotfit.folders.rows import Row, Table, read_tables
from hotfit.folders.spec import NAME, Spec, read_spec
from hotfit.inputs.plan import Plan
from hotfit.store.content import content_hash
from hotfit.types import Field, Input, Sample

HOME = ".hotfit"
"""The folder beside `hotfit.toml` that holds what can be made again; git does not see it."""


@dataclass(frozen=True)
class Folder:
    """One reading of a function's folder; open it anew to see what was saved since.

    Rows are read when they are first asked for. `last` are the tables as they were
    read last.
    """

    path: Path
    spec: Spec
    lock: Lock | None
    last: Mapping[str, Table] | None = None

    @classmethod
    def open(cls, path: Path | str, *, last: Mapping[str, Table] | None = None) -> "Folder":
        """Read `hotfit.toml` and `hotfit.lock`; raise NoFolder or BadToml."""
        folder = Path(path)
        return cls(folder, read_spec(folder), read_lock(folder), last)

    @property
    def name(self) -> str:
        """The function's name."""
        return self.spec.name

    @property
    def home(self) -> Path:
        """The home that the folder's function is fitted into, unless another is named."""
        return self.path / HOME / "home"

    @property
    def tests(self) -> tuple[Path, ...]:
        """The files with behaviour tests, in order."""
        return tuple(sorted((self.path / "tests").glob("*.toml")))

    @cached_property
    def tables(self) -> tuple[Table, ...]:
        """The data files with their rows; raise NoData, BadRow and what reading raises."""
        return read_tables(self.path, self.spec, last=self.last)

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """Every row with its place, as it stands in the files."""
        return tuple(row for table in self.tables for row in table.rows)

    @cached_property
    def prepare(self) -> Prepare | None:
        """What changes samples before they are encoded; raise BadPython."""
        name = self.spec.prepare
        return None if name is None else read_prepare(self.path / name, self.spec.input)

    def samples(self) -> tuple[Sample, ...]:
        """Every sample as it stands in the files, numbered from 1 over all of them."""
        return tuple(row.sample for row in self.rows)

    def prepared(self) -> tuple[Sample, ...]:
        """Every sample as it is encoded: changed by `prepare` where there is one."""
        if self.prepare is None:
            return self.samples()
        return tuple(self.prepare.sample(row) for row in self.rows)

    @property
    def plan(self) -> Plan:
        """How the first data file is read."""
        return self.tables[0].plan

    @property
    def fields(self) -> tuple[Field, ...]:
        """The fields a table's function is given, after `prepare`."""
        if self.spec.input is not Input.TABULAR:
            return ()
        read = {each.name: each for each in self.plan.fields}
        if self.prepare is None:
            return tuple(read.values())
        return tuple((read | {each.name: each for each in self.spec.fields}).values())

    @property
    def notes(self) -> tuple[str, ...]:
        """What reading had to guess."""
        return tuple(dict.fromkeys(note for table in self.tables for note in table.notes))

    def fingerprint(self) -> str:
        """SHA-256 over the content, answer, split and id of every row, in order."""
        return fingerprint(self.samples())

    def spec_fingerprint(self) -> str:
        """SHA-256 over what `hotfit.toml` says, however it is written."""
        told = json.dumps(asdict(self.spec), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(told.encode()).hexdigest()

    def code_fingerprint(self) -> str:
        """SHA-256 over the Python files that have a say in training; empty where there are none."""
        names = [name for name in (self.spec.prepare, self.spec.labeling) if name is not None]
        if not names:
            return ""
        digest = hashlib.sha256()
        for name in names:
            digest.update(name.encode() + b"\0" + (self.path / name).read_bytes() + b"\0")
        return digest.hexdigest()

    def differences(self) -> Sequence[str]:
        """What differs from the lock, as clauses; empty where nothing does."""
        lock = self.lock
        if lock is None:
            return ("there is no hotfit.lock",)
        said = []
        if lock.data != self.fingerprint():
            said.append(f"the rows differ ({lock.rows:,} are locked, {len(self.rows):,} are there)")
        if lock.spec != self.spec_fingerprint():
            said.append(f"{NAME} differs")
        if lock.code != self.code_fingerprint():
            said.append("the Python files differ")
        return said


def fingerprint(samples: Sequence[Sample]) -> str:
    """SHA-256 over the content, answer, split and id of samples, in order."""
    digest = hashlib.sha256()
    for one in samples:
        said = [one.label, one.split, one.external_id]
        digest.update(content_hash(one.data) + json.dumps(said).encode() + b"\n")
    return digest.hexdigest()
