"""No answer: urllib3's errors, with a first line that says what was tried and what may be wrong."""

from __future__ import annotations

import copy
import pickle
import socket
import ssl
import struct
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import urllib3
from tests.unit.certificates import EXPIRED, GOOD
from tests.unit.playing import Play, Serve
from urllib3 import exceptions as errors

from cvat_sdk.api_client import ApiClient, ApiException, Configuration

HEAD = b"HTTP/1.1 200 OK\r\n"


def answering(data: bytes) -> Play:
    def play(connection: socket.socket) -> None:
        connection.recv(100_000)
        connection.sendall(data)

    return play


@pytest.fixture
def unused() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def failure(
    host: str,
    *,
    retries: int | bool = False,
    method: str = "GET",
    timeout: Any = 10,
    proxy: str | None = None,
    **settings: Any,
) -> Any:
    """The error of a call, which has no secret in it, and survives copies and pickles."""
    configuration = Configuration(host=host, **settings)
    configuration.retries = urllib3.Retry(retries, backoff_factor=0) if retries else False
    configuration.proxy = proxy
    with ApiClient(configuration) as client, pytest.raises(Exception) as caught:
        client.call_api(
            "/api/x",
            method,
            query_params={"token": "hunter2"},
            body={} if method == "POST" else None,
            _request_timeout=timeout,
        )
    error = caught.value
    assert "hunter2" not in str(error)
    assert "hunter2" not in repr(error)
    for copied in (copy.copy(error), pickle.loads(pickle.dumps(error))):
        assert str(copied) == str(error)
        assert type(copied).__mro__ == type(error).__mro__
    return error


def first_line(error: Exception) -> str:
    return str(error).splitlines()[0]


@pytest.mark.parametrize(
    ("retries", "kind"), [(False, errors.NewConnectionError), (1, errors.MaxRetryError)]
)
def test_a_refused_connection(unused: int, retries: int, kind: type[Exception]) -> None:
    host = f"http://127.0.0.1:{unused}"
    error = failure(host.replace("//", "//ann:hunter2@"), retries=retries)
    assert isinstance(error, kind)
    assert first_line(error) == (
        f"GET {host}/api/x: connection refused; is the server running at {host}?"
    )
    assert "[Errno 111] Connection refused" in str(error).splitlines()[1]
    if retries:
        assert isinstance(error.reason, errors.NewConnectionError)


def test_a_name_that_does_not_exist() -> None:
    error = failure("http://no-such-host.invalid")
    assert isinstance(error, errors.NameResolutionError)
    assert "the name 'no-such-host.invalid' was not found; is Configuration.host right" in (
        first_line(error)
    )
    error = failure("http://no-such-host.invalid", retries=1)
    assert isinstance(error, errors.MaxRetryError)
    assert "was not found" in first_line(error)


def test_a_traceback_shows_the_name_of_the_class_that_scripts_catch(unused: int) -> None:
    kind = type(failure(f"http://127.0.0.1:{unused}", retries=1))
    assert f"{kind.__module__}.{kind.__qualname__}" == "urllib3.exceptions.MaxRetryError"


def test_time_limits_are_named(serve: Serve) -> None:
    release = threading.Event()
    try:
        port = serve(lambda connection: release.wait(60))
        error = failure(f"http://127.0.0.1:{port}", timeout=(7, 0.05))
        assert isinstance(error, errors.ReadTimeoutError)
        assert "no answer within 0.05 s (read limit in _request_timeout)" in first_line(error)
        error = failure(f"http://127.0.0.1:{port}", timeout=0.05, method="POST", retries=1)
        assert isinstance(error, errors.ReadTimeoutError)
        assert "no answer within 0.05 s (_request_timeout)" in first_line(error)
    finally:
        release.set()


def test_a_connection_that_takes_too_long() -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        address = full.getsockname()
        waiting = [socket.socket() for _ in range(3)]
        try:
            for connection in waiting:  # fill the line of those that are to be accepted
                connection.setblocking(False)
                connection.connect_ex(address)
            error = failure(f"http://127.0.0.1:{address[1]}", timeout=(0.05, 7))
        finally:
            for connection in waiting:
                connection.close()
    assert isinstance(error, errors.ConnectTimeoutError)
    assert "no connection within 0.05 s (connect limit in _request_timeout)" in first_line(error)


def test_https_to_a_port_that_speaks_plain_http(serve: Serve) -> None:
    port = serve(answering(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"))
    plain = f"is its address http://127.0.0.1:{port}?"
    error = failure(f"https://127.0.0.1:{port}")
    assert isinstance(error, ApiException)
    assert error.status == 0
    assert plain in first_line(error)
    error = failure(f"https://127.0.0.1:{port}", retries=1)
    assert isinstance(error.reason, errors.SSLError)
    assert plain in first_line(error)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (b"\x15\x03\x01\x00\x02\x02\x46", "the server speaks TLS at this port; write https://"),
        (b"", "closed the connection without an answer; or does it expect https://"),
        (b"SSH-2.0-Something", "the answer is not HTTP, it begins with 'SSH-2.0-Something'"),
    ],
)
def test_plain_http_to_a_port_that_speaks_something_else(
    serve: Serve, answer: bytes, words: str
) -> None:
    error = failure(f"http://127.0.0.1:{serve(answering(answer))}")
    assert isinstance(error, errors.ProtocolError)
    assert words in first_line(error)


def test_a_connection_that_breaks(serve: Serve) -> None:
    def reset(connection: socket.socket) -> None:
        connection.recv(1)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    error = failure(f"http://127.0.0.1:{serve(reset)}", method="POST")
    assert isinstance(error, errors.ProtocolError)
    assert "is the body larger than it takes?" in first_line(error)


