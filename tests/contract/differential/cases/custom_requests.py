"""Requests of one's own: call_api, request and rest_client."""

from __future__ import annotations

import datetime
import io
from collections import OrderedDict
from typing import Any

from differential.answers import answer
from differential.arguments import named_file
from differential.case import Side, case

_ABOUT = {"name": "n", "description": "d", "version": "2", "logo_url": "u", "subtitle": "s"}
_ABOUT_ANSWER = answer(json=_ABOUT)


# -- call_api -------------------------------------------------------------------------------------


@case(answer(json={"a": 1}))
def call_api(side: Side) -> Any:
    client = side.client(username="ann", password="secret", headers={"X-Mine": "1"})
    return client.call_api("/api/things", "GET")


@case(
    answer(json={"a": 1}),
    each=("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "get", "TRACE"),
)
def call_api_method(side: Side, method: str) -> Any:
    return side.client().call_api("/api/things", method)


@case(
    answer(json={}),
    each={
        "pairs": [("a", "b c"), ("a", "d&e")],
        "dict": {"a": "b", "c": 1},
        "bool": {"a": True},
        "none": {"a": None},
        "list": {"a": [1, 2]},
        "unicode": {"a": "日本 é"},
        "empty": [],
        "float": {"a": 1.5},
        "special": {"a": "~!@#$%^&*()_+-=[]{};:,./<>?"},
    },
)
def call_api_query(side: Side, queries: Any) -> Any:
    return side.client().call_api("/api/things", "GET", query_params=queries)


@case(
    answer(json={}),
    each={"csv": "csv", "ssv": "ssv", "tsv": "tsv", "pipes": "pipes", "multi": "multi"},
)
def call_api_collection(side: Side, form: str) -> Any:
    return side.client().call_api(
        "/api/things",
        "GET",
        query_params={"a": [1, 2], "b": ["x y", "z"]},
        collection_formats={"a": form, "b": form},
    )


@case(
    answer(json={}),
    each={
        "int": 5,
        "text": "a b/c",
        "unicode": "é",
        "reserved": "?#[]@!$&'()*+,;=:",
        "kept": "_.-~",
        "datetime": datetime.datetime(2024, 1, 2, 3, 4, 5),
        "tuple": (1, 2),
        "mapping": OrderedDict(a=1),
        "bytes": b"x",
        "object": object(),
    },
)
def call_api_path(side: Side, value: Any) -> Any:
    return side.client().call_api("/api/things/{id}/more", "GET", path_params={"id": value})


@case(
    answer(json={}),
    each={
        "dict": {"a": [1, 2.5, None, True, "é"]},
        "list": [1, 2],
        "text": "some text",
        "bytes": b"some bytes",
        "empty dict": {},
        "number": 3,
        "zero": 0,
        "false": False,
        "empty text": "",
        "empty list": [],
    },
)
def call_api_body(side: Side, body: Any) -> Any:
    return side.client().call_api("/api/things", "POST", body=body)


@case(
    answer(json={}),
    each={
        "json": "application/json",
        "json with charset": "application/json; charset=utf-8",
        "vnd": "application/vnd.cvat+json",
        "text": "text/plain",
        "bytes": "application/offset+octet-stream",
    },
)
def call_api_body_types(side: Side, content_type: str) -> Any:
    body = "text" if "text" in content_type else b"bytes" if "octet" in content_type else {"a": 1}
    return side.client().call_api(
        "/api/things", "POST", body=body, header_params={"Content-Type": content_type}
    )


@case(
    answer(json={}),
    each={
        "plain": {"X-Mine": "1"},
        "int": {"X-Mine": 1},
        "bool": {"X-Mine": True},
        "replaces a default": {"User-Agent": "other"},
        "none takes away": {"User-Agent": None},
        "accept": {"Accept": "text/csv"},
        "datetime": {"X-Mine": datetime.datetime(2024, 1, 2, 3, 4, 5)},
        "bytes": {"X-Mine": b"x"},
        "set": {"X-Mine": {1}},
    },
)
def call_api_headers(side: Side, headers: Any) -> Any:
    return side.client().call_api("/api/things", "GET", header_params=headers)


@case(
    answer(json={}),
    each={"form": "application/x-www-form-urlencoded", "multipart": "multipart/form-data"},
)
def call_api_fields(side: Side, content_type: str) -> Any:
    return side.client().call_api(
        "/api/things",
        "POST",
        post_params=[("a", "one two"), ("b", "3")],
        header_params={"Content-Type": content_type},
    )


@case(answer(json={}), each=("multipart/form-data", "application/json"))
def call_api_body_and_fields(side: Side, content_type: str) -> Any:
    return side.client().call_api(
        "/api/things",
        "POST",
        body={"a": 1},
        post_params={"b": 2},
        header_params={"Content-Type": content_type},
    )


@case(answer(json={}), each={"list": True, "single": False})
def call_api_files(side: Side, as_list: bool) -> Any:
    file = named_file("x.txt", b"content")
    return side.client().call_api(
        "/api/things",
        "POST",
        post_params=[("a", "b")],
        files={"file": [file] if as_list else file},
        header_params={"Content-Type": "multipart/form-data"},
    )


@case(
    answer(json={}), each={"absolute": "{other}/api/x", "no slash": "api/x", "query": "/api/x?a=b"}
)
def call_api_odd_path(side: Side, path: str) -> Any:
    return side.client().call_api(path.format(other=side.other), "GET")


@case(answer(json={}))
def call_api_other_host(side: Side) -> Any:
    client = side.client(api_key={"csrfAuth": "c", "sessionAuth": "s"})
    return client.call_api("/api/things", "GET", _host=f"{side.other}")


_SCHEMAS: dict[str, Any] = {
    "none": None,
    "text": (str,),
    "int": (int,),
    "bool": (bool,),
    "float": (float,),
    "list of int": ([int],),
    "dict of int": ({str: (int,)},),
    "dict": (dict,),
    "list": (list,),
}


@case(
    each={
        f"{name}, {document!r}": (schema, document)
        for name, schema in _SCHEMAS.items()
        for document in ("text", 3, 2.5, True, [1, 2], {"a": 1}, None)
    },
    answering=lambda given: [
        answer(json=given[1]) if given[1] is not None else answer(body="null")
    ],
)
def call_api_schema(side: Side, given: Any) -> Any:
    client = side.client(response_validation="strict")
    return client.call_api("/api/things", "GET", response_schema=given[0])[0]


@case(answer(json=3), each={"text": (str,), "list of text": ([str],), "bool": (bool,)})
def call_api_schema_lenient(side: Side, schema: Any) -> Any:
    return side.client().call_api("/api/things", "GET", response_schema=schema)[0]


@case(_ABOUT_ANSWER)
def call_api_model_schema(side: Side) -> Any:
    from cvat_sdk.api_client import models

    return side.client().call_api("/api/about", "GET", response_schema=(models.About,))


@case(answer(json=[_ABOUT, _ABOUT]))
def call_api_models_schema(side: Side) -> Any:
    from cvat_sdk.api_client import models

    return side.client().call_api("/api/about", "GET", response_schema=([models.About],))


@case(answer(json={"a": 1}), each={"parsed": True, "raw": False})
def call_api_async(side: Side, parse: bool) -> Any:
    handle = side.client().call_api("/api/things", "GET", _async_call=True, _parse_response=parse)
    return [type(handle).__name__, handle.get(5)]


@case(answer(404, json={"a": 1}), each={"checked": True, "unchecked": False})
def call_api_error(side: Side, check: bool) -> Any:
    return side.client().call_api("/api/things", "GET", _check_status=check)


@case(answer(json={}), each={"all": None, "none": [], "basic": ["basicAuth"], "unknown": ["x"]})
def call_api_schemes(side: Side, names: Any) -> Any:
    client = side.client(username="ann", password="secret", api_key={"sessionAuth": "s"})
    return client.call_api("/api/things", "GET", auth_settings=names)


@case(answer(json={}))
def call_api_with_settings_of_the_configuration(side: Side) -> Any:
    client = side.client(username="ann", password="secret", api_key={"sessionAuth": "s"})
    return client.call_api("/api/things", "GET", auth_settings=client.configuration.auth_settings())


# -- request and rest_client ----------------------------------------------------------------------


@case(
    answer(json={"a": 1}, headers=[("Set-Cookie", "sessionid=x")]),
    each=("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "get", "TRACE"),
)
def request(side: Side, method: str) -> Any:
    client = side.client(username="ann", password="secret", headers={"X-Mine": "1"})
    response = client.request(method, f"{side.host}/api/things")
    return [response, client.cookies]


@case(
    answer(json={"a": 1}), each={"pairs": [("a", "b c"), ("a", 1)], "dict": {"a": "b", "c": True}}
)
def request_query(side: Side, queries: Any) -> Any:
    return side.client().request("GET", f"{side.host}/api/things", query_params=queries)


@case(answer(json={"a": 1}), each={"queries": [("c", "d")], "none": None})
def request_query_in_address(side: Side, queries: Any) -> Any:
    return side.client().request("GET", f"{side.host}/api/things?a=b", query_params=queries)


@case(
    answer(json={"a": 1}),
    each={
        "dict": ({"a": 1}, {}),
        "bytes": (b"abc", {"Content-Type": "application/offset+octet-stream"}),
        "text": ("abc", {"Content-Type": "text/plain"}),
        "text without type": ("abc", {}),
        "none": (None, {}),
        "bytes without type": (b"abc", {}),
        "dict as text": ({"a": 1}, {"Content-Type": "text/plain"}),
    },
)
def request_body(side: Side, given: Any) -> Any:
    return side.client().request("POST", f"{side.host}/api/things", body=given[0], headers=given[1])


@case(answer(json={}), each=("GET", "POST", "PUT", "PATCH", "DELETE"))
def request_streamed_body(side: Side, method: str) -> Any:
    return side.client().request(
        method,
        f"{side.host}/api/things",
        body=io.BytesIO(b"content of a file"),
        headers={"Content-Type": "application/offset+octet-stream"},
    )


@case(
    answer(json={}),
    each={
        "form": "application/x-www-form-urlencoded",
        "multipart": "multipart/form-data",
        "json": "application/json",
    },
)
def request_fields(side: Side, content_type: str) -> Any:
    return side.client().request(
        "POST",
        f"{side.host}/api/things",
        post_params=[("a", "one two"), ("b", "3")],
        headers={"Content-Type": content_type},
    )


@case()
def request_with_body_and_fields(side: Side) -> Any:
    return side.client().request("POST", f"{side.host}/x", body={"a": 1}, post_params=[("b", "c")])


@case(answer(404, json={"detail": "no"}), each={"checked": True, "unchecked": False})
def request_error(side: Side, check: bool) -> Any:
    return side.client().request("GET", f"{side.host}/x", _check_status=check)


@case(answer(body="content", content_type="text/plain"))
def request_unread(side: Side) -> Any:
    response = side.client().request("GET", f"{side.host}/x", _parse_response=False)
    return [response.read(3), response.read(3), response.read(3), response.read(3)]


@case(
    answer(json={"a": 1}),
    each=("GET", "HEAD", "OPTIONS", "DELETE", "POST", "PUT", "PATCH", "get", "TRACE"),
)
def rest_request(side: Side, method: str) -> Any:
    return side.client().rest_client.request(method, f"{side.host}/x")


@case(answer(json={"a": 1}), each=("GET", "HEAD", "OPTIONS", "DELETE", "POST", "PUT", "PATCH"))
def rest_shortcut(side: Side, name: str) -> Any:
    function = getattr(side.client().rest_client, name)
    return function(f"{side.host}/x", headers={"X-Mine": "1"}, query_params=[("a", "b")])


@case(answer(204, headers=[("Upload-Offset", "7")]), each=("POST", "PATCH", "HEAD"))
def rest_upload(side: Side, name: str) -> Any:
    """Requests as a resumable upload makes them."""
    client = side.client()
    options: dict[str, Any] = {"headers": {"Tus-Resumable": "1.0.0", "Upload-Offset": "0"}}
    if name != "HEAD":
        options["headers"]["Content-Type"] = "application/offset+octet-stream"
        options["body"] = b"content"
    return getattr(client.rest_client, name)(f"{side.host}/upload", **options)


@case(answer(body="0123456789", content_type="application/zip"))
def rest_download(side: Side) -> Any:
    response = side.client().rest_client.GET(f"{side.host}/file", _parse_response=False)
    return list(response.stream(4))
