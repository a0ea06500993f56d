"""Arrays of tables in TOML files: what the generator reads beside a description."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from cvat_codegen.problems import Problems

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


def load(path: Path, name: str) -> list[Any] | Problems:
    """Reads the ``[[name]]`` tables of a file that may hold nothing else."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        return Problems.at("", f"{path} cannot be read: {error}")
    tables = content.get(name, [])
    if set(content) - {name} or not isinstance(tables, list):
        return Problems.at("", f"{path} may hold [[{name}]] tables only")
    return tables
