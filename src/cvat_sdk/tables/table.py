"""A table by columns, and what other libraries make of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from cvat_sdk.tables import types

Kind: TypeAlias = Literal["int", "float", "bool", "text", "list", "lists"]
"""What a column holds: numbers, truth values, texts, lists of numbers, or lists of those. Any but ``list`` may be None."""

COLUMNS: Mapping[str, Kind] = {
    "row": "int",
    "task_id": "int",
    "frame": "int",
    "frame_name": "text",
    "label": "text",
    "type": "text",
    "id": "int",
    "track_id": "int",
    "keyframe": "bool",
    "parent": "int",
    "label_id": "int",
    "group": "int",
    "source": "text",
    "occluded": "bool",
    "outside": "bool",
    "z_order": "int",
    "rotation": "float",
    "score": "float",
    "left": "float",
    "top": "float",
    "right": "float",
    "bottom": "float",
    "area": "float",
    "points": "list",
}
"""The columns that every table has."""

ATTRIBUTE = "attributes."
"""What the names of columns of attributes begin with."""


class AnnotationTable(Mapping[str, Sequence[Any]]):
    """A row for each tag, shape, visible position of a track, and point of a skeleton; columns by name.

    | column | what it is |
    |---|---|
    | ``row`` | number of the row, from 0 |
    | ``task_id`` | id of the task; None when it is not known |
    | ``frame``, ``frame_name`` | position in the task, and name of the file; None when it is not known |
    | ``label``, ``label_id`` | name (None when it is not known) and id of the label, or of the sublabel of a point of a skeleton |
    | ``type`` | type of the shape, or ``tag`` |
    | ``id`` | id of the tag, shape or track; None for points of skeletons and what is not stored |
    | ``track_id``, ``keyframe`` | number of the track in the table, from 0, and whether it has a keyframe there; None for others |
    | ``parent`` | ``row`` of the skeleton that a point belongs to; None for others |
    | ``group``, ``source``, ``occluded``, ``outside``, ``z_order``, ``rotation``, ``score`` | as in the API |
    | ``left``, ``top``, ``right``, ``bottom`` | edges of the box around it in pixels, rotation taken into account; None for tags and cuboids in space |
    | ``area`` | in square pixels; None for what covers none: tags, lines, points, skeletons, cuboids |
    | ``points`` | in the form of the API; empty for tags and skeletons |
    | ``polygons`` | when asked for: outlines ``[[x, y, x, y, ...], ...]``; empty for what covers nothing |
    | ``attributes.<name>`` | value of an attribute; number or truth value where all of its values are, else text; None without one |

    Args:
        columns: Values by name of the column, all of one length.
        kinds: What each column holds.
    """

    def __init__(self, columns: Mapping[str, Sequence[Any]], kinds: Mapping[str, Kind]) -> None:
        self._columns = dict(columns)
        self.kinds: Mapping[str, Kind] = kinds
        """What each column holds."""

    def __getitem__(self, name: str) -> Sequence[Any]:
        return self._columns[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)

    @property
    def height(self) -> int:
        """Number of rows."""
        return len(self._columns["row"])

    def __repr__(self) -> str:
        return f"AnnotationTable({self.height} rows, columns {', '.join(self._columns)})"

    def to_numpy(self) -> dict[str, NDArray[Any]]:
        """An array for each column, of shape (rows,).

        Returns:
            Whole numbers are ``int64`` with -1 for None, numbers ``float64`` with NaN for None, truth values ``bool``, or
            ``object`` where one is None; texts are ``object``, and so are lists, with a ``float64`` array in each row.
        """
        arrays = {}
        for name, kind in self.kinds.items():
            values = self._columns[name]
            if kind == "int":
                arrays[name] = np.array(
                    [-1 if value is None else value for value in values], dtype=np.int64
                )
            elif kind == "float":
                arrays[name] = np.array(values, dtype=np.float64)
            elif kind == "bool" and None not in values:
                arrays[name] = np.array(values, dtype=np.bool_)
            else:
                array = np.empty(len(values), dtype=object)
                for index, value in enumerate(values):
                    array[index] = np.array(value, dtype=np.float64) if kind == "list" else value
                arrays[name] = array
        return arrays

    def to_pandas(self) -> types.pandas.DataFrame:
        """A ``pandas.DataFrame``; columns of whole numbers and truth values in which one is missing have pandas' nullable types."""
        import pandas

        return pandas.DataFrame({name: self._pandas_column(name) for name in self._columns})

    def _pandas_column(self, name: str) -> Any:
        import pandas

        kind, values = self.kinds[name], self._columns[name]
        if kind == "float":
            return np.array(values, dtype=np.float64)
        if kind in ("int", "bool"):
            if None in values:
                return pandas.array(list(values), dtype="Int64" if kind == "int" else "boolean")
            return np.array(values, dtype=np.int64 if kind == "int" else np.bool_)
        return pandas.Series(list(values), dtype=object)

    def to_polars(self) -> types.polars.DataFrame:
        """A ``polars.DataFrame``; `points` are lists of floats."""
        import polars

        dtypes: dict[Kind, Any] = {
            "int": polars.Int64,
            "float": polars.Float64,
            "bool": polars.Boolean,
            "text": polars.String,
            "list": polars.List(polars.Float64),
            "lists": polars.List(polars.List(polars.Float64)),
        }
        return polars.DataFrame(
            [
                polars.Series(name, list(values), dtype=dtypes[self.kinds[name]])
                for name, values in self._columns.items()
            ]
        )

    def to_arrow(self) -> types.pyarrow.Table:
        """A ``pyarrow.Table``, which Parquet and Arrow files are written from; `points` are lists of floats."""
        import pyarrow

        kinds: dict[Kind, Any] = {
            "int": pyarrow.int64(),
            "float": pyarrow.float64(),
            "bool": pyarrow.bool_(),
            "text": pyarrow.string(),
            "list": pyarrow.list_(pyarrow.float64()),
            "lists": pyarrow.list_(pyarrow.list_(pyarrow.float64())),
        }
        return pyarrow.table(
            {
                name: pyarrow.array(list(values), type=kinds[self.kinds[name]])
                for name, values in self._columns.items()
            }
        )
