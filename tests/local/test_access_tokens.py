"""Personal access tokens: their life, and what can be done with them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from tests.local.conftest import Client
from tests.local.workplaces import Workplace, workplace

from cvat_local.auth.tokens import NOTED_EVERY, UNUSED_LIMIT
from cvat_local.embedded import LocalServer
from cvat_local.storage.engine import reading, writing
from cvat_local.storage.tables import AccessToken, User
from cvat_local.storage.types import utc_now
from cvat_sdk.api_client import ApiClient, Configuration

Api = Callable[..., Client]
Json = dict[str, Any]

PATH = "/api/auth/access_tokens"


def make(client: Client, **fields: Any) -> Json:
    answer = client.post(PATH, json={"name": "t", **fields})
    assert answer.status == 201, answer.data
    token: Json = answer.json()
    return token


def bearer(client: Client, value: str) -> Client:
    """A client that signs its requests with a token alone."""
    return _Bearer(client.url, client.user_id, value)


class _Bearer(Client):
    def request(self, method: str, path: str, **options: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.key}", **(options.pop("headers", None) or {})}
        return super().request(method, path, headers=headers, **options)


def change(server: LocalServer, token: Json, **values: Any) -> None:
    """Set columns of a token that no request sets."""
    with writing(server.application.engine) as db:
        row = db.get_one(AccessToken, token["id"])
        for name, value in values.items():
            setattr(row, name, value)


def test_the_value_is_shown_once_and_only_its_hash_is_kept(server: LocalServer, api: Api) -> None:
    ann = api("ann")
    token = make(ann, name=" mine ")
    value = token.pop("value")
    prefix, _, secret = value.partition(".")
    assert (len(prefix), len(secret)) == (8, 32)
    assert value.replace(".", "").isalnum()
    assert token.pop("owner")["username"] == "ann"
    assert token.pop("created_date") <= token.pop("updated_date")
    assert token == {
        "id": token["id"],
        "name": "mine",
        "expiry_date": None,
        "last_used_date": None,
        "read_only": True,
    }
    assert "value" not in ann.get(f"{PATH}/{token['id']}").json()
    with reading(server.application.engine) as db:
        row = db.get_one(AccessToken, token["id"])
        kept = " ".join(str(getattr(row, column.key)) for column in AccessToken.__table__.columns)
    assert prefix in kept
    assert secret not in kept


def test_fields_can_be_chosen(api: Api) -> None:
    token = make(
        api("ann"),
        read_only=False,
        expiry_date="2131-01-01T02:00:00.5+02:00",
        owner=1,
        value="chosen",
    )
    assert token["read_only"] is False
    assert token["expiry_date"] == "2131-01-01T00:00:00.500000Z"
    assert token["owner"]["username"] == "ann"
    assert token["value"] != "chosen"


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"name": ""}, ["name"]),
        ({"name": None}, ["name"]),
        ({"name": "n" * 51}, ["name"]),
        ({"read_only": "perhaps", "expiry_date": "soon"}, ["expiry_date", "read_only"]),
    ],
)
def test_wrong_fields_are_named(api: Api, fields: Json, wrong: list[str]) -> None:
    answer = api("ann").post(PATH, json={"name": "t", **fields})
    assert (answer.status, sorted(answer.json())) == (400, wrong)
    assert api("ann").post(PATH, json={}).status == 400
    assert api(None).post(PATH, json={"name": "t"}).status == 401


def test_a_token_signs_its_owner_in(api: Api) -> None:
    ben = api("ben")
    script = bearer(ben, make(ben)["value"])
    answer = script.get("/api/users/self")
    assert (answer.status, answer.json()["username"]) == (200, "ben")


@pytest.mark.parametrize(
    "value", ["", "abc", "abc.def", "x" * 8 + "." + "y" * 32, "ж.ж", "." + "y" * 32]
)
def test_wrong_tokens_sign_nobody_in(api: Api, value: str) -> None:
    headers = {"Authorization": f"Bearer {value}".encode().decode("latin-1")}
    answer = api("ben").get("/api/users/self", headers=headers)
    assert (answer.status, answer.headers["WWW-Authenticate"]) == (401, "Token")


def test_prefix_and_secret_belong_together(api: Api) -> None:
    ben = api("ben")
    one, two = make(ben)["value"], make(ben)["value"]
    mixed = one[:9] + two[9:]
    assert bearer(ben, mixed).get("/api/users/self").status == 401


def test_the_token_in_use(api: Api) -> None:
    cleo = api("cleo")
    token = make(cleo)
    answer = bearer(cleo, token["value"]).get(f"{PATH}/self")
    body = answer.json()
    assert (answer.status, body["id"]) == (200, token["id"])
    assert "value" not in body
    assert body["last_used_date"] is not None
    for client in (cleo, api(None)):
        answer = client.get(f"{PATH}/self")
        assert (answer.status, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert cleo.put(f"{PATH}/{token['id']}", json={}).status == 405


def test_uses_that_follow_each_other_are_written_down_once(server: LocalServer, api: Api) -> None:
    cleo = api("cleo")
    token = make(cleo)
    script = bearer(cleo, token["value"])

    def noted() -> str:
        return str(script.get(f"{PATH}/self").json()["last_used_date"])

    first = noted()
    assert noted() == first
    change(server, token, last_used_date=utc_now() - NOTED_EVERY)
    second = noted()
    assert second > first
    assert noted() == second


def test_everybody_lists_their_own_usable_ones(server: LocalServer, api: Api) -> None:
    dora = api("dora")
    first = make(dora, name="first")
    second = make(dora, name="second", read_only=False)
    over = make(dora, name="over", expiry_date="2020-01-01T00:00:00Z")
    unused = make(dora, name="unused")
    change(server, unused, created_date=utc_now() - UNUSED_LIMIT)

    def ids(**query: str) -> list[int]:
        return [item["id"] for item in dora.get(PATH, query=query).json()["results"]]

    assert ids() == [second["id"], first["id"]]
    assert ids(sort="name") == [first["id"], second["id"]]
    assert ids(search="SEC") == [second["id"]]
    assert ids(name="first") == [first["id"]]
    assert ids(read_only="false") == [second["id"]]
    assert ids(filter='{"==": [{"var": "read_only"}, true]}') == [first["id"]]
    for token in (over, unused):
        assert bearer(dora, token["value"]).get("/api/users/self").status == 401
        assert dora.get(f"{PATH}/{token['id']}").status == 404
        assert dora.patch(f"{PATH}/{token['id']}", json={}).status == 404
    listed = api().get(PATH, query={"page_size": "all"}).json()["results"]
    assert first["id"] not in [item["id"] for item in listed]


def test_a_token_that_is_used_lives_on(server: LocalServer, api: Api) -> None:
    dora = api("dora")
    token = make(dora)
    long_ago = utc_now() - UNUSED_LIMIT - timedelta(days=1)
    change(server, token, created_date=long_ago, last_used_date=utc_now() - timedelta(days=179))
    assert bearer(dora, token["value"]).get("/api/users/self").status == 200


def test_who_sees_and_changes_one(api: Api) -> None:
    ann, ben = api("ann"), api("ben")
    path = f"{PATH}/{make(ann)['id']}"
    assert ann.get(path).status == 200
    assert api().get(path).status == 200
    assert [ben.get(path).status, ben.patch(path, json={}).status] == [403, 403]
    assert ben.delete(path).status == 403
    assert ann.get(f"{PATH}/999999").status == 404


def test_a_token_is_changed(api: Api) -> None:
    ann = api("ann")
    token = make(ann, expiry_date="2131-01-01")
    path = f"{PATH}/{token['id']}"
    changed = ann.patch(path, json={"name": "new", "read_only": False, "expiry_date": None}).json()
    assert (changed["name"], changed["read_only"], changed["expiry_date"]) == ("new", False, None)
    assert changed["updated_date"] > token["updated_date"]
    again = ann.patch(path, json={}).json()
    assert again["updated_date"] > changed["updated_date"]
    assert {**again, "updated_date": 0} == {**changed, "updated_date": 0}
    assert ann.patch(path, json={"expiry_date": "2020-01-01"}).status == 200
    assert bearer(ann, token["value"]).get("/api/users/self").status == 401


def test_a_revoked_token_is_gone(api: Api) -> None:
    ann = api("ann")
    token = make(ann)
    path = f"{PATH}/{token['id']}"
    assert bearer(ann, token["value"]).get("/api/users/self").status == 200
    assert [ann.delete(path).status, ann.delete(path).status] == [204, 404]
    assert bearer(ann, token["value"]).get("/api/users/self").status == 401


def test_fifty_are_enough(api: Api) -> None:
    eve = api("eve")
    make(eve, expiry_date="2020-01-01T00:00:00Z")
    tokens = [make(eve) for _ in range(50)]
    answer = eve.post(PATH, json={"name": "t"})
    assert (answer.status, type(answer.json())) == (400, list)
    assert eve.delete(f"{PATH}/{tokens[0]['id']}").status == 204
    assert eve.post(PATH, json={"name": "t"}).status == 201


def test_an_account_that_is_off_signs_in_by_no_token(server: LocalServer, api: Api) -> None:
    finn = api("finn")
    script = bearer(finn, make(finn)["value"])
    with writing(server.application.engine) as db:
        db.get_one(User, finn.user_id).is_active = False
    assert script.get("/api/users/self").status == 401


@pytest.fixture(scope="module")
def gus(api: Api) -> Client:
    return api("gus")


@pytest.fixture(scope="module")
def readonly(gus: Client) -> Client:
    return bearer(gus, make(gus)["value"])


@pytest.fixture(scope="module")
def writable(gus: Client) -> Client:
    return bearer(gus, make(gus, read_only=False)["value"])


@pytest.fixture(scope="module")
def task(gus: Client, server: LocalServer, api: Api) -> Json:
    body = {"name": "t", "labels": [{"name": "car"}]}
    task: Json = gus.post("/api/tasks", json=body).json()
    Workplace(server, 0, "", {}).job(task["id"])
    return task


class TestLimits:
    """What a token is good for."""

    def test_no_token_makes_or_changes_tokens(self, gus: Client, writable: Client) -> None:
        path = f"{PATH}/{make(gus)['id']}"
        assert writable.post(PATH, json={"name": "x"}).status == 403
        assert writable.patch(path, json={"name": "x"}).status == 403
        assert writable.delete(path).status == 403
        assert writable.get(PATH).status == 200
        assert writable.get(path).status == 200

    def test_no_token_changes_accounts(self, gus: Client, writable: Client) -> None:
        path = f"/api/users/{gus.user_id}"
        assert writable.get(path).status == 200
        assert writable.get("/api/users").status == 200
        assert writable.patch(path, json={"first_name": "q"}).status == 403
        assert writable.delete(path).status == 403

    def test_no_token_changes_a_password(self, writable: Client) -> None:
        body = {"old_password": "a", "new_password1": "b", "new_password2": "b"}
        assert writable.post("/api/auth/password/change", json=body).status == 401

    def test_signing_out_by_a_token_ends_nothing(self, gus: Client, writable: Client) -> None:
        assert writable.post("/api/auth/logout").status == 200
        assert writable.get("/api/users/self").status == 200
        assert gus.get("/api/users/self").status == 200

    def test_a_writable_one_works_like_its_owner(self, writable: Client) -> None:
        project = writable.post("/api/projects", json={"name": "p"}).json()
        path = f"/api/projects/{project['id']}"
        assert writable.patch(path, json={"name": "q"}).json()["name"] == "q"
        assert writable.delete(path).status == 204
        assert writable.post("/api/organizations", json={"slug": "by-token"}).status == 201

    def test_a_read_only_one_reads_and_exports(self, readonly: Client, task: Json) -> None:
        path = f"/api/tasks/{task['id']}"
        for one in (path, f"{path}/annotations/", "/api/jobs", "/api/labels", "/api/requests"):
            assert readonly.get(one).status == 200, one
        assert readonly.request("HEAD", path).status == 200
        query = {"format": "COCO 1.0", "save_images": "false"}
        assert readonly.post(f"{path}/dataset/export", query=query).status == 202
        query["location"] = "cloud_storage"
        assert readonly.post(f"{path}/dataset/export", query=query).status == 403

    def test_a_read_only_one_changes_nothing(
        self, gus: Client, readonly: Client, task: Json
    ) -> None:
        path = f"/api/tasks/{task['id']}"
        label = gus.get("/api/labels", query={"task_id": task["id"]}).json()["results"][0]
        answers = [
            readonly.post("/api/projects", json={"name": "x"}),
            readonly.post("/api/tasks", json={"name": "x"}),
            readonly.patch(path, json={"name": "x"}),
            readonly.put(f"{path}/annotations/", json={}),
            readonly.post(f"{path}/data/"),
            readonly.patch(f"{path}/data/abc"),
            readonly.delete(path),
            readonly.patch(f"/api/labels/{label['id']}", json={"name": "x"}),
            readonly.delete(f"/api/labels/{label['id']}"),
            readonly.post("/api/organizations", json={"slug": "readonly"}),
        ]
        assert [answer.status for answer in answers] == [403] * len(answers)
        assert gus.get(path).json()["name"] == "t"

    def test_a_token_has_the_roles_of_its_owner(self, server: LocalServer, api: Api) -> None:
        place = workplace(server, api, "tokens")
        maintainer, worker = place.people["maintainer"], place.people["worker"]
        project = place.create("owner", "projects")
        path = f"/api/projects/{project['id']}"
        assert bearer(maintainer, make(maintainer)["value"]).get(path).status == 200
        assert bearer(worker, make(worker)["value"]).get(path).status == 403


def test_the_client_package_signs_in_by_token(server: LocalServer, api: Api) -> None:
    ann = api("ann")
    token = make(ann, name="sdk")
    configuration = Configuration(host=server.url, access_token=token["value"])
    with ApiClient(configuration) as client:
        user, _ = client.users_api.retrieve_self()
        assert user.username == "ann"
        used, _ = client.auth_api.retrieve_access_tokens_self()
        assert used.id == token["id"]
        made, response = client.auth_api.list_access_tokens(name="sdk")
        assert (response.status, made.count) == (200, 1)
