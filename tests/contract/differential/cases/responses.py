"""Responses: the object, statuses, encodings, broken and slow answers, retries."""

from __future__ import annotations

import pickle
from typing import Any

from urllib3 import Retry

from cvat_sdk.api_client import exceptions
from differential.answers import Answer, answer
from differential.case import Side, case

_ABOUT_DATA = {"name": "n", "description": "d é", "version": "2", "logo_url": "u", "subtitle": "s"}
_ABOUT = answer(json=_ABOUT_DATA)


@case(_ABOUT, each=("status", "reason", "headers", "data", "json", "msg", "read", "again"))
def parsed(side: Side, part: str) -> Any:
    _, response = side.client().server_api.retrieve_about()
    if part == "json":
        return response.json()
    if part == "read":
        return response.read()
    if part == "again":
        return [response.data, response.data, response.data]
    return getattr(response, part)


@case(_ABOUT, each=("data", "read", "pieces", "read and data", "stream", "json", "close"))
def unparsed(side: Side, how: str) -> Any:
    data, response = side.client().server_api.retrieve_about(_parse_response=False)
    if how == "data":
        return [data, response.data, response.data, response.read()]
    if how == "read":
        return [response.read(), response.read()]
    if how == "pieces":
        return [response.read(8), response.read(8), response.read(5)]
    if how == "read and data":
        return [response.read(), response.data]
    if how == "stream":
        return list(response.stream(10))
    if how == "json":
        return response.json()
    return response.close()


@case(answer(202, json={"rq_id": "x"}, reason="Has Been Accepted"))
def reason(side: Side) -> Any:
    return side.client().call_api("/x", "GET")[1].reason


@case(answer(json={}, headers=[("X-A", "1"), ("X-A", "2"), ("x-b", "3")]))
def repeated_headers(side: Side) -> Any:
    headers = side.client().call_api("/x", "GET")[1].headers
    return [headers["x-a"], headers.getlist("X-A"), headers.get("X-B"), type(headers).__name__]


_STATUSES = (200, 201, 202, 203, 204, 206, 226, 299, 300, 304, 400, 401, 403, 404, 405, 406, 409)
_MORE = (410, 413, 415, 418, 422, 429, 451, 499, 500, 501, 502, 503, 504, 505, 599)
_BY_STATUS = {str(status): status for status in _STATUSES + _MORE}


def _answering(status: int) -> list[Answer]:
    if status in (204, 304):
        return [answer(status, framing="none")]
    document = _ABOUT_DATA if status < 300 else {"detail": "é"}
    return [answer(status, json=document, headers=[("X-Mine", "1")])]


@case(each=_BY_STATUS, answering=_answering)
def status(side: Side, code: int) -> Any:
    return side.client().call_api("/x", "GET")


@case(each=_BY_STATUS, answering=_answering)
def status_of_endpoint(side: Side, code: int) -> Any:
    return side.client().server_api.retrieve_about()


@case(each=_BY_STATUS, answering=_answering)
def status_of_raw_endpoint(side: Side, code: int) -> Any:
    data, response = side.client().server_api.retrieve_about(_parse_response=False)
    return [data, response]


@case(each=_BY_STATUS, answering=_answering)
def status_of_request(side: Side, code: int) -> Any:
    return side.client().request("GET", f"{side.host}/x")


@case(each=_BY_STATUS, answering=_answering)
def status_unchecked(side: Side, code: int) -> Any:
    return side.client().server_api.retrieve_about(_check_status=False)


@case(each=_BY_STATUS, answering=_answering)
def status_unchecked_and_raw(side: Side, code: int) -> Any:
    return side.client().server_api.retrieve_about(_check_status=False, _parse_response=False)


# -- errors ---------------------------------------------------------------------------------------


