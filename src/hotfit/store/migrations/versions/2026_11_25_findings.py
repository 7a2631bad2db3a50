"""Findings: known from examination to examination, with what a person said of them."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_25_findings"
down_revision = "2026_11_25_rolls"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table anew; what the newest examination of each function found is taken along."""
    op.rename_table("findings", "old_findings")
    _drop_names(
        ("ix_findings_function_id_version_id_kind", "ix_findings_version_id"), "old_findings"
    )
    op.create_table(
        "findings",
        sa.Column("id", KEY, nullable=False),
        sa.Column("function_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("version_id", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("samples", sa.Text(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("undo", sa.Text(), nullable=True),
        sa.Column("author", sa.Text(), nullable=True),
        sa.Column("settled", sa.Text(), nullable=True),
        sa.Column("change", KEY, nullable=True),
        sa.ForeignKeyConstraint(
            ["function_id"],
            ["functions.id"],
            name=op.f("fk_findings_function_id_functions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_findings")),
        sa.UniqueConstraint("function_id", "key", name=op.f("uq_findings_function_id_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_findings_function_id_kind"), "findings", ["function_id", "kind"])
    op.execute(
        "INSERT INTO findings"
        " (function_id, key, version_id, kind, samples, score, evidence, status)"
        " SELECT o.function_id, 'old/' || CAST(o.id AS TEXT), o.version_id, o.kind, o.samples,"
        " o.score, o.evidence, 'open' FROM old_findings o WHERE o.version_id IN"
        " (SELECT v.id FROM versions v WHERE v.number = (SELECT MAX(w.number) FROM versions w"
        " JOIN old_findings p ON p.version_id = w.id WHERE w.function_id = v.function_id))"
        " ORDER BY o.id"
    )
    op.drop_table("old_findings")


def downgrade() -> None:
    """Make the former table, which knows a finding by its version alone."""
    op.drop_table("findings")
    op.create_table(
        "findings",
        sa.Column("id", KEY, nullable=False),
        sa.Column("function_id", sa.Text(), nullable=False),
        sa.Column("version_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("samples", sa.Text(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["function_id"],
            ["functions.id"],
            name=op.f("fk_findings_function_id_functions"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["versions.id"],
            name=op.f("fk_findings_version_id_versions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_findings")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_findings_function_id_version_id_kind"),
        "findings",
        ["function_id", "version_id", "kind"],
    )
    op.create_index(op.f("ix_findings_version_id"), "findings", ["version_id"])


def _drop_names(indexes: tuple[str, ...], table: str) -> None:
    """Free the names that the new table takes; PostgreSQL keeps those of a renamed table."""
    for name in indexes:
        op.drop_index(op.f(name), table_name=table)
    if op.get_bind().dialect.name == "postgresql":
        for name in ("pk_findings", "fk_findings_function_id_functions"):
            op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
