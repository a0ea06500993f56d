"""Files that are sent: pipes, data without a name, and whatever else can be read like a file."""

from __future__ import annotations

import bz2
import gzip
import io
import os
import tarfile
import tempfile
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import urllib3
from tests.unit.recording import Part, RecordingServer

from cvat_sdk.api_client import ApiClient, ApiValueError, models

MULTIPART = "multipart/form-data"
PNG = b"\x89PNG\r\n\x1a\n and pixels"
JPEG = b"\xff\xd8\xff\xe0 and pixels"


class Stream(io.RawIOBase):
    """A file that cannot seek, such as a pipe."""

    def __init__(self, content: bytes, name: str = "stream.png") -> None:
        self._left = content
        self.name = name

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        chunk, self._left = self._left[: len(buffer)], self._left[len(buffer) :]
        buffer[: len(chunk)] = chunk
        return len(chunk)


class Reader:
    """No file of the `io` module, but one to read from."""

    def __init__(self, content: bytes) -> None:
        self._inner = io.BytesIO(content)
        self.name = "reader.png"

    def read(self, size: int = -1) -> bytes:
        return self._inner.read(size)


def send(client: ApiClient, *files: Any, **options: Any) -> None:
    client.tasks_api.create_data(
        1,
        data_request=models.DataRequest(image_quality=70, client_files=list(files)),
        _content_type=MULTIPART,
        _parse_response=False,
        **options,
    )


def sent(server: RecordingServer) -> list[Part]:
    """The files of the last request, which has a length."""
    assert server.last.header("Content-Length") == str(len(server.last.body))
    assert server.last.header("Transfer-Encoding") is None
    return [part for part in server.last.parts() if part.filename]


# -- without a length -------------------------------------------------------------------------------


@pytest.fixture
def pipe() -> Iterator[Callable[[bytes], Any]]:
    """Makes the reading end of a pipe that content is written to."""
    threads = []

    def make(content: bytes) -> Any:
        reading, writing = os.pipe()

        def write() -> None:
            with os.fdopen(writing, "wb") as file:
                file.write(content)

        thread = threading.Thread(target=write)
        thread.start()
        threads.append(thread)
        return os.fdopen(reading, "rb")

    yield make
    for thread in threads:
        thread.join()


@pytest.mark.parametrize("size", [0, 100, 200_000, 9_000_000])
def test_a_stream_has_a_length_when_it_is_sent(
    server: RecordingServer, client: ApiClient, size: int
) -> None:
    content = os.urandom(size)
    stream = Stream(content)
    send(client, stream)
    (part,) = sent(server)
    assert (part.name, part.filename) == ("client_files[0]", "stream.png")
    assert part.content == content
    assert stream.closed


def test_pipes_and_compressed_and_downloaded_streams(
    server: RecordingServer, client: ApiClient, pipe: Callable[[bytes], Any]
) -> None:
    server.answer(200, PNG)
    download = urllib3.PoolManager().request("GET", server.url, preload_content=False)
    unpacked = gzip.GzipFile(fileobj=Stream(gzip.compress(PNG), name=""))
    send(client, pipe(PNG), download, unpacked, bz2.BZ2File(io.BytesIO(bz2.compress(PNG))))
    parts = sent(server)
    assert [part.content for part in parts] == [PNG] * 4
    assert [part.filename for part in parts] == [f"client_files_{n}.png" for n in range(4)]


def test_text_streams_are_sent_as_utf_8(
    server: RecordingServer, client: ApiClient, tmp_path: Path
) -> None:
    text = "päth\n" * 300_000
    with tempfile.SpooledTemporaryFile(mode="w+", encoding="latin-1") as spooled:
        spooled.write(text)
        spooled.seek(0)
        unseekable = io.TextIOWrapper(io.BufferedReader(Stream(text.encode())), encoding="utf-8")
        send(client, ("a.txt", spooled), ("b.txt", unseekable), ("c.txt", io.StringIO(text)))
    assert [part.content.decode() for part in sent(server)] == [text] * 3


