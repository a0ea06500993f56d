"""A real server a module, and small clients that talk to it."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
import urllib3
from hypothesis import settings

from cvat_local.auth.accounts import groups_named
from cvat_local.embedded import LocalServer
from cvat_local.storage.engine import writing
from cvat_local.storage.queries.accounts import find_by_username
from cvat_local.storage.tables import ApiKey, User

# Properties hold however long they take: on a busy machine an example runs into the default limit.
settings.register_profile("local", deadline=None)
settings.load_profile("local")


class Client:
    """Calls one server as one user, by API key; keys of ``headers`` override its own headers."""

    def __init__(self, url: str, user_id: int | None, key: str | None) -> None:
        self.url = url
        self.user_id = user_id
        self.key = key
        self._pool = urllib3.PoolManager(retries=False, timeout=60)

    def request(
        self,
        method: str,
        path: str,
        *,
        query: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        **options: Any,
    ) -> urllib3.BaseHTTPResponse:
        """Send a request; ``json``, ``body`` and ``fields`` (multipart) are those of urllib3."""
        all_headers = {} if self.key is None else {"Authorization": f"Token {self.key}"}
        all_headers.update(headers or {})
        if "json" in options:
            all_headers.setdefault("Content-Type", "application/json")
        url = path if path.startswith("http") else self.url + path
        if query:
            url += "?" + urlencode(query)
        return self._pool.request(method, url, headers=all_headers, redirect=False, **options)

    def get(self, path: str, **options: Any) -> urllib3.BaseHTTPResponse:
        return self.request("GET", path, **options)

    def post(self, path: str, **options: Any) -> urllib3.BaseHTTPResponse:
        return self.request("POST", path, **options)

    def put(self, path: str, **options: Any) -> urllib3.BaseHTTPResponse:
        return self.request("PUT", path, **options)

    def patch(self, path: str, **options: Any) -> urllib3.BaseHTTPResponse:
        return self.request("PATCH", path, **options)

    def delete(self, path: str, **options: Any) -> urllib3.BaseHTTPResponse:
        return self.request("DELETE", path, **options)


@pytest.fixture(scope="module")
def server() -> Iterator[LocalServer]:
    """A server with an administrator ``admin`` and an empty data folder, shared by a module's tests."""
    with LocalServer() as running:
        yield running


@pytest.fixture(scope="module")
def api(server: LocalServer) -> Callable[..., Client]:
    """``api()`` calls as the administrator, ``api("ann")`` as a user, ``api(None)`` as nobody.

    A user who does not exist yet is made, in the group ``user`` or in those given as ``groups``.
    """
    clients: dict[str | None, Client] = {}

    def client(name: str | None = "admin", groups: tuple[str, ...] = ("user",)) -> Client:
        if name not in clients:
            user_id, key = (None, None) if name is None else account_with_key(server, name, groups)
            clients[name] = Client(server.url, user_id, key)
        return clients[name]

    return client


def account_with_key(server: LocalServer, name: str, groups: tuple[str, ...]) -> tuple[int, str]:
    """Id and API key of an account, made when there is none."""
    with writing(server.application.engine) as db:
        user = find_by_username(db, name)
        if user is None:
            user = User(username=name, groups=groups_named(db, *groups))
            db.add(user)
            db.flush()
        found = db.get(ApiKey, user.id)
        if found is None:
            found = ApiKey(user_id=user.id, key=secrets.token_hex(20))
            db.add(found)
        return user.id, found.key
