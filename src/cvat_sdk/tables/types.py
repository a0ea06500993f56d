"""Classes that annotations name, imported when somebody looks at them: nobody needs all of these libraries."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any, TypeAlias

    import pandas as pandas
    import polars as polars
    import pyarrow as pyarrow

    from cvat_sdk.api_client import models
    from cvat_sdk.core.proxies.jobs import Job
    from cvat_sdk.core.proxies.projects import Project
    from cvat_sdk.core.proxies.tasks import Task

    Source: TypeAlias = (
        Task | Job | Project | models.ILabeledData | models.ILabeledDataRequest | Mapping[str, Any]
    )
    """A task, job or project, or annotations as a model or as plain data."""

    AnyTable: TypeAlias = (
        pandas.DataFrame | polars.DataFrame | pyarrow.Table | Mapping[str, Sequence[Any]]
    )
    """A table of any of the libraries, or columns by name, such as an `AnnotationTable`."""
else:
    import functools
    import importlib
    import operator

    _LIBRARIES = ("pandas", "polars", "pyarrow")
    _UNIONS = {
        "AnyTable": "pandas.DataFrame polars.DataFrame pyarrow.Table collections.abc.Mapping",
        "Source": (
            "cvat_sdk.core.proxies.tasks.Task cvat_sdk.core.proxies.jobs.Job"
            " cvat_sdk.core.proxies.projects.Project cvat_sdk.api_client.models.ILabeledData"
            " cvat_sdk.api_client.models.ILabeledDataRequest collections.abc.Mapping"
        ),
    }

    def _class(place):
        module, _, name = place.rpartition(".")
        return getattr(importlib.import_module(module), name)

    def __getattr__(name):
        if name in _LIBRARIES:
            return importlib.import_module(name)
        if name in _UNIONS:
            return functools.reduce(operator.or_, map(_class, _UNIONS[name].split()))
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
