"""One server and one proxy for all cells."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.faults.bench import running
from tests.faults.calls import Bench


@pytest.fixture(scope="session")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with running(tmp_path_factory.mktemp("faults")) as made:
        yield made
