"""Methods and endpoint objects: arguments, common keywords, the request line and its headers."""

from __future__ import annotations

import datetime
from enum import Enum
from typing import Any

from cvat_sdk.api_client import models
from differential.answers import answer
from differential.case import Side, case

_ABOUT = answer(
    json={"name": "n", "description": "d", "version": "2", "logo_url": "u", "subtitle": "s"}
)
_USER = answer(json={"username": "ann"})


class _Color(str, Enum):
    RED = "red"


class _Number(int):
    pass


_VALUES: dict[str, Any] = {
    "int": 3,
    "text": "3",
    "float": 3.0,
    "bool": True,
    "none": None,
    "list": [3],
    "dict": {},
    "int subclass": _Number(3),
    "enum": _Color.RED,
    "bytes": b"3",
    "zero": 0,
    "negative": -1,
    "large": 10**20,
    "empty text": "",
}


@case(_USER, each=_VALUES)
def int_in_path(side: Side, value: Any) -> Any:
    return side.client().users_api.retrieve(value, _parse_response=False)[1].status


@case(_USER, each=_VALUES)
def text_in_path(side: Side, value: Any) -> Any:
    return side.client().requests_api.retrieve(value, _parse_response=False)[1].status


@case(_USER, each=_VALUES)
def int_in_query(side: Side, value: Any) -> Any:
    return side.client().users_api.list(page=value, _parse_response=False)[1].status


@case(_USER, each=_VALUES)
def text_in_query(side: Side, value: Any) -> Any:
    return side.client().users_api.list(search=value, _parse_response=False)[1].status


@case(_USER, each=_VALUES)
def bool_in_query(side: Side, value: Any) -> Any:
    return side.client().users_api.list(is_active=value, _parse_response=False)[1].status


@case(_USER, each=_VALUES)
def text_in_header(side: Side, value: Any) -> Any:
    return side.client().users_api.list(x_organization=value, _parse_response=False)[1].status


@case(_USER, each={**_VALUES, "allowed": "annotation", "other": "painting"})
def choice_in_query(side: Side, value: Any) -> Any:
    return side.client().jobs_api.list(stage=value, _parse_response=False)[1].status


@case(_USER, each={**_VALUES, "allowed": "annotation", "other": "painting"})
def choice_without_checks(side: Side, value: Any) -> Any:
    return (
        side.client()
        .jobs_api.list(
            stage=value,
            _parse_response=False,
            _validate_inputs=False,
            _content_type="application/json",
            _host_index=0,
            _request_auths=[{"type": "t", "in": "header", "key": "K", "value": "v"}],
        )[1]
        .status
    )


@case(_USER, each={"ok": "12", "bad": "abc", "int": 12, "empty": ""})
def pattern_in_path(side: Side, value: Any) -> Any:
    return side.client().webhooks_api.retrieve_deliveries(value, 5, _parse_response=False)[1].status


@case(
    _USER,
    each={
        "slash": "a/b",
        "equals": "a=b&c",
        "blank": "a b",
        "unicode": "日本é",
        "kept": "A-z_0.9~",
        "percent": "100%",
        "plus": "a+b",
        "dots": "..",
        "reserved": "?#[]@!$'()*,;:",
        "request id": "action=export&target=task&id=1&subresource=dataset",
    },
)
def quoted_path(side: Side, value: str) -> Any:
    return side.client().requests_api.retrieve(value, _parse_response=False)[1].status


@case(
    _USER,
    each={
        "blank": "a b",
        "plus": "a+b",
        "ampersand": "a&b=c",
        "unicode": "日本é",
        "percent": "100%",
        "kept": "A-z_0.9~*",
        "json": '{"and":[{"==":[{"var":"id"},1]}]}',
        "newline": "a\nb",
    },
)
def quoted_query(side: Side, value: str) -> Any:
    return side.client().tasks_api.list(filter=value, _parse_response=False)[1].status


@case(_USER, each={"latin": "é", "other": "日本", "newline": "a\nb", "blank": " a "})
def odd_header(side: Side, value: str) -> Any:
    return side.client().tasks_api.list(x_organization=value, _parse_response=False)[1].status


@case(
    _USER,
    each={
        "alphabetical": ["filter", "page", "search"],
        "reversed": ["search", "page", "filter"],
        "mixed": ["page_size", "org", "project_id", "page"],
    },
)
def order_of_query(side: Side, names: list[str]) -> Any:
    values: dict[str, Any] = {"page": 1, "page_size": 2, "project_id": 3}
    arguments = {name: values.get(name, "x") for name in names}
    return side.client().tasks_api.list(_parse_response=False, **arguments)[1].status


