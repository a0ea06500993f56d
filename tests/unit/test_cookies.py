"""Cookies of answers, in every form that servers write them."""

from __future__ import annotations

from http.cookies import SimpleCookie

import pytest
from tests.unit.recording import RecordingServer

from cvat_sdk.api_client import ApiClient
from cvat_sdk.api_client.runtime import cookies


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("a=b", {"a": "b"}),
        ("a=b; Secure; HttpOnly; SameSite=Lax; Path=/", {"a": "b"}),
        ("a=b; Partitioned", {"a": "b"}),
        ("a=b; Priority=High; Secure", {"a": "b"}),
        ("a=b; Secure; Partitioned; Path=/; Newer=1; Newest", {"a": "b"}),
        ("a=b ;secure;PATH=/", {"a": "b"}),
        (" a = b ", {"a": "b"}),
        ("a=", {"a": ""}),
        ("a=b=c==; Path=/", {"a": "b=c=="}),
        ('a="b c"; Path=/', {"a": "b c"}),
        ('a="b;c"; Partitioned', {"a": "b;c"}),
        ('a="b\\054c"', {"a": "b,c"}),
        ('a="b\\"; Path=/', {"a": "b\\"}),
        ("a=b; Expires=Wed, 21 Oct 2099 07:28:00 GMT; Priority=Low", {"a": "b"}),
        ("a=b;", {"a": "b"}),
        ("a", {}),
        ("", {}),
        ("=b", {}),
        ("a b=c", {}),
        ("path=/", {}),
        ("a=b\x01c", {}),
    ],
)
def test_lines(line: str, kept: dict[str, str]) -> None:
    jar = SimpleCookie()
    cookies.store(jar, [line, "last=1; Secure"])
    assert {name: morsel.value for name, morsel in jar.items()} == {**kept, "last": "1"}


def test_attributes_are_kept_with_the_cookie() -> None:
    jar = SimpleCookie()
    cookies.store(jar, ['a=b; Path=/api; Domain="x.example"; Secure; Max-Age=60; SameSite=None'])
    morsel = jar["a"]
    assert (morsel["path"], morsel["domain"], morsel["max-age"]) == ("/api", "x.example", "60")
    assert (morsel["secure"], morsel["httponly"], morsel["samesite"]) == (True, "", "None")


@pytest.mark.parametrize("expired", ["Max-Age=0", "Expires=Thu, 01 Jan 1970 00:00:00 GMT"])
def test_newer_attributes_do_not_keep_a_cookie_alive(expired: str) -> None:
    jar = SimpleCookie({"a": "b"})
    cookies.store(jar, [f"a=; {expired}; Partitioned; Priority=High"])
    assert not jar


def test_a_line_of_any_length_is_read_at_once() -> None:
    jar = SimpleCookie()
    cookies.store(jar, ['a="' + "x" * 60_000, "=" * 60_000, "b=c" + "; x" * 20_000])
    assert jar["b"].value == "c"


def test_they_are_sent_again_as_they_came(server: RecordingServer, client: ApiClient) -> None:
    lines = ["sessionid=s; Secure; HttpOnly; Partitioned", 'quoted="b\\054c"; Priority=High']
    server.answer(headers=[("Set-Cookie", line) for line in lines])
    client.call_api("/x", "GET")
    client.call_api("/x", "GET")
    assert server.last.header("Cookie") == 'quoted="b\\054c"; sessionid=s'
