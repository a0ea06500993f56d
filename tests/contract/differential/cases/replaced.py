"""Methods that scripts and their tests replace: which call each of them gets, and that nothing goes round it."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator
from typing import Any
from unittest import mock

import urllib3

from cvat_sdk.api_client import ApiClient, Configuration, apis, models, rest
from cvat_sdk.api_client.api_client import Endpoint
from differential.answers import answer
from differential.arguments import named_file
from differential.case import Side, case

_ABOUT = {"name": "n", "description": "d", "version": "2", "logo_url": "u", "subtitle": "s"}
_ABOUT_ANSWER = answer(json=_ABOUT, headers=[("Set-Cookie", "a=b")])

_OF_CLIENT = (
    "call_api",
    "request",
    "deserialize",
    "select_header_accept",
    "select_header_content_type",
    "sanitize_for_serialization",
    "update_params_for_auth",
    "get_common_headers",
    "parameters_to_tuples",
    "parameters_to_multipart",
    "files_parameters",
    "build_origin_header",
)
_OF_REST = ("request", "GET", "HEAD", "OPTIONS", "DELETE", "POST", "PUT", "PATCH")
_PLACES: tuple[tuple[Any, str], ...] = (
    *((ApiClient, name) for name in _OF_CLIENT),
    *((rest.RESTClientObject, name) for name in _OF_REST),
    (Endpoint, "call_with_http_info"),
    (urllib3.PoolManager, "request"),
    (urllib3.PoolManager, "urlopen"),
    (urllib3.HTTPConnectionPool, "urlopen"),
)
_PLACE_NAMES = {f"{owner.__name__}.{name}": (owner, name) for owner, name in _PLACES}


def _client(side: Side) -> Any:
    return side.client(username="ann", password="secret", api_key={"csrfAuth": "c"})


def _shown(value: Any) -> Any:
    """An argument as it was at the time of the call."""
    if isinstance(value, dict):
        return {name: _shown(entry) for name, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [_shown(entry) for entry in value]
    if isinstance(value, urllib3.Timeout):
        return ["Timeout", value.total]
    if isinstance(value, urllib3.response.BaseHTTPResponse):
        return "a response"
    if hasattr(value, "read"):
        return "a file"
    if hasattr(value, "items"):  # headers of urllib3
        return {name: _shown(entry) for name, entry in value.items()}
    return value


@contextlib.contextmanager
def _watched(*places: tuple[Any, str]) -> Iterator[list[Any]]:
    """Every call of some methods, in their order, while they do what they always do."""
    calls: list[Any] = []

    def watch(owner: Any, name: str) -> Any:
        original = getattr(owner, name)

        def method(self: Any, *args: Any, **kwargs: Any) -> Any:
            calls.append([f"{owner.__name__}.{name}", _shown(args), _shown(kwargs)])
            return original(self, *args, **kwargs)

        def function(*args: Any, **kwargs: Any) -> Any:
            calls.append([f"{owner.__name__}.{name}", _shown(args), _shown(kwargs)])
            return original(*args, **kwargs)

        return staticmethod(function) if name == "sanitize_for_serialization" else method

    with contextlib.ExitStack() as stack:
        for owner, name in places:
            stack.enter_context(mock.patch.object(owner, name, watch(owner, name)))
        yield calls


_CALLS: dict[str, Callable[[Any], Any]] = {
    "get": lambda client: client.server_api.retrieve_about(),
    "get, not parsed": lambda client: client.tasks_api.retrieve(1, _parse_response=False),
    "get, query": lambda client: client.tasks_api.list(
        org="", page=2, search="x y", x_organization="o", _parse_response=False
    ),
    "post": lambda client: client.issues_api.create(
        {"frame": 1, "job": 2, "position": [1.0], "message": "m"},
        _request_timeout=2.5,
        _parse_response=False,
    ),
    "post, model": lambda client: client.labels_api.partial_update(
        1, patched_label_request=models.PatchedLabelRequest(name="n"), _parse_response=False
    ),
    "patch, no body": lambda client: client.tasks_api.partial_update(1, _parse_response=False),
    "put": lambda client: client.jobs_api.update_annotations(
        1, labeled_data_request={"shapes": []}, _parse_response=False
    ),
    "delete": lambda client: client.tasks_api.destroy(1),
    "auths": lambda client: client.server_api.retrieve_about(
        _request_auths=[{"type": "api_key", "in": "query", "key": "k", "value": "v"}]
    ),
    "status not checked": lambda client: client.server_api.retrieve_about(_check_status=False),
    "outputs not checked": lambda client: client.server_api.retrieve_about(_validate_outputs=False),
    "asynchronously": lambda client: client.server_api.retrieve_about(_async_call=True).get(20),
    "call_api, get": lambda client: client.call_api(
        "/api/things/{id}",
        "GET",
        {"id": "a b"},
        {"q": [1, 2]},
        {"X-Mine": "1"},
        collection_formats={"q": "csv"},
    ),
    "call_api, post": lambda client: client.call_api("/api/things", "POST", body={"a": [1, None]}),
    "call_api, model": lambda client: client.call_api(
        "/api/things",
        "POST",
        header_params={"Content-Type": "application/json"},
        body=models.PatchedLabelRequest(name="n"),
        response_schema=(models.About,),
    ),
    "call_api, urlencoded": lambda client: client.call_api(
        "/api/things",
        "POST",
        post_params={"a": 1},
        header_params={"Content-Type": "application/x-www-form-urlencoded"},
    ),
    "request": lambda client: client.request(
        "POST",
        f"{client.configuration.host}/api/things",
        query_params={"a": 1},
        headers={"Content-Type": "text/plain"},
        body="text",
    ),
    "rest, get": lambda client: client.rest_client.GET(
        f"{client.configuration.host}/x", {"H": "1"}, {"q": 1}
    ),
    "rest, patch": lambda client: client.rest_client.PATCH(
        f"{client.configuration.host}/x",
        headers={"Content-Type": "application/offset+octet-stream"},
        body=b"123",
    ),
}


@case(_ABOUT_ANSWER, each=_CALLS)
def steps(side: Side, call: Callable[[Any], Any]) -> Any:
    """All steps of a call, with their arguments."""
    client = _client(side)
    with _watched(*_PLACES) as calls:
        call(client)
    return calls


@case(_ABOUT_ANSWER, each=("HEAD", "OPTIONS", "DELETE", "POST", "PUT", "PATCH", "GET"))
def steps_of_a_method(side: Side, method: str) -> Any:
    client = _client(side)
    places = [
        place for place in _PLACES if place[0] in (rest.RESTClientObject, urllib3.PoolManager)
    ]
    with _watched(*places) as calls:
        client.request(method, f"{side.host}/x", query_params=[("a", 1)], headers={"A": "b"})
        getattr(client.rest_client, method)(f"{side.host}/x", query_params=[("a", 1)])
    return calls


@case(_ABOUT_ANSWER, each={"data": True, "asset": False})
def steps_of_a_form(side: Side, is_data: bool) -> Any:
    client = _client(side)
    places = [place for place in _PLACES if place[1] != "urlopen"]
    with _watched(*places) as calls:
        if is_data:
            client.tasks_api.create_data(
                1,
                data_request={"image_quality": 70, "server_files": ["a", "b"]},
                _content_type="multipart/form-data",
                _parse_response=False,
            )
        else:
            client.assets_api.create(
                guide_id=1, file=named_file("a.png", b"x"), _parse_response=False
            )
    return calls


@case(_ABOUT_ANSWER, each=_PLACE_NAMES)
def one_is_watched(side: Side, place: tuple[Any, str]) -> Any:
    """Each alone: a call takes the way through it, and brings what it always brings."""
    client = _client(side)
    with _watched(place) as calls:
        result = client.server_api.retrieve_about()
        client.issues_api.create(
            {"frame": 1, "job": 2, "position": [1.0], "message": "m"}, _parse_response=False
        )
    client.server_api.retrieve_about()
    return [calls, result]


class _Answer:
    """The least that an answer has to have."""

    status = 200
    reason = "OK"

    def __init__(self, data: Any = _ABOUT) -> None:
        self.data = json.dumps(data).encode()
        self.headers = {"Content-Type": "application/json"}


_RESULTS: dict[str, Any] = {
    "call_api": ("data", "response"),
    "request": _Answer(),
    "deserialize": "deserialized",
    "select_header_accept": "text/x",
    "select_header_content_type": "text/x",
    "update_params_for_auth": None,
    "get_common_headers": {"X-Common": "1"},
    "parameters_to_tuples": [("a", "b")],
    "GET": _Answer(),
    "POST": _Answer(),
    "call_with_http_info": ("data", "response"),
    "urlopen": _Answer(),
}
_MOCKED = {
    name: place
    for name, place in _PLACE_NAMES.items()
    if place[1] in _RESULTS and name != "ApiClient.parameters_to_tuples"
}


@case(_ABOUT_ANSWER, each=_MOCKED)
def mocked_on_the_class(side: Side, place: tuple[Any, str]) -> Any:
    client = _client(side)
    owner, name = place
    with mock.patch.object(owner, name, return_value=_RESULTS[name]) as mocked:
        result = client.server_api.retrieve_about()
    return [
        result,
        mocked.call_count,
        _shown(mocked.call_args.args),
        _shown(mocked.call_args.kwargs),
    ]


@case(_ABOUT_ANSWER, each=[name for name in _OF_CLIENT if name in _RESULTS])
def mocked_on_the_client(side: Side, name: str) -> Any:
    client = _client(side)
    setattr(client, name, mock.Mock(return_value=_RESULTS[name]))
    result = side.attempt(client.server_api.retrieve_about)
    first = getattr(client, name).call_args
    delattr(client, name)
    return [result, first and _shown(first.kwargs), client.server_api.retrieve_about()]


@case(_ABOUT_ANSWER, each=("request", "GET"))
def mocked_on_the_rest_client(side: Side, name: str) -> Any:
    client = _client(side)
    setattr(client.rest_client, name, mock.Mock(return_value=_RESULTS[name]))
    return [
        client.server_api.retrieve_about(),
        client.call_api("/api/things", "GET"),
        client.request("GET", f"{side.host}/x"),
        _shown(getattr(client.rest_client, name).call_args.kwargs),
    ]


@case(_ABOUT_ANSWER, each=("request", "urlopen"))
def mocked_on_the_pools(side: Side, name: str) -> Any:
    client = _client(side)
    setattr(client.rest_client.pool_manager, name, mock.Mock(return_value=_Answer()))
    result = client.server_api.retrieve_about()
    mocked = getattr(client.rest_client.pool_manager, name)
    return [result, _shown(mocked.call_args.args), _shown(mocked.call_args.kwargs)]


@case(
    _ABOUT_ANSWER,
    each=(
        "urllib3.PoolManager.request",
        "cvat_sdk.api_client.rest.urllib3.PoolManager.request",
        "cvat_sdk.api_client.api_client.rest.RESTClientObject.request",
        "cvat_sdk.api_client.api_client.ApiClient.request",
    ),
)
def mocked_by_path(side: Side, path: str) -> Any:
    client = _client(side)
    with mock.patch(path, return_value=_Answer()) as mocked:
        result = client.server_api.retrieve_about()
    return [result, mocked.call_count]


@case(_ABOUT_ANSWER)
def pool_manager_class(side: Side) -> Any:
    """The class of the pools, while the client is made."""
    with mock.patch("urllib3.PoolManager") as made:
        made.return_value.request.return_value = _Answer()
        client = _client(side)
    result = client.server_api.retrieve_about()
    return [result, made.call_count, client.rest_client.pool_manager is made.return_value]


class _Pools:
    def __init__(self) -> None:
        self.calls: list[Any] = []

    def request(self, *args: Any, **kwargs: Any) -> Any:
        self.calls.append([_shown(args), _shown(kwargs)])
        return _Answer()


@case(_ABOUT_ANSWER)
def stub_of_the_pools(side: Side) -> Any:
    client = _client(side)
    client.rest_client.pool_manager = pools = _Pools()
    result = client.server_api.retrieve_about()
    client.labels_api.partial_update(
        1, patched_label_request={"name": "n"}, _parse_response=False, _request_timeout=(1.0, 2.0)
    )
    client.assets_api.create(guide_id=1, file=named_file("a.png", b"x"), _parse_response=False)
    return [result, pools.calls]


class _Rest:
    def __init__(self) -> None:
        self.calls: list[Any] = []

    def __getattr__(self, name: str) -> Any:
        def method(*args: Any, **kwargs: Any) -> Any:
            self.calls.append([name, _shown(args), _shown(kwargs)])
            return _Answer()

        return method


@case(_ABOUT_ANSWER)
def stub_of_the_rest_client(side: Side) -> Any:
    client = _client(side)
    client.rest_client = stub = _Rest()
    result = client.server_api.retrieve_about()
    client.tasks_api.partial_update(
        1, patched_task_write_request={"name": "n"}, _parse_response=False
    )
    client.tasks_api.destroy(1)
    return [result, stub.calls]


@case(_ABOUT_ANSWER)
def mock_of_the_rest_client(side: Side) -> Any:
    client = _client(side)
    client.rest_client = mock.Mock()
    client.rest_client.GET.return_value = _Answer()
    return [client.server_api.retrieve_about(), client.rest_client.GET.call_count]


@case(_ABOUT_ANSWER, answer(404, json={"detail": "no"}))
def answers_of_a_mock(side: Side) -> Any:
    """Statuses and bodies that a mock of the pools gives."""
    client = _client(side)
    found = []
    for status, data in ((200, _ABOUT), (404, {"detail": "no"}), (500, "x"), (201, _ABOUT)):
        made = _Answer(data)
        made.status = status
        with mock.patch.object(urllib3.PoolManager, "request", return_value=made):
            error = side.attempt(client.server_api.retrieve_about)
        found.append([type(error).__name__, getattr(error, "status", None)])
    return found


# -- subclasses -----------------------------------------------------------------------------------


class _LoggingClient(ApiClient):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.seen: list[str] = []

    def call_api(self, resource_path: str, method: str, *args: Any, **kwargs: Any) -> Any:
        self.seen.append(f"call_api {method} {resource_path}")
        return super().call_api(resource_path, method, *args, **kwargs)

    def request(self, method: str, url: str, **kwargs: Any) -> Any:
        self.seen.append(f"request {method} {sorted(kwargs)}")
        return super().request(method, url, **kwargs)

    def deserialize(self, response: Any, response_schema: Any, **kwargs: Any) -> Any:
        self.seen.append(f"deserialize {kwargs}")
        return super().deserialize(response, response_schema, **kwargs)


@case(_ABOUT_ANSWER)
def subclass_of_client(side: Side) -> Any:
    client = _LoggingClient(side.configuration())
    result = client.server_api.retrieve_about()
    client.call_api("/api/things", "GET")
    return [result, client.seen]


class _PlainClient(ApiClient):
    pass


@case(_ABOUT_ANSWER)
def subclass_that_changes_nothing(side: Side) -> Any:
    return _PlainClient(side.configuration()).server_api.retrieve_about()


class _Sanitizing(ApiClient):
    @classmethod
    def sanitize_for_serialization(cls, obj: Any, **kwargs: Any) -> Any:
        found = super().sanitize_for_serialization(obj, **kwargs)
        if isinstance(found, dict) and "name" in found:
            found["added"] = 1
        return found


@case(answer(json={}))
def subclass_that_sanitizes(side: Side) -> Any:
    client = _Sanitizing(side.configuration())
    client.tasks_api.partial_update(
        1, patched_task_write_request={"name": "n"}, _parse_response=False
    )
    return None


class _RestClient(rest.RESTClientObject):
    def request(self, method: str, *args: Any, headers: Any = None, **kwargs: Any) -> Any:
        return super().request(method, *args, headers={**(headers or {}), "X-Added": "1"}, **kwargs)


@case(_ABOUT_ANSWER)
def subclass_of_rest_client(side: Side) -> Any:
    client = _client(side)
    client.rest_client = _RestClient(client.configuration)
    result = client.server_api.retrieve_about()
    client.rest_client.POST(f"{side.host}/x", headers={"A": "b"}, body={"a": 1})
    return result


@case(_ABOUT_ANSWER)
def rest_client_class(side: Side) -> Any:
    """The class of the REST client, while the client is made."""
    with mock.patch.object(rest, "RESTClientObject", _RestClient):
        client = _client(side)
    return [type(client.rest_client).__name__, client.server_api.retrieve_about()]


class _Settings(Configuration):
    def get_api_key_with_prefix(self, identifier: str, **kwargs: Any) -> Any:
        return "mine" if identifier == "tokenAuth" else None

    def get_basic_auth_token(self) -> str:
        return "Basic mine"


class _Elsewhere(Configuration):
    other = ""

    def get_host_from_settings(self, *args: Any, **kwargs: Any) -> str:
        return self.other


class _Auth(Configuration):
    def auth_settings(self) -> Any:
        return {"basicAuth": {"type": "basic", "in": "header", "key": "X-Auth", "value": "v"}}


@case(_ABOUT_ANSWER, each={"keys": _Settings, "auth": _Auth})
def subclass_of_configuration(side: Side, cls: Any) -> Any:
    configuration = cls(host=side.host, username="a", password="b", api_key={"tokenAuth": "t"})
    configuration.retries = False
    return ApiClient(configuration).server_api.retrieve_about()


@case(_ABOUT_ANSWER)
def host_of_a_subclass(side: Side) -> Any:
    configuration = _Elsewhere(host=side.host)
    configuration.retries = False
    configuration.other = side.other
    return ApiClient(configuration).server_api.retrieve_about()


# -- APIs and endpoints ---------------------------------------------------------------------------


@case(_ABOUT_ANSWER)
def method_of_an_api(side: Side) -> Any:
    client = _client(side)
    with mock.patch.object(apis.ServerApi, "retrieve_about", return_value=("data", 1)) as mocked:
        results = [client.server_api.retrieve_about(), apis.ServerApi(client).retrieve_about()]
    return [results, mocked.call_count, client.server_api.retrieve_about()]


@case(_ABOUT_ANSWER)
def api_of_a_client(side: Side) -> Any:
    client = _client(side)
    client.server_api = mock.Mock()
    client.server_api.retrieve_about.return_value = (1, 2)
    return client.server_api.retrieve_about()


@case(_ABOUT_ANSWER)
def endpoint_of_an_api(side: Side) -> Any:
    client = _client(side)
    client.server_api.retrieve_about_endpoint = endpoint = mock.Mock()
    endpoint.call_with_http_info.return_value = (1, 2)
    client.tasks_api.retrieve_endpoint.call_with_http_info = call = mock.Mock(return_value=(3, 4))
    return [
        client.server_api.retrieve_about(_check_status=False),
        _shown(endpoint.call_with_http_info.call_args.kwargs),
        client.tasks_api.retrieve(5, _request_timeout=2.5),
        _shown(call.call_args.kwargs),
    ]


@case(_ABOUT_ANSWER)
def client_of_an_api(side: Side) -> Any:
    """An API over something that only looks like a client."""
    client = mock.create_autospec(ApiClient)
    client.configuration = side.configuration()
    client.call_api.return_value = ("data", "response")
    client.select_header_accept.return_value = "text/x"
    result = apis.ServerApi(client).retrieve_about()
    return [
        result,
        _shown(client.call_api.call_args.args),
        _shown(client.call_api.call_args.kwargs),
    ]


@case(each=("tasks_api", "call_api", "rest_client", "configuration", "cookies", "user_agent"))
def autospec_has(side: Side, name: str) -> Any:
    return [
        hasattr(mock.create_autospec(ApiClient), name),
        hasattr(mock.create_autospec(ApiClient, instance=True), name),
    ]


@case(_ABOUT_ANSWER)
def read_only_methods_of_a_mock_file(side: Side) -> Any:
    """A file that a mocked request answers with."""
    client = _client(side)
    made = _Answer()
    made.data, made.headers = b"content", {"Content-Disposition": 'attachment; filename="a.txt"'}
    with mock.patch.object(ApiClient, "request", return_value=made):
        data, response = client.call_api("/api/things", "GET", response_schema=(_file_type(),))
    return [data.read(), response is made]


def _file_type() -> Any:
    from cvat_sdk.api_client.model_utils import file_type

    return file_type
