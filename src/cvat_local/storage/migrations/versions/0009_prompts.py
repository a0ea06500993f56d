"""Prompts that accounts have seen

Revision 0009, after 0008.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels = None
depends_on = None

_NAMES = (
    "github_prompt_shown",
    "github_prompt_support_clicked",
    "promotion_notifications_allowed",
)


def upgrade() -> None:
    """What each account has seen and allows."""
    for name in _NAMES:
        op.add_column(
            "user", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())
        )


def downgrade() -> None:
    """Undo it."""
    for name in _NAMES:
        op.drop_column("user", name)