@case(answer(400, json={"detail": "no"}, headers=[("X-Mine", "1")]))
def text_of_error(side: Side) -> Any:
    """What an error tells, and in which order."""
    error = side.attempt(side.client().call_api, "/x", "GET")
    text = str(error)
    words = ("400", "Bad Request", "X-Mine", "detail")
    return [[word in text for word in words], sorted(words, key=text.find), list(error.args)]


@case()
def error_by_hand(side: Side) -> Any:
    error = exceptions.ApiException(status=418, reason="Teapot")
    return [error, "418" in str(error), "Teapot" in str(error), list(error.args)]


@case()
def error_without_anything(side: Side) -> Any:
    return exceptions.ApiException()


@case(answer(404, json={"detail": "no"}))
def error_of_response_by_hand(side: Side) -> Any:
    response = side.client().request("GET", f"{side.host}/x", _check_status=False)
    return exceptions.NotFoundException(http_resp=response)


@case(answer(404, json={"detail": "no"}))
def pickled_error(side: Side) -> Any:
    error = side.attempt(side.client().call_api, "/x", "GET")
    return pickle.loads(pickle.dumps(error))


@case(
    each={
        "type": lambda: exceptions.ApiTypeError("m", path_to_item=["a", 0], valid_classes=(int,)),
        "type, no path": lambda: exceptions.ApiTypeError("m"),
        "value": lambda: exceptions.ApiValueError("m", ["a", "b"]),
        "value, no path": lambda: exceptions.ApiValueError("m"),
        "attribute": lambda: exceptions.ApiAttributeError("m", ["a"]),
        "attribute, no path": lambda: exceptions.ApiAttributeError("m"),
        "key": lambda: exceptions.ApiKeyError("m", ["a"]),
        "key, no path": lambda: exceptions.ApiKeyError("m"),
    }
)
def item_error_by_hand(side: Side, make: Any) -> Any:
    error = make()
    return [error, len(error.args), str(error).find("m") >= 0, hasattr(error, "valid_classes")]


_ERROR_BODIES: dict[str, Answer] = {
    "none": answer(400),
    "text": answer(400, body="nothing", content_type="text/plain"),
    "html": answer(500, body="<h1>é</h1>", content_type="text/html; charset=utf-8"),
    "latin-1": answer(400, body="é", content_type="text/plain; charset=latin-1", encode="latin-1"),
    "unreadable": answer(400, body=b"\xff\xfe\x00", content_type="text/plain"),
    "wrong charset": answer(400, body="é", content_type="text/plain; charset=ascii"),
    "unknown charset": answer(400, body="x", content_type="text/plain; charset=no-such"),
    "gzip": answer(400, json={"detail": "é"}, compress=True),
    "chunked": answer(400, json={"detail": "é"}, framing="chunked"),
    "binary": answer(400, body=bytes(range(256)), content_type="application/octet-stream"),
}


@case(each=_ERROR_BODIES, answering=lambda given: [given])
def error_body(side: Side, given: Any) -> Any:
    return side.client().call_api("/x", "GET")


@case(each=_ERROR_BODIES, answering=lambda given: [given])
def error_body_of_raw_call(side: Side, given: Any) -> Any:
    return side.client().server_api.retrieve_about(_parse_response=False)


@case(each=_ERROR_BODIES, answering=lambda given: [given])
def error_body_of_request(side: Side, given: Any) -> Any:
    return side.client().request("GET", f"{side.host}/x")


# -- odd bodies -----------------------------------------------------------------------------------

