"""What somebody may have meant who wrote a name that does not exist."""

from __future__ import annotations

from collections.abc import Iterable


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """The end of a message about an unknown name.

    Args:
        name: The name as it was written.
        known: The names that exist.

    Returns:
        Such as `` (did you mean 'labels'?)``, with a leading blank, or the empty string when no known name
        looks like this one.
    """
    import difflib  # only errors and warnings need it

    # Another case, or camelCase for snake_case, is a near miss however short the name is.
    spelled: dict[str, str] = {}
    for candidate in known:
        spelled.setdefault(_letters(candidate), candidate)
    close = difflib.get_close_matches(_letters(name), spelled, n=1, cutoff=0.7)
    return f" (did you mean '{spelled[close[0]]}'?)" if close else ""


def no_such_attribute(owner: object, name: str, known: Iterable[str]) -> str:
    """The message of an `AttributeError`.

    Args:
        owner: The object that was asked.
        name: The attribute that it does not have. Whoever probes for one with an underscore means no other.
        known: The attributes that it has.
    """
    public = [] if name.startswith("_") else [entry for entry in known if entry[:1] != "_"]
    hint = did_you_mean(name, public) if public else ""
    return f"{type(owner).__name__!r} object has no attribute {name!r}{hint}"


def _letters(name: str) -> str:
    return name.replace("_", "").replace("-", "").casefold()
