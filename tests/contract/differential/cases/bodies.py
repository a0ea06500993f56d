"""What a request carries: fields of forms by Content-Type, values of every kind, names and files."""

from __future__ import annotations

import functools
import io
import os
import tempfile
from typing import Any

from cvat_sdk.api_client import models
from differential.answers import answer
from differential.arguments import named_file
from differential.case import Side, case

_ANSWER = answer(json={})

_TYPES = {
    "no type": None,
    "json": "application/json",
    "vnd json": "application/vnd.cvat+json",
    "multipart": "multipart/form-data",
    "urlencoded": "application/x-www-form-urlencoded",
}
_METHODS = ("POST", "PUT", "PATCH", "DELETE", "OPTIONS")

# The fields of an upload that is finished, and what else a dict of form fields may hold.
_FINISH = {
    "image_quality": 70,
    "use_cache": True,
    "sorting_method": "predefined",
    "upload_file_order": ["a.png", "b é.png"],
    "validation_params": {"mode": "gt", "frame_count": 2},
    "cloud_storage_id": None,
    "ratio": 1.5,
}


def _headers(name: str) -> dict[str, str]:
    content_type = _TYPES[name]
    return {} if content_type is None else {"Content-Type": content_type}


_ROADS = {f"{method}, {name}": (method, name) for method in _METHODS for name in _TYPES}


@case(_ANSWER, each=_ROADS)
def fields_of_request(side: Side, road: Any) -> Any:
    method, name = road
    return side.client().request(
        method, f"{side.host}/x", headers=_headers(name), post_params=dict(_FINISH)
    )


@case(_ANSWER, each=_ROADS)
def fields_of_call_api(side: Side, road: Any) -> Any:
    method, name = road
    return side.client().call_api(
        "/x", method, header_params=_headers(name), post_params=dict(_FINISH)
    )


@case(_ANSWER, each={f"{m}, {n}": (m, n) for m in ("POST", "PUT", "PATCH") for n in _TYPES})
def fields_of_shortcut(side: Side, road: Any) -> Any:
    method, name = road
    send = getattr(side.client().rest_client, method)
    return send(f"{side.host}/x", headers=_headers(name), post_params=dict(_FINISH))


@case(_ANSWER)
def finish_of_an_upload(side: Side) -> Any:
    """As the high-level layer ends the upload of local files."""
    client = side.client(api_key={"sessionAuth": "s", "csrfAuth": "c"})
    headers: dict[str, Any] = {}
    query: list[tuple[str, Any]] = []
    client.update_params_for_auth(headers=headers, queries=query)
    return client.rest_client.POST(
        f"{side.host}/api/tasks/5/data/",
        headers={"Upload-Finish": "", **client.get_common_headers(), **headers},
        query_params=None,
        post_params=dict(_FINISH),
    )


@case(_ANSWER)
def start_of_an_upload(side: Side) -> Any:
    return side.client().rest_client.POST(
        f"{side.host}/api/tasks/5/data/", query_params=None, headers={"Upload-Start": ""}
    )


@case(_ANSWER)
def files_of_an_upload(side: Side) -> Any:
    """As the high-level layer sends several small files at once."""
    return side.client().rest_client.POST(
        f"{side.host}/api/tasks/5/data/",
        post_params={
            "image_quality": 70,
            "client_files[0]": ("/some/where/a.png", b"\x89PNG"),
            "client_files[1]": ("b é.txt", b"text"),
        },
        headers={"Content-Type": "multipart/form-data", "Upload-Multiple": ""},
    )


_CONTAINERS: dict[str, Any] = {
    "dict": dict,
    "list of pairs": lambda fields: list(fields.items()),
    "list of lists": lambda fields: [list(pair) for pair in fields.items()],
    "tuple of pairs": lambda fields: tuple(fields.items()),
    "empty dict": lambda fields: {},
    "empty list": lambda fields: [],
    "list of files": lambda fields: [("file", ("a.png", b"x"))],
}


@case(_ANSWER, each={f"{n}, {c}": (n, c) for n in _TYPES for c in _CONTAINERS})
def fields_in(side: Side, given: Any) -> Any:
    name, container = given
    fields = _CONTAINERS[container]({"a": "one two", "b": "3"})
    return side.client().request(
        "POST", f"{side.host}/x", headers=_headers(name), post_params=fields
    )


@case(_ANSWER, each={f"{n}, {c}": (n, c) for n in _TYPES for c in _CONTAINERS})
def fields_of_call_api_in(side: Side, given: Any) -> Any:
    name, container = given
    fields = _CONTAINERS[container]({"a": "one two", "b": "3"})
    return side.client().call_api("/x", "POST", header_params=_headers(name), post_params=fields)


