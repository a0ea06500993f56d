"""Every model of the API: what it declares, how it reads a server's data and a caller's."""

from __future__ import annotations

import copy
import pickle
from typing import Any

from cvat_sdk.api_client import model_utils, models
from differential.arguments import revive
from differential.case import Side, case

_ANYTHING = 7
_BASES = (
    model_utils.IModelData,
    model_utils.ModelComposed,
    model_utils.ModelNormal,
    model_utils.ModelSimple,
    model_utils.OpenApiModel,
)


@case(template=True)
def facts(side: Side, given: dict[str, Any]) -> Any:
    """What the class declares."""
    cls = getattr(models, given["model"])
    names = {base.__name__ for base in cls.__mro__}
    return {
        "bases": [base.__name__ for base in _BASES if issubclass(cls, base)],
        "interfaces": sorted(name for name in names if name.startswith("I")),
        "module": cls.__module__,
        "types": side.attempt(
            lambda: {name: _types(kinds) for name, kinds in cls.openapi_types.items()}
        ),
        "wire names": side.attempt(lambda: dict(cls.attribute_map)),
        "read only": side.attempt(lambda: set(cls.read_only_vars)),
        "discriminator": side.attempt(lambda: cls.discriminator),
        "nullable": side.attempt(lambda: cls._nullable),
        "allowed": side.attempt(lambda: dict(cls.allowed_values)),
        "limits": side.attempt(lambda: dict(cls.validations)),
        "additional": side.attempt(lambda: cls.additional_properties_type is not None),
        "composed": side.attempt(_composed, cls),
    }


def _types(kinds: Any) -> Any:
    if isinstance(kinds, dict):
        return {name: _types(kind) for name, kind in kinds.items()}
    if isinstance(kinds, (tuple, list)):
        # Their order means nothing, and a field without a type lists everything there is.
        return sorted(map(repr, map(_types, kinds))) if len(kinds) < _ANYTHING else "anything"
    return kinds.__name__


def _composed(cls: Any) -> Any:
    members = getattr(cls, "_composed_schemas", None)
    if callable(members):
        members = members()
    return {kind: list(classes) for kind, classes in members.items() if classes} if members else {}


def _uses(side: Side, model: Any) -> Any:
    """A model through everything that reads it."""
    probe: dict[str, Any] = {
        "model": model,
        "dict": model.to_dict(),
        "json": side.attempt(model_utils.to_json, model, read_files=False),
        "equal to itself": model == model,
        "text is repr": str(model) == repr(model) == model.to_str(),
    }
    for name, function in {
        "pickle": lambda: pickle.loads(pickle.dumps(model)),
        "deepcopy": lambda: copy.deepcopy(model),
    }.items():
        twin = side.attempt(function)
        probe[name] = twin == model if type(twin) is type(model) else twin
    return probe


@case(template=True)
def received(side: Side, given: dict[str, Any]) -> Any:
    """A server's data."""
    cls = getattr(models, given["model"])
    return _uses(side, cls._from_openapi_data(**revive(given["data"]), _spec_property_naming=True))


@case(template=True)
def built(side: Side, given: dict[str, Any]) -> Any:
    """A caller's data, by keyword."""
    cls = getattr(models, given["model"])
    model = cls(**revive(given["data"]))
    return None if model is None else _uses(side, model)
