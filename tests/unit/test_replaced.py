"""What people put in the place of a method, a table or an object is what a call goes through."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any
from unittest import mock

import pytest
import urllib3
from tests.unit.recording import RecordingServer

from cvat_sdk.api_client import ApiClient, ApiException, ApiTypeError, ApiValueError, apis, models
from cvat_sdk.api_client.api_client import Endpoint
from cvat_sdk.api_client.rest import RESTClientObject
from cvat_sdk.api_client.runtime.pools import Pools

ABOUT = {"name": "n", "description": "d", "version": "2", "logo_url": "u", "subtitle": "s"}


CANNED = b'{"name": "canned", "description": "", "version": "", "logo_url": "", "subtitle": ""}'


class Canned:
    """The least that an answer has to have."""

    def __init__(self, status: int = 200, data: bytes = CANNED) -> None:
        self.status = status
        self.reason = "OK"
        self.data = data
        self.headers: dict[str, str] = {}

    def close(self) -> None:
        """Nothing is open."""


# -- methods ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("owner", "name", "answer", "expected"),
    [
        (ApiClient, "call_api", ("data", "response"), "data"),
        (ApiClient, "deserialize", "data", "data"),
        (ApiClient, "request", Canned(), "canned"),
        (RESTClientObject, "GET", Canned(), "canned"),
        (RESTClientObject, "request", Canned(), "canned"),
        (Endpoint, "call_with_http_info", ("data", "response"), "data"),
        (urllib3.PoolManager, "request", Canned(), "canned"),
        (urllib3.PoolManager, "urlopen", Canned(), "canned"),
        (urllib3.HTTPConnectionPool, "urlopen", urllib3.HTTPResponse(CANNED, status=200), "canned"),
        (apis.ServerApi, "retrieve_about", ("data", "response"), "data"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_a_mock_answers_in_the_place_of_a_method(
    owner: Any, name: str, answer: Any, expected: str, server: RecordingServer, client: ApiClient
) -> None:
    server.answer_always(body=ABOUT)
    with mock.patch.object(owner, name, return_value=answer) as mocked:
        data, _ = client.server_api.retrieve_about()
    assert getattr(data, "name", data) == expected
    mocked.assert_called_once()
    assert len(server.received) == (name == "deserialize")
    assert client.server_api.retrieve_about()[0].name == "n"


@pytest.mark.parametrize("name", ["call_api", "request", "sanitize_for_serialization"])
def test_a_method_of_a_single_client_is_replaced(
    name: str, server: RecordingServer, client: ApiClient
) -> None:
    setattr(client, name, mock.Mock(wraps=getattr(client, name)))
    client.tasks_api.partial_update(
        1, patched_task_write_request={"name": "n"}, _parse_response=False
    )
    assert getattr(client, name).called
    assert server.last.json() == {"name": "n"}


def test_what_a_subclass_changes_is_sent(server: RecordingServer, client: ApiClient) -> None:
    class Upper(ApiClient):
        @classmethod
        def sanitize_for_serialization(cls, obj: Any, **kwargs: Any) -> Any:
            found = super().sanitize_for_serialization(obj, **kwargs)
            return {**found, "name": "CHANGED"} if "name" in found else found

    with Upper(client.configuration) as own:
        own.tasks_api.create({"name": "n"}, _parse_response=False)
        assert server.last.json() == {"name": "CHANGED"}
        assert own.last_response is not None
        own.last_response.close()
        own.rest_client.pool_manager.clear()


def test_pools_and_rest_clients_may_be_stubs(server: RecordingServer, client: ApiClient) -> None:
    client.rest_client.pool_manager = pools = mock.Mock(spec=["request"])
    pools.request.return_value = Canned()
    assert client.server_api.retrieve_about()[0].name == "canned"
    client.rest_client = mock.Mock(spec=["DELETE"])
    client.rest_client.DELETE.return_value = Canned()
    client.tasks_api.destroy(1)
    assert client.rest_client.DELETE.call_args.args == (f"{server.url}/api/tasks/1",)
    assert not server.received
    client.rest_client = RESTClientObject(client.configuration)


def test_pools_made_by_a_mock(server: RecordingServer, client: ApiClient) -> None:
    with mock.patch("urllib3.PoolManager") as cls:
        cls.return_value.request.return_value = Canned()
        made = ApiClient(client.configuration)
    assert made.server_api.retrieve_about()[0].name == "canned"
    assert not server.received


def test_errors_of_a_mocked_answer_are_the_usual_ones(client: ApiClient) -> None:
    missing = Canned(404, b'{"detail": "no"}')
    with (
        mock.patch("urllib3.PoolManager.request", return_value=missing),
        pytest.raises(ApiException) as caught,
    ):
        client.tasks_api.retrieve(1)
    assert (caught.value.status, caught.value.body) == (404, '{"detail": "no"}')


def test_a_mock_that_is_there_before_the_first_request_is_taken_for_one() -> None:
    """The modules that send are imported in the middle of the patch."""
    script = """
