"""The way from a description on disk to the intermediate representation."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from cvat_codegen import corrections, document, fetching, ir, reading, tables
from cvat_codegen.aliases import add_aliases
from cvat_codegen.dialect import understood
from cvat_codegen.files import assemble
from cvat_codegen.hoist import hoist, original_place
from cvat_codegen.operations import build_tags
from cvat_codegen.problems import BadDescription, Problem, Problems
from cvat_codegen.schemas import Context, build_models
from cvat_codegen.security import build_schemes
from cvat_codegen.servers import build_servers
from cvat_codegen.settings import Settings, is_address

_Result = TypeVar("_Result")


def read_api(settings: Settings, headers: Mapping[str, str] = MappingProxyType({})) -> ir.Api:
    """Reads what settings name.

    Args:
        settings: Names the description, its corrections and its aliases.
        headers: Sent to the server of the description.

    Raises:
        BadDescription: With all problems found.
    """
    file = None if is_address(settings.spec) else Path(settings.spec)
    if file is None:
        description = _good(fetching.fetch(settings.spec, headers))
    else:
        description = _good(reading.load(file))
    if settings.corrections is not None:
        patches = _good(tables.load(settings.corrections, "correction"))
        description = _good(corrections.apply(description, patches))
    aliases = _good(tables.load(settings.aliases, "alias")) if settings.aliases is not None else []
    return build_api(description, aliases, wrappers=settings.wrappers, file=file)


def build_api(
    description: document.JsonObject,
    aliases: Sequence[Any] = (),
    *,
    wrappers: bool = True,
    file: Path | None = None,
) -> ir.Api:
    """Intermediate representation of a description and of ``[[alias]]`` tables.

    Args:
        description: An OpenAPI description as plain data.
        aliases: The tables.
        wrappers: Whether a property that says more of a model than its name gets a model of its own.
        file: Where the description stands, for references to other files in its folder.

    Raises:
        BadDescription: With all problems found.
    """
    outline = _good(document.check_outline(_good(document.plain(description))))
    assembled = assemble(outline, file)
    read = understood(outline)
    named, origins = _good(hoist(outline, wrappers=wrappers))
    origins |= read.origins
    context = Context(named, read.warnings)
    models, tags, schemes = build_models(context), build_tags(context), build_schemes(context)
    servers = build_servers(context, outline, "")
    everything = {**origins, **assembled.origins}
    if (
        assembled.problems
        or isinstance(models, Problems)
        or isinstance(tags, Problems)
        or isinstance(schemes, Problems)
        or isinstance(servers, Problems)
    ):
        parts = (models, tags, schemes, servers)
        found = [p for part in parts if isinstance(part, Problems) for p in part.items]
        known = {problem.pointer for problem in assembled.problems}
        others = (p for p in _restored(found, everything) if p.pointer not in known)
        raise BadDescription(Problems(tuple(sorted({*assembled.problems, *others}))))
    models = tuple(_as_written(model, origins, assembled.origins) for model in models)
    tags = tuple(_at_home(tag, assembled.origins) for tag in tags)
    info, warnings = outline["info"], _restored(context.warnings, everything)
    api = ir.Api(info["title"], info["version"], models, tags, schemes, servers, warnings)
    return _good(add_aliases(api, aliases))


def _as_written(model: ir.Model, origins: Mapping[str, str], files: Mapping[str, str]) -> ir.Model:
    """A model with its place in the description; an enumeration that has no name there is a text with choices."""
    place = original_place(model.place, origins)
    is_named, place = place == model.place, original_place(place, files)
    if isinstance(model, ir.EnumModel) and not is_named:
        return dataclasses.replace(model, place=place, is_quoted=True)
    return dataclasses.replace(model, place=place)


def _at_home(tag: ir.Tag, files: Mapping[str, str]) -> ir.Tag:
    """A group of operations with the places where they are written."""
    operations = (
        dataclasses.replace(operation, place=original_place(operation.place, files))
        for operation in tag.operations
    )
    return dataclasses.replace(tag, operations=tuple(operations)) if files else tag


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
