"""The public names of the published package that need torch, with their signatures."""

from __future__ import annotations

import pytest
from tests.contract.names import differences, modules


@pytest.mark.parametrize("module", modules(with_torch=True))
def test_the_names_of_a_module(module: str) -> None:
    assert sorted(differences(module)) == []
