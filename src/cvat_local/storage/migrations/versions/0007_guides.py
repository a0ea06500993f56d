"""Guides and assets

Revision 0007, after 0006.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Guides of projects and tasks, and the files that they show."""
    op.create_table(
        "guide",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=True),
        sa.Column("task_id", sa.Integer(), nullable=True),
        sa.Column("markdown", sa.Text(), nullable=False),
        sa.Column("created_date", sa.DateTime(), nullable=False),
        sa.Column("updated_date", sa.DateTime(), nullable=False),
        sa.CheckConstraint(
            "(project_id IS NULL) != (task_id IS NULL)", name=op.f("ck_guide_one_target")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_guide_project_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["task_id"], ["task.id"], name=op.f("fk_guide_task_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guide")),
        sa.UniqueConstraint("project_id", name=op.f("uq_guide_project_id")),
        sa.UniqueConstraint("task_id", name=op.f("uq_guide_task_id")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "asset",
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("guide_id", sa.Integer(), nullable=False),
        sa.Column("filename", sa.String(length=1024), nullable=False),
        sa.Column("content_type", sa.String(length=32), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("created_date", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["guide_id"], ["guide.id"], name=op.f("fk_asset_guide_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["user.id"], name=op.f("fk_asset_owner_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("uuid", name=op.f("pk_asset")),
    )
    op.create_index(op.f("ix_asset_guide_id"), "asset", ["guide_id"], unique=False)
    op.create_index(op.f("ix_asset_owner_id"), "asset", ["owner_id"], unique=False)


def downgrade() -> None:
    """Undo it."""
    op.drop_index(op.f("ix_asset_owner_id"), table_name="asset")
    op.drop_index(op.f("ix_asset_guide_id"), table_name="asset")
    op.drop_table("asset")
    op.drop_table("guide")
