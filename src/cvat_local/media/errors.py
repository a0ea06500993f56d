"""The error of everything that is wrong with a user's media."""

from __future__ import annotations


class MediaError(ValueError):
    """The media cannot be used. The text is shown to the user and names files as the user does."""
