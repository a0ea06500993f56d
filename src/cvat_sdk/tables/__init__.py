"""Annotations as tables for pandas, polars, pyarrow and NumPy, and back.

Needs ``pip install cvat-sdk[tables]`` (NumPy and pandas); polars and pyarrow are used when they are asked for.
"""

from __future__ import annotations

from cvat_sdk.tables.reading import annotation_table
from cvat_sdk.tables.table import AnnotationTable
from cvat_sdk.tables.writing import annotation_request

__all__ = ["AnnotationTable", "annotation_request", "annotation_table"]
