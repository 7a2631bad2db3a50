"""Alembic's entry: runs the migrations on the connection that the caller passed."""

from alembic import context

from hotfit.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=False,
)
context.run_migrations()