from unittest import mock
from cvat_sdk.api_client import ApiClient, Configuration
client = ApiClient(Configuration(host="http://127.0.0.1:9"))
class Answer:
    status, reason, data, headers = 200, "OK", b'{"name": "canned"}', {}
for place in ("urllib3.PoolManager.urlopen", "cvat_sdk.api_client.rest.RESTClientObject.GET"):
    with mock.patch(place, return_value=Answer()) as mocked:
        assert client.server_api.retrieve_about()[0].name == "canned"
        mocked.assert_called_once()
from cvat_sdk.api_client.runtime.pools import are_untouched
assert are_untouched(client.rest_client.pool_manager)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_untouched_clients_take_one_stride(server: RecordingServer, client: ApiClient) -> None:
    server.answer_always(body=ABOUT)

    class Plain(ApiClient):
        pass

    with mock.patch.object(Pools, "open", autospec=True, side_effect=Pools.open) as quick:
        client.server_api.retrieve_about()
    quick.assert_called_once()
    for made in (client, Plain(client.configuration)):
        made.server_api.retrieve_about()
        assert made._takes_one_stride()
        made.rest_client.pool_manager.clear()
    with mock.patch.object(ApiClient, "call_api"):
        assert not client._takes_one_stride()
    assert client._takes_one_stride()


# -- APIs and endpoints -------------------------------------------------------------------------------


def test_an_endpoint_may_be_anything(client: ApiClient) -> None:
    client.tasks_api.retrieve_endpoint = endpoint = mock.Mock()
    endpoint.call_with_http_info.return_value = ("data", "response")
    assert client.tasks_api.retrieve(7, _check_status=False) == ("data", "response")
    assert endpoint.call_with_http_info.call_args.kwargs["id"] == 7
    assert endpoint.call_with_http_info.call_args.kwargs["_check_status"] is False


def test_an_api_over_something_like_a_client(client: ApiClient) -> None:
    double = mock.create_autospec(ApiClient)
    double.configuration = client.configuration
    double.call_api.return_value = ("data", "response")
    assert apis.TasksApi(double).retrieve(1) == ("data", "response")


def test_endpoints_are_attributes_of_an_api(client: ApiClient) -> None:
    assert {"list_endpoint", "create_endpoint"} < vars(client.tasks_api).keys()
    assert "tasks_api" in dir(client)


# -- tables -------------------------------------------------------------------------------------------


def test_edited_tables_act(server: RecordingServer, client: ApiClient) -> None:
    server.answer_always(body=ABOUT)
    client.configuration.access_token = "secret"
    api = client.server_api
    api.retrieve_about()
    assert server.last.header("Authorization")
    endpoint = api.retrieve_about_endpoint
    endpoint.settings["auth"] = []
    endpoint.headers_map["accept"] = ["text/x"]
    endpoint.settings["endpoint_path"] = "/api/other"
    assert api.retrieve_about()[0].name == "n"
    assert (server.last.header("Authorization"), server.last.header("Accept")) == (None, "text/x")
    assert (server.last.path, endpoint.path) == ("/api/other", "/api/other")
    endpoint.settings["response_schema"] = None
    assert api.retrieve_about()[0] is None
    endpoint.settings = {**endpoint.settings, "http_method": "DELETE"}
    api.retrieve_about()
    assert server.last.method == "DELETE"


