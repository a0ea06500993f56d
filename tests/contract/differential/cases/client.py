"""ApiClient: construction, headers, cookies, call_api, request and the small public methods."""

from __future__ import annotations

from http.cookies import SimpleCookie
from typing import Any

from cvat_sdk.api_client import ApiClient, apis
from differential.answers import answer
from differential.arguments import named_file
from differential.case import Side, case

_ABOUT = {"name": "n", "description": "d", "version": "2", "logo_url": "u", "subtitle": "s"}
_ABOUT_ANSWER = answer(json=_ABOUT)


@case()
def attributes(side: Side) -> Any:
    client = side.client()
    return [
        client.user_agent,
        dict(client.default_headers),
        client.cookies,
        client.pool_threads,
        type(client.rest_client).__name__,
        type(client.pool).__name__,
    ]


@case()
def is_a_context(side: Side) -> Any:
    with side.client() as client:
        pass
    client.close()
    client.close()
    return isinstance(client, ApiClient)


@case(_ABOUT_ANSWER)
def works_after_close(side: Side) -> Any:
    client = side.client()
    client.close()
    return client.server_api.retrieve_about()


@case()
def headers_are_not_changed(side: Side) -> Any:
    headers = {"X-Mine": "1"}
    client = side.client(headers=headers)
    client.set_default_header("X-More", "2")
    return [headers, client.default_headers is headers]


@case(_ABOUT_ANSWER)
def own_user_agent_among_headers(side: Side) -> Any:
    return side.client(headers={"User-Agent": "mine/1"}).server_api.retrieve_about()


@case(_ABOUT_ANSWER)
def user_agent(side: Side) -> Any:
    client = side.client()
    client.user_agent = "mine/2"
    client.server_api.retrieve_about()
    return [client.user_agent, client.default_headers["User-Agent"]]


@case(_ABOUT_ANSWER, each={"set": True, "constructor": False})
def default_header_is_sent(side: Side, by_method: bool) -> Any:
    client = side.client() if by_method else side.client(headers={"X-Mine": "word"})
    if by_method:
        client.set_default_header("X-Mine", "word")
    return client.server_api.retrieve_about()


def _jar(**values: str) -> SimpleCookie:
    jar = SimpleCookie()
    for name, value in values.items():
        jar[name] = value
    return jar


@case(
    _ABOUT_ANSWER,
    each={
        "jar": _jar(b="2", a="1"),
        "plain": {"a": "1", "b": "2"},
        "quoted": _jar(a="one two", b='with "quotes"'),
        "empty jar": SimpleCookie(),
        "special": _jar(a="x=y;z,w"),
    },
)
def cookies(side: Side, given: Any) -> Any:
    client = side.client(cookies=given)
    headers = side.attempt(client.get_common_headers)
    client.server_api.retrieve_about()
    return [headers, client.cookies]


@case(_ABOUT_ANSWER)
def cookie_in_default_headers(side: Side) -> Any:
    client = side.client(headers={"Cookie": "mine=1"})
    client.server_api.retrieve_about()
    client.cookies["other"] = "2"
    client.server_api.retrieve_about()
    return None


@case()
def common_headers_are_new(side: Side) -> Any:
    client = side.client()
    first = client.get_common_headers()
    first["X-Mine"] = "1"
    return client.get_common_headers()


_APIS = (
    "assets",
    "auth",
    "cloudstorages",
    "comments",
    "consensus",
    "events",
    "growth",
    "guides",
    "invitations",
    "issues",
    "jobs",
    "labels",
    "lambda",
    "memberships",
    "organizations",
    "projects",
    "quality",
    "requests",
    "schema",
    "server",
    "tasks",
    "users",
    "webhooks",
)


@case(each=_APIS)
def api_attribute(side: Side, tag: str) -> Any:
    client = side.client()
    api = getattr(client, f"{tag}_api")
    return [type(api).__name__, api is getattr(client, f"{tag}_api"), api.api_client is client]


@case(_ABOUT_ANSWER)
def api_made_directly(side: Side) -> Any:
    client = side.client()
    api = apis.ServerApi(client)
    return [api is client.server_api, api.retrieve_about()[0]]


@case()
def api_without_client(side: Side) -> Any:
    return type(apis.TasksApi().api_client).__name__


@case(each=("hasattr", "getattr", "default", "copy"))
def unknown_attribute(side: Side, how: str) -> Any:
    client = side.client()
    if how == "hasattr":
        return hasattr(client, "nothing_like_this")
    if how == "default":
        return getattr(client, "nothing_like_this", 5)
    if how == "copy":
        return client.__deepcopy__
    return client.nothing_like_this


@case()
def last_response_before_any_call(side: Side) -> Any:
    return side.client().last_response


