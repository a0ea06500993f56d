"""Cloud storages

Revision 0002, after 0001.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from cvat_local.storage.migrations.kept_ids import NEVER_REUSE_IDS, keeping_highest_ids

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Cloud storages."""
    op.create_table(
        "cloud_storage",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("organization_id", sa.Integer(), nullable=True),
        sa.Column("provider_type", sa.String(length=32), nullable=False),
        sa.Column("resource", sa.String(length=222), nullable=False),
        sa.Column("display_name", sa.String(length=63), nullable=False),
        sa.Column("credentials_type", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("secret_key", sa.String(length=64), nullable=False),
        sa.Column("specific_attributes", sa.String(length=1024), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("manifests", sa.Text(), nullable=False),
        sa.Column("created_date", sa.DateTime(), nullable=False),
        sa.Column("updated_date", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["user.id"], name=op.f("fk_cloud_storage_owner_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cloud_storage")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("cloud_storage", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_cloud_storage_owner_id"), ["owner_id"], unique=False)

    with keeping_highest_ids("data", "storage"):
        with op.batch_alter_table("data", table_kwargs=NEVER_REUSE_IDS) as batch_op:
            batch_op.create_index(
                batch_op.f("ix_data_cloud_storage_id"), ["cloud_storage_id"], unique=False
            )
            batch_op.create_foreign_key(
                batch_op.f("fk_data_cloud_storage_id"),
                "cloud_storage",
                ["cloud_storage_id"],
                ["id"],
                ondelete="SET NULL",
            )

        with op.batch_alter_table("storage", table_kwargs=NEVER_REUSE_IDS) as batch_op:
            batch_op.create_index(
                batch_op.f("ix_storage_cloud_storage_id"), ["cloud_storage_id"], unique=False
            )
            batch_op.create_foreign_key(
                batch_op.f("fk_storage_cloud_storage_id"),
                "cloud_storage",
                ["cloud_storage_id"],
                ["id"],
                ondelete="CASCADE",
            )


def downgrade() -> None:
    """Undo it."""
    with keeping_highest_ids("data", "storage"):
        with op.batch_alter_table("storage", table_kwargs=NEVER_REUSE_IDS) as batch_op:
            batch_op.drop_constraint(batch_op.f("fk_storage_cloud_storage_id"), type_="foreignkey")
            batch_op.drop_index(batch_op.f("ix_storage_cloud_storage_id"))

        with op.batch_alter_table("data", table_kwargs=NEVER_REUSE_IDS) as batch_op:
            batch_op.drop_constraint(batch_op.f("fk_data_cloud_storage_id"), type_="foreignkey")
            batch_op.drop_index(batch_op.f("ix_data_cloud_storage_id"))

    with op.batch_alter_table("cloud_storage", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_cloud_storage_owner_id"))

    op.drop_table("cloud_storage")
