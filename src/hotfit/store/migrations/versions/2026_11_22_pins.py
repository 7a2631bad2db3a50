"""Pins: the version that answers until it is let go; and how far the work on a function is."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_pins"
down_revision = "2026_11_22_captures"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the columns."""
    op.add_column("functions", sa.Column("pinned", sa.Text(), nullable=True))
    op.add_column("jobs", sa.Column("step", sa.Text(), nullable=True))
    op.add_column("jobs", sa.Column("done", KEY, nullable=True))
    op.add_column("jobs", sa.Column("total", KEY, nullable=True))


def downgrade() -> None:
    """Remove them."""
    op.drop_column("jobs", "total")
    op.drop_column("jobs", "done")
    op.drop_column("jobs", "step")
    op.drop_column("functions", "pinned")
