"""What an answer holds: names of files, contents that broke off, pages in place of data, encodings of JSON."""

from __future__ import annotations

import gzip
import random
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import urllib3
from tests.unit.recording import RecordingServer

from cvat_sdk.api_client import ApiClient, ApiTypeError, ApiValueError, models
from cvat_sdk.api_client.model.data_response import DataResponse
from cvat_sdk.api_client.runtime import codec
from cvat_sdk.api_client.runtime.filenames import filename_of

Connect = Callable[..., ApiClient]
JSON = "application/vnd.cvat+json"
ABOUT = {"name": "n", "description": "é日", "version": "2", "logo_url": "u", "subtitle": "s"}
CONTENT = random.Random(2).randbytes(2 << 20)


def headers(**values: str) -> list[tuple[str, str]]:
    return [(name.replace("_", "-"), value) for name, value in values.items()]


@pytest.fixture
def client(connect: Connect, tmp_path: Path) -> ApiClient:
    client = connect()
    client.configuration.temp_folder_path = str(tmp_path)
    return client


def chunk(client: ApiClient) -> Any:
    return client.jobs_api.retrieve_data(1, type="chunk", number=0, quality="original")[0]


# -- names ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ("attachment; filename=a.zip", "a.zip"),
        ("attachment; FILENAME=a.zip", "a.zip"),
        ('attachment; FileName = "a b.zip"', "a b.zip"),
        ('filename="a.zip"', "a.zip"),
        ('attachment; filename="a;b.zip"; size=5', "a;b.zip"),
        ('attachment; name="x; filename=y.zip"; filename="z.zip"', "z.zip"),
        ('attachment; filename="a \\"b\\".zip"', 'a "b".zip'),
        ('attachment; filename="a\\\\b.zip"', "b.zip"),
        ('attachment; filename="C:\\some\\a.zip"', "a.zip"),
        ("attachment; filename*=UTF-8''%E6%97%A5%20b.zip", "日 b.zip"),
        ("attachment; filename*=utf-8'en'a%20b.zip; filename=c.zip", "a b.zip"),
        ("attachment; filename=c.zip; filename*=UTF-8''a.zip", "a.zip"),
        ("attachment; filename*=iso-8859-1''caf%E9.zip", "café.zip"),
        ("attachment; filename*=UTF-8''%FF.zip; filename=c.zip", "c.zip"),
        ("attachment; filename*=no-such''a.zip; filename=c.zip", "c.zip"),
        ("attachment; filename*=broken; filename=c.zip", "c.zip"),
        ("attachment; filename*=UTF-8''..%2F..%2Fetc%2Fpasswd", "passwd"),
        ('attachment; filename="../../a.zip"', "a.zip"),
        ('attachment; filename="日.zip"'.encode().decode("latin-1"), "日.zip"),
        ('attachment; filename="caf\xe9.zip"', "café.zip"),
        ('attachment; filename="a\0b\x1b[31m\u202ec.zip"', "ab[31mc.zip"),
        ("attachment; filename*=UTF-8''a%0D%0Ab.zip", "ab.zip"),
        ("attachment; filename=CON", "_CON"),
        ("attachment; filename=nul.txt", "_nul.txt"),
        ("attachment; filename=com1.zip", "_com1.zip"),
        ("attachment; filename=console.zip", "console.zip"),
        ('attachment; filename="a.zip. "', "a.zip"),
        ("attachment", "download"),
        ("", "download"),
        ('attachment; filename=""', "download"),
        ("attachment; filename=..", "download"),
        ('attachment; filename="/"', "download"),
    ],
)
def test_the_name_of_a_file(disposition: str, name: str) -> None:
    assert filename_of(disposition) == name


@pytest.mark.parametrize(
    ("name", "end"),
    [
        ("a" * 300 + ".zip", "a.zip"),
        ("日" * 300 + ".tar.gz", "日.tar.gz"),
        ("é" * 127 + "x.zip", ".zip"),
        ("a." + "b" * 300, "b"),
        ("a" * 300, "a"),
    ],
)
def test_a_long_name_is_cut_and_keeps_its_extension(name: str, end: str) -> None:
    found = filename_of(f'attachment; filename="{name}"')
    assert found.endswith(end)
    assert len(found.encode()) <= 255
    assert found[0] == name[0]


