"""Accounts: who sees and changes what."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cvat_local.embedded import LocalServer
from cvat_local.storage.engine import reading
from cvat_local.storage.tables import ApiKey, User

BASIC = ["url", "id", "username", "first_name", "last_name"]


@pytest.fixture(scope="module")
def admin(api: Callable[..., Any]) -> Any:
    return api()


@pytest.fixture(scope="module")
def ann(api: Callable[..., Any]) -> Any:
    return api("ann")


def test_administrators_list_everybody_in_full(admin: Any, ann: Any) -> None:
    body = admin.get("/api/users").json()
    assert [user["username"] for user in body["results"]] == ["ann", "admin"]
    assert body["results"][1]["groups"] == ["admin"]
    assert body["results"][1]["is_staff"] is True


def test_users_list_themselves_in_short(admin: Any, ann: Any) -> None:
    body = ann.get("/api/users").json()
    assert body["count"] == 1
    assert list(body["results"][0]) == BASIC


def test_users_read_themselves_in_full(admin: Any, ann: Any) -> None:
    by_id = ann.get(f"/api/users/{ann.user_id}").json()
    assert by_id == ann.get("/api/users/self").json()
    assert by_id["groups"] == ["user"]
    assert by_id["url"] == f"{ann.url}/api/users/{ann.user_id}"
    assert set(BASIC) < set(by_id)


def test_users_do_not_read_others(admin: Any, ann: Any) -> None:
    assert ann.get(f"/api/users/{admin.user_id}").status == 403
    assert ann.get("/api/users/999").status == 404
    assert admin.get(f"/api/users/{ann.user_id}").json()["username"] == "ann"


def test_an_answer_is_what_the_client_package_expects(ann: Any) -> None:
    from cvat_sdk.api_client.runtime.codec import decode

    user = decode(ann.get("/api/users/self").data, "User", mode="strict")
    assert user.username == "ann"


def test_users_change_their_names_and_profile(ann: Any) -> None:
    changes = {"first_name": "Ann", "last_name": "O'Tator", "planned_activities": ["annotate_data"]}
    response = ann.patch(f"/api/users/{ann.user_id}", json=changes)
    assert response.status == 200
    assert list(response.json()) == BASIC
    account = ann.get("/api/users/self").json()
    assert {name: account[name] for name in changes} == changes


@pytest.mark.parametrize("field", ["email", "groups", "is_staff", "is_superuser", "id", "nonsense"])
def test_users_do_not_change_what_is_for_staff(ann: Any, field: str) -> None:
    response = ann.patch(f"/api/users/{ann.user_id}", json={field: 1, "first_name": "no"})
    assert response.status == 400
    assert list(response.json()) == ["non_field_errors"]
    assert ann.get("/api/users/self").json()["first_name"] != "no"


def test_users_do_not_change_others(admin: Any, ann: Any) -> None:
    assert ann.patch(f"/api/users/{admin.user_id}", json={"first_name": "x"}).status == 403


def test_errors_of_all_fields(admin: Any, ann: Any) -> None:
    changes = {"username": "a b", "last_name": "x" * 151, "first_name": None}
    response = ann.patch(f"/api/users/{ann.user_id}", json=changes)
    assert response.status == 400
    assert set(response.json()) == set(changes)
    taken = ann.patch(f"/api/users/{ann.user_id}", json={"username": "Admin"})
    assert list(taken.json()) == ["username"]


def test_staff_change_everything_but_dates(admin: Any, api: Callable[..., Any]) -> None:
    berta = api("berta")
    path = f"/api/users/{berta.user_id}"
    before = admin.get(path).json()
    changes = {
        "email": "berta@example.com",
        "groups": ["worker", "user"],
        "is_active": True,
        "date_joined": "2001-01-01T00:00:00Z",
        "nonsense": 1,
    }
    response = admin.patch(path, json=changes)
    assert response.status == 200
    expected = {**before, "email": "berta@example.com", "groups": ["user", "worker"]}
    assert response.json() == expected


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("groups", ["nogroup"]),
        ("groups", "user"),
        ("is_active", "maybe"),
        ("email", "bad"),
        ("planned_activities", ["sleep"]),
    ],
)
def test_wrong_values_for_staff(admin: Any, ann: Any, field: str, value: Any) -> None:
    response = admin.patch(f"/api/users/{ann.user_id}", json={field: value})
    assert response.status == 400
    assert list(response.json()) == [field]


def test_deleting(server: LocalServer, admin: Any, ann: Any, api: Callable[..., Any]) -> None:
    carl, dora = api("carl"), api("dora")
    assert ann.delete(f"/api/users/{carl.user_id}").status == 403
    assert carl.delete(f"/api/users/{carl.user_id}").status == 204
    assert admin.delete(f"/api/users/{dora.user_id}").status == 204
    assert admin.get(f"/api/users/{carl.user_id}").status == 404
    assert carl.get("/api/users/self").status == 401
    with reading(server.application.engine) as db:
        assert db.get(User, carl.user_id) is None
        assert db.get(ApiKey, carl.user_id) is None
