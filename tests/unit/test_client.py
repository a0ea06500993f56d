"""The client as an object: attributes, headers, threads, copies, logs."""

from __future__ import annotations

import copy
import logging
import pickle
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from tests.unit.recording import RecordingServer

from cvat_sdk.api_client import ApiClient, ApiTypeError, ApiValueError, Configuration, apis, models
from cvat_sdk.api_client.exceptions import NotFoundException

Connect = Callable[..., ApiClient]
SECRETS = {"username": "u", "password": "pass-secret", "access_token": "token-secret"}
KEYS = {"tokenAuth": "key-secret", "sessionAuth": "session-secret", "csrfAuth": "csrf-secret"}


# -- attributes -------------------------------------------------------------------------------------


def test_apis_are_attributes(client: ApiClient) -> None:
    assert isinstance(client.tasks_api, apis.TasksApi)
    assert client.tasks_api is client.tasks_api
    assert isinstance(client.lambda_api, apis.LambdaApi)
    assert "tasks_api" in dir(client)
    assert len([name for name in dir(client) if name.endswith("_api") and name != "call_api"]) == 23
    assert apis.TasksApi(client) is not client.tasks_api
    assert apis.TasksApi().api_client.configuration.host == "http://localhost"


def test_other_attributes_do_not_exist(client: ApiClient) -> None:
    for name in ("nothing", "nothing_api", "_private", "__iter__"):
        assert not hasattr(client, name)
    assert client.last_response is None


def test_a_closed_client_goes_on(server: RecordingServer, connect: Connect) -> None:
    with connect() as client:
        client.call_api("/x", "GET", _async_call=True).get(30)
    client.close()
    client.close()
    client.call_api("/x", "GET")
    client.call_api("/x", "GET", _async_call=True).get(30)
    assert len(server.received) == 3


def test_threads_of_asynchronous_calls(connect: Connect) -> None:
    client = connect(client={"pool_threads": 3})
    assert client.pool is client.pool
    assert client.pool._processes == 3


# -- headers ----------------------------------------------------------------------------------------


def test_headers_of_the_constructor_are_copied(server: RecordingServer, connect: Connect) -> None:
    given = {"X-A": "1"}
    client = connect(client={"headers": given})
    client.set_default_header("X-B", "2")
    client.call_api("/x", "GET")
    assert given == {"X-A": "1"}
    assert (server.last.header("X-A"), server.last.header("X-B")) == ("1", "2")


@pytest.mark.parametrize("name", ["User-Agent", "user-agent"])
def test_user_agent(server: RecordingServer, connect: Connect, name: str) -> None:
    client = connect(client={"headers": {name: "mine/1"}})
    assert client.user_agent == "mine/1"
    client.call_api("/x", "GET")
    assert server.last.header("User-Agent") == "mine/1"
    client.user_agent = "mine/2"
    client.call_api("/x", "GET")
    assert server.last.header("User-Agent") == "mine/2"
    assert connect().user_agent == "cvat_sdk/2.80.0"


def test_common_headers_are_a_new_dict(connect: Connect) -> None:
    client = connect(client={"cookies": {"b": "2", "a": "1"}})
    headers = client.get_common_headers()
    assert headers == {"User-Agent": "cvat_sdk/2.80.0", "Cookie": "a=1; b=2"}
    headers["X"] = "1"
    assert "X" not in client.get_common_headers()


def test_selected_headers(client: ApiClient) -> None:
    assert client.select_header_accept([]) is None
    assert client.select_header_accept(["Text/YAML", "application/JSON"]) == "application/json"
    assert client.select_header_accept(["Text/YAML", "b/C"]) == "text/yaml, b/c"
    assert (
        client.select_header_content_type(["multipart/form-data", "application/json"])
        == "application/json"
    )
    assert client.select_header_content_type(["multipart/form-data"]) == "multipart/form-data"


def test_call_api_decodes_what_it_is_told(server: RecordingServer, client: ApiClient) -> None:
    server.answer_always(body={"name": "car"})
    for schema in ("Label", models.Label, (models.Label,)):
        data, _ = client.call_api("/x", "GET", response_schema=schema)
        assert isinstance(data, models.Label)
    assert client.call_api("/x", "GET")[0] is None
    server.answer_always(body=[{"name": "car"}])
    data, response = client.call_api("/x", "GET", response_schema=([models.Label],))
    assert data[0].name == "car"
    assert client.deserialize(response, ([models.Label],)) == data
    with pytest.raises(ApiTypeError):
        client.call_api("/x", "GET", response_schema=5)


