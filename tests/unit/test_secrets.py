"""Passwords, tokens and cookies are in no text that the client makes: of objects, errors and logs.

Everything secret here contains the word "hunter2"; everything that a client, its calls and their answers
hold is looked at.
"""

from __future__ import annotations

import logging
import pickle
import pprint
import traceback
import types
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.unit.recording import RecordingServer
from urllib3.exceptions import MaxRetryError

from cvat_sdk.api_client import ApiClient, Configuration, exceptions, models
from cvat_sdk.api_client.runtime.model import ModelMeta
from cvat_sdk.api_client.runtime.schema import fields_of

CREDENTIALS: dict[str, Any] = {
    "username": "ann",
    "password": "password-hunter2",
    "access_token": "bearer-hunter2",
    "api_key": {
        "tokenAuth": "Token key-hunter2",
        "sessionAuth": "session-hunter2",
        "csrfAuth": "csrf-hunter2",
    },
}
SET_COOKIES = [
    ("Set-Cookie", "sessionid=new-session-hunter2; HttpOnly"),
    ("Set-Cookie", "csrftoken=new-csrf-hunter2"),
]


@pytest.fixture
def secretive(server: RecordingServer) -> Iterator[ApiClient]:
    """A client that holds a secret of every kind."""
    configuration = Configuration(host=server.url, **CREDENTIALS)
    configuration.retries = False
    headers = {"X-Api-Key": "header-hunter2"}
    with ApiClient(configuration, headers=headers, cookies={"own": "cookie-hunter2"}) as client:
        yield client


def texts(value: Any) -> str:
    return "\n".join([repr(value), str(value), f"{value}", pprint.pformat(value)])


def objects_of(value: Any, seen: dict[int, Any]) -> Iterator[Any]:
    """The objects of this package that can be reached from one by attributes and containers."""
    if id(value) in seen or isinstance(value, (type, types.ModuleType, types.FunctionType)):
        return
    seen[id(value)] = value
    if isinstance(value, dict):
        inner = list(value.values())
    elif isinstance(value, (list, tuple, set)):
        inner = list(value)
    elif type(value).__module__.startswith("cvat_sdk"):
        yield value
        names = getattr(type(value), "__slots__", ())
        slots = [getattr(value, name) for name in names if hasattr(value, name)]
        inner = [*vars(value).values(), *slots] if hasattr(value, "__dict__") else slots
    else:
        return
    for entry in inner:
        yield from objects_of(entry, seen)


def test_objects(server: RecordingServer, secretive: ApiClient) -> None:
    server.answer(body={"key": "answer-hunter2"}, headers=SET_COOKIES)
    login = models.LoginSerializerExRequest(username="ann", password="password-hunter2")
    token, _ = secretive.auth_api.create_login(login)
    page = secretive.tasks_api.list_endpoint
    handle: Any = secretive.tasks_api.retrieve(1, _async_call=True)
    answer, _ = handle.get(60)
    found = list(objects_of([secretive, login, token, page, answer, handle], {}))
    kinds = {type(value).__name__ for value in found}
    assert {
        "ApiClient",
        "Configuration",
        "RESTClientObject",
        "TasksApi",
        "OperationEndpoint",
    } <= kinds
    for value in found:
        assert "hunter2" not in texts(value), type(value)
    assert "hunter2" not in texts({"all": [login, token, secretive, secretive.configuration]})
    assert "hunter2" not in secretive.configuration.to_debug_report()
    assert "hunter2" not in texts(handle)
    assert secretive.cookies["sessionid"].value == "new-session-hunter2", "it did get there"


SECRET_WORDS = ("password", "secret", "token", "key", "connection_string")
NO_SECRETS = {
    "CloudStorageContent.next_token",
    "CloudStorageWriteRequest.key_file",  # an open file: its name is shown, not its content
    "InvitationRead.key",  # names the invitation in the paths of its operations
    "PatchedCloudStorageWriteRequest.key_file",
    "WebhooksEvent.key",  # names a kind of event
}


