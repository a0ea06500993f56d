"""Arguments of generated cases: JSON with marks for what JSON does not have."""

from __future__ import annotations

import datetime
import io
from typing import Any


def revive(data: Any) -> Any:
    """Put files and datetimes in the place of their marks."""
    if isinstance(data, list):
        return [revive(item) for item in data]
    if isinstance(data, dict):
        if "$file" in data:
            name, content = data["$file"]
            return named_file(name, content.encode())
        if "$datetime" in data:
            return datetime.datetime.fromisoformat(data["$datetime"])
        return {key: revive(item) for key, item in data.items()}
    return data


def named_file(name: str, content: bytes) -> io.BytesIO:
    """An open file in memory that has a name."""
    file = io.BytesIO(content)
    file.name = name  # what open() sets as well
    return file
