"""The schemas of released CVAT servers, as they are: generated, imported, and compared with the published packages."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.codegen import surface


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.syspath_prepend(tmp_path)
    yield tmp_path
    for name in [name for name in sys.modules if name.startswith("cvat_2_")]:
        del sys.modules[name]


@pytest.mark.parametrize("version", surface.ALL)
def test_a_released_schema_gives_a_client_without_corrections(
    version: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    package = surface.generate(version, folder)
    assert "warning" not in capsys.readouterr().err
    client = importlib.import_module(package).ApiClient()
    assert client.tasks_api.list_endpoint.path.startswith("/api/tasks")
    for name in ("models", "apis"):
        module = importlib.import_module(f"{package}.{name}")
        assert all(getattr(module, exported) is not None for exported in module.__all__)


@pytest.mark.parametrize(("version", "published"), surface.PAIRS.items())
def test_every_difference_from_the_published_package_has_a_reason(
    version: str, published: str, folder: Path
) -> None:
    found = surface.compare(
        surface.published_facts(published), surface.generated_facts(version, folder)
    )
    assert [difference for difference in found if surface.reason_of(difference) is None] == []


def test_a_difference_of_another_kind_would_be_found() -> None:
    facts = surface.published_facts("2.73.0")
    other = surface.published_facts("2.73.0")
    assert surface.compare(facts, other) == []
    task = other["models"]["TaskRead"]
    task["fields"]["name"][1] = "int"
    task["fields"]["extra"] = ["extra", "str"]
    task["required"].append("extra")
    del other["models"]["JobRead"]
    tasks = other["apis"]["TasksApi"]
    tasks["list"]["parameters"]["more"] = ["query", "str"]
    del tasks["create"]
    del other["apis"]["AuthApi"]
    found = surface.compare(facts, other)
    assert {difference.what for difference in found if surface.reason_of(difference) is None} >= {
        *("class AuthApi", "method TasksApi.create", "method TasksApi.list: parameters"),
        *("model JobRead", "model TaskRead: required", "field TaskRead.extra"),
        "field TaskRead.name: type",
    }


def test_the_page_of_the_comparison_is_up_to_date() -> None:
    assert surface.PAGE.read_text("utf-8") == surface.current_page(), (
        "run python tests/codegen/surface.py page"
    )
