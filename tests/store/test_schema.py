import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine, create_engine, event, inspect, text, update

from hotfit.store import sessions
from hotfit.store.columns import Json, Words
from hotfit.store.migrations import known, migrate
from hotfit.store.schema import SchemaForeign, SchemaNewer, create, revision_of
from hotfit.store.sessions import Store
from hotfit.store.tables import SCHEMA, metadata, revisions


@pytest.fixture
def engine(url: str, dialect: str, tmp_path: Path) -> Iterator[Engine]:
    (tmp_path / "home").mkdir(exist_ok=True)
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    if dialect == "sqlite":
        event.listen(engine, "connect", lambda raw, _record: setattr(raw, "isolation_level", None))
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    yield engine
    engine.dispose()


def _where(index: Any) -> list[str]:
    """The condition of a partial index."""
    options = index.get("dialect_options", {})
    return [str(value) for name, value in options.items() if name.endswith("_where")]


def _shape(connection: Connection) -> dict[str, object]:
    """Everything the database says about its tables."""
    look = inspect(connection)

    def plain(items: object) -> list[str]:
        return sorted(str(item) for item in items)  # type: ignore[attr-defined]

    return {
        table: (
            plain(
                (one["name"], str(one["type"]), one["nullable"]) for one in look.get_columns(table)
            ),
            look.get_pk_constraint(table),
            plain(
                (one["name"], one["column_names"], one["unique"], _where(one))
                for one in look.get_indexes(table)
            ),
            plain(look.get_unique_constraints(table)),
            plain(look.get_foreign_keys(table)),
        )
        for table in look.get_table_names()
    }


def test_the_tables_are_at_the_newest_migration() -> None:
    assert known()[-1] == SCHEMA


def test_migrations_and_a_new_database_give_the_same_tables(engine: Engine) -> None:
    with engine.begin() as connection:
        migrate(connection, to=SCHEMA)
        migrated = _shape(connection)
        metadata.drop_all(connection)
    with engine.begin() as connection:
        create(connection, where="here")
        assert _shape(connection) == migrated
        assert "samples" in migrated


def test_no_migration_is_missing(engine: Engine) -> None:
    def same_type(
        _context: object, _have: object, _want: object, _have_type: object, want_type: object
    ) -> bool | None:
        return False if isinstance(want_type, Words | Json) else None

    with engine.begin() as connection:
        migrate(connection, to=SCHEMA)
        context = MigrationContext.configure(connection, opts={"compare_type": same_type})
        assert compare_metadata(context, metadata) == []


def test_migrations_go_down_to_nothing_and_up_again(engine: Engine) -> None:
    with engine.begin() as connection:
        for _ in range(2):
            migrate(connection, to=SCHEMA)
            assert revision_of(connection) == SCHEMA
            migrate(connection, to="base")
            assert set(inspect(connection).get_table_names()) == {"alembic_version"}


def test_an_interrupted_migration_leaves_nothing(engine: Engine) -> None:
    with pytest.raises(ZeroDivisionError), engine.begin() as connection:  # noqa: PT012 - the transaction is the block
        migrate(connection, to=SCHEMA)
        raise ZeroDivisionError
    with engine.begin() as connection:
        assert inspect(connection).get_table_names() == []


def test_an_older_database_is_brought_up_to_date(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def older(connection: Connection, *, where: str) -> None:
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
        migrate(connection, to=known()[0])

    with monkeypatch.context() as patch:
        patch.setattr(sessions, "bring_up", older)
        Store.open(url).close()
    with Store.open(url) as store, store.read() as r:
        assert revision_of(r.connection) == SCHEMA


def test_a_database_of_a_newer_program_is_refused(url: str) -> None:
    with Store.open(url) as store, store.write() as w:
        w.run(update(revisions).values(version_num="2999_01_01_later"))
    with pytest.raises(SchemaNewer, match="written by a newer hotfit"):
        Store.open(url)


def test_a_database_of_another_program_is_refused(engine: Engine, url: str) -> None:
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE functions (id INTEGER)"))
    with pytest.raises(SchemaForeign, match="tables of another program"):
        Store.open(url)


def test_opening_a_database_imports_no_migration_tool(tmp_path: Path) -> None:
    program = (
        "import sys; from hotfit.store.sessions import Store; import hotfit.store.vectors;"
        f"Store.open('sqlite:///{tmp_path}/a.db').close();"
        f"Store.open('sqlite:///{tmp_path}/a.db').close();"
        "print([n for n in ('alembic', 'sqlalchemy.orm', 'sklearn', 'scipy') if n in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
