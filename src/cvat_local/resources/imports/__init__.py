"""Imports of files: annotations into tasks and jobs, datasets into projects."""

from __future__ import annotations

from cvat_local.resources.imports.arrival import accept, route_uploads, uploads_of, waiting_file

__all__ = ["accept", "route_uploads", "uploads_of", "waiting_file"]
