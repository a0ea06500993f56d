"""The way from a description on disk to the intermediate representation."""

from __future__ import annotations

from pathlib import Path

from cvat_codegen import corrections, document, ir
from cvat_codegen.hoist import hoist, original_place
from cvat_codegen.operations import build_tags
from cvat_codegen.problems import BadDescription, Problem, Problems
from cvat_codegen.schemas import Context, build_models


def read_api(spec: Path, correction_file: Path | None = None) -> ir.Api:
    """Reads a description and its corrections. Raises `BadDescription` with all problems found."""
    loaded = document.load(spec)
    if isinstance(loaded, Problems):
        raise BadDescription(loaded)
    if correction_file is not None:
        tables = corrections.load(correction_file)
        if isinstance(tables, Problems):
            raise BadDescription(tables)
        corrected = corrections.apply(loaded, tables)
        if isinstance(corrected, Problems):
            raise BadDescription(corrected)
        loaded = corrected
    return build_api(loaded)


def build_api(description: document.JsonObject) -> ir.Api:
    """Intermediate representation of a description. Raises `BadDescription` with all problems found."""
    outline = document.check_outline(description)
    if isinstance(outline, Problems):
        raise BadDescription(outline)
    hoisted = hoist(outline)
    if isinstance(hoisted, Problems):
        raise BadDescription(hoisted)
    named, origins = hoisted
    context = Context(named)
    models, tags = build_models(context), build_tags(context)
    if isinstance(models, Problems) or isinstance(tags, Problems):
        found = {
            Problem(original_place(problem.pointer, origins), problem.message)
            for part in (models, tags)
            if isinstance(part, Problems)
            for problem in part.items
        }
        raise BadDescription(Problems(tuple(sorted(found))))
    return ir.Api(outline["info"]["title"], outline["info"]["version"], models, tags)