MODELS: list[Any] = [
    cls for name in models.__all__ if isinstance(cls := getattr(models, name), ModelMeta)
]
SECRET_FIELDS: list[tuple[Any, str]] = [
    (cls, field) for cls in MODELS for field in sorted(cls._secret)
]


def test_every_model_with_a_secret_says_so() -> None:
    declared = {f"{cls.__name__}.{field}" for cls, field in SECRET_FIELDS}
    suspicious = {
        f"{cls.__name__}.{field.name}"
        for cls in MODELS
        for field in fields_of(cls).values()
        if field.node.kind in ("str", "file", "any")
        if any(word in field.name.split("_") or word == field.name for word in SECRET_WORDS)
        or field.name.startswith(("password", "new_password"))
    }
    assert suspicious - declared - NO_SECRETS == set()


@pytest.mark.parametrize(
    ("cls", "field"), SECRET_FIELDS, ids=lambda part: getattr(part, "__name__", part)
)
def test_secret_fields_of_models(cls: Any, field: str) -> None:
    model = cls._from_openapi_data(**{field: "value-hunter2"})
    assert model.to_dict()[field] == "value-hunter2"
    for value in (model, {"in": [model]}, pickle.loads(pickle.dumps(model))):
        assert "value-hunter2" not in texts(value)
    outer = models.TaskRead._from_openapi_data(newer={"deep": [model]})
    assert "value-hunter2" not in texts(outer)
    given: Any = {name: "x" for name in cls.required_properties}
    for wrong in (
        ["value-hunter2"],
        {"value-hunter2": 1},
        "value-hunter2" * 1000,
        b"value-hunter2",
    ):
        try:
            cls(**{**given, field: wrong})
        except exceptions.OpenApiException as error:
            assert "value-hunter2" not in told(error)


def told(error: BaseException) -> str:
    """Everything that an error says of itself, and those that led to it."""
    text = ""
    following: BaseException | None = error
    while following is not None:
        lines = traceback.format_exception_only(type(following), following)
        text += texts(following) + texts(following.args) + "".join(lines)
        following = following.__cause__ or following.__context__
    return text


Failure = Callable[[RecordingServer, ApiClient], object]


def not_found(server: RecordingServer, client: ApiClient) -> None:
    server.answer(404, headers=SET_COOKIES)
    client.tasks_api.retrieve(1)


def unauthorized_raw(server: RecordingServer, client: ApiClient) -> None:
    server.answer(401, headers=[("Authorization", "answer-hunter2"), *SET_COOKIES])
    client.tasks_api.retrieve(1, _parse_response=False)


def error_of_a_plain_request(server: RecordingServer, client: ApiClient) -> None:
    server.answer(500, headers=SET_COOKIES)
    client.request("GET", f"{server.url}/x", headers=client.get_common_headers())


def no_json(server: RecordingServer, client: ApiClient) -> None:
    server.answer(200, b"<html>", headers=SET_COOKIES)
    client.tasks_api.retrieve(1)


def cut_short(server: RecordingServer, client: ApiClient) -> None:
    server.answer(200, b"{", length=100, close=True, headers=SET_COOKIES)
    client.tasks_api.retrieve(1)


def no_http(server: RecordingServer, client: ApiClient) -> None:
    server.answer(raw=b"junk\r\n\r\n", close=True)
    client.tasks_api.retrieve(1)


def no_connection(server: RecordingServer, client: ApiClient) -> None:
    client.configuration.host = "http://user:host-hunter2@127.0.0.1:9"
    client.tasks_api.retrieve(1)


def too_many_redirects(server: RecordingServer, client: ApiClient) -> None:
    server.answer_always(302, headers=[("Location", "/again"), *SET_COOKIES])
    client.configuration.retries = 2
    ApiClient(client.configuration).tasks_api.retrieve(1)