@case(
    _USER,
    each={
        "aware": datetime.datetime(2024, 5, 6, 7, 8, 9, tzinfo=datetime.timezone.utc),
        "naive": datetime.datetime(2024, 5, 6, 7, 8, 9),
        "offset": datetime.datetime(
            2024, 5, 6, 7, tzinfo=datetime.timezone(datetime.timedelta(hours=2))
        ),
        "microseconds": datetime.datetime(2024, 5, 6, 7, 8, 9, 123456),
        "text": "2024-05-06T07:08:09Z",
        "text without zone": "2024-05-06 07:08:09",
        "text with offset": "2024-05-06T07:08:09+02:00",
        "date": datetime.date(2024, 5, 6),
        "date text": "2024-05-06",
        "nonsense": "yesterday evening",
        "int": 5,
    },
)
def datetime_in_query(side: Side, value: Any) -> Any:
    return side.client().events_api.list(_from=value, _parse_response=False)[1].status


# -- how methods are called -----------------------------------------------------------------------


@case(
    _USER,
    each={
        "by keyword": ((), {"id": 5}),
        "missing": ((), {}),
        "too many": ((5, 6), {}),
        "twice": ((5,), {"id": 5}),
        "unknown": ((5,), {"nothing": 1}),
        "private unknown": ((5,), {"_nothing": 1}),
    },
)
def call_of_method(side: Side, given: Any) -> Any:
    return side.client().users_api.retrieve(*given[0], **given[1])


@case(
    _USER,
    each={
        "by keyword": {"id": 5},
        "missing": {},
        "unknown": {"id": 5, "nothing": 1},
        "common": {"id": 5, "_parse_response": False},
    },
)
def call_of_endpoint(side: Side, given: Any) -> Any:
    return side.client().users_api.retrieve_endpoint.call_with_http_info(**given)


@case()
def endpoint_is_not_callable(side: Side) -> Any:
    return callable(side.client().users_api.retrieve_endpoint)


@case()
def endpoint_belongs_to_the_instance(side: Side) -> Any:
    client = side.client()
    api = client.users_api
    return [
        api.retrieve_endpoint is api.retrieve_endpoint,
        api.retrieve_endpoint.api_client is client,
        type(api.retrieve_endpoint).__name__,
        hasattr(api, "nothing_endpoint"),
    ]


@case()
def positional_query(side: Side) -> Any:
    return side.client().users_api.list("org")


@case(answer(202, json={"rq_id": "x"}))
def positional_order(side: Side) -> Any:
    return side.client().tasks_api.create_dataset_export("COCO 1.0", 5)


@case()
def positional_optional_body(side: Side) -> Any:
    return side.client().tasks_api.partial_update(5, {"name": "x"})


# -- common keywords ------------------------------------------------------------------------------

_COMMON = (
    "_parse_response",
    "_request_timeout",
    "_validate_inputs",
    "_validate_outputs",
    "_check_status",
    "_spec_property_naming",
    "_content_type",
    "_host_index",
    "_request_auths",
    "_async_call",
)


@case(
    _ABOUT,
    each={
        f"{name}={value!r}": {name: value}
        for name in _COMMON
        for value in (True, False, None, 0, 1, "x", 1.5, [])
    },
)
def common_keyword(side: Side, options: Any) -> Any:
    result = side.client().server_api.retrieve_about(**options)
    return result if isinstance(result, tuple) else [type(result).__name__, result.get(5)]


@case()
def types_of_common_keywords(side: Side) -> Any:
    types = side.client().users_api.retrieve_endpoint.openapi_types
    return {
        name: sorted({kind.__name__ for kind in types[name] if isinstance(kind, type)})
        for name in _COMMON
    }


@case()
def defaults_of_common_keywords(side: Side) -> Any:
    endpoint = side.client().users_api.retrieve_endpoint
    return [name in endpoint.params_map["all"] for name in _COMMON]


@case(
    _ABOUT,
    each={
        "int": 5,
        "float": 1.5,
        "zero": 0,
        "pair": (1, 2),
        "pair of floats": (1.5, 2.5),
        "list": [1, 2],
        "three": (1, 2, 3),
        "one": (1,),
        "text": "5",
        "negative": -1,
        "pair with none": (None, 5),
        "bool": True,
        "none": None,
    },
)
def timeout(side: Side, value: Any) -> Any:
    return side.client().server_api.retrieve_about(_request_timeout=value)[1].status


@case(answer(json={}, pause=0.6), each={"number": 0.15, "pair": (5, 0.15), "long enough": 5})
def timeout_that_ends(side: Side, value: Any) -> Any:
    client = side.client()
    return client.server_api.retrieve_about(_request_timeout=value, _parse_response=False)[1].data


@case(answer(json={}, pause=0.6), each={"number": 0.15, "pair": (5, 0.15)})
def timeout_of_parsed_body(side: Side, value: Any) -> Any:
    return side.client().call_api("/x", "GET", _request_timeout=value)


@case(_ABOUT, each={"0": 0, "-1": -1, "1": 1, "5": 5})
def host_index(side: Side, index: int) -> Any:
    return side.client().server_api.retrieve_about(_host_index=index)[1].status


