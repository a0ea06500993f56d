"""Cloud storages whose address is not that of an S3 service, and what the server gives away to it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from tests.local.buckets import KEY, SECRET
from tests.local.conftest import Client

from cvat_local.resources.cloudstorages import transport
from cvat_local.resources.cloudstorages.attributes import Attributes
from cvat_local.resources.cloudstorages.bucket import (
    Bucket,
    BucketError,
    BucketForbidden,
    BucketUnavailable,
)

Api = Callable[..., Client]
Answer = Callable[[BaseHTTPRequestHandler], None]


@contextmanager
def service(answer: Answer) -> Iterator[str]:
    """An HTTP service that answers every request in the same way."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer(self)

        do_HEAD = do_PUT = do_POST = do_GET

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def bucket(url: str, *, key: str | None = KEY) -> Bucket:
    return Bucket("b", Attributes(endpoint_url=url), key=key, secret_key=key and SECRET)


def simple(status: int, body: bytes, **headers: str) -> Answer:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        for name, value in headers.items():
            request.send_header(name.replace("_", "-"), value)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        if request.command != "HEAD":
            request.wfile.write(body)

    return answer


def endless(request: BaseHTTPRequestHandler) -> None:
    request.send_response(200)
    request.end_headers()
    try:
        while True:
            request.wfile.write(b"<" + b"a" * 65535)
    except OSError:
        pass  # the other side has had enough


@pytest.mark.parametrize(
    "answer",
    [
        simple(200, b"not even that"),
        simple(500, b"inner secrets"),
        simple(418, b"inner secrets"),
        simple(200, b'<!DOCTYPE a [<!ENTITY b "inner secrets">]><ListBucketResult>&b;</x>'),
    ],
)
def test_answers_that_are_no_s3(answer: Answer) -> None:
    with service(answer) as url, pytest.raises(BucketUnavailable) as caught:
        bucket(url).part("")
    assert "inner secrets" not in str(caught.value)


@pytest.mark.parametrize("status", [301, 302, 304, 307, 400, 401, 404, 500, 503])
@pytest.mark.parametrize("region", ["eu-north-1", "x", None])
def test_refusals_to_say_whether_there_is_a_bucket(status: int, region: str | None) -> None:
    headers = {} if region is None else {"x-amz-bucket-region": region}
    with service(simple(status, b"", **headers)) as url, pytest.raises(BucketError):
        bucket(url).check()


def test_a_refusal_is_told_in_our_words() -> None:
    body = b"<Error><Code>AccessDenied</Code><Message>inner secrets</Message></Error>"
    with service(simple(403, body)) as url, pytest.raises(BucketForbidden) as caught:
        bucket(url).part("")
    assert "inner secrets" not in str(caught.value)


def test_redirects_to_other_services_are_not_followed() -> None:
    visits: list[str] = []

    def inner(request: BaseHTTPRequestHandler) -> None:
        visits.append(request.path)
        simple(200, b"")(request)

    with (
        service(inner) as inner_url,
        service(simple(302, b"", Location=f"{inner_url}/latest/meta-data")) as url,
        pytest.raises(BucketError),
    ):
        bucket(url).check()
    assert visits == []


def test_endless_answers_are_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "ANSWER_BYTES", 1024 * 1024)
    with service(endless) as url, pytest.raises(BucketUnavailable):
        bucket(url).part("")


def test_slow_answers_are_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "ANSWER_SECONDS", 0.0)
    with service(endless) as url, pytest.raises(BucketUnavailable):
        bucket(url).part("")


def test_silence_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "READ_TIMEOUT", 0.05)
    over = threading.Event()

    def silent(_: BaseHTTPRequestHandler) -> None:
        over.wait(60)

    with service(silent) as url:
        try:
            with pytest.raises(BucketUnavailable):
                bucket(url).check()
        finally:
            over.set()


def test_endless_files_are_cut(tmp_path: Path) -> None:
    with (
        service(endless) as url,
        (tmp_path / "file").open("wb") as file,
        pytest.raises(BucketUnavailable, match="larger"),
    ):
        bucket(url).download("key", file, limit=1024 * 1024)
    assert (tmp_path / "file").stat().st_size <= 1024 * 1024


def test_endless_files_are_given_up(tmp_path: Path) -> None:
    with (
        service(endless) as url,
        (tmp_path / "file").open("wb") as file,
        pytest.raises(BucketUnavailable, match="too long"),
    ):
        bucket(url).download("key", file, limit=2**40, seconds=0.0)


def test_credentials_of_the_machine_are_never_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "the-machines-own")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "token-of-the-machine")
    seen: list[str] = []

    def answer(request: BaseHTTPRequestHandler) -> None:
        seen.append(str(request.headers))
        simple(200, b"")(request)

    with service(answer) as url:
        bucket(url, key=None).check()
        bucket(url).check()
    anonymous, signed = seen
    assert "Authorization" not in anonymous
    assert KEY in signed
    for headers in seen:
        assert "the-machines-own" not in headers
        assert "token-of-the-machine" not in headers
        assert SECRET not in headers


def test_others_can_write_while_a_service_is_slow(api: Api) -> None:
    asked, over = threading.Event(), threading.Event()

    def answer(request: BaseHTTPRequestHandler) -> None:
        asked.set()
        over.wait(60)
        simple(200, b"")(request)

    with service(answer) as url:
        values = {
            "provider_type": "AWS_S3_BUCKET",
            "resource": "slow",
            "display_name": "s",
            "credentials_type": "ANONYMOUS_ACCESS",
            "specific_attributes": f"endpoint_url={url}",
        }
        answers: list[int] = []
        ann = api("ann")
        attaching = threading.Thread(
            target=lambda: answers.append(ann.post("/api/cloudstorages", json=values).status)
        )
        attaching.start()
        try:
            assert asked.wait(60)
            assert api("bob").post("/api/projects", json={"name": "p"}).status == 201
            assert answers == []
        finally:
            over.set()
            attaching.join()
    assert answers == [201]
