"""Servers of a description: what a generated configuration tells of them, and which one a call goes to."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.unit.recording import RecordingServer

from cvat_codegen.build import build_api
from cvat_codegen.problems import BadDescription

Json = dict[str, Any]
Make = Callable[..., Json]

SERVERS: list[Json] = [
    {"url": "https://one.example/api/", "description": "The first\n\none."},
    {
        "url": "{scheme}://{name}.example:{port}",
        "variables": {
            "scheme": {"default": "https", "enum": ["https", "http"]},
            "name": {"default": "two", "description": "Whose it is."},
            "port": {"default": 8443},
        },
    },
    {"url": "//three.example"},
    {"url": "/four/"},
    {"url": "/"},
]


@pytest.fixture
def configuration(describe: Make, generate: Callable[[Json], str]) -> Any:
    """The class of a client whose description names servers."""
    return importlib.import_module(generate(describe(servers=SERVERS))).Configuration


def test_the_first_server_is_called_unless_a_host_is_given(configuration: Any) -> None:
    assert configuration().host == "https://one.example/api"
    assert configuration(host="http://mine/x").host == "http://mine/x"
    assert configuration(host="http://mine", server_index=0).host == "https://one.example/api"
    chosen = configuration()
    chosen.host = "http://mine"
    assert chosen.host == "http://mine"


def test_addresses_of_servers(configuration: Any) -> None:
    assert configuration(server_index=1).host == "https://two.example:8443"
    variables = {"name": "me", "scheme": "http"}
    chosen = configuration(server_index=1, server_variables=variables)
    assert chosen.host == "http://me.example:8443"
    assert configuration("https://mine/", server_index=2).host == "https://three.example"
    assert configuration("https://mine/x/", server_index=3).host == "https://mine/x/four"
    assert configuration("https://mine/x/", server_index=4).host == "https://mine/x"
    with pytest.raises(ValueError, match="scheme is one of"):
        _ = configuration(server_index=1, server_variables={"scheme": "file"}).host
    with pytest.raises(ValueError, match="no server 5; the API description names 5"):
        _ = configuration(server_index=5).host


def test_a_configuration_tells_of_the_servers(configuration: Any) -> None:
    settings = configuration().get_host_settings()
    assert settings[0] == {"url": "https://one.example/api/", "description": "The first\n\none."}
    assert settings[1]["variables"]["scheme"] == {
        "description": "",
        "default_value": "https",
        "enum_values": ["https", "http"],
    }
    assert settings[1]["variables"]["port"]["default_value"] == "8443"
    assert "`server_index` 0: `https://one.example/api/`, The first one." in configuration.__doc__


def test_endpoints_tell_of_their_own_servers(
    describe: Make, operation: Make, generate: Callable[[Json], str]
) -> None:
    paths = {"/a": {"get": operation(servers=SERVERS[:1])}}
    package = importlib.import_module(generate(describe({}, paths)))
    with package.ApiClient(package.Configuration()) as client:
        settings = client.things_api.get_endpoint.settings
    assert [server["url"] for server in settings["servers"]] == ["https://one.example/api/"]


@pytest.fixture
def two_servers() -> Iterator[list[RecordingServer]]:
    servers = [RecordingServer(), RecordingServer()]
    yield servers
    for server in servers:
        server.close()


@pytest.mark.parametrize(
    ("settings", "options", "paths"),
    [
        ({}, {}, ["/first/a"]),
        ({}, {"_host_index": 1}, ["/second/a"]),
        ({"server_operation_index": {"things.get": 1}}, {}, ["/second/a"]),
        ({"server_operation_index": {"get": 1}}, {"_host_index": 0}, ["/first/a"]),
        ({"server_index": 1}, {}, ["/second/a"]),
        ({"server_operation_index": {"things.other": 1}}, {}, ["/first/a"]),
    ],
)
def test_calls_go_to_the_server_that_is_chosen(
    describe: Make,
    operation: Make,
    generate: Callable[[Json], str],
    two_servers: list[RecordingServer],
    settings: Json,
    options: Json,
    paths: list[str],
) -> None:
    own = [
        {"url": f"{server.url}/{name}"}
        for server, name in zip(two_servers, ("first", "second"), strict=True)
    ]
    description = describe(
        {}, {"/a": {"get": operation(servers=own)}}, servers=[{"url": "/no"}] * 2
    )
    package = importlib.import_module(generate(description))
    with package.ApiClient(package.Configuration(**settings)) as client:
        client.things_api.get(**options)
    received = [request.path for server in two_servers for request in server.received]
    assert received == paths


@pytest.mark.parametrize(
    ("servers", "place", "message"),
    [
        ({}, "", "must be a list"),
        (["x"], "/0", "must be an object"),
        ([{}], "/0/url", "must be an address"),
        ([{"url": "http://a b"}], "/0/url", "must be an address"),
        ([{"url": "http://a\n"}], "/0/url", "must be an address"),
        ([{"url": "http://{a}"}], "/0/url", "'a' is none of its variables"),
        ([{"url": "/", "no": 1}], "/0/no", "not supported"),
        ([{"url": "/", "variables": []}], "/0/variables", "must be an object"),
        ([{"url": "/", "variables": {"a": 1}}], "/0/variables/a", "must be an object"),
        ([{"url": "/", "variables": {"a": {}}}], "/0/variables/a/default", "must be text"),
        (
            [{"url": "/", "variables": {"a": {"default": "x", "enum": ["y"]}}}],
            "/0/variables/a/default",
            "'x' is not one of the values",
        ),
        (
            [{"url": "/", "variables": {"a": {"default": "x", "enum": [None]}}}],
            "/0/variables/a/enum",
            "list of texts",
        ),
    ],
)
def test_odd_servers_are_problems(
    describe: Make, operation: Make, servers: Any, place: str, message: str
) -> None:
    paths = {"/a": {"servers": servers, "get": operation(servers=servers)}}
    with pytest.raises(BadDescription) as caught:
        build_api(describe({}, paths, servers=servers))
    found = {problem.pointer: problem.message for problem in caught.value.problems.items}
    prefixes = ("/servers", "/paths/~1a/servers", "/paths/~1a/get/servers")
    assert list(found) == sorted(prefix + place for prefix in prefixes)
    assert all(message in text for text in found.values())


def test_a_server_that_speaks_no_http_gives_a_warning(describe: Make) -> None:
    (warning,) = build_api(describe(servers=[{"url": "ws://x"}])).warnings
    assert warning.pointer == "/servers/0/url"
