"""Brings two curves of a track to the same number of points, so that one can move into the other."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Curve = NDArray[np.float64]
"""Points as an array of shape ``(n, 2)``."""


def aligned(left: list[float], right: list[float], *, closed: bool) -> tuple[Curve, Curve]:
    """Both curves with as many points each, those that belong together at the same index.

    Args:
        left: ``[x, y, x, y, ...]``
        right: Likewise; any number of points.
        closed: The curve is a polygon, so that it may start at any of its points.
    """
    first, second = _curve(left), _curve(right)
    if len(first) == len(second):
        return first, _started_like(first, second) if closed else second
    if not closed:
        return _resampled(first, second)
    nearest = np.argmin(((_centred(second) - _centred(first)[0]) ** 2).sum(axis=1))
    second = np.roll(second, -int(nearest), axis=0)
    # The closing edge is part of the outline, its end is the start again.
    first, second = _resampled(np.vstack([first, first[:1]]), np.vstack([second, second[:1]]))
    return first[:-1], second[:-1]


def _curve(points: list[float]) -> Curve:
    return np.asarray(points, dtype=np.float64).reshape(-1, 2)


def _centred(curve: Curve) -> Curve:
    centred: Curve = curve - curve.mean(axis=0)
    return centred


def _started_like(first: Curve, second: Curve) -> Curve:
    """``second`` with the starting point for which its points lie closest to those of ``first``."""
    # The sum of squared distances is least where the sum of scalar products is greatest.
    products = _centred(first) @ _centred(second).T
    steps = np.arange(len(first))
    scores = np.array([products[steps, (steps + shift) % len(first)].sum() for shift in steps])
    # Prefers the drawn start when others are as good but for rounding.
    best = scores.max()
    shift = int(np.argmax(scores >= best - 1e-9 * max(1.0, abs(best))))
    return np.roll(second, -shift, axis=0)


def _resampled(first: Curve, second: Curve) -> tuple[Curve, Curve]:
    """Both curves with a point wherever one of them has one, measured along their length."""
    at_first, at_second = _fractions(first), _fractions(second)
    union = np.union1d(at_first, at_second)
    return _points_at(union, at_first, first), _points_at(union, at_second, second)


def _fractions(curve: Curve) -> NDArray[np.float64]:
    """How far along the curve each point is, from 0 to 1."""
    lengths = np.hypot(*np.diff(curve, axis=0).T)
    along: NDArray[np.float64] = np.concatenate([[0.0], np.cumsum(lengths)])
    if along[-1] == 0:
        return np.linspace(0.0, 1.0, len(curve), dtype=np.float64)
    along /= along[-1]
    return along


def _points_at(fractions: NDArray[np.float64], known: NDArray[np.float64], curve: Curve) -> Curve:
    return np.column_stack(
        [np.interp(fractions, known, curve[:, 0]), np.interp(fractions, known, curve[:, 1])]
    )