def test_edited_lists_of_allowed_values_act(server: RecordingServer, client: ApiClient) -> None:
    api = client.jobs_api
    with pytest.raises(ApiValueError):
        api.list(state="parked", _parse_response=False)
    api.list_endpoint.allowed_values[("state",)]["PARKED"] = "parked"
    api.list(state="parked", _parse_response=False)
    assert server.last.query == [("state", "parked")]
    with pytest.raises(ApiValueError):
        apis.JobsApi(client).list(state="parked")


def test_an_endpoint_is_built_from_tables(server: RecordingServer, client: ApiClient) -> None:
    server.answer_always(body=ABOUT)
    endpoint = Endpoint(
        settings={
            "response_schema": (models.About,),
            "auth": [],
            "endpoint_path": "/api/own/{id}",
            "operation_id": "own",
            "http_method": "POST",
            "servers": None,
        },
        params_map={
            "all": ["id", "words", "name"],
            "required": ["id"],
            "nullable": [],
            "enum": [],
            "validation": ["name"],
        },
        root_map={
            "validations": {("name",): {"max_length": 3}},
            "allowed_values": {},
            "openapi_types": {"id": (int,), "words": ([str],), "name": (str,)},
            "attribute_map": {"id": "id", "words": "words", "name": "Name"},
            "location_map": {"id": "path", "words": "query", "name": "form"},
            "collection_format_map": {"words": "csv"},
        },
        headers_map={"accept": ["application/json"], "content_type": []},
        api_client=client,
    )
    data, _ = endpoint.call_with_http_info(
        id=5,
        words=["a", "b"],
        name="abc",
        _content_type="application/x-www-form-urlencoded",
    )
    assert isinstance(data, models.About)
    assert (server.last.target, server.last.body) == ("/api/own/5?words=a%2Cb", b"Name=abc")
    assert endpoint.call_with_http_info(False, id=5)[0] is None
    assert client.last_response is not None
    client.last_response.close()
    for wrong, error in (
        ({"id": "5"}, ApiTypeError),
        ({"id": 5, "other": 1}, ApiTypeError),
        ({}, ApiValueError),
        ({"id": 5, "name": "long"}, ApiValueError),
    ):
        with pytest.raises(error):
            endpoint.call_with_http_info(**wrong)


# -- types of responses -------------------------------------------------------------------------------


class OwnAbout(models.About):
    """A subclass of a caller's."""


@pytest.mark.parametrize(
    ("schema", "body", "expected"),
    [
        ((models.About, models.RqId), ABOUT, models.About),
        ((models.About, models.RqId), {"rq_id": "x"}, models.RqId),
        ((int, str), "text", str),
        ((int, float), 5, float),
        ((OwnAbout,), ABOUT, OwnAbout),
        ((models.JobStatus, int), "completed", models.JobStatus),
        ((models.About, type(None)), None, type(None)),
    ],
)
def test_a_response_is_of_the_type_that_it_fits(
    schema: Any, body: Any, expected: type, server: RecordingServer, client: ApiClient
) -> None:
    server.answer(body=body)
    data, _ = client.call_api("/api/x", "GET", response_schema=schema)
    assert type(data) is expected


def test_a_list_of_a_callers_own_models(server: RecordingServer, client: ApiClient) -> None:
    server.answer(body=[ABOUT])
    data, _ = client.call_api("/api/x", "GET", response_schema=([OwnAbout],))
    assert [type(entry) for entry in data] == [OwnAbout]


def test_the_last_response_may_be_one_that_is_not_parsed(client: ApiClient) -> None:
    _, response = client.server_api.retrieve_about(_parse_response=False)
    assert client.last_response is response


# -- tables of models ---------------------------------------------------------------------------------

EDITED_MODELS = """
import pytest
from cvat_sdk.api_client import ApiValueError, models
from cvat_sdk.api_client.runtime import construct

cls = models.PatchedLabelRequest
def limits(length):
    models.PatchedTaskWriteRequest(labels=[{"name": "n" * length}])
    cls(name="n" * length)
    label = cls(name="n")
    label.name = "n" * length

limits(5)
_ = cls.validations
construct.fast({"name": "n"}, cls)  # it is not left by looking at a table
cls.validations[("name",)]["max_length"] = 4
limits(4)
with pytest.raises(ApiValueError):
    limits(5)
del cls.validations[("name",)]
limits(1000)
cls.allowed_values[("name",)] = {"N": "n"}
limits(1)
with pytest.raises(ApiValueError):
    limits(2)

values = models.ShapeType.allowed_values[("value",)]
shape = {"frame": 0, "label_id": 1, "points": [1.0]}
def sent(word):
    models.ShapeType(word)
    models.LabeledDataRequest(shapes=[{**shape, "type": word}])
with pytest.raises(ApiValueError):
    sent("star")
values["STAR"] = "star"
sent("star")
del values["ELLIPSE"]
with pytest.raises(ApiValueError):
    sent("ellipse")
"""