def test_a_retry_and_a_redirect_send_a_stream_again(
    server: RecordingServer, connect: Callable[..., ApiClient]
) -> None:
    retries = urllib3.Retry(
        total=3, backoff_factor=0, status_forcelist=(503,), allowed_methods=None
    )
    client = connect(retries=retries)
    server.answer(503)
    server.answer(307, headers=[("Location", "/elsewhere")])
    content = os.urandom(100_000)
    send(client, Stream(content))
    assert len(server.received) == 3
    assert {request.body for request in server.received} == {server.last.body}
    assert sent(server)[0].content == content


def test_a_file_that_says_it_is_empty_is_read_all_the_same(
    server: RecordingServer, client: ApiClient
) -> None:
    path = Path("/proc/self/status")
    if not path.exists():
        pytest.skip("only Linux has files that are made while they are read")
    with path.open("rb") as file:
        send(client, file)
    assert b"Pid:" in sent(server)[0].content


def test_a_stream_that_is_not_ready_is_an_error(server: RecordingServer, client: ApiClient) -> None:
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    with (
        os.fdopen(writing, "wb"),
        os.fdopen(reading, "rb", buffering=0) as file,
        pytest.raises(ApiValueError, match=r"client_files\[0\]"),
    ):
        send(client, file)
    assert not server.received


def test_what_was_stored_of_a_stream_is_gone_afterwards(
    server: RecordingServer, client: ApiClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Any] = []
    original = tempfile.SpooledTemporaryFile

    def make(*args: Any, **options: Any) -> Any:
        made.append(original(*args, **options))
        return made[-1]

    monkeypatch.setattr(
        tempfile, "SpooledTemporaryFile", make
    )  # to see the files that have no name
    send(client, Stream(os.urandom(9_000_000)))
    with pytest.raises(ApiValueError):
        send(client, Stream(b"x"), io.BytesIO(b"of no known kind"))
    client.call_api("/x", "PATCH", body=Stream(b"x"), header_params={"Content-Type": "text/plain"})
    assert len(made) == 3
    assert all(file.closed for file in made)


@pytest.mark.parametrize("make", [Stream, io.BytesIO, Reader])
def test_a_file_as_the_whole_body_has_a_length(
    server: RecordingServer, client: ApiClient, make: Any
) -> None:
    content = os.urandom(100_000)
    file = make(content)
    client.call_api(
        "/x", "PATCH", body=file, header_params={"Content-Type": "application/offset+octet-stream"}
    )
    assert server.last.body == content
    assert server.last.header("Content-Length") == str(len(content))
    assert server.last.header("Transfer-Encoding") is None
    assert not getattr(file, "closed", False), "a custom request leaves it to its caller"


# -- without a name ---------------------------------------------------------------------------------


def tar(mode: str) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode=mode) as archive:  # type: ignore[call-overload]  # any mode
        archive.addfile(tarfile.TarInfo("a.png"))
    return file.getvalue()


