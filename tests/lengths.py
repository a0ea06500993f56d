"""Short and long forms of one test: `make test` runs the short ones, `make test-long` the long ones."""

from __future__ import annotations

from typing import Any

import pytest


def short_and_long(short: Any, *long: Any) -> list[Any]:
    """Values of a parameter that says how long a test is.

    ::

        @pytest.mark.parametrize("calls", short_and_long(500, 5000))
        def test_many_calls(calls: int) -> None: ...

    Args:
        short: The value that is enough to see the test at work.
        long: Values for whoever has the time: more of the same, or other moments of a fault.
    """
    return [pytest.param(short), *(pytest.param(value, marks=pytest.mark.long) for value in long)]
