"""Guides: how a project or task is to be annotated, with the pictures that show it."""

from __future__ import annotations

from cvat_local.resources.guides.files import GuideFile, check_size, content_type_of
from cvat_local.resources.guides.rules import restore

__all__ = ["GuideFile", "check_size", "content_type_of", "restore"]
