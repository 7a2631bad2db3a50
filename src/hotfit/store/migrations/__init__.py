"""Schema migrations, run by Alembic inside a transaction that the caller opened."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    return config


def known() -> list[str]:
    """All revisions, oldest first."""
    walk = ScriptDirectory.from_config(_config()).walk_revisions()
    return [script.revision for script in walk][::-1]


def migrate(connection: Connection, *, to: str) -> None:
    """Bring the tables to revision `to`, upwards or down (`base` removes them)."""
    config = _config()
    config.attributes["connection"] = connection
    current = MigrationContext.configure(connection).get_current_revision()
    revisions = known()
    down = to == "base" or (current in revisions and revisions.index(to) < revisions.index(current))
    (command.downgrade if down else command.upgrade)(config, to)
