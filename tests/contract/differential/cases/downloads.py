"""What answers hold: names of files, contents that broke off, JSON in other encodings and too deep."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

from differential.answers import Answer, answer
from differential.case import Side, case

_NAMES = {
    "plain": "attachment; filename=a.zip",
    "quoted": 'attachment; filename="a b.zip"',
    "upper case": 'attachment; FILENAME="a.zip"',
    "semicolon": 'attachment; filename="a;b.zip"',
    "escaped quote": 'attachment; filename="a \\"b\\".zip"',
    "encoded": "attachment; filename*=UTF-8''%E6%97%A5.zip",
    "both": "attachment; filename=c.zip; filename*=UTF-8''a.zip",
    "both, the other way round": "attachment; filename*=UTF-8''a.zip; filename=c.zip",
    "long": f'attachment; filename="{"x" * 300}.zip"',
    "path": 'attachment; filename="b/a.zip"',
    "reserved": "attachment; filename=CON",
    "none": "attachment",
}


@case(
    each=_NAMES,
    answering=lambda text: [
        answer(body=b"PK", content_type="application/zip", headers=[("Content-Disposition", text)])
    ],
)
def name_of_a_file(side: Side, text: str) -> Any:
    client = side.client(temp_folder_path=str(side.folder()))
    with client.jobs_api.retrieve_data(5, "chunk")[0] as file:
        return [Path(file.name).name, file.read()]


_ABOUT = {"name": "n", "description": "d", "version": "2", "logo_url": "u", "subtitle": "s"}
_PACKED = answer(json={**_ABOUT, "description": "d" * 5000}, compress=True)
_CUT = dataclasses.replace(_PACKED, body=_PACKED.body[:-9])


@case(_CUT, each=("parsed", "data", "read", "stream", "request"))
def cut_content(side: Side, how: str) -> Any:
    client = side.client()
    if how == "parsed":
        return client.server_api.retrieve_about()[0]
    if how == "request":
        return client.request("GET", f"{side.host}/x").data
    _, response = client.server_api.retrieve_about(_parse_response=False)
    if how == "stream":
        return b"".join(response.stream(100))
    return response.data if how == "data" else response.read()


@case(_CUT)
def cut_file(side: Side) -> Any:
    with side.client(temp_folder_path=str(side.folder())).jobs_api.retrieve_data(5, "chunk")[
        0
    ] as file:
        return file.read()


@case(_PACKED, each=("data", "read", "pieces", "stream", "iterate", "decode"))
def packed_content(side: Side, how: str) -> Any:
    _, response = side.client().server_api.retrieve_about(_parse_response=False)
    kind = type(response).__name__
    if how == "data":
        return [kind, response.data, response.read()]
    if how == "read":
        return [kind, response.read(), response.read()]
    if how == "pieces":
        return [kind, response.read(10), response.read(10), response.data]
    if how == "decode":
        return [kind, response.read(decode_content=True)]
    return [kind, b"".join(response.stream(7) if how == "stream" else response)]


def _deep(depth: int) -> Answer:
    body = json.dumps(_ABOUT)[:-1] + ', "more": ' + "[" * depth + "]" * depth + "}"
    return answer(body=body, content_type="application/json")


@case(each={"100": 100, "100000": 100_000}, answering=lambda depth: [_deep(depth)])
def deep_document(side: Side, depth: int) -> Any:
    return type(side.client().server_api.retrieve_about()[0]).__name__


@case()
def deep_body(side: Side) -> Any:
    data: Any = 1
    for _ in range(100_000):
        data = [data]
    return side.client().call_api("/x", "POST", body=data)


@case()
def endless_body(side: Side) -> Any:
    data: list[Any] = []
    data.append(data)
    return side.client().call_api("/x", "POST", body=data)
