"""What the members of an organization may do with its cloud storages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.local.buckets import S3, running_s3, storage_input
from tests.local.media_samples import picture, task_of
from tests.local.workplaces import Api, Workplace, workplace

from cvat_local.embedded import LocalServer

PEOPLE = ("owner", "maintainer", "supervisor", "worker", "helper", "stranger")
OVERSEERS = {"owner", "maintainer"}
STAFF = OVERSEERS | {"supervisor"}


@pytest.fixture(scope="module")
def s3() -> Iterator[S3]:
    with running_s3() as service:
        service.bucket("shared", {"a.txt": b"text"})
        yield service


@pytest.fixture(scope="module")
def place(server: LocalServer, api: Api) -> Workplace:
    return workplace(server, api, "clouds")


def attach(place: Workplace, who: str, s3: S3, query: dict[str, Any]) -> int:
    response = place.people[who].post(
        "/api/cloudstorages", query=query, json=storage_input(s3, "shared")
    )
    assert response.status == 201, response.data
    return int(response.json()["id"])


@pytest.fixture(scope="module")
def storage(place: Workplace, s3: S3) -> str:
    """Path of a storage of the organization that the maintainer attached."""
    return f"/api/cloudstorages/{attach(place, 'maintainer', s3, place.org)}"


def allowed(place: Workplace, method: str, path: str, **options: Any) -> set[str]:
    """Who of the people gets no 403."""
    return {
        name for name in PEOPLE if place.people[name].request(method, path, **options).status != 403
    }


def test_who_attaches(place: Workplace) -> None:
    # An empty body is refused only after the right to attach was checked.
    path = "/api/cloudstorages"
    assert allowed(place, "POST", path, query=place.org, json={}) == OVERSEERS
    everybody = set(PEOPLE) - {"helper"}
    assert allowed(place, "POST", path, json={}) == everybody
    assert allowed(place, "POST", path, query={"org": ""}, json={}) == everybody


@pytest.mark.parametrize("part", ["", "/status", "/actions", "/content-v2", "/preview"])
def test_who_sees(place: Workplace, storage: str, part: str) -> None:
    assert allowed(place, "GET", storage + part) == STAFF


def test_who_changes(place: Workplace, storage: str) -> None:
    assert allowed(place, "PATCH", storage, json={"description": "d"}) == OVERSEERS


def test_the_organization_is_told(place: Workplace, storage: str) -> None:
    assert place.people["owner"].get(storage).json()["organization"] == place.id


def test_lists(place: Workplace, s3: S3, storage: str) -> None:
    shared = int(storage.rpartition("/")[2])
    personal = attach(place, "supervisor", s3, {})

    def listed(who: str, query: dict[str, Any]) -> list[int]:
        results = place.people[who].get("/api/cloudstorages", query=query).json()["results"]
        return [item["id"] for item in results]

    assert listed("supervisor", place.org) == [shared]
    assert listed("supervisor", {"org": ""}) == [personal]
    assert listed("supervisor", {}) == [personal]
    assert listed("maintainer", {}) == [shared]
    assert listed("worker", place.org) == []
    response = place.people["stranger"].get("/api/cloudstorages", query=place.org)
    assert response.status == 403


def test_who_names_it_in_a_project(place: Workplace, storage: str) -> None:
    number = int(storage.rpartition("/")[2])
    body = {
        "name": "p",
        "target_storage": {"location": "cloud_storage", "cloud_storage_id": number},
    }
    supervisor, stranger = place.people["supervisor"], place.people["stranger"]
    assert supervisor.post("/api/projects", query=place.org, json=body).status == 201
    assert stranger.post("/api/projects", json=body).status == 403


def test_a_storage_outlives_the_organization(server: LocalServer, api: Api, s3: S3) -> None:
    brief = workplace(server, api, "brief")
    path = f"/api/cloudstorages/{attach(brief, 'maintainer', s3, brief.org)}"
    assert brief.people["owner"].delete(f"/api/organizations/{brief.id}").status == 204
    assert brief.people["maintainer"].get(path).json()["organization"] is None
    assert brief.people["supervisor"].get(path).status == 403


def test_a_token_for_reading_exports_to_no_bucket(
    server: LocalServer, place: Workplace, s3: S3
) -> None:
    owner = place.people["owner"]
    target = {"location": "cloud_storage", "cloud_storage_id": attach(place, "owner", s3, {})}
    task = task_of(owner, [("a.png", picture(image_format="PNG"))], {"target_storage": target})
    token = owner.post("/api/auth/access_tokens", json={"name": "t"}).json()["value"]
    bearer = {"Authorization": f"Bearer {token}"}
    path, query = f"/api/tasks/{task}/dataset/export", {"format": "COCO 1.0"}
    for location in ({}, target):
        response = owner.post(path, query={**query, **location}, headers=bearer)
        assert response.status == 403
    response = owner.post(path, query={**query, "location": "local"}, headers=bearer)
    assert response.status == 202
