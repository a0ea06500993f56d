"""Whether the public names of the published package are here, and can be called as they are there.

``published_names.json`` has, by module and name, how the published 2.80.0 is called: parameters, with defaults where
they are plain values and ``...`` where they are objects.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FACTS: dict[str, dict[str, Any]] = json.loads(
    Path(__file__).with_name("published_names.json").read_text()
)
NEEDS_TORCH = ("cvat_sdk.pytorch", "cvat_sdk.auto_annotation.functions")

_OPTIONAL = "functions may do without it: a protocol that has it would not take them"
_IMPORTED = "what the published module has imported for itself"
_MIXIN = "a mixin of repositories, which have it"
_TYPES = "a type variable"

EXCEPTIONS: dict[str, str] = {
    "cvat_sdk.auto_annotation.interface.InteractionFunction.preprocess_image: missing": _OPTIONAL,
    "cvat_sdk.auto_annotation.interface.TrackingFunction.preprocess_image: missing": _OPTIONAL,
    "cvat_sdk.core.auth.urlsplit: missing": _IMPORTED,
    "cvat_sdk.core.client.sleep: missing": _IMPORTED,
    "cvat_sdk.core.client.urlsplit: missing": _IMPORTED,
    "cvat_sdk.core.proxies.model_proxy.ApiType: missing": _TYPES,
    "cvat_sdk.core.proxies.model_proxy.IModel: missing": _TYPES,
    "cvat_sdk.core.proxies.model_proxy.ModelBatchDeleteMixin.api: missing": _MIXIN,
    "cvat_sdk.core.proxies.model_proxy.ModelBatchDeleteMixin.get_api: missing": _MIXIN,
    "cvat_sdk.core.proxies.model_proxy.ModelBatchDeleteMixin: has no parameter client": _MIXIN,
    "cvat_sdk.core.proxies.model_proxy.ModelType: missing": _TYPES,
}
"""Differences that are meant, each with its reason."""


def modules(*, with_torch: bool) -> list[str]:
    return [name for name in FACTS if name.startswith(NEEDS_TORCH) == with_torch]


def differences(module: str) -> Iterator[str]:
    """What a module lacks of the published one, or takes otherwise."""
    ours = importlib.import_module(module)
    for name, facts in FACTS[module].items():
        found = getattr(ours, name, None)
        if found is None:
            yield f"{module}.{name}: missing"
            continue
        if "call" in facts:
            yield from _call(f"{module}.{name}", found, facts["call"])
        for member, call in facts.get("members", {}).items():
            place = f"{module}.{name}.{member}"
            if member not in _members(found):
                yield f"{place}: missing"
            elif call is not None:
                yield from _call(
                    place, getattr(found, member), call, bound=_is_bound(found, member)
                )


def _members(cls: Any) -> set[str]:
    return {*dir(cls), *getattr(cls, "__annotations__", ())}


def _is_bound(cls: Any, member: str) -> bool:
    return isinstance(inspect.getattr_static(cls, member), classmethod)


def _call(place: str, found: Any, published: str, *, bound: bool = False) -> Iterator[str]:
    """Differences of two signatures; more parameters are none, as long as they have defaults."""
    theirs = _parameters(published)
    signature = inspect.signature(found)
    ours = list(signature.parameters.values())
    if bound and theirs and theirs[0][0] == "cls":
        theirs = theirs[1:]
    by_name = {parameter.name: parameter for parameter in ours}
    positional = [p for p in ours if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    takes_any = any(parameter.kind is parameter.VAR_KEYWORD for parameter in ours)
    place_of = {parameter.name: number for number, parameter in enumerate(positional)}
    for number, (name, kind, default) in enumerate(theirs):
        if kind in ("*", "**"):
            continue
        parameter = by_name.get(name)
        if parameter is None:
            if kind == "/" and number < len(positional):
                continue  # nobody can name it
            if not takes_any:
                yield f"{place}: has no parameter {name}"
            continue
        if kind != "keyword" and place_of.get(name) != number:
            yield f"{place}: {name} is not parameter {number + 1}"
        if kind == "keyword" and parameter.kind is parameter.POSITIONAL_ONLY:
            yield f"{place}: {name} cannot be named"
        if default is not None and parameter.default is parameter.empty:
            yield f"{place}: {name} has no default"
        elif default not in (None, "...") and parameter.default != ast.literal_eval(default):
            yield f"{place}: {name} is {parameter.default!r} by default, not {default}"
    known = {name for name, _, _ in theirs}
    for parameter in ours:
        is_new = parameter.name not in known and parameter.default is parameter.empty
        plain = parameter.kind not in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL)
        if is_new and plain and parameter.kind is parameter.KEYWORD_ONLY:
            yield f"{place}: needs {parameter.name}, which the published one does not know"


def _parameters(text: str) -> list[tuple[str, str, str | None]]:
    """Names, kinds and defaults."""
    arguments = ast.parse(f"def f({text}): ...").body[0].args  # type: ignore[attr-defined]  # a function
    found: list[tuple[str, str, str | None]] = []
    positional = arguments.posonlyargs + arguments.args
    without = len(positional) - len(arguments.defaults)
    for number, argument in enumerate(positional):
        kind = "/" if number < len(arguments.posonlyargs) else "any"
        default = None if number < without else ast.unparse(arguments.defaults[number - without])
        found.append((argument.arg, kind, default))
    for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        found.append((argument.arg, "keyword", None if default is None else ast.unparse(default)))
    if arguments.kwarg:
        found.append((arguments.kwarg.arg, "**", None))
    return found
