"""Validation frames that do not count

Revision 0008, after 0007.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Every task begins with all of its validation frames counting."""
    op.add_column(
        "data", sa.Column("disabled_frames", sa.Text(), nullable=False, server_default="[]")
    )


def downgrade() -> None:
    """Undo it."""
    op.drop_column("data", "disabled_frames")
