"""The texts that errors are made of."""

from __future__ import annotations

import pytest

from cvat_sdk.api_client.runtime import explain


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://host:8080/api/tasks?page=2", "http://host:8080/api/tasks?page=2"),
        ("https://ann:pass@host/api", "https://host/api"),
        ("https://a@b:c@host/api#fragment", "https://host/api"),
        ("/api/x?page=1&access_token=abc", "/api/x?page=1&access_token=<hidden>"),
        (
            "/b?X-Amz-Credential=a&X-Amz-Signature=b",
            "/b?X-Amz-Credential=<hidden>&X-Amz-Signature=<hidden>",
        ),
        ("/b?sv=1&sig=abc&key=abc&%6Bey=abc", "/b?sv=1&sig=<hidden>&key=<hidden>&%6Bey=<hidden>"),
        ("/b?author=ann&sort=-id&flag", "/b?author=ann&sort=-id&flag"),
        ("/a\nb", "/ab"),
        ("http://[::1/api", "an address that cannot be read"),
    ],
)
def test_an_address_is_shown_without_its_secrets(url: str, shown: str) -> None:
    assert explain.address(url) == shown


def test_parameters_that_are_known_to_be_credentials_are_hidden() -> None:
    assert explain.address("/a?k=abc&page=1", secret=["k"]) == "/a?k=<hidden>&page=1"
    assert explain.address("/a?k=abc&page=1", query=False) == "/a"


def test_a_long_query_is_cut() -> None:
    shown = explain.address("/a?filter=" + "x" * 5000)
    assert len(shown) < 300
    assert shown.endswith("…")


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ('{"detail": "Not found."}', "Not found."),
        (b'{"detail": "Not found."}', "Not found."),
        ('{"name": ["This field is required."]}', "name: This field is required."),
        (
            '{"labels": [{}, {"attributes": [{"name": ["Too long.", "Not unique."]}]}], "owner": "Unknown."}',
            "labels[1].attributes[0].name: Too long. Not unique.; owner: Unknown.",
        ),
        ('{"non_field_errors": ["Wrong.", "Bad."]}', "Wrong. Bad."),
        ('["The task is locked."]', "The task is locked."),
        ('"The task is locked."', "The task is locked."),
        ('{"message": "No.", "code": 3, "extra": null}', "No.; code: 3"),
        ("Upload too large\nby 3 bytes\n", "Upload too large by 3 bytes"),
        ("<!DOCTYPE html>\n<html><head><TITLE>502 Bad\nGateway</TITLE>", "502 Bad Gateway"),
        (
            "<!-- a --> <!-- b -->\n<html><body><h1>It is <b>gone</b> &amp; lost</h1>",
            "It is gone & lost",
        ),
        ("<html><body>nothing to see</body></html>", ""),
        ('{"detail": "cut o', '{"detail": "cut o'),
        ("{}", ""),
        ("", ""),
        (None, ""),
        (b"\x00\x89PNG", ""),
    ],
)
def test_the_detail_of_an_error(body: str | bytes | None, detail: str) -> None:
    assert explain.server_detail(body) == detail


def test_a_long_detail_is_cut_and_a_deep_one_is_not_followed() -> None:
    assert len(explain.server_detail('{"detail": "%s"}' % ("word " * 1000))) <= 300
    assert explain.server_detail("[" * 100_000 + "]" * 100_000).startswith("[[")


def test_pages_made_to_be_slow_to_read_are_read_at_once() -> None:
    assert explain.server_detail("<!---->" * 700 + "<title" * 10_000).startswith("<!---->")
    assert explain.server_detail("<html>" + "<title" * 10_000) == ""


def test_the_request_id_is_found_whatever_its_spelling() -> None:
    assert explain.request_id({"Content-Type": "x", "X-REQUEST-ID": "abc-1"}) == "abc-1"
    assert explain.request_id({"x-amzn-requestid": "7"}) == "7"
    assert explain.request_id({"Content-Type": "x"}) is None
    assert explain.request_id(None) is None


def unexpected(body: bytes | str, content_type: str | None = "application/json") -> str:
    return explain.unexpected_body(
        "TaskRead as JSON",
        method="GET",
        url="http://ann:pass@host/api/tasks/1?token=abc",
        content_type=content_type,
        body=body,
    )


def test_a_page_in_place_of_json() -> None:
    text = unexpected(b"<!doctype html>\n<title>Sign in</title>", "text/html; charset=utf-8")
    assert "GET http://host/api/tasks/1?token=<hidden>" in text
    assert "(text/html, titled 'Sign in')" in text
    assert "'<!doctype html> <title>Sign in</title>'" in text
    assert "Configuration.host" in text


@pytest.mark.parametrize("body", [b"", b" \n", ""])
def test_an_empty_body_in_place_of_json(body: bytes | str) -> None:
    assert unexpected(body, None).endswith("got an empty body (no content type)")


def test_json_that_breaks_off() -> None:
    text = unexpected(b'{"id": 1, "name": "car')
    assert (
        """22 bytes of broken JSON (application/json) that begin with '{"id": 1, "name": "car'"""
        in text
    )


def test_binary_data_and_long_texts_take_one_short_line() -> None:
    for body in (b"\x89PNG\r\n\x1a\n\x00" * 1000, b"line\n" * 10_000, "wörter " * 5000):
        text = unexpected(body, "text/plain")
        assert text.isprintable()
        assert len(text) < 300


def test_the_beginning_of_a_body_does_not_show_the_key_that_it_holds() -> None:
    for body in (b'{"key": "abcdef", "id', b'{"key": "abcd', '{"access_token" : "abc"}'):
        assert "abc" not in unexpected(body)
        assert explain.HIDDEN in unexpected(body)
