"""Small API descriptions, and packages generated from them."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from cvat_codegen.build import build_api
from cvat_codegen.emit import emit
from cvat_codegen.output import write
from cvat_codegen.verify import verify

Json = dict[str, Any]
Generate = Callable[..., str]
"""Generates a package from a description and aliases and makes it importable; returns its name."""


@pytest.fixture
def describe() -> Callable[..., Json]:
    """Makes a description of some schemas and paths; other keywords become keys of the document."""

    def make(schemas: Json | None = None, paths: Json | None = None, **rest: Any) -> Json:
        return {
            "openapi": "3.0.3",
            "info": {"title": "Test API", "version": "1.0"},
            "paths": paths or {},
            "components": {"schemas": schemas or {}, **rest.pop("components", {})},
            **rest,
        }

    return make


@pytest.fixture
def operation() -> Callable[..., Json]:
    """Makes an operation ``things.get``; keywords add or replace its keys."""

    def make(**rest: Any) -> Json:
        responses = {"200": {"description": "Fine."}}
        return {"operationId": "things_get", "tags": ["things"], "responses": responses, **rest}

    return make


@pytest.fixture
def generate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Generate]:
    packages: list[str] = []

    def run(description: Json, aliases: Sequence[Json] = ()) -> str:
        package = f"generated_{tmp_path.name}_{len(packages)}".replace("-", "_")
        api = build_api(description, aliases)
        files = emit(api, "openapi.yaml", package)
        assert verify(api, files, package) is None
        write(tmp_path / package, files)
        packages.append(package)
        importlib.invalidate_caches()
        return package

    monkeypatch.syspath_prepend(tmp_path)
    yield run
    for name in list(sys.modules):
        if name.partition(".")[0] in packages:
            del sys.modules[name]


@pytest.fixture
def generate_models(generate: Generate) -> Callable[[Json], Any]:
    """Generates a package and imports its ``models``."""
    return lambda description: importlib.import_module(f"{generate(description)}.models")
