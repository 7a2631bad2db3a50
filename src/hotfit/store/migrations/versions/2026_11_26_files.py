"""What the source of an image calls its file."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_26_files"
down_revision = "2026_11_25_layouts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("samples", sa.Column("file", sa.Text(), nullable=True))


def downgrade() -> None:
    """Remove it."""
    op.drop_column("samples", "file")
