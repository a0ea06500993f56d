"""Paths where files are expected: opened when they are sent, closed after, missed before."""

from __future__ import annotations

import copy
import os
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import urllib3
from tests.unit.recording import RecordingServer

from cvat_sdk.api_client import ApiClient, ApiTypeError, ApiValueError, models
from cvat_sdk.api_client.runtime.pathfile import PathFile

FORM: Any = {"_content_type": "multipart/form-data"}


def open_files() -> int:
    return len(os.listdir("/proc/self/fd"))  # noqa: PTH208  # of this process


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "bäckyard 1.jpg"
    path.write_bytes(b"\xff\xd8 content")
    return path


def forms(files: list[Any]) -> list[Any]:
    """The ways to write the body of an upload."""
    made: list[Any] = [{"image_quality": 70, "client_files": files}]
    made.append(models.DataRequest(image_quality=70, client_files=files))
    return made


def test_paths_are_sent_as_files(server: RecordingServer, client: ApiClient, picture: Path) -> None:
    before = open_files()
    for form in forms([picture, picture]):
        client.tasks_api.create_data(1, data_request=form, **FORM)
        parts = [part for part in server.last.parts() if part.filename]
        assert [(part.name, part.filename, part.content) for part in parts] == [
            (f"client_files[{index}]", picture.name, b"\xff\xd8 content") for index in (0, 1)
        ]
        assert parts[0].content_type == "image/jpeg"
    assert open_files() <= before + 2  # the connection, at both of its ends


def test_a_single_file_field_takes_a_path(
    server: RecordingServer, client: ApiClient, picture: Path
) -> None:
    client.tasks_api.create_annotations(
        1, annotation_file_request={"annotation_file": picture}, **FORM
    )
    (part,) = server.last.parts()
    assert (part.name, part.filename) == ("annotation_file", picture.name)


def test_the_same_model_can_be_sent_again(
    server: RecordingServer, connect: Callable[..., ApiClient], picture: Path
) -> None:
    client = connect(
        retries=urllib3.Retry(
            total=2, backoff_factor=0, status_forcelist=[503], allowed_methods=None
        )
    )
    server.answer(503)
    form = models.DataRequest(image_quality=70, client_files=[picture])
    for _ in range(2):
        client.tasks_api.create_data(1, data_request=form, **FORM)
    sent = [[part.content for part in received.parts()][-1] for received in server.received]
    assert sent == [b"\xff\xd8 content"] * 3


def test_many_paths_do_not_need_many_descriptors(
    server: RecordingServer, client: ApiClient, tmp_path: Path
) -> None:
    resource = pytest.importorskip("resource", reason="limits of descriptors exist on Unix only")
    paths = [tmp_path / f"{number}.jpg" for number in range(300)]
    for path in paths:
        path.write_bytes(path.name.encode() * 5000)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (open_files() + 50, hard))
    try:
        client.tasks_api.create_data(
            1, data_request={"image_quality": 70, "client_files": paths}, **FORM
        )  # type: ignore[typeddict-item]
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    contents = [part.content for part in server.last.parts() if part.filename]
    assert contents == [path.read_bytes() for path in paths]


def test_what_is_not_there_is_an_error_before_anything_is_sent(
    server: RecordingServer, client: ApiClient, picture: Path, tmp_path: Path
) -> None:
    for wrong, words in ((tmp_path / "none.jpg", "There is no file"), (tmp_path, "is a folder")):
        with pytest.raises(ApiValueError) as caught:
            client.tasks_api.create_data(
                1,
                data_request={"image_quality": 70, "client_files": [picture, wrong]},
                **FORM,  # type: ignore[typeddict-item]
            )
        assert words in str(caught.value)
        assert str(wrong) in str(caught.value)
        assert caught.value.path_to_item == ["data_request", "client_files", 1]
        with pytest.raises(ApiValueError):
            models.DataRequest(image_quality=70, client_files=[wrong])
    assert not server.received


@pytest.mark.parametrize("wrong", ["a.jpg", b"a.jpg"])
def test_a_text_stays_an_error_that_says_what_to_pass(
    server: RecordingServer, client: ApiClient, wrong: Any
) -> None:
    with pytest.raises(ApiTypeError) as caught:
        client.tasks_api.create_data(
            1, data_request={"image_quality": 70, "client_files": [wrong]}, **FORM
        )
    assert "pass open(..., 'rb') or pathlib.Path(...)" in str(caught.value)
    assert caught.value.path_to_item == ["data_request", "client_files", 0]
    assert not server.received


def test_it_reads_like_an_open_file(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(bytes(range(100)))
    before = open_files()
    file = PathFile(path)
    assert open_files() == before
    assert file.seek(0, os.SEEK_END) == 100
    assert file.seek(10) == 10
    assert file.read(5) == bytes(range(10, 15))
    assert file.seek(-5, os.SEEK_CUR) == 10
    assert file.tell() == 10
    assert file.read() == bytes(range(10, 100))
    assert open_files() == before
    assert file.read(1) == b""
    assert open_files() == before
    file.seek(98)
    assert list(file) == [b"bc"]
    file.seek(0)
    file.read(1)
    assert open_files() == before + 1
    with file:
        pass
    assert open_files() == before
    assert not file.closed
    for copied in (copy.deepcopy(file), pickle.loads(pickle.dumps(file))):
        assert copied.read() == bytes(range(100))
    assert str(path) in repr(file)


def test_custom_forms_and_named_files_take_paths(
    server: RecordingServer, client: ApiClient, picture: Path
) -> None:
    client.call_api("/x", "POST", files={"one": picture, "more": [picture, picture]})
    assert [part.filename for part in server.last.parts()] == [picture.name] * 3
    form = {"image_quality": 70, "client_files": [("b.jpg", picture)]}
    client.tasks_api.create_data(1, data_request=form, **FORM)  # type: ignore[arg-type]  # more than it says
    assert [part.filename for part in server.last.parts() if part.filename] == ["b.jpg"]
    with pytest.raises(ApiValueError, match="There is no file"):
        client.call_api("/x", "POST", files={"one": Path("none.jpg")})