@case(_ANSWER, each={name: name for name in ("multipart", "urlencoded", "json")})
def model_as_body_of_call_api(side: Side, name: str) -> Any:
    body = models.DataRequest(image_quality=70, server_files=["a"], use_cache=True)
    return side.client().call_api("/x", "POST", body=body, header_params=_headers(name))


@case(_ANSWER, each={name: name for name in ("multipart", "urlencoded", "json")})
def dict_as_body_of_call_api(side: Side, name: str) -> Any:
    body = {"a": 1, "b": {"c": 2}, "d": ["e"]}
    return side.client().call_api("/x", "POST", body=body, header_params=_headers(name))


@case(_ANSWER, each={"dict": {"guide_id": {"a": 1}}, "list": {"guide_id": [1]}})
def object_of_a_form_operation(side: Side, fields: Any) -> Any:
    file = named_file("a.png", b"x")
    return (
        side.client()
        .assets_api.create(
            file=file,
            _parse_response=False,
            _validate_inputs=False,
            _content_type="multipart/form-data",
            _host_index=0,
            _request_auths=[],
            **fields,
        )[1]
        .status
    )


# -- names and files ------------------------------------------------------------------------------

_NAMES = {
    "quotes": 'a "b" c',
    "newlines": "a\r\nb\nc",
    "other script": "日本 é",
    "percent": "100%22",
    "backslash": "a\\b",
    "semicolon": "a;b=c",
    "control": "a\tb\x01c",
    "empty": "",
    "long": "x" * 300,
}


@case(_ANSWER, each=_NAMES)
def name_of_a_field(side: Side, name: str) -> Any:
    return side.client().request(
        "POST", f"{side.host}/x", post_params={name: "value"}, headers=_headers("multipart")
    )


@case(_ANSWER, each=_NAMES)
def name_of_a_field_of_call_api(side: Side, name: str) -> Any:
    return side.client().call_api(
        "/x", "POST", post_params=[(name, "value")], header_params=_headers("multipart")
    )


@case(_ANSWER, each=_NAMES)
def name_of_a_part(side: Side, name: str) -> Any:
    return side.client().request(
        "POST",
        f"{side.host}/x",
        post_params=[("file", (f"{name}.png", b"x"))],
        headers=_headers("multipart"),
    )


@case(_ANSWER, each=_NAMES)
def name_of_a_file(side: Side, name: str) -> Any:
    file = named_file(f"{name}.png", b"x")
    return side.client().call_api(
        "/x", "POST", files={"file": [file]}, header_params=_headers("multipart")
    )


def _upload(side: Side, *files: Any) -> Any:
    return (
        side.client()
        .tasks_api.create_data(
            5,
            data_request={"image_quality": 70, "client_files": list(files)},
            _content_type="multipart/form-data",
            _parse_response=False,
        )[1]
        .status
    )


@case(_ANSWER, each={"png": b"\x89PNG\r\n\x1a\n", "of no known kind": b"x", "empty": b""})
def file_without_a_name(side: Side, content: bytes) -> Any:
    return _upload(side, io.BytesIO(content))


@case(_ANSWER, each=("spooled", "named", "numbered"))
def temporary_file(side: Side, kind: str) -> Any:
    make: Any = {
        "spooled": tempfile.SpooledTemporaryFile,
        "named": functools.partial(tempfile.NamedTemporaryFile, suffix=".png"),
        "numbered": tempfile.TemporaryFile,
    }[kind]
    with make() as file:
        file.write(b"\x89PNG\r\n\x1a\n")
        file.seek(0)
        if kind == "named":
            return side.attempt(_upload, side, file).__class__.__name__
        return _upload(side, file)


@case(_ANSWER)
def pair_of_name_and_file(side: Side) -> Any:
    return _upload(side, ("a.png", io.BytesIO(b"x")))


@case(_ANSWER)
def unseekable_file(side: Side) -> Any:
    reading, writing = os.pipe()
    with os.fdopen(writing, "wb") as file:
        file.write(b"from a pipe")
    with os.fdopen(reading, "rb") as file:
        return side.client().call_api(
            "/x",
            "POST",
            files={"file": [_Named(file)]},
            header_params=_headers("multipart"),
        )


class _Named(io.RawIOBase):
    """A pipe that has a name."""

    name = "pipe.bin"

    def __init__(self, file: Any) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._file.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)
