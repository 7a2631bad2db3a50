"""Rolls: what each version was trained on."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_25_rolls"
down_revision = "2026_11_22_pins"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "rolls",
        sa.Column("version_id", sa.Text(), nullable=False),
        sa.Column("blob", sa.Text(), nullable=False),
        sa.Column("edits", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["versions.id"],
            name=op.f("fk_rolls_version_id_versions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("version_id", name=op.f("pk_rolls")),
    )
    op.create_index(op.f("ix_rolls_blob"), "rolls", ["blob"])


def downgrade() -> None:
    """Remove it."""
    op.drop_index(op.f("ix_rolls_blob"), "rolls")
    op.drop_table("rolls")
