"""What the server says about itself, and the description of the API."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import yaml

from cvat_sdk.version import __version__


def test_about_is_for_everybody(api: Callable[..., Any]) -> None:
    about = api(None).get("/api/server/about").json()
    assert about["version"] == __version__
    assert set(about) == {"name", "description", "version", "logo_url", "subtitle"}
    logo = api(None).get(about["logo_url"])
    assert logo.headers["Content-Type"] == "image/svg+xml"


def test_plugins(api: Callable[..., Any]) -> None:
    assert api().get("/api/server/plugins").json() == {"ANALYTICS": False, "MODELS": False}
    assert api(None).get("/api/server/plugins").status == 401


def test_formats_are_listed_whether_or_not_they_can_be_used(api: Callable[..., Any]) -> None:
    formats = api().get("/api/server/annotation/formats").json()
    assert set(formats) == {"importers", "exporters"}
    exporters = {one["name"]: one for one in formats["exporters"]}
    assert {"COCO 1.0", "CVAT for images 1.1", "Datumaro 1.0", "YOLO 1.1"} <= set(exporters)
    assert exporters["COCO 1.0"] == {
        "name": "COCO 1.0",
        "ext": "ZIP",
        "version": "1.0",
        "enabled": True,
        "dimension": "2d",
    }
    assert any(not one["enabled"] for one in formats["exporters"])
    assert "CVAT 1.1" in {one["name"] for one in formats["importers"]}


def test_health(api: Callable[..., Any]) -> None:
    response = api(None).get("/api/server/health/?format=json")
    assert response.status == 200
    assert response.headers["Content-Type"] == "application/json"
    assert "no-store" in response.headers["Cache-Control"]
    assert set(response.json().values()) == {"working"}


@pytest.mark.parametrize(
    ("accept", "media_type", "load"),
    [
        (None, "application/vnd.oai.openapi; charset=utf-8", yaml.safe_load),
        ("*/*", "application/vnd.oai.openapi; charset=utf-8", yaml.safe_load),
        ("application/vnd.oai.openapi+json", "application/vnd.oai.openapi+json", json.loads),
        ("application/json", "application/json", json.loads),
    ],
)
def test_schema(
    api: Callable[..., Any], accept: str | None, media_type: str, load: Callable[[bytes], Any]
) -> None:
    headers = {} if accept is None else {"Accept": accept}
    response = api(None).get("/api/schema/", headers=headers)
    assert response.status == 200
    assert response.headers["Content-Type"] == media_type
    assert response.headers["Content-Disposition"].startswith("inline; filename=")
    description = load(response.data)
    assert description["info"]["version"] == "2.80.0"
    assert "/api/tasks/{id}" in description["paths"]


@pytest.mark.parametrize("accept", ["*/*", "application/yaml", "application/json", "text/html"])
def test_the_scheme_of_the_address_decides_on_the_form_of_the_schema(
    api: Callable[..., Any], accept: str
) -> None:
    headers = {"Accept": accept}
    as_json = api(None).get("/api/schema/?scheme=json", headers=headers)
    as_yaml = api(None).get("/api/schema/?scheme=yaml", headers=headers)
    assert as_json.headers["Content-Type"] == "application/vnd.oai.openapi+json"
    assert as_yaml.headers["Content-Type"] == "application/vnd.oai.openapi; charset=utf-8"
    assert json.loads(as_json.data) == yaml.safe_load(as_yaml.data)


def test_the_schema_is_not_ordinary_json(api: Callable[..., Any]) -> None:
    headers = {"Accept": "application/vnd.cvat+json"}
    assert api(None).get("/api/schema/", headers=headers).status == 406
