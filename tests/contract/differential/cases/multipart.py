"""Bodies as multipart/form-data."""

from __future__ import annotations

import io
from typing import Any

from cvat_sdk.api_client import models
from differential.answers import answer
from differential.arguments import named_file
from differential.case import Side, case

_ACCEPTED = answer(202, json={"rq_id": "x"})


def _send(side: Side, body: Any, **options: Any) -> Any:
    options = {"_content_type": "multipart/form-data", "_parse_response": False, **options}
    return side.client().tasks_api.create_data(5, data_request=body, **options)[1].status


_FIELDS: dict[str, Any] = {
    "text": {"filename_pattern": "*.png"},
    "int": {"start_frame": 3},
    "bool": {"use_cache": False},
    "enum": {"sorting_method": "natural"},
    "empty text": {"filename_pattern": ""},
    "list of texts": {"server_files": ["a.png", "b c.png"]},
    "empty list": {"server_files": []},
    "unicode": {"filename_pattern": "日本 é"},
    "newlines": {"filename_pattern": "a\r\nb"},
    "several": {"use_zip_chunks": True, "start_frame": 1, "stop_frame": 9, "storage": "local"},
    "null": {"cloud_storage_id": None},
    "null not allowed": {"start_frame": None},
    "dict": {"validation_params": {"mode": "gt"}},
    "nested list": {"job_file_mapping": [["a.png"]]},
    "unknown": {"more": "x"},
    "unknown number": {"more": 1.5},
    "unknown list": {"more": [1, "x"]},
    "unknown dict": {"more": {"a": 1}},
}


@case(_ACCEPTED, each=_FIELDS)
def field(side: Side, body: Any) -> Any:
    return _send(side, {"image_quality": 70, **body})


@case(_ACCEPTED, each=_FIELDS)
def field_of_model(side: Side, body: Any) -> Any:
    return _send(side, models.DataRequest(image_quality=70, **body))


def _seeked() -> Any:
    file = named_file("a.txt", b"0123456789")
    file.seek(4)
    return file


def _closed() -> Any:
    file = named_file("a.txt", b"text")
    file.close()
    return file


class _Unseekable(io.RawIOBase):
    """A file that can only be read once, as a pipe."""

    name = "pipe.bin"

    def __init__(self) -> None:
        self._inner = io.BytesIO(b"from a pipe")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._inner.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


_FILES: dict[str, Any] = {
    "png": lambda: named_file("a.png", b"\x89PNG"),
    "text": lambda: named_file("a.txt", b"text"),
    "no extension": lambda: named_file("README", b"text"),
    "unknown extension": lambda: named_file("a.cvatdata", b"x"),
    "archive": lambda: named_file("a.zip", b"PK"),
    "video": lambda: named_file("a.mp4", b"x"),
    "compressed": lambda: named_file("a.tar.gz", b"x"),
    "upper case": lambda: named_file("A.JPG", b"x"),
    "path": lambda: named_file("/tmp/some/where/a.png", b"x"),
    "unicode": lambda: named_file("日本é.png", b"x"),
    "quotes": lambda: named_file('a "b".png', b"x"),
    "newline": lambda: named_file("a\r\nb.png", b"x"),
    "backslash": lambda: named_file("a\\b.png", b"x"),
    "blank": lambda: named_file("a b.png", b"x"),
    "empty": lambda: named_file("a.png", b""),
    "from the current position": _seeked,
    "closed": _closed,
    "text mode": lambda: _named_text(),
    "no name": lambda: io.BytesIO(b"x"),
    "pipe": _Unseekable,
    "large": lambda: named_file("large.bin", b"0123456789abcdef" * 65536),
    "boundary inside": lambda: named_file("a.txt", b"--boundary\r\n\r\n--\r\n"),
    "bytes": lambda: b"x",
    "str": lambda: "a.png",
    "tuple": lambda: ("a.png", b"x"),
}


def _named_text() -> Any:
    file = io.StringIO("téxt")
    file.name = "a.txt"  # type: ignore[attr-defined]
    return file


@case(_ACCEPTED, each=_FILES)
def file(side: Side, make: Any) -> Any:
    given = make()
    result = side.attempt(_send, side, {"image_quality": 70, "client_files": [given]})
    return [result, getattr(given, "closed", None)]


@case(_ACCEPTED, each=("one", "three", "none"))
def files(side: Side, count: str) -> Any:
    number = {"one": 1, "three": 3, "none": 0}[count]
    given = [named_file(f"{n}.png", b"content %d" % n) for n in range(number)]
    body = models.DataRequest(image_quality=70, client_files=given)
    return [_send(side, body), [one.closed for one in given]]


@case(_ACCEPTED)
def real_files(side: Side) -> Any:
    folder = side.folder()
    (folder / "a.png").write_bytes(b"image")
    (folder / "b.txt").write_bytes(b"text\r\n")
    given = [(folder / "a.png").open("rb"), (folder / "b.txt").open(encoding="utf-8")]
    return _send(side, {"image_quality": 70, "client_files": given})


@case(_ACCEPTED)
def same_file_twice(side: Side) -> Any:
    one = named_file("a.png", b"image")
    return side.attempt(_send, side, {"image_quality": 70, "client_files": [one, one]})


@case(
    answer(201, json={}), each={"file": lambda: named_file("a.png", b"image"), "text": lambda: "x"}
)
def asset(side: Side, make: Any) -> Any:
    """The only operation that takes nothing but a form."""
    return side.client().assets_api.create(5, make(), _parse_response=False)[1].status


@case(_ACCEPTED)
def single_file(side: Side) -> Any:
    return (
        side.client()
        .tasks_api.create_annotations(
            5,
            format="COCO 1.0",
            annotation_file_request={"annotation_file": named_file("a.zip", b"PK")},
            _content_type="multipart/form-data",
            _parse_response=False,
        )[1]
        .status
    )


@case(
    _ACCEPTED,
    each={
        "start": {"upload_start": True},
        "multiple": {"upload_multiple": True},
        "finish": {"upload_finish": True},
        "false": {"upload_start": False},
    },
)
def upload_headers(side: Side, options: Any) -> Any:
    return _send(side, {"image_quality": 70}, **options)


@case(_ACCEPTED, each={"dict": {}, "model": None})
def nothing_to_send(side: Side, body: Any) -> Any:
    body = models.PatchedTaskWriteRequest() if body is None else body
    return (
        side.client()
        .tasks_api.partial_update(
            5,
            patched_task_write_request=body,
            _content_type="multipart/form-data",
            _parse_response=False,
        )[1]
        .status
    )


@case(
    _ACCEPTED,
    each=(
        "multipart/form-data; boundary=abc",
        "multipart/mixed",
        "application/octet-stream",
        "application/x-www-form-urlencoded",
        "text/plain",
    ),
)
def other_content_type(side: Side, content_type: str) -> Any:
    return _send(side, {"image_quality": 70, "start_frame": 1}, _content_type=content_type)