def test_a_body_that_is_cut_or_not_what_it_says(serve: Serve) -> None:
    port = serve(answering(HEAD + b"Content-Length: 20\r\n\r\n{}"))
    error = failure(f"http://127.0.0.1:{port}")
    assert isinstance(error, errors.ProtocolError)
    assert "the answer broke off after 2 bytes, 18 more were announced" in first_line(error)
    port = serve(answering(HEAD + b"Content-Length: 2\r\nContent-Encoding: gzip\r\n\r\n{}"))
    error = failure(f"http://127.0.0.1:{port}")
    assert isinstance(error, errors.DecodeError)
    assert "not compressed as its headers say" in first_line(error)


def test_a_loop_of_redirects(serve: Serve) -> None:
    redirect = b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nConnection: close\r\n"
    port = serve(answering(redirect + b"Location: /y?token=hunter2\r\n\r\n"))
    error = failure(f"http://127.0.0.1:{port}", retries=2)
    assert isinstance(error, errors.MaxRetryError)
    assert first_line(error).startswith(f"GET http://127.0.0.1:{port}/y is redirected (status 302)")


def test_a_proxy_that_cannot_be_used(serve: Serve, unused: int) -> None:
    error = failure("http://h", proxy=f"http://ann:hunter2@127.0.0.1:{unused}")
    assert isinstance(error, errors.ProxyError)
    assert f"the proxy http://127.0.0.1:{unused} refused the connection" in first_line(error)
    error = failure("https://h", proxy="http://ann:hunter2@no-such-host.invalid:3128", retries=1)
    assert isinstance(error, errors.MaxRetryError)
    assert "the name of the proxy http://no-such-host.invalid:3128 was not found" in (
        first_line(error)
    )
    port = serve(answering(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n"))
    error = failure("https://h", proxy=f"http://ann:hunter2@127.0.0.1:{port}")
    assert "asks for credentials" in first_line(error)
    assert "Configuration.proxy_headers" in first_line(error)
    port = serve(answering(b"HTTP/1.1 403 Forbidden\r\n\r\n"))
    error = failure("https://h", proxy=f"http://127.0.0.1:{port}")
    assert "does not connect to this server" in first_line(error)


def test_an_address_that_is_none() -> None:
    error = failure("http://ann:hunter2@127.0.0.1:99999")
    assert isinstance(error, errors.LocationParseError)
    assert isinstance(error, ValueError)
    assert "see Configuration.host" in first_line(error)


def test_raw_requests_are_explained_as_well(unused: int) -> None:
    host = f"http://127.0.0.1:{unused}"
    with ApiClient(Configuration(host=host)) as client:
        for request in (client.request, client.rest_client.request):
            client.configuration.retries = False
            with pytest.raises(errors.HTTPError) as caught:
                request("POST", f"{host}/blob?anything=hunter2", body={})
            assert first_line(caught.value).startswith(f"POST {host}/blob: connection refused")
            assert "hunter2" not in str(caught.value)


# -- certificates -----------------------------------------------------------------------------------


@pytest.fixture
def pem(tmp_path: Path) -> Callable[[str], Path]:
    """Writes a certificate to a file."""

    def write(certificate: str) -> Path:
        path = tmp_path / f"{hash(certificate)}.pem"
        path.write_text(certificate)
        return path

    return write


def tls(path: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


@pytest.mark.parametrize(
    ("certificate", "host", "trusted", "words"),
    [
        (GOOD, "localhost", None, "set Configuration.ssl_ca_cert to a PEM file"),
        (GOOD, "127.0.0.1", GOOD, "the certificate is not for '127.0.0.1'"),
        (EXPIRED, "localhost", EXPIRED, "is this machine's clock right?"),
    ],
)
def test_a_certificate_that_is_not_accepted(
    serve: Serve,
    pem: Callable[[str], Path],
    certificate: str,
    host: str,
    trusted: str | None,
    words: str,
) -> None:
    port = serve(answering(HEAD + b"Content-Length: 2\r\n\r\n{}"), tls(pem(certificate)))
    authority = str(pem(trusted)) if trusted else None
    error = failure(f"https://{host}:{port}", ssl_ca_cert=authority)
    assert isinstance(error, ApiException)
    assert words in first_line(error)
    error = failure(f"https://{host}:{port}", ssl_ca_cert=authority, retries=1)
    assert isinstance(error, errors.MaxRetryError)
    assert isinstance(error.reason, errors.SSLError)
    assert words in first_line(error)


@pytest.mark.parametrize("setting", ["ssl_ca_cert", "cert_file", "key_file"])
def test_a_file_of_certificates_that_cannot_be_used_is_named(
    serve: Serve, pem: Callable[[str], Path], tmp_path: Path, setting: str
) -> None:
    good = pem(GOOD)
    port = serve(answering(HEAD + b"Content-Length: 2\r\n\r\n{}"), tls(good))
    text = tmp_path / "text.pem"
    text.write_text("no certificate\n")
    for path, words in (
        (tmp_path / "missing.pem", "cannot be read (No such file or directory)"),
        (text, "is not a PEM file"),
    ):
        configuration = Configuration(host=f"https://localhost:{port}", ssl_ca_cert=str(good))
        configuration.cert_file = str(good)
        configuration.retries = False
        setattr(configuration, setting, str(path))
        with ApiClient(configuration) as client, pytest.raises(Exception) as caught:
            client.call_api("/api/x", "GET")
        assert f"Configuration.{setting}: '{path}' {words}" in str(caught.value)


def test_a_broken_status_line_is_not_another_protocol(serve: Serve) -> None:
    error = failure(f"http://127.0.0.1:{serve(answering(b'HTTP/1.1 abc OK' + bytes([13, 10])))}")
    assert "begins with a broken status line" in first_line(error)
    assert "https://" not in first_line(error)
