"""Events

Revision 0006, after 0005.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Events."""
    op.create_table(
        "client_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scope", sa.String(length=64), nullable=False),
        sa.Column("obj_name", sa.Text(), nullable=True),
        sa.Column("obj_id", sa.BigInteger(), nullable=True),
        sa.Column("obj_val", sa.Text(), nullable=True),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("timestamp", sa.DateTime(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=True),
        sa.Column("duration", sa.BigInteger(), nullable=False),
        sa.Column("project_id", sa.BigInteger(), nullable=True),
        sa.Column("task_id", sa.BigInteger(), nullable=True),
        sa.Column("job_id", sa.BigInteger(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("user_name", sa.Text(), nullable=False),
        sa.Column("user_email", sa.Text(), nullable=False),
        sa.Column("org_id", sa.Integer(), nullable=True),
        sa.Column("org_slug", sa.Text(), nullable=True),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_event")),
    )
    with op.batch_alter_table("client_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_client_event_org_id"), ["org_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_client_event_timestamp"), ["timestamp"], unique=False)
        batch_op.create_index(batch_op.f("ix_client_event_user_id"), ["user_id"], unique=False)


def downgrade() -> None:
    """Undo it."""
    with op.batch_alter_table("client_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_client_event_user_id"))
        batch_op.drop_index(batch_op.f("ix_client_event_timestamp"))
        batch_op.drop_index(batch_op.f("ix_client_event_org_id"))

    op.drop_table("client_event")
