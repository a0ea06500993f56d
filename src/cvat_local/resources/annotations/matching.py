"""Finds which objects of two jobs are the same one.

Rectangles and polygons are compared by the area they share (intersection over union), all other
types by their coordinates.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cvat_local.resources.annotations.objects import Element, Shape
from cvat_sdk.core.shapes.tracks import Object

AREA_TYPES = ("rectangle", "polygon")

_TOLERANCE = 1e-3
"""Pixels by which equal coordinates may differ; interpolation does not give them to the last bit."""

Pair = tuple[int, int]
"""Index into the first and into the second sequence."""


def identity(shape: Element) -> tuple[Any, ...]:
    """Two shapes with this in common are the same for certain."""
    elements = shape.elements if isinstance(shape, Shape) else ()
    return (
        shape.frame,
        shape.label_id,
        shape.type,
        shape.rotation,
        bytes(shape.points),
        tuple((element.outside, *identity(element)) for element in elements),
    )


def similarities(
    first: Sequence[Object], second: Sequence[Object], least: float = 0.0
) -> dict[Pair, float]:
    """How alike shapes of one type are.

    Args:
        first: Shapes of the type.
        second: Likewise.
        least: Pairs that are less alike are left out.

    Returns:
        Values above 0, up to 1 for equal shapes.
    """
    if not first or not second:
        return {}
    if first[0]["type"] in AREA_TYPES:
        return _shared_areas(first, second, least)
    return {
        (i, j): 1.0
        for i, shape in enumerate(first)
        for j, other in enumerate(second)
        if _coincide(shape, other)
    }


def assign(weights: Mapping[Pair, float]) -> list[Pair]:
    """The pairs, no index in two of them, whose weights have the greatest sum.

    Args:
        weights: Weight (above 0) of each pair that may be chosen.
    """
    chosen: list[Pair] = []
    for component in _components(weights):
        if len(component) == 1:
            chosen += component
            continue
        rows = sorted({i for i, _ in component})
        columns = sorted({j for _, j in component})
        matrix = np.zeros((len(rows), len(columns)))
        for i, j in component:
            matrix[rows.index(i), columns.index(j)] = weights[i, j]
        for row, column in _heaviest(matrix):
            if matrix[row, column] > 0:
                chosen.append((rows[row], columns[column]))
    return sorted(chosen)


def _shared_areas(
    first: Sequence[Object], second: Sequence[Object], least: float
) -> dict[Pair, float]:
    # Takes a fifth of a second to load, and few tasks have differing annotations in overlaps.
    import shapely

    left, right = (
        np.array([_area(shape) for shape in shapes], dtype=object) for shapes in (first, second)
    )
    i, j = shapely.STRtree(right).query(left)
    sizes, other_sizes = shapely.area(left)[i], shapely.area(right)[j]
    # A crowded frame has many pairs that touch and few that can be alike, which is cheap to tell.
    smaller, larger = np.minimum(sizes, other_sizes), np.maximum(sizes, other_sizes)
    limits = np.minimum(smaller, _shared_bounds(shapely.bounds(left)[i], shapely.bounds(right)[j]))
    # What has hardly any area has no meaningful share of it: coordinates decide.
    tiny = larger < 1
    possible = (limits >= least * larger) | tiny
    i, j, tiny, total = i[possible], j[possible], tiny[possible], (sizes + other_sizes)[possible]
    shared = shapely.area(shapely.intersection(left[i], right[j]))
    ratios = np.divide(shared, total - shared, out=np.zeros_like(total), where=total > shared)
    for index in np.flatnonzero(tiny):
        if _coincide(first[i[index]], second[j[index]]):
            ratios[index] = 1.0
    found = (ratios >= least) & (ratios > 0)
    pairs = zip(i[found].tolist(), j[found].tolist(), strict=True)
    return dict(zip(pairs, ratios[found].tolist(), strict=True))


def _shared_bounds(bounds: NDArray[np.float64], others: NDArray[np.float64]) -> NDArray[np.float64]:
    """Areas that boxes (left, top, right, bottom) share with the others at the same index."""
    sides = np.minimum(bounds[:, 2:], others[:, 2:]) - np.maximum(bounds[:, :2], others[:, :2])
    areas: NDArray[np.float64] = np.maximum(sides, 0).prod(axis=1)
    return areas


def _area(shape: Object) -> Any:
    """The shape as a valid geometry of shapely."""
    import shapely
    from shapely import affinity

    points = shape["points"]
    if shape["type"] == "rectangle":
        (left, right), (top, bottom) = sorted(points[0::2]), sorted(points[1::2])
        return affinity.rotate(shapely.box(left, top, right, bottom), shape["rotation"])
    return shapely.make_valid(shapely.Polygon(np.reshape(points, (-1, 2))))


def _coincide(shape: Object, other: Object) -> bool:
    others = {element["label_id"]: element for element in other.get("elements", ())}
    elements = [
        (element, others[element["label_id"]])
        for element in shape.get("elements", ())
        if element["label_id"] in others
    ]
    # Where an element is hidden its coordinates mean nothing.
    if any(
        element["outside"] != twin["outside"]
        or not (element["outside"] or _coincide(element, twin))
        for element, twin in elements
    ):
        return False
    points, other_points = shape["points"], other["points"]
    return (
        len(points) == len(other_points)
        and abs(shape["rotation"] - other["rotation"]) <= _TOLERANCE
        and all(abs(a - b) <= _TOLERANCE for a, b in zip(points, other_points, strict=True))
    )


def _components(pairs: Mapping[Pair, float]) -> list[list[Pair]]:
    """The pairs in groups that have no index in common."""
    by_row: dict[int, list[Pair]] = defaultdict(list)
    by_column: dict[int, list[Pair]] = defaultdict(list)
    for pair in pairs:
        by_row[pair[0]].append(pair)
        by_column[pair[1]].append(pair)
    groups = []
    seen: set[Pair] = set()
    for pair in pairs:
        if pair in seen:
            continue
        group, waiting = [], [pair]
        seen.add(pair)
        while waiting:
            i, j = waiting.pop()
            group.append((i, j))
            neighbours = [near for near in by_row[i] + by_column[j] if near not in seen]
            seen.update(neighbours)
            waiting += dict.fromkeys(neighbours)
        groups.append(group)
    return groups


def _heaviest(weights: NDArray[np.float64]) -> list[Pair]:
    """A row for each column or the other way round, so that the sum of weights is greatest.

    The Hungarian method: rows are added one by one along a shortest augmenting path.
    """
    if weights.shape[0] > weights.shape[1]:
        return [(row, column) for column, row in _heaviest(weights.T)]
    rows, columns = weights.shape
    # Index 0 stands for "no row" and "no column".
    row_price, column_price = np.zeros(rows + 1), np.zeros(columns + 1)
    row_of = np.zeros(columns + 1, dtype=int)
    for row in range(1, rows + 1):
        row_of[0] = row
        column = 0
        distance = np.full(columns + 1, np.inf)
        previous = np.zeros(columns + 1, dtype=int)
        visited = np.zeros(columns + 1, dtype=bool)
        while row_of[column]:
            visited[column] = True
            current = row_of[column]
            through = np.full(columns + 1, np.inf)
            through[1:] = -weights[current - 1] - row_price[current] - column_price[1:]
            shorter = ~visited & (through < distance)
            distance[shorter] = through[shorter]
            previous[shorter] = column
            column = int(np.argmin(np.where(visited, np.inf, distance)))
            step = distance[column]
            row_price[row_of[visited]] += step
            column_price[visited] -= step
            distance[~visited] -= step
        while column:
            row_of[column] = row_of[previous[column]]
            column = previous[column]
    return [
        (int(row_of[column]) - 1, column - 1) for column in range(1, columns + 1) if row_of[column]
    ]
