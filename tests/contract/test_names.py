"""The public names of the published package, with their signatures."""

from __future__ import annotations

import pytest
from tests.contract.names import EXCEPTIONS, FACTS, differences, modules


@pytest.mark.parametrize("module", modules(with_torch=False))
def test_the_names_of_a_module(module: str) -> None:
    assert sorted(set(differences(module)) - EXCEPTIONS.keys()) == []


def test_every_exception_is_one() -> None:
    found = {text for module in modules(with_torch=False) for text in differences(module)}
    assert EXCEPTIONS.keys() <= found
    assert len(FACTS) > 40
