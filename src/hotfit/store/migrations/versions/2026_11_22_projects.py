"""Projects, sample sets, former names of labels; samples are found by content and in order."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_22_projects"
down_revision = "2026_11_22_first"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add them."""
    op.create_table(
        "projects",
        sa.Column("number", KEY, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_projects")),
        sa.UniqueConstraint("id", name=op.f("uq_projects_id")),
    )
    op.add_column("functions", sa.Column("project_id", sa.Text(), nullable=True))
    op.add_column("labels", sa.Column("former", sa.Text(), nullable=True))
    op.add_column("samples", sa.Column("created", sa.Text(), nullable=True))
    op.create_table(
        "sample_sets",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("function_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("trains", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["function_id"],
            ["functions.id"],
            name=op.f("fk_sample_sets_function_id_functions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample_sets")),
        sa.UniqueConstraint(
            "function_id", "name_key", name=op.f("uq_sample_sets_function_id_name_key")
        ),
    )
    op.create_table(
        "sample_set_members",
        sa.Column("sample_id", KEY, nullable=False),
        sa.Column("set_id", sa.Text(), nullable=False),
        sa.Column("weight", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(
            ["sample_id"],
            ["samples.id"],
            name=op.f("fk_sample_set_members_sample_id_samples"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["set_id"],
            ["sample_sets.id"],
            name=op.f("fk_sample_set_members_set_id_sample_sets"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("sample_id", "set_id", name=op.f("pk_sample_set_members")),
    )
    op.create_index(
        op.f("ix_sample_set_members_set_id"), "sample_set_members", ["set_id"], unique=False
    )
    op.create_index(
        op.f("ix_samples_function_id_content_hash"), "samples", ["function_id", "content_hash"]
    )
    op.create_index(op.f("ix_samples_function_id_id"), "samples", ["function_id", "id"])


def downgrade() -> None:
    """Take them away again."""
    op.drop_index(op.f("ix_samples_function_id_id"), table_name="samples")
    op.drop_index(op.f("ix_samples_function_id_content_hash"), table_name="samples")
    op.drop_table("sample_set_members")
    op.drop_table("sample_sets")
    op.drop_column("samples", "created")
    op.drop_column("labels", "former")
    op.drop_column("functions", "project_id")
    op.drop_table("projects")
