"""Signing in and out by every scheme, registration, change of password."""

from __future__ import annotations

import re
from collections.abc import Callable
from email import message_from_bytes
from email.policy import default
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import pytest
import urllib3
from sqlalchemy import select

from cvat_local.auth.passwords import Passwords, weaknesses
from cvat_local.embedded import LocalServer
from cvat_local.http.errors import ApiError
from cvat_local.serving.throttle import Throttle
from cvat_local.settings import Settings
from cvat_local.storage.engine import reading, writing
from cvat_local.storage.queries.accounts import find_by_username
from cvat_local.storage.tables import AuthSession, User

PASSWORD = "Correct-horse-9"
SELF = "/api/users/self"


@pytest.fixture
def nobody(api: Callable[..., Any]) -> Any:
    return api(None)


@pytest.fixture(scope="module")
def ann(api: Callable[..., Any]) -> dict[str, str]:
    """A registered account."""
    body = {"username": "annette", "email": "Ann@Example.com"}
    passwords = {"password1": PASSWORD, "password2": PASSWORD}
    response = api(None).post("/api/auth/register", json={**body, **passwords})
    assert response.status == 201, response.data
    return {"username": "annette", "password": PASSWORD}


def cookies_of(response: urllib3.BaseHTTPResponse) -> SimpleCookie:
    cookies = SimpleCookie()
    for header in response.headers.getlist("Set-Cookie"):
        cookies.load(header)
    return cookies


def sign_in(client: Any, account: dict[str, str]) -> dict[str, str]:
    """Names and values of the cookies after a login."""
    response = client.post("/api/auth/login", json=account)
    assert response.status == 200, response.data
    return {name: morsel.value for name, morsel in cookies_of(response).items()}


def cookie_header(cookies: dict[str, str]) -> dict[str, str]:
    return {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}


