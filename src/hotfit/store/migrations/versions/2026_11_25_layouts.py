"""Layouts: the landmarks of a function's map, so that the map stays as it is."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_25_layouts"
down_revision = "2026_11_25_findings"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "layouts",
        sa.Column("function_id", sa.Text(), nullable=False),
        sa.Column("encoder", sa.Text(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["function_id"],
            ["functions.id"],
            name="fk_layouts_function_id_functions",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("function_id", name="pk_layouts"),
    )


def downgrade() -> None:
    """Remove it."""
    op.drop_table("layouts")
