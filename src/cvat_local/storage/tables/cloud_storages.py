"""Table of the buckets that users attached."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cvat_local.storage.base import NEVER_REUSE_IDS, Base, person, workspace
from cvat_local.storage.tables.people import User
from cvat_local.storage.types import Json, UtcDateTime, utc_now


class CloudStorage(Base):
    """A bucket that somebody attached, with the credentials to use it."""

    __tablename__ = "cloud_storage"
    __table_args__ = (NEVER_REUSE_IDS,)

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int | None] = person()
    organization_id: Mapped[int | None] = workspace()
    provider_type: Mapped[str] = mapped_column(String(32))
    resource: Mapped[str] = mapped_column(String(222))
    """Name of the bucket."""
    display_name: Mapped[str] = mapped_column(String(63))
    credentials_type: Mapped[str] = mapped_column(String(32))
    key: Mapped[str] = mapped_column(String(40), default="")
    """Id of the access key; empty for anonymous access."""
    secret_key: Mapped[str] = mapped_column(String(64), default="")
    """Kept as it is, because requests are signed with it; no answer and no log has it."""
    specific_attributes: Mapped[str] = mapped_column(String(1024), default="")
    """``name=value&name=value``, see `cvat_local.resources.cloudstorages.attributes`."""
    description: Mapped[str] = mapped_column(Text, default="")
    manifests: Mapped[list[str]] = mapped_column(Json, default=list)
    """Keys of the manifest files, in the order given."""
    created_date: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    updated_date: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)

    owner: Mapped[User | None] = relationship()