class TestLogin:
    def test_by_name_and_by_address(self, nobody: Any, ann: dict[str, str]) -> None:
        first = nobody.post("/api/auth/login", json=ann)
        second = nobody.post(
            "/api/auth/login", json={"email": "ann@example.COM", "password": PASSWORD}
        )
        assert first.status == second.status == 200
        assert first.json() == second.json()
        assert list(first.json()) == ["key"]
        assert len(first.json()["key"]) == 40

    def test_cookies(self, nobody: Any, ann: dict[str, str]) -> None:
        cookies = cookies_of(nobody.post("/api/auth/login", json=ann))
        days = {name: int(one["max-age"]) // 86400 for name, one in cookies.items()}
        assert days == {"sessionid": 14, "csrftoken": 364, "sessionfresh": 1}
        assert all(one["path"] == "/" and one["samesite"] == "lax" for one in cookies.values())
        hidden = {name for name, one in cookies.items() if one["httponly"]}
        assert hidden == {"sessionid", "sessionfresh"}
        assert len(cookies["csrftoken"].value) == 32
        assert cookies["csrftoken"].value.isalnum()

    @pytest.mark.parametrize(
        ("body", "shape"),
        [
            ({"username": "annette", "password": "wrong"}, dict),
            ({"username": "nobody", "password": "wrong"}, dict),
            ({"email": "nobody@example.com", "password": "wrong"}, list),
            ({"username": "annette"}, list),
            ({"password": "x"}, list),
            ({}, list),
            ([1], list),
        ],
    )
    def test_refused(self, nobody: Any, ann: dict[str, str], body: Any, shape: type) -> None:
        response = nobody.post("/api/auth/login", json=body)
        assert response.status == 400
        assert isinstance(response.json(), shape)
        if shape is dict:
            assert list(response.json()) == ["non_field_errors"]
        assert "Set-Cookie" not in response.headers

    def test_a_login_is_remembered(self, api: Callable[..., Any], nobody: Any, ann: Any) -> None:
        key = nobody.post("/api/auth/login", json=ann).json()["key"]
        account = nobody.get(SELF, headers={"Authorization": f"Token {key}"}).json()
        assert account["last_login"] > account["date_joined"]


class TestHeader:
    def test_token(self, nobody: Any, ann: dict[str, str]) -> None:
        key = nobody.post("/api/auth/login", json=ann).json()["key"]
        response = nobody.get(SELF, headers={"Authorization": f"token {key}"})
        assert response.json()["username"] == "annette"

    def test_basic_by_name_and_by_address(self, nobody: Any, ann: dict[str, str]) -> None:
        for name in ("annette", "ann@example.com"):
            headers = urllib3.make_headers(basic_auth=f"{name}:{PASSWORD}")
            assert nobody.get(SELF, headers=headers).json()["username"] == "annette"

    @pytest.mark.parametrize(
        "value",
        [
            "Token 0000",
            "Token",
            "Token a b",
            "Bearer abc.def",
            "Bearer",
            "Basic !!!",
            "Basic bm9jb2xvbg==",
            "Basic YW5uZXR0ZTp3cm9uZw==",
            "Digest abc",
            "",
        ],
    )
    def test_wrong_credentials(self, nobody: Any, ann: dict[str, str], value: str) -> None:
        response = nobody.get(SELF, headers={"Authorization": value})
        assert response.status == 401
        assert response.headers["WWW-Authenticate"] == "Token"
        assert list(response.json()) == ["detail"]

    def test_wrong_credentials_are_refused_even_with_a_good_cookie(
        self, nobody: Any, ann: dict[str, str]
    ) -> None:
        headers = cookie_header(sign_in(nobody, ann))
        assert nobody.get(SELF, headers={**headers, "Authorization": "Token 0"}).status == 401

    def test_no_account_can_be_used_while_it_is_inactive(
        self, server: LocalServer, api: Callable[..., Any]
    ) -> None:
        account = {"username": "sleeper", "password": PASSWORD}
        body = {"username": "sleeper", "password1": PASSWORD, "password2": PASSWORD}
        client = api(None)
        key = client.post("/api/auth/register", json=body).json()["key"]
        cookies = cookie_header(sign_in(client, account))
        basic = urllib3.make_headers(basic_auth=f"sleeper:{PASSWORD}")
        headers = [{"Authorization": f"Token {key}"}, cookies, basic]
        assert [client.get(SELF, headers=one).status for one in headers] == [200, 200, 200]
        with writing(server.application.engine) as db:
            user = find_by_username(db, "sleeper")
            assert user is not None
            user.is_active = False
        assert [client.get(SELF, headers=one).status for one in headers] == [401, 401, 401]
        assert client.post("/api/auth/login", json=account).status == 400


class TestSession:
    @pytest.fixture
    def cookies(self, nobody: Any, ann: dict[str, str]) -> dict[str, str]:
        return sign_in(nobody, ann)

    def change(self, client: Any, cookies: dict[str, str], **headers: str) -> int:
        with_cookies = {**cookie_header(cookies), **headers}
        user_id = client.get(SELF, headers=cookie_header(cookies)).json()["id"]
        response = client.patch(f"/api/users/{user_id}", json={}, headers=with_cookies)
        if response.status == 403:
            assert response.json()["detail"].startswith("CSRF")
        return response.status

    def test_reading_needs_the_cookie_only(self, nobody: Any, cookies: dict[str, str]) -> None:
        response = nobody.get(SELF, headers=cookie_header(cookies))
        assert response.json()["username"] == "annette"
        assert "Set-Cookie" not in response.headers

    def test_changing_needs_the_token_as_header(self, nobody: Any, cookies: dict[str, str]) -> None:
        token = cookies["csrftoken"]
        assert self.change(nobody, cookies) == 403
        assert self.change(nobody, cookies, **{"X-CSRFToken": "abc"}) == 403
        assert self.change(nobody, cookies, **{"X-CSRFToken": token[::-1]}) == 403
        assert self.change(nobody, cookies, **{"X-CSRFToken": token}) == 200
        without = {name: value for name, value in cookies.items() if name != "csrftoken"}
        assert self.change(nobody, without, **{"X-CSRFToken": token}) == 403

    def test_the_token_may_be_masked(self, nobody: Any, cookies: dict[str, str]) -> None:
        # A mask of the first letter of the alphabet shifts nothing.
        assert (
            self.change(nobody, cookies, **{"X-CSRFToken": "a" * 32 + cookies["csrftoken"]}) == 200
        )
        assert (
            self.change(nobody, cookies, **{"X-CSRFToken": "b" * 32 + cookies["csrftoken"]}) == 403
        )

    def test_other_sites_are_refused(
        self, server: LocalServer, nobody: Any, cookies: dict[str, str]
    ) -> None:
        token = {"X-CSRFToken": cookies["csrftoken"]}
        assert self.change(nobody, cookies, Origin="http://evil.example", **token) == 403
        assert self.change(nobody, cookies, Origin=server.url, **token) == 200

    def test_a_token_in_the_header_needs_no_csrf(self, api: Any, cookies: dict[str, str]) -> None:
        client = api()
        headers = cookie_header(cookies)
        response = client.patch(f"/api/users/{client.user_id}", json={}, headers=headers)
        assert response.status == 200

    def test_an_unknown_session_is_nobody_and_is_forgotten(self, nobody: Any) -> None:
        response = nobody.get(SELF, headers={"Cookie": "sessionid=zzzz"})
        assert response.status == 401
        assert cookies_of(response)["sessionid"]["max-age"] == "0"
        assert nobody.get("/api/server/about", headers={"Cookie": "sessionid=zzzz"}).status == 200

    def test_a_session_in_use_is_extended_once_a_day(
        self, nobody: Any, cookies: dict[str, str]
    ) -> None:
        del cookies["sessionfresh"]
        renewed = cookies_of(nobody.get(SELF, headers=cookie_header(cookies)))
        assert set(renewed) == {"sessionid", "sessionfresh"}
        assert renewed["sessionid"].value == cookies["sessionid"]

    def test_only_a_hash_of_the_session_is_stored(
        self, server: LocalServer, cookies: dict[str, str]
    ) -> None:
        with reading(server.application.engine) as db:
            stored = list(db.scalars(select(AuthSession.key_hash)))
        assert stored
        assert cookies["sessionid"] not in stored


class TestLogout:
    def test_of_nobody(self, nobody: Any) -> None:
        response = nobody.post("/api/auth/logout")
        assert response.status == 200
        assert list(response.json()) == ["detail"]

    def test_by_token_signs_all_clients_out(self, nobody: Any, ann: dict[str, str]) -> None:
        key = nobody.post("/api/auth/login", json=ann).json()["key"]
        headers = {"Authorization": f"Token {key}"}
        assert nobody.post("/api/auth/logout", headers=headers).status == 200
        assert nobody.get(SELF, headers=headers).status == 401
        assert nobody.post("/api/auth/login", json=ann).json()["key"] != key

    def test_by_session(self, nobody: Any, ann: dict[str, str]) -> None:
        cookies = sign_in(nobody, ann)
        headers = cookie_header(cookies)
        assert nobody.post("/api/auth/logout", headers=headers).status == 403
        headers["X-CSRFToken"] = cookies["csrftoken"]
        response = nobody.post("/api/auth/logout", headers=headers)
        assert response.status == 200
        assert set(cookies_of(response)) == {"sessionid", "sessionfresh"}
        assert nobody.get(SELF, headers=cookie_header(cookies)).status == 401


class TestRegistration:
    def register(self, client: Any, **changes: Any) -> urllib3.BaseHTTPResponse:
        body = {"username": "new_user", "password1": PASSWORD, "password2": PASSWORD, **changes}
        response: urllib3.BaseHTTPResponse = client.post("/api/auth/register", json=body)
        return response

    def test_signs_in_and_gives_the_role_user(self, nobody: Any) -> None:
        response = self.register(nobody, username="berta", first_name="Berta")
        assert response.status == 201
        body = response.json()
        key = body.pop("key")
        assert body == {
            "username": "berta",
            "email": "",
            "first_name": "Berta",
            "last_name": "",
            "email_verification_required": False,
        }
        assert {"sessionid", "csrftoken", "sessionfresh"} <= set(cookies_of(response))
        account = nobody.get(SELF, headers={"Authorization": f"Token {key}"}).json()
        assert account["groups"] == ["user"]
        assert account["created_via"] == "registration"

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"username": "abcd"}, "username"),
            ({"username": "a b c d e"}, "username"),
            ({"username": "ANNETTE"}, "username"),
            ({"email": "nope"}, "email"),
            ({"password1": "12345", "password2": "12345"}, "password1"),
            ({"password1": "password123", "password2": "password123"}, "password1"),
            ({"password1": "new_user1", "password2": "new_user1"}, "password1"),
            ({"password1": "x" * 257, "password2": "x" * 257}, "password1"),
            ({"password2": "Another-horse-9"}, "non_field_errors"),
        ],
    )
    def test_refused(self, nobody: Any, ann: Any, changes: dict[str, str], field: str) -> None:
        response = self.register(nobody, **changes)
        assert response.status == 400
        assert field in response.json()

    def test_an_address_can_be_used_once(self, nobody: Any, ann: dict[str, str]) -> None:
        response = self.register(nobody, email="ANN@example.com")
        assert response.status == 400
        assert isinstance(response.json(), list)

    def test_all_errors_come_at_once(self, nobody: Any, ann: dict[str, str]) -> None:
        response = self.register(nobody, username="abcd", email="nope", password1="12345")
        assert sorted(response.json()) == ["email", "password1", "username"]
        response = self.register(nobody, username="annette", email="x" * 300, password1=None)
        assert sorted(response.json()) == ["email", "password1", "username"]
        answer = nobody.post("/api/auth/register", json={"email": "nope"})
        assert sorted(answer.json()) == ["email", "password1", "password2", "username"]
        assert nobody.post("/api/auth/register", json=[]).status == 400

    def test_an_address_on_this_machine_is_one(self, nobody: Any) -> None:
        assert self.register(nobody, username="local", email="a@localhost").status == 201
        for email in ("a@elsewhere", "a@", "@localhost", "a@localhost.", "a b@localhost"):
            response = self.register(nobody, username="local2", email=email)
            assert (response.status, list(response.json())) == (400, ["email"]), email

    def test_a_name_that_is_the_address_of_somebody_else(
        self, nobody: Any, ann: dict[str, str], api: Callable[..., Any]
    ) -> None:
        response = self.register(nobody, username="ANN@example.com")
        assert (response.status, list(response.json())) == (400, ["username"])
        own = self.register(nobody, username="eve@example.com", email="eve@example.com")
        assert own.status == 201
        bob = api("bob")
        path = f"/api/users/{bob.user_id}"
        response = bob.patch(path, json={"username": "ann@example.com"})
        assert (response.status, list(response.json())) == (400, ["username"])


