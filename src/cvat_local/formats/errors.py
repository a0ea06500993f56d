"""What a format can complain about."""

from __future__ import annotations


class FormatError(ValueError):
    """A file cannot be read, or does not fit the frames and labels it is imported to.

    The text is shown to the user as the reason why the request failed, so it names the item.
    """