def zipped() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.png", PNG)
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "extension"),
    [
        (JPEG, ".jpg"),
        (PNG, ".png"),
        (b"GIF89a....", ".gif"),
        (b"BM" + b"\x36\x03\0\0" + bytes(4) + b"\x36\0\0\0", ".bmp"),
        (b"RIFF\x24\0\0\0WEBPVP8 ", ".webp"),
        (b"RIFF\x24\0\0\0AVI LIST", ".avi"),
        (b"II*\0\x08\0\0\0", ".tiff"),
        (b"MM\0*\0\0\0\x08", ".tiff"),
        (b"%PDF-1.7", ".pdf"),
        (zipped(), ".zip"),
        (tar("w"), ".tar"),
        (tar("w:gz"), ".tar.gz"),
        (gzip.compress(b"no archive"), ".gz"),
        (b"\0\0\0\x18ftypisom\0\0\0\0", ".mp4"),
        (b"\0\0\0\x14ftypqt  \0\0\0\0", ".mov"),
        (b"\0\0\0\x08wide\0\0\0\0mdat", ".mov"),
        (b"\0\0\0\x1cftypavif", ".avif"),
        (b"\x1a\x45\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webm", ".webm"),
        (b"\x1a\x45\xdf\xa3\x9fB\x86\x81\x01B\x82\x88matroska", ".mkv"),
        (b"\x47" + b"\0" * 187 + b"\x47" + b"\0" * 187 + b"\x47", ".ts"),
        (b'<?xml version="1.0"?><annotations/>', ".xml"),
        (b'{\n  "images": []}', ".json"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_data_in_memory_gets_the_extension_of_its_kind(
    server: RecordingServer, client: ApiClient, content: bytes, extension: str
) -> None:
    send(client, io.BytesIO(content), Stream(content, name=""))
    assert [(part.filename, part.content) for part in sent(server)] == [
        (f"client_files_0{extension}", content),
        (f"client_files_1{extension}", content),
    ]


def test_files_of_the_tempfile_module(server: RecordingServer, client: ApiClient) -> None:
    with (
        tempfile.TemporaryFile() as numbered,
        tempfile.SpooledTemporaryFile() as spooled,
        tempfile.SpooledTemporaryFile(1) as rolled,
        tempfile.NamedTemporaryFile(suffix=".jpg") as wrapped,
    ):
        files: list[Any] = [numbered, spooled, rolled, wrapped]
        for file in files:
            file.write(JPEG)
            file.seek(0)
        send(client, *files)
        assert all(file.closed for file in files)
    parts = sent(server)
    assert [part.content for part in parts] == [JPEG] * 4
    names = [part.filename for part in parts]
    assert names[:3] == [f"client_files_{n}.jpg" for n in range(3)]
    assert names[3] == Path(wrapped.name).name


@pytest.mark.parametrize("content", [b"", b"velodyne", b"a,b\n1,2\n", b"\x01\x02" + bytes(600)])
def test_data_of_no_known_kind_needs_a_name(
    server: RecordingServer, client: ApiClient, content: bytes
) -> None:
    file = io.BytesIO(content)
    with pytest.raises(ApiValueError, match="name") as caught:
        send(client, io.BytesIO(PNG), file)
    assert caught.value.path_to_item == ["client_files", 1]
    assert not server.received
    assert not file.closed
    assert file.tell() == 0
    send(client, ("points.bin", file))
    assert [(part.filename, part.content) for part in sent(server)] == [("points.bin", content)]
    named = io.BytesIO(content)
    named.name = "points.csv"
    send(client, named)
    assert sent(server)[0].filename == "points.csv"


def test_a_single_file_without_a_name(server: RecordingServer, client: ApiClient) -> None:
    client.assets_api.create(file=io.BytesIO(PNG), guide_id=1, _parse_response=False)
    assert {part.name: part.filename for part in server.last.parts()}["file"] == "file.png"
    client.assets_api.create(file=("photo.png", io.BytesIO(PNG)), guide_id=1, _parse_response=False)
    assert {part.name: part.filename for part in server.last.parts()}["file"] == "photo.png"
    client.assets_api.create(file=io.BytesIO(b"?"), guide_id=1, _parse_response=False)
    assert {part.name: part.filename for part in server.last.parts()}["file"] == "file"


def test_names_that_are_paths_or_bytes(server: RecordingServer, client: ApiClient) -> None:
    files = []
    for name in (b"/some/where/a.png", Path("/some/where/b.png"), "/some/where/c.png"):
        files.append(io.BytesIO(PNG))
        files[-1].name = name
    send(client, *files)
    assert [part.filename for part in sent(server)] == ["a.png", "b.png", "c.png"]


# -- like a file ------------------------------------------------------------------------------------


def test_whatever_can_be_read_is_a_file(server: RecordingServer, client: ApiClient) -> None:
    body = models.DataRequest(image_quality=70, client_files=[Reader(PNG)])
    assert isinstance(body.client_files[0], Reader)
    body.client_files = [Reader(PNG)]
    for given in (body, {"image_quality": 70, "client_files": [Reader(PNG)]}):
        client.tasks_api.create_data(
            1, data_request=given, _content_type=MULTIPART, _parse_response=False
        )
        assert [(part.filename, part.content) for part in sent(server)] == [("reader.png", PNG)]
    client.call_api(
        "/x", "POST", files={"f": ("n.png", Reader(PNG))}, header_params={"Content-Type": MULTIPART}
    )
    assert [(part.name, part.filename) for part in sent(server)] == [("f", "n.png")]


@pytest.mark.parametrize(
    "bad", ["a.png", b"\x89PNG", 5, ("a.png", b"\x89PNG"), ("a.png", None), object()]
)
def test_what_cannot_be_read_is_none(client: ApiClient, bad: Any) -> None:
    with pytest.raises(TypeError, match="file"):
        models.DataRequest(image_quality=70, client_files=[bad])
