"""Imports of files: annotations into tasks and jobs, datasets into projects."""

from __future__ import annotations

from cvat_local.resources.imports.arrival import accept, uploads_of

__all__ = ["accept", "uploads_of"]
