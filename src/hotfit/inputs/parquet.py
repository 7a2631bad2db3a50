"""Read Parquet by row group through DuckDB, which may open that file and nothing else.

The footer is judged before any data are read: a small file may expand a thousand times.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hotfit.errors import Refusal
from hotfit.inputs.cells import to_cell
from hotfit.inputs.headers import clean_headers
from hotfit.inputs.opening import Opened
from hotfit.inputs.report import Report
from hotfit.types import Cell

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MAX_EXPANDED = 64 * 2**30
MAX_ROWS = 1_000_000_000
MAX_GROUP = 2 * 2**30
FETCHED_ROWS = 1_000


class BrokenParquet(Refusal):
    """The file starts as Parquet does, but cannot be read."""

    def __init__(self, *, name: str, why: str) -> None:
        super().__init__(f"{name} is a broken Parquet file ({why}); write or copy it again")


class ParquetTooLarge(Refusal):
    """The footer promises more than is sensible to expand."""

    def __init__(self, *, name: str, found: str, most: str) -> None:
        super().__init__(
            f"{name} expands to {found}; at most {most} is read:"
            " write it in smaller row groups or fewer rows"
        )


@dataclass(frozen=True, kw_only=True)
class Parquet:
    """A Parquet file that can be read again and again; structs are `outer.inner`."""

    path: Path
    name: str
    keys: tuple[tuple[str, str | None], ...]
    columns: tuple[str, ...]
    notes: tuple[str, ...]
    held: object = None

    def rows(self, report: Report) -> Iterator[tuple[int, list[Cell]]]:
        """Yield (row number from 1, cells), each as wide as `columns`."""
        import duckdb

        names = [outer for outer, _ in self.keys]
        place = {name: index for index, name in enumerate(dict.fromkeys(names))}
        with _connect(self.path) as database:
            try:
                result = database.execute(f"SELECT * FROM {_quoted(self.path)}")  # noqa: S608
                number = 0
                while block := result.fetchmany(FETCHED_ROWS):
                    for record in block:
                        number += 1
                        yield number, self._cells(record, place, number, report)
            except duckdb.Error as error:
                raise BrokenParquet(name=self.name, why=_first_line(error)) from error

    def _cells(
        self, record: tuple[Any, ...], place: dict[str, int], number: int, report: Report
    ) -> list[Cell]:
        cells: list[Cell] = []
        for outer, inner in self.keys:
            value = record[place[outer]]
            if inner is not None:
                value = value.get(inner) if isinstance(value, dict) else None
            cells.append(to_cell(value, number, report))
        return cells


def open_parquet(opened: Opened) -> Parquet:
    """Check the footer and read the column names; raise BrokenParquet, ParquetTooLarge."""
    import duckdb

    path, held = opened.plain_path()
    with _connect(path) as database:
        try:
            _judge_footer(database, path, opened.name)
            described = database.execute(f"DESCRIBE SELECT * FROM {_quoted(path)}").fetchall()  # noqa: S608
            keys = [key for row in described for key in _keys(database, path, row[0], row[1])]
        except duckdb.Error as error:
            raise BrokenParquet(name=opened.name, why=_first_line(error)) from error
    raw = [outer if inner is None else f"{outer}.{inner}" for outer, inner in keys]
    columns, notes = clean_headers(raw, name=opened.name)
    return Parquet(
        path=path, name=opened.name, keys=tuple(keys), columns=columns, notes=notes,
        held=held or opened.spool,
    )  # fmt: skip


def _keys(
    database: "DuckDBPyConnection", path: Path, name: str, kind: str
) -> list[tuple[str, str | None]]:
    if not kind.startswith("STRUCT("):
        return [(name, None)]
    column = '"' + name.replace('"', '""') + '"'
    inner = database.execute(
        f"SELECT unnest(struct_keys({column})) FROM (SELECT {column} FROM {_quoted(path)} LIMIT 1)"  # noqa: S608
    ).fetchall()
    return [(name, row[0]) for row in inner]


def _quoted(path: Path) -> str:
    return "read_parquet('" + str(path.absolute()).replace("'", "''") + "')"


def _connect(path: Path) -> "DuckDBPyConnection":
    """Return a database in memory that may read `path`, and can no longer be talked out of it."""
    import duckdb

    database = duckdb.connect(":memory:")
    literal = str(path.absolute()).replace("'", "''")
    for statement in (
        "SET autoinstall_known_extensions=false",
        "SET autoload_known_extensions=false",
        "SET threads=1",
        "SET memory_limit='1GB'",
        "SET temp_directory=''",
        "SET enable_progress_bar=false",
        f"SET allowed_paths=['{literal}']",
        "SET enable_external_access=false",
        "SET lock_configuration=true",
    ):
        database.execute(statement)
    return database


def _judge_footer(database: "DuckDBPyConnection", path: Path, name: str) -> None:
    source = _quoted(path).replace("read_parquet", "parquet_metadata", 1)
    query = f"SELECT row_group_id, any_value(row_group_num_rows), sum(total_uncompressed_size) FROM {source} GROUP BY 1"  # noqa: E501, S608
    groups = database.execute(query).fetchall()
    rows = sum(group[1] or 0 for group in groups)
    expanded = sum(group[2] or 0 for group in groups)
    largest = max((group[2] or 0 for group in groups), default=0)
    if rows > MAX_ROWS:
        raise ParquetTooLarge(name=name, found=f"{rows:,} rows", most=f"{MAX_ROWS:,} rows")
    if expanded > MAX_EXPANDED:
        raise ParquetTooLarge(
            name=name, found=f"{expanded:,} bytes", most=f"{MAX_EXPANDED:,} bytes"
        )
    if largest > MAX_GROUP:
        raise ParquetTooLarge(
            name=name,
            found=f"a row group of {largest:,} bytes",
            most=f"{MAX_GROUP:,} bytes in one row group",
        )


def _first_line(error: Exception) -> str:
    return str(error).split("\n", 1)[0][:200]