def test_edited_tables_of_models_act() -> None:
    """In a process of its own: the tables belong to the classes."""
    done = subprocess.run([sys.executable, "-c", EDITED_MODELS], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


# -- pools --------------------------------------------------------------------------------------------


class Reached(Exception):
    """What a mock raises."""


STEPS = [
    "connection_from_host",
    "connection_from_context",
    "connection_from_pool_key",
    "request_encode_url",
]


@pytest.mark.parametrize("on_class", [True, False], ids=["class", "instance"])
@pytest.mark.parametrize("name", STEPS)
def test_a_step_of_the_manager_is_replaced_on_a_client_that_has_connections(
    name: str, on_class: bool, server: RecordingServer, client: ApiClient
) -> None:
    server.answer_always(body=ABOUT)
    client.server_api.retrieve_about()
    owner = urllib3.PoolManager if on_class else client.rest_client.pool_manager
    with mock.patch.object(owner, name, side_effect=Reached), pytest.raises(Reached):
        client.server_api.retrieve_about()
    assert client.server_api.retrieve_about()[0].name == "n"


@pytest.mark.parametrize("on_class", [True, False], ids=["class", "instance"])
def test_the_step_that_sends_bodies_is_replaced(
    on_class: bool, server: RecordingServer, client: ApiClient
) -> None:
    client.tasks_api.create({"name": "n"}, _parse_response=False)
    owner = urllib3.PoolManager if on_class else client.rest_client.pool_manager
    with (
        mock.patch.object(owner, "request_encode_body", side_effect=Reached),
        pytest.raises(Reached),
    ):
        client.tasks_api.create({"name": "n"}, _parse_response=False)


def test_a_replaced_step_does_not_change_where_credentials_go(
    server: RecordingServer, connect: Callable[..., ApiClient]
) -> None:
    client = connect(retries=1)
    client.rest_client.GET(server.url)
    other = RecordingServer()
    server.answer(302, headers=[("Location", f"{other.url}/x")])
    original = urllib3.PoolManager.connection_from_host
    with mock.patch.object(urllib3.PoolManager, "connection_from_host", original_of(original)):
        client.rest_client.GET(server.url, headers={"X-Api-Key": "secret"})
    assert server.last.header("X-Api-Key") == "secret"
    assert other.last.header("X-Api-Key") is None
    other.close()


def original_of(method: Any) -> Any:
    return lambda self, *arguments, **options: method(self, *arguments, **options)


def test_pools_that_are_patched_come_back(server: RecordingServer, client: ApiClient) -> None:
    pools = client.rest_client.pool_manager
    with mock.patch.object(client.rest_client, "pool_manager") as outer:
        with mock.patch.object(client.rest_client, "pool_manager") as inner:
            assert client.rest_client.pool_manager is inner
        assert client.rest_client.pool_manager is outer
    assert client.rest_client.pool_manager is pools
    server.answer(body=ABOUT)
    assert client.server_api.retrieve_about()[0].name == "n"


def test_deleted_pools_are_gone_until_others_are_set(
    server: RecordingServer, client: ApiClient
) -> None:
    del client.rest_client.pool_manager
    assert not hasattr(client.rest_client, "pool_manager")
    client.rest_client.pool_manager = Pools()
    server.answer(body=ABOUT)
    assert client.server_api.retrieve_about()[0].name == "n"


def test_a_client_whose_pools_are_a_mock_can_be_closed(client: ApiClient) -> None:
    with mock.patch.object(client.rest_client, "pool_manager"):
        client.close()
    client.rest_client.pool_manager = mock.Mock()
    client.rest_client.close()