@pytest.mark.parametrize("size", [10, len(CONTENT)])
@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ('attachment; FILENAME="a;b.zip"', "a;b.zip"),
        ("attachment; filename=c.zip; filename*=UTF-8''%E6%97%A5.zip", "日.zip"),
        (f'attachment; filename="{"x" * 300}.zip"', "x" * 251 + ".zip"),
    ],
)
def test_a_file_has_the_name_on_disk(
    server: RecordingServer, client: ApiClient, size: int, disposition: str, name: str
) -> None:
    server.answer(
        body=CONTENT[:size],
        headers=headers(Content_Type="application/zip", Content_Disposition=disposition),
    )
    with chunk(client) as file:
        assert Path(file.name).name == name
        assert file.read() == CONTENT[:size]


# -- contents that broke off ------------------------------------------------------------------------


def packed(content: bytes, encoding: str) -> bytes:
    if encoding == "gzip":
        return gzip.compress(content, 1)
    if encoding == "deflate":
        return zlib.compress(content, 1)
    bare = zlib.compressobj(1, wbits=-zlib.MAX_WBITS)
    return bare.compress(content) + bare.flush()


ENCODINGS = {"gzip": "gzip", "x-gzip": "gzip", "deflate": "deflate", "Deflate": "bare"}
ROADS: dict[str, Callable[[ApiClient], Any]] = {
    "parsed": lambda client: client.server_api.retrieve_about(),
    "file": chunk,
    "call_api": lambda client: client.call_api("/x", "GET"),
    "request": lambda client: client.request("GET", f"{client.configuration.host}/x"),
    "data": lambda client: client.server_api.retrieve_about(_parse_response=False)[1].data,
    "read": lambda client: client.server_api.retrieve_about(_parse_response=False)[1].read(),
    "stream": lambda client: list(
        client.server_api.retrieve_about(_parse_response=False)[1].stream(1000)
    ),
    "pieces": lambda client: pieces(
        client.server_api.retrieve_about(_parse_response=False)[1], 1000
    ),
    "rest client": lambda client: list(
        client.rest_client.GET(f"{client.configuration.host}/x", _parse_response=False)
    ),
}


def pieces(response: Any, size: int) -> bytes:
    found = b""
    while piece := response.read(size):
        found += piece
    return found


@pytest.mark.parametrize("road", ROADS)
@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("cut", [1, 8, 9, 50_000])
def test_a_cut_content_is_an_error_on_every_road(
    server: RecordingServer, client: ApiClient, tmp_path: Path, road: str, encoding: str, cut: int
) -> None:
    body = packed(CONTENT[:300_000], ENCODINGS[encoding])[:-cut]
    server.answer(body=body, headers=headers(Content_Type=JSON, Content_Encoding=encoding))
    with pytest.raises(urllib3.exceptions.ProtocolError, match="middle"):
        ROADS[road](client)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("size", [0, 1, 1000, len(CONTENT)])
