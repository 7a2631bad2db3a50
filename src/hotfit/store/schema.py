"""Creates the tables of a new database at once, and brings older ones up to date by migration.

Alembic is imported only where a migration is due: a current database opens without it.
"""

from sqlalchemy import Connection, insert, inspect, select, text

from hotfit.errors import Refusal
from hotfit.store.tables import SCHEMA, functions, metadata, revisions

LOCK = 0x686F74666974
"""Number of the PostgreSQL advisory lock that lets one process change the tables."""


class SchemaNewer(Refusal):
    """The database was written by a newer hotfit."""

    def __init__(self, *, where: str, revision: str) -> None:
        super().__init__(
            f"{where} was written by a newer hotfit (its tables are at {revision}, this program "
            f"knows up to {SCHEMA}); upgrade hotfit, or open another home."
        )


class SchemaOlder(Refusal):
    """The database needs a migration and may not be written to."""

    def __init__(self, *, where: str, revision: str | None) -> None:
        super().__init__(
            f"{where} has tables at {revision or 'no revision'} and needs them at {SCHEMA}, but it "
            "may not be written to; open it once with the right to write."
        )


class SchemaForeign(Refusal):
    """The database belongs to another program."""

    def __init__(self, *, where: str) -> None:
        super().__init__(
            f"{where} holds tables of another program and none of hotfit's; give hotfit a database "
            "of its own."
        )


def revision_of(connection: Connection) -> str | None:
    """The revision the tables are at; None where there are none."""
    if not inspect(connection).has_table(revisions.name):
        return None
    found = connection.execute(select(revisions.c.version_num)).scalar()
    return None if found is None else str(found)


def bring_up(connection: Connection, *, where: str) -> None:
    """Bring the tables to SCHEMA in the open transaction; raise where they are newer or foreign."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    revision = revision_of(connection)  # another process may have been faster
    if revision is None:
        create(connection, where=where)
    elif revision != SCHEMA:
        upgrade(connection, revision=revision, where=where)


def create(connection: Connection, *, where: str) -> None:
    """Create all tables of an empty database in one go."""
    if inspect(connection).has_table(functions.name):
        raise SchemaForeign(where=where)
    metadata.create_all(connection, checkfirst=False)
    connection.execute(insert(revisions).values(version_num=SCHEMA))


def upgrade(connection: Connection, *, revision: str, where: str) -> None:
    """Run the migrations from `revision` to SCHEMA inside the open transaction."""
    from hotfit.store.migrations import known, migrate

    if revision not in known():
        raise SchemaNewer(where=where, revision=revision)
    migrate(connection, to=SCHEMA)
