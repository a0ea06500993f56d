"""Schemas of the description -> models and types of the intermediate representation, one kind a file."""

from cvat_codegen.schemas.context import Context
from cvat_codegen.schemas.models import build_models
from cvat_codegen.schemas.types import build_type

__all__ = ["Context", "build_models", "build_type"]