def test_call_api_with_another_host(server: RecordingServer, connect: Connect) -> None:
    client = connect(host="http://127.0.0.1:9")
    client.call_api("/x", "GET", _host=server.url)
    assert server.last.target == "/x"
    with pytest.raises(NotFoundException):
        server.answer(404)
        client.call_api("/x", "GET", _host=server.url)


def test_files_and_pairs(client: ApiClient) -> None:
    assert client.parameters_to_tuples({"a": 1}, None) == [("a", 1)]
    part, pair = client.parameters_to_multipart([("a", {"b": 1}), ("c", 2)], (dict,))
    assert (part.data, pair) == (b'{"b": 1}', ("c", 2))
    assert part.headers["Content-Type"] == "application/json; charset=utf-8"
    assert client.files_parameters(None) == []
    assert client.sanitize_for_serialization({"a": (1,)}) == {"a": [1]}
    with Path(__file__).open("rb") as file:
        assert client.files_parameters({"f": [file, None]}) == [("f", file)]
    with pytest.raises(ApiValueError):
        client.files_parameters({"f": file})


# -- threads ----------------------------------------------------------------------------------------


def test_eight_threads_on_one_client(server: RecordingServer, connect: Connect) -> None:
    client = connect(username="u", password="p")
    server.answer_always(
        body={"id": 1, "name": "t"}, headers=[("Set-Cookie", "a=b; Secure"), ("Set-Cookie", "c=d")]
    )

    def work(number: int) -> int:
        task, response = client.tasks_api.retrieve(number)
        client.labels_api.list(search=str(number), _parse_response=False)[1].read()
        client.tasks_api.create({"name": str(number)}, _parse_response=False)[1].read()
        assert response.status == 200
        return int(task.id)

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(work, range(80))) == 80
    assert len(server.received) == 240
    assert {request.header("Authorization") for request in server.received} == {"Basic dTpw"}
    assert client.get_common_headers()["Cookie"] == "a=b; c=d"
    assert sorted(
        request.json()["name"] for request in server.received if request.method == "POST"
    ) == sorted(map(str, range(80)))


def test_first_use_in_many_threads_at_once() -> None:
    program = """
import threading
from cvat_sdk.api_client import ApiClient, Configuration, apis, models
client = ApiClient(Configuration(host="http://127.0.0.1:9"))
barrier = threading.Barrier(8)
errors = []
def work(number):
    barrier.wait()
    try:
        for name in models.__all__[number::8]:
            getattr(models, name)
        models.TaskWriteRequest(name="x", labels=[{"name": "y"}])
        client.tasks_api.create_endpoint.openapi_types
        models.PaginatedJobReadList(count=1, results=[])
    except Exception as error:
        errors.append(error)
threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
assert not errors, errors
"""
    for _ in range(3):
        subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


# -- copies -----------------------------------------------------------------------------------------


def test_copies_and_pickles_have_connections_of_their_own(
    server: RecordingServer, connect: Connect
) -> None:
    client = connect(
        username="u", password="p", client={"cookies": {"a": "b"}, "headers": {"X-A": "1"}}
    )
    client.tasks_api.destroy(1)
    for copied in (copy.copy(client), copy.deepcopy(client), pickle.loads(pickle.dumps(client))):
        assert copied.rest_client is not client.rest_client
        assert copied.tasks_api.api_client is copied
        assert copied.last_response is None
        copied.tasks_api.destroy(2)
        assert server.last.header("Authorization") == "Basic dTpw"
        assert server.last.header("Cookie") == "a=b"
        assert server.last.header("X-A") == "1"
        copied.close()
    assert copy.copy(client).configuration is client.configuration
    assert copy.deepcopy(client).configuration is not client.configuration


# -- secrets ----------------------------------------------------------------------------------------


def shown(value: Any) -> str:
    return f"{value!r} {value} {value:}" if not isinstance(value, dict) else repr(value)


def test_no_secret_is_shown(connect: Connect) -> None:
    client = connect(**SECRETS, api_key=dict(KEYS))
    local = Configuration(
        host="http://user:host-secret@cvat.example", **SECRETS, api_key=dict(KEYS)
    )
    for value in (
        client,
        client.configuration,
        local,
        client.rest_client,
        client.tasks_api.list_endpoint,
        client.tasks_api,
    ):
        assert "secret" not in shown(value)
    login = models.LoginSerializerExRequest(username="u", password="pass-secret")
    assert "secret" not in shown(login)
    assert "secret" not in shown({"nested": [login]})
    assert login.to_dict()["password"] == "pass-secret"
    with pytest.raises(ApiTypeError) as caught:
        models.LoginSerializerExRequest(username="u", password=["pass-secret"])
    assert "secret" not in str(caught.value)


