"""The way from a description on disk to the intermediate representation."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from cvat_codegen import corrections, document, ir, reading, tables
from cvat_codegen.aliases import add_aliases
from cvat_codegen.hoist import hoist, original_place
from cvat_codegen.operations import build_tags
from cvat_codegen.problems import BadDescription, Problem, Problems
from cvat_codegen.schemas import Context, build_models

_Result = TypeVar("_Result")


def read_api(
    spec: Path, correction_file: Path | None = None, alias_file: Path | None = None
) -> ir.Api:
    """Reads a description, its corrections and its aliases.

    Raises:
        BadDescription: With all problems found.
    """
    description = _good(reading.load(spec))
    if correction_file is not None:
        patches = _good(tables.load(correction_file, "correction"))
        description = _good(corrections.apply(description, patches))
    aliases = _good(tables.load(alias_file, "alias")) if alias_file is not None else []
    return build_api(description, aliases)


def build_api(description: document.JsonObject, aliases: Sequence[Any] = ()) -> ir.Api:
    """Intermediate representation of a description and of ``[[alias]]`` tables.

    Raises:
        BadDescription: With all problems found.
    """
    outline = _good(document.check_outline(_good(document.plain(description))))
    named, origins = _good(hoist(outline))
    context = Context(named)
    models, tags = build_models(context), build_tags(context)
    if isinstance(models, Problems) or isinstance(tags, Problems):
        found = [p for part in (models, tags) if isinstance(part, Problems) for p in part.items]
        raise BadDescription(Problems(_restored(found, origins)))
    models = tuple(
        dataclasses.replace(model, place=original_place(model.place, origins)) for model in models
    )
    info, warnings = outline["info"], _restored(context.warnings, origins)
    api = ir.Api(info["title"], info["version"], models, tags, warnings)
    return _good(add_aliases(api, aliases))


def _restored(problems: Iterable[Problem], origins: Mapping[str, str]) -> tuple[Problem, ...]:
    """Problems at their places in the description as it was read, in order."""
    found = {
        Problem(original_place(problem.pointer, origins), problem.message) for problem in problems
    }
    return tuple(sorted(found))


def _good(result: _Result | Problems) -> _Result:
    if isinstance(result, Problems):
        raise BadDescription(result)
    return result