_BODIES: dict[str, Answer] = {
    "gzip": answer(json=_ABOUT_DATA, compress=True),
    "chunked": answer(json=_ABOUT_DATA, framing="chunked"),
    "gzip in chunks": answer(json=_ABOUT_DATA, compress=True, framing="chunked"),
    "until the end of the connection": answer(json=_ABOUT_DATA, framing="close"),
    "slow": answer(json=_ABOUT_DATA, pause=0.1),
    "latin-1": answer(
        json=_ABOUT_DATA, content_type="application/json; charset=latin-1", encode="latin-1"
    ),
    "utf-16": answer(
        json=_ABOUT_DATA, content_type="application/json; charset=utf-16", encode="utf-16"
    ),
    "quoted charset": answer(json=_ABOUT_DATA, content_type='application/json; charset="utf-8"'),
    "upper case charset": answer(json=_ABOUT_DATA, content_type="application/json; charset=UTF-8"),
    "wrong charset": answer(json=_ABOUT_DATA, content_type="application/json; charset=ascii"),
    "unknown charset": answer(json=_ABOUT_DATA, content_type="application/json; charset=no-such"),
    "not utf-8": answer(json=_ABOUT_DATA, content_type="application/json", encode="latin-1"),
    "byte order mark": answer(json=_ABOUT_DATA, encode="utf-8-sig"),
    "as html": answer(json=_ABOUT_DATA, content_type="text/html"),
    "without type": answer(
        body='{"name":"n","description":"d","version":"2","logo_url":"u","subtitle":"s"}'
    ),
    "truncated": answer(json=_ABOUT_DATA, announced=500),
    "too long": answer(json=_ABOUT_DATA, announced=20),
    "empty": answer(),
    "empty 202": answer(202),
    "204": answer(204),
    "blank": answer(body=" ", content_type="application/json"),
    "null": answer(body="null", content_type="application/json"),
    "text": answer(body="hello", content_type="text/plain"),
    "html": answer(body="<h1>hello</h1>", content_type="text/html"),
    "half a document": answer(body='{"name": "n"', content_type="application/json"),
    "number": answer(json=5),
    "string": answer(json="x"),
    "list": answer(json=[_ABOUT_DATA]),
    "bare NaN": answer(body='{"name": NaN}', content_type="application/json"),
    "duplicate keys": answer(
        body='{"name":"a","name":"n","description":"d","version":"2","logo_url":"u","subtitle":"s"}',
        content_type="application/json",
    ),
}


@case(each=_BODIES, answering=lambda given: [given])
def body_of_model(side: Side, given: Any) -> Any:
    return side.client(response_validation="strict").server_api.retrieve_about()


@case(each=_BODIES, answering=lambda given: [given])
def body_of_model_lenient(side: Side, given: Any) -> Any:
    return side.client().server_api.retrieve_about()


@case(each=_BODIES, answering=lambda given: [given])
def body_without_schema(side: Side, given: Any) -> Any:
    return side.client().tasks_api.destroy(5)


@case(each=_BODIES, answering=lambda given: [given])
def body_of_raw_call(side: Side, given: Any) -> Any:
    _, response = side.client().server_api.retrieve_about(_parse_response=False)
    return [response.status, response.data]


@case(each=_BODIES, answering=lambda given: [given])
def body_of_any_document(side: Side, given: Any) -> Any:
    return side.client(response_validation="strict").schema_api.retrieve()[0]


@case(each=_BODIES, answering=lambda given: [given])
def body_of_text(side: Side, given: Any) -> Any:
    return side.client().call_api("/x", "GET", response_schema=(str,))[0]


@case(each=_BODIES, answering=lambda given: [given])
def body_of_upload(side: Side, given: Any) -> Any:
    """The answer of an upload is either a document or, by its description, a file."""
    return side.client().tasks_api.create_data(5, data_request={"image_quality": 70})[0]


def _disposition(text: str) -> Answer:
    return answer(
        body=b"PK\x00\xff", content_type="application/zip", headers=[("Content-Disposition", text)]
    )


_DISPOSITIONS: dict[str, str] = {
    "plain": "attachment; filename=a.zip",
    "quoted": 'attachment; filename="a b.zip"',
    "escaping": 'attachment; filename="../a b.txt"',
    "none": "attachment",
    "encoded": "attachment; filename*=UTF-8''%E6%97%A5.zip",
    "empty": 'attachment; filename=""',
    "inline": "inline; filename=a.png",
}


