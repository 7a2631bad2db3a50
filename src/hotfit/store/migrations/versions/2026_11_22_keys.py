"""Keys, the tokens that stand for them, and who asked too often."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_keys"
down_revision = "2026_11_22_work"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the three tables."""
    op.create_table(
        "keys",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("hint", sa.Text(), nullable=True),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("functions", sa.Text(), nullable=True),
        sa.Column("per_minute", sa.Integer(), nullable=True),
        sa.Column("created", sa.Text(), nullable=False),
        sa.Column("used", sa.Text(), nullable=True),
        sa.Column("revoked", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_keys")),
        sa.UniqueConstraint("hint", name=op.f("uq_keys_hint")),
    )
    op.create_table(
        "tokens",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("expires", KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["key_id"], ["keys.id"], name=op.f("fk_tokens_key_id_keys"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_tokens")),
    )
    op.create_index(op.f("ix_tokens_key_id"), "tokens", ["key_id"])
    op.create_index(op.f("ix_tokens_expires"), "tokens", ["expires"])
    op.create_table(
        "throttles",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("started", KEY, nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_throttles")),
    )


def downgrade() -> None:
    """Take them away again."""
    op.drop_table("throttles")
    op.drop_table("tokens")
    op.drop_table("keys")
