"""For whom something is written."""

from __future__ import annotations

from typing import Protocol

from sqlalchemy.orm import Session

from cvat_local.serving.parts import Parts
from cvat_local.storage.tables import User


class Reader(Protocol):
    """What the functions that write objects need to know: of a request, or of a webhook's delivery."""

    @property
    def app(self) -> Parts:
        """The server's parts."""

    @property
    def db(self) -> Session:
        """The session that the object belongs to."""

    @property
    def user(self) -> User:
        """Who is to see it, which can decide about single fields."""

    def url(self, path: str) -> str:
        """Absolute URL of a path on this server, as the reader reaches it."""