@case(each=_DISPOSITIONS, answering=lambda text: [_disposition(text)])
def file(side: Side, text: str) -> Any:
    from pathlib import Path

    folder = side.folder() / "inner"
    folder.mkdir()
    client = side.client(temp_folder_path=str(folder))
    data, response = client.jobs_api.retrieve_data(5, "chunk")
    with data:
        path = Path(data.name).resolve()
        return [type(data).__name__, data.read(), path.is_relative_to(folder), response.status]


@case(_disposition("attachment; filename=a.zip"))
def file_name(side: Side) -> Any:
    from pathlib import Path

    folder = side.folder()
    client = side.client(temp_folder_path=str(folder))
    data, _ = client.jobs_api.retrieve_data(5, "chunk")
    with data:
        return Path(data.name).name


# -- below HTTP -----------------------------------------------------------------------------------


def _retry(**options: Any) -> Retry:
    options = {"total": 2, "backoff_factor": 0, "status_forcelist": (502, 503, 504), **options}
    return Retry(**options)


@case(
    each={
        "refused": "http://127.0.0.1:9",
        "unknown name": "http://nothing.invalid",
        "no host": "http://",
    }
)
def no_server(side: Side, host: str) -> Any:
    return side.client(host=host, retries=_retry(total=0)).call_api("/x", "GET")


@case(each={"false": False, "zero": 0, "one": 1})
def no_server_with_retries(side: Side, retries: Any) -> Any:
    return side.client(host="http://127.0.0.1:9", retries=retries).call_api("/x", "GET")


_METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")


@case(
    each={
        f"{method} {code}": (method, code) for method in _METHODS for code in (500, 502, 503, 504)
    },
    answering=lambda given: [answer(given[1], json={"detail": "no"})],
)
def server_error(side: Side, given: Any) -> Any:
    client = side.client(retries=_retry())
    return client.call_api("/x", given[0])


@case(answer(503), answer(503), answer(json={"a": 1}))
def recovery(side: Side) -> Any:
    return side.client(retries=_retry()).call_api("/x", "GET")[1].status


@case(answer(503), each={"endpoint": True, "call_api": False})
def server_error_unchecked(side: Side, endpoint: bool) -> Any:
    client = side.client(retries=_retry())
    if endpoint:
        return client.server_api.retrieve_about(_check_status=False)
    return client.call_api("/x", "GET", _check_status=False)


@case(
    each={
        f"{code} {method}": (code, method) for code in (413, 429, 503) for method in ("GET", "POST")
    },
    answering=lambda given: [
        answer(given[0], json={}, headers=[("Retry-After", "0")]),
        answer(json={}),
    ],
)
def retry_after(side: Side, given: Any) -> Any:
    return side.client(retries=_retry()).call_api("/x", given[1])[1].status


@case(answer(429, json={"detail": "slow down"}))
def too_many_requests(side: Side) -> Any:
    return side.client(retries=_retry()).call_api("/x", "GET")


@case(answer(503, headers=[("Retry-After", "0")]), each=("GET", "PATCH"))
def retries_used_up(side: Side, method: str) -> Any:
    return side.client(retries=_retry(total=1)).call_api("/x", method)


@case(answer(503, json={"a": 1}), each={"none": None, "false": False})
def server_error_without_own_retries(side: Side, retries: Any) -> Any:
    return side.client(retries=retries).call_api("/x", "GET")


@case(answer(body=b"not http", framing="close"))
def upload_is_sent_again(side: Side) -> Any:
    return side.client(retries=_retry()).call_api("/x", "PUT", body={"a": 1})[1].status


@case(answer(503), answer(json={}))
def json_is_sent_again(side: Side) -> Any:
    return side.client(retries=_retry()).call_api("/x", "PUT", body={"a": 1})[1].status
