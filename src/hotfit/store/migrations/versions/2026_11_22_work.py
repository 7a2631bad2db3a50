"""Jobs: who works on a function, and what it came to; blobs that wait for their deletion."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_work"
down_revision = "2026_11_22_projects"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add both tables."""
    op.create_table(
        "jobs",
        sa.Column("function_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("fence", KEY, nullable=False),
        sa.Column("beat", KEY, nullable=False),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("change", KEY, nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["function_id"],
            ["functions.id"],
            name=op.f("fk_jobs_function_id_functions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("function_id", "kind", name=op.f("pk_jobs")),
    )
    op.create_table(
        "retired_blobs",
        sa.Column("key", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_retired_blobs")),
    )


def downgrade() -> None:
    """Remove them."""
    op.drop_table("retired_blobs")
    op.drop_table("jobs")
