"""Tables of models and endpoints that scripts edit, and endpoints made of tables."""

from __future__ import annotations

import copy
import io
from collections.abc import Callable
from typing import Any

from cvat_sdk.api_client import apis, models
from cvat_sdk.api_client.api_client import Endpoint
from differential.answers import answer
from differential.case import Side, case

_ABOUT = {"name": "n", "description": "d", "version": "2", "logo_url": "u", "subtitle": "s"}
_ABOUT_ANSWER = answer(json=_ABOUT)


def _refused(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Which error a call raises, or None; where the error stands is told by other cases."""
    try:
        function(*args, **kwargs)
    except Exception as error:
        return type(error).__name__
    return None


# -- of endpoints ---------------------------------------------------------------------------------


def _setting(name: str, value: Any) -> Callable[[Any], None]:
    return lambda endpoint: endpoint.settings.__setitem__(name, value)


_EDITS: dict[str, Callable[[Any], None]] = {
    "auth": _setting("auth", []),
    "one auth": _setting("auth", ["tokenAuth"]),
    "no schema": _setting("response_schema", None),
    "dict schema": _setting("response_schema", (dict,)),
    "path": _setting("endpoint_path", "/api/other"),
    "method": _setting("http_method", "PUT"),
    "all settings": lambda endpoint: setattr(
        endpoint, "settings", {**endpoint.settings, "http_method": "POST"}
    ),
    "accept": lambda endpoint: endpoint.headers_map.__setitem__("accept", ["text/x", "text/y"]),
    "no accept": lambda endpoint: endpoint.headers_map["accept"].clear(),
    "content type": lambda endpoint: endpoint.headers_map["content_type"].append("text/x"),
    "looked at": lambda endpoint: endpoint.openapi_types["_async_call"],
}


@case(_ABOUT_ANSWER, each=_EDITS)
def edited(side: Side, edit: Callable[[Any], None]) -> Any:
    client = side.client(username="ann", password="secret", api_key={"tokenAuth": "t"})
    client.server_api.retrieve_about()
    edit(client.server_api.retrieve_about_endpoint)
    edited = client.server_api.retrieve_about()
    apis.ServerApi(client).retrieve_about()
    return [edited, client.server_api.retrieve_about_endpoint.path]


@case(_ABOUT_ANSWER)
def added_parameter(side: Side) -> Any:
    client = side.client()
    endpoint = client.tasks_api.list_endpoint
    endpoint.params_map["all"].append("mine")
    endpoint.openapi_types["mine"] = ([str],)
    endpoint.location_map["mine"] = "query"
    endpoint.attribute_map["mine"] = "MINE"
    endpoint.collection_format_map["mine"] = "csv"
    endpoint.call_with_http_info(mine=["a", "b"], _parse_response=False)
    return side.attempt(endpoint.call_with_http_info, mine="a")


@case(_ABOUT_ANSWER)
def required_parameter(side: Side) -> Any:
    client = side.client()
    client.tasks_api.list_endpoint.params_map["required"].append("search")
    client.tasks_api.list(search="x", _parse_response=False)
    return _refused(client.tasks_api.list)


@case(_ABOUT_ANSWER)
def allowed_values_of_a_parameter(side: Side) -> Any:
    client = side.client()
    table = client.jobs_api.list_endpoint.allowed_values
    refused = _refused(client.jobs_api.list, state="parked", _parse_response=False)
    table[("state",)]["PARKED"] = "parked"
    client.jobs_api.list(state="parked", _parse_response=False)
    del table[("state",)]["NEW"]
    return [refused, _refused(client.jobs_api.list, state="new", _parse_response=False)]


@case(_ABOUT_ANSWER)
def limits_of_a_parameter(side: Side) -> Any:
    client = side.client()
    endpoint = client.webhooks_api.retrieve_deliveries_endpoint
    endpoint.validations[("delivery_id",)] = {"max_length": 2}
    call = client.webhooks_api.retrieve_deliveries
    call("ab", 1, _parse_response=False)
    return _refused(call, "abc", 1, _parse_response=False)


def _own(client: Any, **more: Any) -> Any:
    """An endpoint made of tables, with places of every kind."""
    tables: dict[str, Any] = {
        "settings": {
            "response_schema": (models.About,),
            "auth": ["basicAuth"],
            "endpoint_path": "/api/own/{id}",
            "operation_id": "own",
            "http_method": "POST",
            "servers": None,
        },
        "params_map": {
            "all": ["id", "q", "h", "body", "form", "tags", "kind", "file", "files"],
            "required": ["id"],
            "nullable": ["q"],
            "enum": ["kind"],
            "validation": ["q"],
        },
        "root_map": {
            "validations": {("q",): {"max_length": 3, "regex": {"pattern": "^a"}}},
            "allowed_values": {("kind",): {"A": "a", "B": "b"}},
            "openapi_types": {
                "id": (int,),
                "q": (str, type(None)),
                "h": (bool,),
                "body": (models.IssueWriteRequest, dict),
                "form": (str,),
                "tags": ([str],),
                "kind": (str,),
                "file": (io.IOBase,),
                "files": ([io.IOBase],),
            },
            "attribute_map": {
                "id": "id",
                "q": "Q",
                "h": "X-H",
                "form": "Form",
                "tags": "tags",
                "kind": "kind",
                "file": "File",
                "files": "Files",
            },
            "location_map": {
                "id": "path",
                "q": "query",
                "h": "header",
                "body": "body",
                "form": "form",
                "tags": "query",
                "kind": "query",
                "file": "form",
                "files": "form",
            },
            "collection_format_map": {"tags": "csv"},
        },
        "headers_map": {
            "accept": ["text/x", "application/json"],
            "content_type": ["application/json", "multipart/form-data"],
        },
    }
    tables["settings"] |= more
    return Endpoint(**tables, api_client=client)


_ISSUE = {"frame": 1, "job": 2, "position": [1.0], "message": "m"}
_FORM = "application/x-www-form-urlencoded"


@case(
    _ABOUT_ANSWER,
    each={
        "plain": {"id": 1},
        "query": {"id": 1, "q": "abc", "tags": ["a", "b"], "kind": "a"},
        "header": {"id": 1, "h": True},
        "header none": {"id": 1, "h": None},
        "null": {"id": 1, "q": None},
        "pattern": {"id": 1, "q": "bc"},
        "too long": {"id": 1, "q": "abcd"},
        "not allowed": {"id": 1, "kind": "z"},
        "type": {"id": "1"},
        "list type": {"id": 1, "tags": "a"},
        "unknown": {"id": 1, "other": 1},
        "missing": {},
        "none": {"id": None},
        "body": {"id": 1, "body": _ISSUE},
        "body, model": {"id": 1, "body": models.IssueWriteRequest(**_ISSUE)},
        "body, list": {"id": 1, "body": [1]},
        "body, other": {"id": 1, "body": 5},
        "form": {"id": 1, "form": "f", "_content_type": _FORM},
        "multipart": {"id": 1, "form": "f", "_content_type": "multipart/form-data"},
        "not parsed": {"id": 1, "_parse_response": False},
        "host": {"id": 1, "_host_index": 0},
        "other host": {"id": 1, "_host_index": 1},
        "inputs not checked": {
            "id": "text",
            "_validate_inputs": False,
            "_content_type": "application/json",
            "_host_index": 0,
            "_request_auths": [{"type": "api_key", "in": "header", "key": "X-A", "value": "v"}],
        },
    },
)
def own_endpoint(side: Side, arguments: Any) -> Any:
    endpoint = _own(side.client(username="ann", password="secret"))
    return endpoint.call_with_http_info(**arguments)


@case(_ABOUT_ANSWER, each={"one": (False,), "two": (False, 2.5), "five": (True, None, True, False)})
def positional(side: Side, given: Any) -> Any:
    """The common keywords by position."""
    client = side.client()
    return [
        _own(client).call_with_http_info(*given, id=1),
        client.server_api.retrieve_about_endpoint.call_with_http_info(*given),
    ]


@case(_ABOUT_ANSWER, each={"none": None, "first": 0, "second": 1, "third": 2})
def own_servers(side: Side, index: Any) -> Any:
    servers = [
        {"url": f"{side.host}/first"},
        {"url": f"{side.host}/{{v}}", "variables": {"v": {"default_value": "second"}}},
    ]
    endpoint = _own(side.client(), servers=servers)
    return endpoint.call_with_http_info(id=1, _host_index=index)


@case()
def own_tables(side: Side) -> Any:
    endpoint = _own(side.client())
    return [
        endpoint.path,
        endpoint.params_map,
        sorted(endpoint.openapi_types),
        endpoint.attribute_map,
        endpoint.location_map,
        endpoint.collection_format_map,
        endpoint.headers_map,
        sorted(vars(endpoint)),
    ]


@case(each={"nothing": {}, "settings": {"settings": {}}})
def incomplete(side: Side, given: Any) -> Any:
    return Endpoint(**given)


@case()
def endpoints_among_variables(side: Side) -> Any:
    api = side.client().tasks_api
    return sorted(vars(api))


# -- of models ------------------------------------------------------------------------------------


def _kept(*tables: Any) -> Callable[[], None]:
    """Puts tables back as they are now: classes outlive a case."""
    copies = [copy.deepcopy(table) for table in tables]

    def put_back() -> None:
        for table, saved in zip(tables, copies, strict=True):
            table.clear()
            table.update(saved)

    return put_back


@case()
def limits_of_a_model(side: Side) -> Any:
    cls = models.ProjectWriteRequest
    put_back = _kept(cls.validations)
    try:
        cls.validations[("name",)]["max_length"] = 3
        found = [
            _refused(cls, name="abc"),
            _refused(cls, name="abcd"),
            _refused(side.client().projects_api.create, {"name": "abcd"}),
        ]
        model = cls(name="abc")
        found.append(_refused(setattr, model, "name", "abcd"))
        del cls.validations[("name",)]
        found.append(_refused(cls, name="a" * 1000))
    finally:
        put_back()
    return [*found, _refused(cls, name="abcd"), _refused(cls, name="a" * 1000)]


@case()
def limits_of_a_model_inside(side: Side) -> Any:
    cls = models.PatchedLabelRequest
    put_back = _kept(cls.validations)
    try:
        cls.validations[("name",)]["max_length"] = 3
        return [
            _refused(models.PatchedTaskWriteRequest, labels=[{"name": "abcd"}]),
            _refused(models.PatchedTaskWriteRequest, labels=[{"name": "abc"}]),
        ]
    finally:
        put_back()


@case()
def allowed_values_of_a_model(side: Side) -> Any:
    cls = models.ProjectWriteRequest
    put_back = _kept(cls.allowed_values)
    try:
        cls.allowed_values[("name",)] = {"A": "a"}
        return [_refused(cls, name="a"), _refused(cls, name="b")]
    finally:
        put_back()


@case()
def values_of_an_enumeration(side: Side) -> Any:
    cls = models.ShapeType
    put_back = _kept(cls.allowed_values[("value",)])
    try:
        cls.allowed_values[("value",)]["STAR"] = "star"
        found = [_refused(cls, "star"), _refused(cls, "moon")]
        del cls.allowed_values[("value",)]["ELLIPSE"]
        found.append(_refused(cls, "ellipse"))
        for word in ("star", "rectangle", "ellipse"):
            shape = {"type": word, "frame": 0, "label_id": 1, "points": [1.0]}
            found.append(_refused(models.LabeledShapeRequest, **shape))
            found.append(_refused(models.LabeledDataRequest, shapes=[shape]))
    finally:
        put_back()
    return [*found, _refused(cls, "star"), _refused(cls, "ellipse")]


@case()
def tables_are_the_same_each_time(side: Side) -> Any:
    return [
        models.ProjectWriteRequest.validations is models.ProjectWriteRequest.validations,
        models.ShapeType.allowed_values is models.ShapeType.allowed_values,
        side.client().tasks_api.list_endpoint.settings
        is side.client().tasks_api.list_endpoint.settings,
    ]
