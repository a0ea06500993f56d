"""All models of a description."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from cvat_codegen import ir
from cvat_codegen.document import pointer
from cvat_codegen.names import ClassName
from cvat_codegen.problems import Problem, Problems
from cvat_codegen.schemas.composed import build_composed
from cvat_codegen.schemas.context import Context, check_keywords
from cvat_codegen.schemas.enums import build_enum
from cvat_codegen.schemas.objects import build_object
from cvat_codegen.schemas.types import build_type, is_model
from cvat_codegen.schemas.unions import tags_of
from cvat_codegen.vocabulary import kind_of


def build_models(context: Context) -> tuple[ir.Model, ...] | Problems:
    """Models of the named schemas, sorted by name."""
    models: dict[ClassName, ir.Model] = {}
    problems: list[Problem] = []
    tags = tags_of(context)
    if isinstance(tags, Problems):
        return tags
    for name, schema in context.schemas.items():
        place = pointer("components", "schemas", name)
        built = _build(context, str(name), schema, place)
        if isinstance(built, Problems):
            problems.extend(built.items)
        elif built is not None:
            models[built.name] = dataclasses.replace(
                _tagged(built, tags.get(name, {})), place=place
            )
    return Problems(tuple(problems)) if problems else tuple(models[name] for name in sorted(models))


def _tagged(model: ir.Model, tags: Mapping[str, tuple[str, ...]]) -> ir.Model:
    """A model with what discriminators say of it."""
    if not tags or not isinstance(model, (ir.ObjectModel, ir.ComposedModel)):
        return model
    names = {field.wire: field.name for field in model.fields}
    known = tuple((names[wire], values) for wire, values in tags.items() if wire in names)
    return dataclasses.replace(model, tags=known)


def _build(context: Context, name: str, schema: Any, place: str) -> ir.Model | Problems | None:
    kind = kind_of(schema)
    problems = check_keywords(schema, kind, place)
    if problems:
        return Problems(tuple(problems))
    if not is_model(context, schema):
        alias = build_type(
            context, schema, place
        )  # for its problems; users of the name get the type
        return alias if isinstance(alias, Problems) else None
    if kind == "enum":
        return build_enum(context, name, schema, place)
    if kind in ("composed", "wrapper"):
        return build_composed(context, name, schema, place)
    return build_object(context, name, schema, place)
