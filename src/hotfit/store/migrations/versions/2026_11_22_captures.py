"""Captures: calls that were kept because they teach something."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_captures"
down_revision = "2026_11_22_keys"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "captures",
        sa.Column("id", KEY, nullable=False),
        sa.Column("function_id", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(), nullable=False),
        sa.Column("data", sa.Text(), nullable=True),
        sa.Column("blob", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("label_id", sa.Text(), nullable=True),
        sa.Column("confidence", sa.Float(), nullable=True),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("created", sa.Text(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["function_id"],
            ["functions.id"],
            name=op.f("fk_captures_function_id_functions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_captures")),
        sa.UniqueConstraint(
            "function_id", "content_hash", name=op.f("uq_captures_function_id_content_hash")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_captures_function_id_id"), "captures", ["function_id", "id"])
    op.create_index(op.f("ix_captures_day"), "captures", ["day"])


def downgrade() -> None:
    """Remove it."""
    op.drop_table("captures")
