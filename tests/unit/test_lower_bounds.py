"""The versions that the lane of oldest dependencies installs come from pyproject.toml."""

from __future__ import annotations

import sys
from typing import Any

import pytest
from tests import oldest

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PROJECT: dict[str, Any] = tomllib.loads((oldest.ROOT / "pyproject.toml").read_text())["project"]


def test_every_dependency_has_a_lower_bound_to_try() -> None:
    extras = list(PROJECT["optional-dependencies"])
    wanted = oldest.requirements(PROJECT, extras, oldest.TOOLS)
    assert [line for line in wanted if "==" not in line] == []


def test_a_bound_is_installed_as_it_stands() -> None:
    project = {
        "name": "us",
        "dependencies": ["one>=1.2", "two[x]>=3,<4", "old>=1; python_version < '3'"],
        "optional-dependencies": {"more": ["three>=0.5"], "dev": ["us[more]", "pytest>=8"]},
    }
    assert oldest.requirements(project, [], ["pytest"]) == ["one==1.2", "pytest==8", "two[x]==3"]
    with_extras = oldest.requirements(project, ["more", "dev"], ["pytest"])
    assert with_extras == ["one==1.2", "pytest==8", "three==0.5", "two[x]==3"]


def test_a_dependency_without_a_lower_bound_is_refused() -> None:
    project = {"name": "us", "dependencies": ["one<2"], "optional-dependencies": {"dev": []}}
    with pytest.raises(SystemExit, match="one<2 needs one lower bound"):
        oldest.requirements(project, [], [])