class TestPasswordReset:
    NEW = "Another-horse-9"

    @pytest.fixture
    def account(self, api: Callable[..., Any], request: pytest.FixtureRequest) -> dict[str, str]:
        username = f"forgetful{abs(hash(request.node.name))}"
        body = {
            "username": username,
            "email": f"{username}@localhost",
            "password1": PASSWORD,
            "password2": PASSWORD,
        }
        assert api(None).post("/api/auth/register", json=body).status == 201
        return {"username": username, "email": body["email"]}

    def mails(self, server: LocalServer) -> list[Path]:
        return list(server.application.settings.mails.glob("*"))

    def codes(self, server: LocalServer, client: Any, email: str) -> dict[str, str]:
        """Ask for a mail, and what it says."""
        assert client.post("/api/auth/password/reset", json={"email": email}).status == 200
        (mail,) = (path for path in self.mails(server) if f"To: {email}" in path.read_text())
        assert mail.stat().st_mode & 0o077 == 0
        message = message_from_bytes(mail.read_bytes(), policy=default)
        found = re.findall(r"^(uid|token): (\S+)$", message.get_content(), re.M)
        return dict(found)

    def confirm(self, client: Any, codes: dict[str, str], **changes: str) -> Any:
        passwords = {"new_password1": self.NEW, "new_password2": self.NEW}
        body = {**codes, **passwords, **changes}
        return client.post("/api/auth/password/reset/confirm", json=body)

    def test_by_mail(
        self,
        server: LocalServer,
        nobody: Any,
        account: dict[str, str],
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        caplog.set_level("DEBUG")
        old = {"username": account["username"], "password": PASSWORD}
        login = nobody.post("/api/auth/login", json=old)
        headers = {"Authorization": f"Token {login.json()['key']}"}
        cookies = cookie_header({k: v.value for k, v in cookies_of(login).items()})
        token = nobody.post("/api/auth/access_tokens", json={"name": "t"}, headers=headers)
        bearer = {"Authorization": f"Bearer {token.json()['value']}"}
        assert nobody.get(SELF, headers=bearer).status == 200
        codes = self.codes(server, nobody, account["email"])
        response = self.confirm(nobody, codes)
        assert (response.status, list(response.json())) == (200, ["detail"])
        assert {nobody.get(SELF, headers=one).status for one in (headers, bearer)} == {401}
        assert nobody.get(SELF, headers={"Cookie": cookies["Cookie"]}).status == 401
        assert nobody.post("/api/auth/login", json=old).status == 400
        assert sign_in(nobody, {**old, "password": self.NEW})
        again = self.confirm(nobody, codes)
        assert (again.status, list(again.json())) == (400, ["token"])
        assert codes["token"] not in caplog.text

    def test_nobody_learns_which_addresses_are_known(
        self, server: LocalServer, nobody: Any, account: dict[str, str], api: Callable[..., Any]
    ) -> None:
        before = self.mails(server)
        unknown = nobody.post("/api/auth/password/reset", json={"email": "x@example.com"})
        assert self.mails(server) == before
        known = nobody.post("/api/auth/password/reset", json={"email": account["email"]})
        assert (known.status, known.data) == (unknown.status, unknown.data)
        assert len(self.mails(server)) == len(before) + 1

    @pytest.mark.parametrize("body", [{}, {"email": "bad"}, {"email": ""}])
    def test_an_address_is_needed(self, nobody: Any, body: dict[str, str]) -> None:
        response = nobody.post("/api/auth/password/reset", json=body)
        assert (response.status, list(response.json())) == (400, ["email"])

    def test_refused(self, server: LocalServer, nobody: Any, account: dict[str, str]) -> None:
        codes = self.codes(server, nobody, account["email"])
        made, _, mark = codes["token"].partition("-")
        for changes, field in (
            ({"uid": "zz"}, "uid"),
            ({"uid": "-1"}, "uid"),
            ({"uid": "z" * 99}, "uid"),
            ({"uid": "1"}, "token"),
            ({"token": "x"}, "token"),
            ({"token": f"{int(made) + 1}-{mark}"}, "token"),
            ({"new_password2": "Another-horse-8"}, "new_password2"),
            ({"new_password1": "12345678", "new_password2": "12345678"}, "new_password2"),
        ):
            response = self.confirm(nobody, codes, **changes)
            assert (response.status, list(response.json())) == (400, [field]), changes
        response = nobody.post("/api/auth/password/reset/confirm", json={})
        assert sorted(response.json()) == ["new_password1", "new_password2", "token", "uid"]
        assert self.confirm(nobody, codes).status == 200

    def test_a_code_is_good_for_a_day(self) -> None:
        passwords = Passwords()
        user = User(id=7, username="x", email="x@localhost", password_hash="h")
        code = passwords.reset_code(user, 1000.5)
        for now, good in ((1001, True), (1000 + 86400, True), (1000 + 86401, False), (999, False)):
            assert passwords.is_reset_code(user, code, now) is good, now
        user.email = "y@localhost"
        assert not passwords.is_reset_code(user, code, 1001)


class TestThrottle:
    def test_who_comes_too_often_waits(self) -> None:
        now = 0.0
        throttle = Throttle(2, lambda: now)
        throttle.check("a")
        now = 10.0
        throttle.check("a")
        throttle.check("b")
        with pytest.raises(ApiError) as caught:
            throttle.check("a")
        assert (caught.value.status, caught.value.headers["Retry-After"]) == (429, "50")
        now = 60.0
        throttle.check("a")
        with pytest.raises(ApiError):
            throttle.check("a")

    def test_only_calls_without_credentials_count(self, tmp_path: Path) -> None:
        settings = Settings(data_dir=tmp_path, anonymous_per_minute=3)
        with LocalServer(settings=settings) as limited:
            client = urllib3.PoolManager(retries=False)
            basic = urllib3.make_headers(basic_auth=f"{limited.username}:{limited.password}")
            about = f"{limited.url}/api/server/about"
            for _ in range(5):
                assert client.request("GET", about, headers=basic).status == 200
                assert client.request("GET", limited.url + SELF).status == 401
            login = f"{limited.url}/api/auth/login"
            wrong = {"username": "admin", "password": "guess"}
            for _ in range(3):
                assert client.request("POST", login, json=wrong).status == 400
            response = client.request("POST", login, json=wrong)
            assert response.status == 429
            assert int(response.headers["Retry-After"]) >= 1
            assert list(response.json()) == ["detail"]
            assert client.request("GET", about, headers=basic).status == 200


class TestPasswordChange:
    @pytest.fixture
    def headers(self, nobody: Any) -> dict[str, str]:
        username = "changer"
        body = {"username": username, "password1": PASSWORD, "password2": PASSWORD}
        response = nobody.post("/api/auth/register", json=body)
        if response.status == 400:
            body = {"username": username, "password": PASSWORD}
            response = nobody.post("/api/auth/login", json=body)
        return {"Authorization": f"Token {response.json()['key']}"}

    @pytest.mark.parametrize(
        ("old", "new", "again", "fields"),
        [
            ("wrong", "Another-horse-9", "Another-horse-9", ["old_password"]),
            (PASSWORD, "Another-horse-9", "Another-horse-8", ["new_password2"]),
            (PASSWORD, "123", "123", ["new_password2"]),
            ("", "", "", ["old_password", "new_password1", "new_password2"]),
        ],
    )
    def test_refused(
        self,
        nobody: Any,
        headers: dict[str, str],
        old: str,
        new: str,
        again: str,
        fields: list[str],
    ) -> None:
        body = {"old_password": old, "new_password1": new, "new_password2": again}
        response = nobody.post("/api/auth/password/change", json=body, headers=headers)
        assert response.status == 400
        assert list(response.json()) == fields

    def test_ends_other_sessions_and_keeps_the_key(
        self, nobody: Any, headers: dict[str, str]
    ) -> None:
        account = {"username": "changer", "password": PASSWORD}
        cookies = cookie_header(sign_in(nobody, account))
        new = "Another-horse-9"
        body = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
        response = nobody.post("/api/auth/password/change", json=body, headers=headers)
        assert response.status == 200
        assert "sessionid" in cookies_of(response)
        assert nobody.get(SELF, headers=cookies).status == 401
        assert nobody.get(SELF, headers=headers).status == 200
        assert nobody.post("/api/auth/login", json=account).status == 400
        assert sign_in(nobody, {**account, "password": new})

    def test_needs_an_account(self, nobody: Any) -> None:
        assert nobody.post("/api/auth/password/change", json={}).status == 401


def test_rules_are_an_empty_archive_that_can_be_cached(nobody: Any) -> None:
    response = nobody.get("/api/auth/rules")
    assert response.headers["Content-Type"] == "application/x-tar"
    again = nobody.get("/api/auth/rules", headers={"If-None-Match": response.headers["ETag"]})
    assert again.status == 304
    for wanted, status in ((response.headers["ETag"], 200), ("*", 200), ('"other"', 412)):
        assert nobody.get("/api/auth/rules", headers={"If-Match": wanted}).status == status


def test_passwords_are_remembered_until_they_change() -> None:
    passwords = Passwords()
    user = User(username="x", password_hash=passwords.hash("one"), is_active=True)
    assert passwords.verify(user, "one")
    assert passwords.verify(user, "one")
    assert not passwords.verify(user, "two")
    user.password_hash = passwords.hash("two")
    assert not passwords.verify(user, "one")
    assert passwords.verify(user, "two")
    user.password_hash = None
    assert not passwords.verify(user, "two")
    assert not passwords.verify(None, "two")


@pytest.mark.parametrize(
    ("password", "good"),
    [
        (PASSWORD, True),
        ("short1!", False),
        ("qwertyuiop", False),
        ("9182736450192", False),
        ("ann.smith!", False),
        ("x1y2z3w4-Q", True),
    ],
)
def test_which_passwords_are_good_enough(password: str, good: bool) -> None:
    assert (weaknesses(password, ("ann.smith", "ann@example.com")) == []) is good