def password_of_a_wrong_type(server: RecordingServer, client: ApiClient) -> None:
    wrong: Any = {"username": "ann", "password": ["password-hunter2"]}
    client.auth_api.create_login(wrong)


def credential_in_no_place(server: RecordingServer, client: ApiClient) -> None:
    credential = {"type": "api_key", "in": "body", "key": "k", "value": "value-hunter2"}
    client.tasks_api.retrieve(1, _request_auths=[credential])


def body_that_cannot_be_sent(server: RecordingServer, client: ApiClient) -> None:
    login = models.LoginSerializerExRequest(username="ann", password="password-hunter2")
    client.auth_api.create_login(login, _content_type="application/octet-stream")


FAILURES: list[Failure] = [
    not_found,
    unauthorized_raw,
    error_of_a_plain_request,
    no_json,
    cut_short,
    no_http,
    no_connection,
    too_many_redirects,
    password_of_a_wrong_type,
    credential_in_no_place,
    body_that_cannot_be_sent,
]


@pytest.mark.parametrize("failure", FAILURES, ids=lambda failure: failure.__name__)
def test_errors_and_logs(
    server: RecordingServer,
    secretive: ApiClient,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    failure: Failure,
) -> None:
    secretive.configuration.debug = True
    try:
        with caplog.at_level(logging.DEBUG), pytest.raises(Exception) as caught:
            failure(server, secretive)
        assert "hunter2" not in told(caught.value)
        if isinstance(caught.value, exceptions.OpenApiException):
            assert "hunter2" not in told(pickle.loads(pickle.dumps(caught.value)))
        assert "hunter2" not in caplog.text
        assert "hunter2" not in "".join(capfd.readouterr())
    finally:
        secretive.configuration.debug = False


def test_logs_of_calls_that_succeed(
    server: RecordingServer,
    secretive: ApiClient,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    secretive.configuration.debug = True
    try:
        with caplog.at_level(logging.DEBUG):
            server.answer_always(body={"key": "answer-hunter2"}, headers=SET_COOKIES)
            secretive.auth_api.create_login({"username": "ann", "password": "password-hunter2"})
            secretive.auth_api.create_password_change(
                {
                    "old_password": "1-hunter2",
                    "new_password1": "2-hunter2",
                    "new_password2": "2-hunter2",
                }
            )
            secretive.tasks_api.list()
            secretive.request("GET", f"{server.url}/x", headers=secretive.get_common_headers())
        assert "POST /api/auth/login" in caplog.text
        assert "hunter2" not in caplog.text
        assert "hunter2" not in "".join(capfd.readouterr())
    finally:
        secretive.configuration.debug = False


def test_a_credential_in_the_query_is_not_in_what_urllib3_logs(
    server: RecordingServer, caplog: pytest.LogCaptureFixture
) -> None:
    server.answer(raw=b"", close=True)
    configuration = Configuration(host=server.url)
    configuration.retries = 2
    auths = [
        {"in": "query", "type": "apiKey", "key": key, "value": "hunter2"}
        for key in ("sig", "api_key", "X-Amz-Signature")
    ]
    with caplog.at_level(logging.DEBUG, "urllib3"), ApiClient(configuration) as client:
        client.tasks_api.list(page=7, _request_auths=auths)
    assert "Retrying" in caplog.text
    assert "/api/tasks?page=7&sig=<hidden>" in caplog.text
    assert "hunter2" not in caplog.text


def test_a_credential_in_the_query_is_not_in_the_url_of_an_error() -> None:
    configuration = Configuration(host="http://127.0.0.1:1")
    configuration.retries = 1
    auth = {"in": "query", "type": "apiKey", "key": "sig", "value": "SECRET"}
    with ApiClient(configuration) as client, pytest.raises(MaxRetryError) as caught:
        client.server_api.retrieve_about(_request_auths=[auth])
    assert caught.value.url == "/api/server/about"
    assert "SECRET" not in str(caught.value) + repr(caught.value)