def test_a_whole_content_is_unpacked_on_every_road(
    server: RecordingServer, client: ApiClient, encoding: str, size: int
) -> None:
    content = CONTENT[: size // 2] + bytes(size - size // 2)
    body = packed(content, ENCODINGS[encoding])
    server.answer_always(body=body, headers=headers(Content_Type="x/y", Content_Encoding=encoding))
    with chunk(client) as file:
        assert file.read() == content
    _, response = client.call_api("/x", "GET")
    assert (response.data, response.read()) == (content, b"")
    for how in ("data", "read", "stream", "pieces", "again"):
        _, response = client.call_api("/x", "GET", _parse_response=False)
        assert isinstance(response, urllib3.HTTPResponse)
        if how == "data":
            assert response.data == content
        elif how == "read":
            assert response.read() == content
        elif how == "stream":
            assert b"".join(response.stream(1000)) == content
        elif how == "pieces":
            assert pieces(response, 777) == content
        else:
            assert response.read(1) == content[:1]
            assert response.data == content[1:]
    assert server.connections == 1, "the connection comes back to its pool"


def test_several_parts_and_padding(server: RecordingServer, client: ApiClient) -> None:
    encoded = headers(Content_Type="x/y", Content_Encoding="gzip")
    server.answer(body=gzip.compress(b"one ") + gzip.compress(b"two") + bytes(512), headers=encoded)
    assert client.call_api("/x", "GET")[1].data == b"one two"
    server.answer(body=gzip.compress(b"one ") + gzip.compress(b"two")[:-4], headers=encoded)
    with pytest.raises(urllib3.exceptions.ProtocolError):
        client.call_api("/x", "GET")
    server.answer(body=b"not packed at all", headers=encoded)
    with pytest.raises(urllib3.exceptions.DecodeError):
        client.call_api("/x", "GET")
    server.answer(body=b"as it is", headers=headers(Content_Encoding="identity"))
    assert client.call_api("/x", "GET")[1].data == b"as it is"
    server.answer(
        body=zlib.compress(gzip.compress(b"twice")),
        headers=headers(Content_Encoding="gzip, deflate"),
    )
    assert client.call_api("/x", "GET")[1].data == b"twice"
    server.answer(404, gzip.compress(b'{"detail": "no"}'), headers=encoded)
    with pytest.raises(Exception, match="no"):
        client.call_api("/x", "GET")


def test_a_cut_file_is_asked_for_again(
    server: RecordingServer, connect: Connect, tmp_path: Path
) -> None:
    client = connect(retries=urllib3.Retry(2))
    client.configuration.temp_folder_path = str(tmp_path)
    encoded = headers(Content_Type="application/zip", Content_Encoding="gzip")
    server.answer(body=gzip.compress(CONTENT, 1)[:-100], headers=encoded)
    server.answer(body=gzip.compress(CONTENT, 1), headers=encoded)
    with chunk(client) as file:
        assert file.read() == CONTENT
    assert len(list(tmp_path.iterdir())) == 1


# -- in place of an upload's answer -----------------------------------------------------------------

PAGE = b"<!DOCTYPE html><html><title>Log in</title><body>Please log in</body></html>"


@pytest.mark.parametrize("content_type", ["text/html; charset=utf-8", "application/octet-stream"])
@pytest.mark.parametrize("chunked", [False, True])
def test_a_page_is_no_answer_to_an_upload(
    server: RecordingServer, client: ApiClient, tmp_path: Path, content_type: str, chunked: bool
) -> None:
    if chunked and "html" in content_type:
        head = (
            f"HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\nTransfer-Encoding: chunked\r\n\r\n"
        )
        server.answer(raw=head.encode() + b"%x\r\n%b\r\n0\r\n\r\n" % (len(PAGE), PAGE))
    else:
        server.answer(body=PAGE, headers=headers(Content_Type=content_type))
    with pytest.raises(ApiTypeError) as caught:
        client.tasks_api.create_data(1, data_request={"image_quality": 70})
    for shown in (f"{server.url}/api/tasks/1/data/", content_type.partition(";")[0], "Log in"):
        assert shown in str(caught.value)
    assert caught.value.path_to_item == ["received_data"]
    assert not list(tmp_path.iterdir())


def test_nothing_is_an_answer_to_the_begin_of_an_upload(
    server: RecordingServer, client: ApiClient
) -> None:
    for status, options in ((202, {"upload_start": True}), (200, {"upload_multiple": True})):
        server.answer(status, b"")
        data, _ = client.tasks_api.create_data(1, **options)
        assert isinstance(data, DataResponse)
        assert data.to_dict() == {}
    server.answer(200, b"")
    with pytest.raises(ApiTypeError, match="DataResponse"):
        client.tasks_api.create_data(1, data_request={"image_quality": 70})
    server.answer(200, b"", headers=headers(Content_Type="text/html"))
    with pytest.raises(ApiTypeError):
        client.tasks_api.create_data(1, data_request={"image_quality": 70}, upload_finish=True)


# -- encodings and depth of JSON --------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["lenient", "strict"])
@pytest.mark.parametrize(
    ("encoding", "content_type"),
    [
        ("utf-8-sig", JSON),
        ("utf-8-sig", f"{JSON}; charset=utf-8"),
        ("utf-16", f"{JSON}; charset=utf-16"),
        ("utf-16", JSON),
        ("utf-16-le", JSON),
        ("utf-16-be", f"{JSON}; charset=utf-16be"),
        ("utf-32", f"{JSON}; charset=utf-32"),
        ("utf-32", JSON),
    ],
)
def test_json_in_other_encodings(
    server: RecordingServer, client: ApiClient, mode: Any, encoding: str, content_type: str
) -> None:
    import json

    client.configuration.response_validation = mode
    body = json.dumps(ABOUT, ensure_ascii=False).encode(encoding)
    server.answer_always(body=body, headers=headers(Content_Type=content_type))
    assert client.server_api.retrieve_about()[0] == models.About(**ABOUT)
    assert client.server_api.retrieve_about(_validate_outputs=False)[0].name == "n"
    assert client.call_api("/x", "GET", response_schema=(dict,))[0] == ABOUT
    document = json.dumps({"rq_id": "é"}).encode(encoding)
    server.answer_always(202, document, headers=headers(Content_Type=content_type))
    assert client.tasks_api.create_data(1)[0].rq_id == "é"


DEEP = {
    "list": b"[" * 1_000_000 + b"]" * 1_000_000,
    "object": b'{"a":' * 1_000_000 + b"1" + b"}" * 1_000_000,
    "broken": b"[" * 1_000_000,
    "not JSON for everybody": b"[NaN," + b"[" * 1_000_000 + b"]" * 1_000_001,
    "in a field": b'{"name": ' + b"[" * 1_000_000 + b"]" * 1_000_000 + b"}",
    "in an unknown field": b'{"novel": ' + b"[" * 1_000_000 + b"]" * 1_000_000 + b"}",
}


@pytest.mark.parametrize("body", DEEP.values(), ids=DEEP)
@pytest.mark.parametrize("mode", ["lenient", "strict"])
def test_json_that_is_too_deep(
    server: RecordingServer, client: ApiClient, mode: Any, body: bytes
) -> None:
    client.configuration.response_validation = mode
    server.answer_always(body=body)
    calls: list[Callable[[], Any]] = [
        lambda: client.server_api.retrieve_about(),
        lambda: client.server_api.retrieve_about(_validate_outputs=False),
        lambda: client.call_api("/x", "GET", response_schema=(dict,)),
        lambda: client.call_api("/x", "GET", response_schema=(models.About, str)),
        lambda: client.tasks_api.create_data(1, data_request={"image_quality": 70}),
        lambda: codec.decode(body, "About"),
    ]
    for call in calls:
        with pytest.raises((ApiTypeError, ApiValueError)) as caught:
            call()
        assert "deep" in str(caught.value)


# -- pages in place of files ------------------------------------------------------------------------


@pytest.mark.parametrize("size", [20, 3 << 20])
def test_a_page_is_no_file(server: RecordingServer, client: ApiClient, size: int) -> None:
    page = b"<!DOCTYPE html><title>Sign in</title>".ljust(size)
    server.answer(200, page, headers=headers(Content_Type="text/html; charset=utf-8"))
    with pytest.raises(
        ApiTypeError, match=r"^Expected a file from GET .*/api/jobs/1/data, got an H"
    ):
        chunk(client)
    assert client.configuration.temp_folder_path
    assert list(Path(client.configuration.temp_folder_path).iterdir()) == []


def test_a_page_with_the_name_of_a_file_is_one(server: RecordingServer, client: ApiClient) -> None:
    told = headers(Content_Type="text/html", Content_Disposition="attachment; filename=a.html")
    server.answer(200, b"<p>", headers=told)
    with chunk(client) as file:
        assert file.read() == b"<p>"


def test_an_answer_that_breaks_off_is_asked_for_with_all_of_the_body_again(
    server: RecordingServer, client: ApiClient, tmp_path: Path
) -> None:
    """Where the caller's own retries repeat a POST."""
    client.configuration.retries = urllib3.Retry(3, allowed_methods=None)
    content = tmp_path / "a.bin"
    content.write_bytes(b"x" * 3_000_000)
    for file in (content, content.open("rb")):
        server.answer(200, b'{"rq', length=20, close=True)
        server.answer(200, {"rq_id": "a"})
        with ApiClient(client.configuration) as retrying:
            made, _ = retrying.tasks_api.create_data(
                1,
                data_request={"image_quality": 70, "client_files": [file]},
                _content_type="multipart/form-data",
            )
        assert made.rq_id == "a"
        first, second = server.received[-2:]
        assert len(first.body) == len(second.body) > 3_000_000