def test_no_secret_is_logged(
    server: RecordingServer, connect: Connect, caplog: pytest.LogCaptureFixture, capfd: Any
) -> None:
    client = connect(**SECRETS, api_key=dict(KEYS))
    with caplog.at_level(logging.DEBUG, "cvat_sdk.api_client"):
        server.answer(
            body={"key": "answer-secret"},
            headers=[("Set-Cookie", "sessionid=cookie-secret; HttpOnly")],
        )
        client.auth_api.create_login(
            models.LoginSerializerExRequest(username="u", password="pass-secret")
        )
        client.tasks_api.destroy(1)
        server.answer(404, headers=[("Set-Cookie", "sessionid=cookie-secret")])
        with pytest.raises(NotFoundException) as caught:
            client.tasks_api.retrieve(1)
    assert "secret" not in caplog.text
    assert "secret" not in str(caught.value)
    assert "secret" not in repr(caught.value)
    assert "secret" not in "".join(capfd.readouterr())
    assert f"POST {server.url}/api/auth/login -> 200" in caplog.text
    assert "Content-Type: application/json" in caplog.text


DEBUGGING = """
import sys
from cvat_sdk.api_client import ApiClient, Configuration, models
configuration = Configuration(sys.argv[1], username="ann", password="pass-secret")
configuration.api_key["sessionAuth"] = "key-secret"
configuration.debug = True
with ApiClient(configuration) as client:
    client.auth_api.create_login(models.LoginSerializerExRequest(username="u", password="secret"))
    client.tasks_api.list(search="words", _parse_response=False, _request_auths=[
        {"type": "api_key", "in": "query", "key": "k", "value": "query-secret"},
        {"type": "api_key", "in": "header", "key": "X-Mine", "value": "header-secret"},
    ])
    client.rest_client.POST(sys.argv[1] + "/x?k=secret", headers={"X-Mine": "secret"}, body={"a": 1})
    configuration.debug = False
    client.tasks_api.destroy(1)
"""


def test_debugging_shows_requests_and_no_secrets(server: RecordingServer) -> None:
    server.answer_always(body={"key": "answer-secret"}, headers=[("Set-Cookie", "a=secret")])
    done = subprocess.run(
        [sys.executable, "-c", DEBUGGING, server.url], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert "secret" not in done.stdout + done.stderr
    assert f"POST {server.url}/api/auth/login -> 200" in done.stderr
    assert f"GET {server.url}/api/tasks?search=words -> 200" in done.stderr
    assert f"POST {server.url}/x -> 200" in done.stderr
    assert "> Accept: application/vnd.cvat+json" in done.stderr
    assert "> X-Mine: <hidden>" in done.stderr
    assert "< Set-Cookie: <hidden>" in done.stderr
    assert "DELETE" not in done.stderr


def test_limits_of_a_secret_do_not_show_it() -> None:
    for name in models.__all__:
        cls: Any = getattr(models, name)
        for field in getattr(cls, "_secret", ()):
            limits = cls.validations.get((field,), {})
            if "max_length" not in limits:
                continue
            given = {required: "x" for required in cls.required_properties}
            with pytest.raises((ApiValueError, ApiTypeError)) as caught:
                cls(**{**given, field: "secret" * 1000})
            assert "secretsecret" not in str(caught.value)


def test_errors_of_a_connection_show_no_secret(connect: Connect) -> None:
    client = connect(host="http://127.0.0.1:9", **SECRETS, api_key=dict(KEYS))
    with pytest.raises(Exception) as caught:
        client.tasks_api.retrieve(1)
    assert "secret" not in f"{caught.value!r} {caught.value}"


def test_call_api_decodes_the_outermost_object_unless_types_are_checked(
    server: RecordingServer, client: ApiClient
) -> None:
    attribute = {"id": 1, "name": "a", "mutable": True, "input_type": "text", "values": []}
    label = {"name": "car", "attributes": [attribute]}
    server.answer_always(body={"a": [label]})
    schema = ({str: ([models.Label],)},)
    for check in ({}, {"_check_type": None}, {"_check_type": False}):
        data, response = client.call_api("/x", "GET", response_schema=schema, **check)
        assert type(data["a"][0]) is models.Label
        assert data["a"][0].attributes == [attribute]
    data, response = client.call_api("/x", "GET", response_schema=schema, _check_type=True)
    assert type(data["a"][0].attributes[0]) is models.Attribute
    assert client.deserialize(response, schema) == data
    assert client.deserialize(response, schema, _check_type=False)["a"][0].attributes == [attribute]
    server.answer_always(body="mask")
    assert client.call_api("/x", "GET", response_schema="ShapeType")[0] is models.ShapeType.MASK