@case(_ABOUT)
def async_call(side: Side) -> Any:
    handle = side.client().server_api.retrieve_about(_async_call=True)
    return [type(handle).__name__, handle.get(5)]


@case(answer(404, json={"detail": "no"}))
def async_error(side: Side) -> Any:
    handle = side.client().server_api.retrieve_about(_async_call=True)
    return side.attempt(handle.get, 5)


@case()
def async_wrong_input(side: Side) -> Any:
    return side.client().users_api.retrieve("x", _async_call=True)


@case(
    answer(201, json={}),
    each={
        "json": "application/json",
        "vnd": "application/vnd.cvat+json",
        "charset": "application/json; charset=utf-8",
        "upper case": "Application/JSON",
        "text": "text/plain",
        "xml": "application/xml",
        "octets": "application/octet-stream",
        "form": "application/x-www-form-urlencoded",
        "multipart": "multipart/form-data",
        "multipart with boundary": "multipart/form-data; boundary=abc",
        "empty": "",
        "nonsense": "nonsense",
    },
)
def content_type_of_body(side: Side, content_type: str) -> Any:
    return (
        side.client()
        .tasks_api.create({"name": "x"}, _content_type=content_type, _parse_response=False)[1]
        .status
    )


@case(
    _USER,
    each={"json": "application/json", "text": "text/plain", "multipart": "multipart/form-data"},
)
def content_type_without_body(side: Side, content_type: str) -> Any:
    return (
        side.client()
        .users_api.retrieve(5, _content_type=content_type, _parse_response=False)[1]
        .status
    )


@case(_USER, each={"default": None, "own": "text/csv"})
def accept_of_operation(side: Side, value: Any) -> Any:
    client = side.client(headers={"Accept": value} if value else None)
    client.users_api.retrieve(5, _parse_response=False)
    client.server_api.retrieve_about(_parse_response=False)
    client.schema_api.retrieve(_parse_response=False)
    client.tasks_api.destroy(5, _parse_response=False)
    return None


@case(answer(204), each=("tasks", "projects", "jobs"))
def destroy(side: Side, tag: str) -> Any:
    return getattr(side.client(), f"{tag}_api").destroy(5)


_WITHOUT_CHECKS: dict[str, Any] = {
    "alone": {},
    "with the others": {
        "_content_type": "application/json",
        "_host_index": 0,
        "_request_auths": [{"type": "t", "in": "header", "key": "K", "value": "v"}],
    },
}


@case(_USER, each=_WITHOUT_CHECKS)
def without_input_checks(side: Side, options: Any) -> Any:
    return (
        side.client()
        .users_api.retrieve(5, _validate_inputs=False, _parse_response=False, **options)[1]
        .status
    )


@case(_USER, each={"text": "3", "none": None, "slash": "a/b", "float": 1.5})
def path_without_input_checks(side: Side, value: Any) -> Any:
    options = _WITHOUT_CHECKS["with the others"]
    return (
        side.client()
        .users_api.retrieve(value, _validate_inputs=False, _parse_response=False, **options)[1]
        .status
    )


@case(
    answer(201, json={}),
    each={
        "dict": {"name": "x", "labels": [{"name": "a"}], "unknown": 1},
        "wrong": {"name": 5},
        "missing": {},
        "model": "model",
        "text": "some text",
        "list": [1, 2],
    },
)
def body_without_input_checks(side: Side, body: Any) -> Any:
    options = _WITHOUT_CHECKS["with the others"]
    if body == "model":
        body = models.TaskWriteRequest(name="x", labels=[{"name": "a"}])
    return (
        side.client()
        .tasks_api.create(body, _validate_inputs=False, _parse_response=False, **options)[1]
        .status
    )


@case(_USER, each={"required": {"missing": True}, "unknown": {"id": 5, "nothing": 1}})
def arguments_without_input_checks(side: Side, given: Any) -> Any:
    given = {name: value for name, value in given.items() if name != "missing"}
    options = _WITHOUT_CHECKS["with the others"]
    return side.client().users_api.retrieve_endpoint.call_with_http_info(
        **given, _validate_inputs=False, **options
    )


@case(answer(202, json={"rq_id": "x"}))
def upload_sequence(side: Side) -> Any:
    """The three steps of an upload."""
    from differential.arguments import named_file

    api = side.client().tasks_api
    results = [
        api.create_data(5, data_request=models.DataRequest(image_quality=70), upload_start=True),
        api.create_data(
            5,
            data_request=models.DataRequest(
                client_files=[named_file("a.png", b"image")], image_quality=70
            ),
            upload_multiple=True,
            _content_type="multipart/form-data",
        ),
        api.create_data(
            5,
            data_request=models.DataRequest(
                image_quality=70, job_file_mapping=[["a.png"]], sorting_method="natural"
            ),
            upload_finish=True,
        ),
    ]
    return [data for data, _ in results]