@case(_ABOUT_ANSWER, answer(404, json={"detail": "no"}))
def last_response(side: Side) -> Any:
    client = side.client()
    _, response = client.server_api.retrieve_about()
    same = client.last_response is response
    side.attempt(client.server_api.retrieve_about)
    return [same, client.last_response is response]


@case(
    each={
        "http": "http://server",
        "https": "https://server",
        "port": "http://server:8080",
        "port 80": "http://server:80",
        "port 443": "https://server:443",
        "http on 443": "http://server:443",
        "https on 80": "https://server:80",
        "path": "http://server/prefix/more",
        "upper case": "http://SERVER.Example.COM",
        "query": "http://server/?a=b",
        "IPv6": "http://[::1]:8080",
        "credentials": "http://ann:secret@server",
    }
)
def origin(side: Side, host: str) -> Any:
    return side.client(host="http://configured").build_origin_header(host)


@case()
def origin_of_configuration(side: Side) -> Any:
    return side.client(host="http://Configured:8080/prefix").build_origin_header()


@case(
    each={
        "empty": [],
        "json": ["application/json"],
        "json among others": ["application/xml", "application/json"],
        "upper case json": ["Application/JSON"],
        "others": ["application/xml", "Text/Plain"],
        "vnd": ["application/vnd.cvat+json"],
    }
)
def accept_header(side: Side, types: Any) -> Any:
    return side.client().select_header_accept(types)


@case(
    each={
        "empty": ([], None, None),
        "json": (["application/json"], "POST", None),
        "others": (["Multipart/Form-Data", "application/offset+octet-stream"], "POST", None),
        "star": (["*/*"], "POST", None),
        "json among others": (["text/plain", "application/json"], "PATCH", {}),
        "json patch, list": (["application/json-patch+json"], "PATCH", [1]),
        "json patch, dict": (["application/json-patch+json", "text/plain"], "PATCH", {}),
    }
)
def content_type_header(side: Side, given: Any) -> Any:
    return side.client().select_header_content_type(given[0], method=given[1], body=given[2])


@case(
    each={
        "pairs": ([("a", 1), ("b", "x")], None),
        "dict": ({"a": 1, "b": "x"}, None),
        "csv": ({"a": [1, 2]}, {"a": "csv"}),
        "ssv": ({"a": [1, 2]}, {"a": "ssv"}),
        "tsv": ({"a": [1, 2]}, {"a": "tsv"}),
        "pipes": ({"a": [1, 2]}, {"a": "pipes"}),
        "multi": ({"a": [1, 2]}, {"a": "multi"}),
        "other": ({"a": [1, 2]}, {"a": "nothing"}),
        "no format": ({"a": [1, 2]}, {}),
        "empty": ({}, None),
        "empty list": ({"a": []}, {"a": "csv"}),
    }
)
def tuples(side: Side, given: Any) -> Any:
    return [list(pair) for pair in side.client().parameters_to_tuples(*given)]


@case(
    each={
        "scalars": ([("a", 1), ("b", "x")], (dict,)),
        "dict": ([("a", {"b": 1})], (dict,)),
        "list": ([("a", [1, "x"])], (list,)),
        "dict of dicts": ({"a": {"b": {"c": "é"}}}, (dict,)),
        "not asked for": ([("a", {"b": 1})], (list,)),
    }
)
def multipart_pairs(side: Side, given: Any) -> Any:
    result = []
    for entry in side.client().parameters_to_multipart(*given):
        if not isinstance(entry, tuple):
            entry = (entry._name, entry.data)
        name, value = entry
        result.append(
            [name, value.replace(": ", ":").replace(", ", ",") if isinstance(value, str) else value]
        )
    return result


@case(each={"none": None, "empty": {}, "no file": {"a": None}, "no files": {"a": [None]}})
def no_files(side: Side, files: Any) -> Any:
    return side.client().files_parameters(files)


@case()
def closed_file(side: Side) -> Any:
    file = named_file("a.txt", b"text")
    file.close()
    return side.client().files_parameters({"a": [file]})


@case(_ABOUT_ANSWER, unordered=True)
def many_threads(side: Side) -> Any:
    from concurrent.futures import ThreadPoolExecutor

    client = side.client(username="ann", password="secret")

    def work(number: int) -> Any:
        return client.call_api("/api/things", "GET", query_params={"n": number})[1].status

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(work, range(24)))


@case()
def pool_of_threads(side: Side) -> Any:
    from cvat_sdk.api_client import ApiClient as Client

    with Client(side.configuration(), pool_threads=3) as client:
        return client.pool.apply(lambda: 5)


@case()
def sanitized(side: Side) -> Any:
    return ApiClient.sanitize_for_serialization({"a": (1, 2), "b": [None, True]})


@case(_ABOUT_ANSWER)
def deserialize(side: Side) -> Any:
    from cvat_sdk.api_client import models

    client = side.client()
    response = client.request("GET", f"{side.host}/api/about")
    return client.deserialize(response, (models.About,), _check_type=True)
