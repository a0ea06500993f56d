"""Names that code written against the published package imports from here."""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import Any

from cvat_sdk.api_client.runtime.base import IModelData, OpenApiModel
from cvat_sdk.api_client.runtime.model import Model, ModelComposed, ModelNormal, ModelSimple
from cvat_sdk.api_client.runtime.plain import to_dict, to_json

__all__ = [
    "IModelData",
    "ModelComposed",
    "ModelNormal",
    "ModelSimple",
    "OpenApiModel",
    "date",
    "datetime",
    "file_type",
    "model_to_dict",
    "none_type",
    "to_json",
]

none_type = type(None)
file_type = io.IOBase


def model_to_dict(model_instance: Model, serialize: bool = True) -> dict[str, Any]:
    """Set fields of a model as a dict.

    Args:
        model_instance: A model.
        serialize: Use wire names and JSON values rather than Python names and values.
    """
    result: dict[str, Any] = (
        to_json(model_instance, read_files=False) if serialize else to_dict(model_instance)
    )
    return result
