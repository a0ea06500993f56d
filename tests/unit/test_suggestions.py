"""Names that do not exist: errors and warnings say what may have been meant."""

from __future__ import annotations

import copy
import warnings
from collections.abc import Callable
from typing import Any

import pytest
from tests.unit.recording import RecordingServer

from cvat_sdk.api_client import ApiClient, ApiTypeError


@pytest.mark.parametrize(
    ("keyword", "meant"),
    [
        ("projct_id", "project_id"),
        ("projectId", "project_id"),
        ("_parse_respons", "_parse_response"),
        ("_request_time_out", "_request_timeout"),
    ],
)
def test_an_unknown_keyword_of_an_operation(
    server: RecordingServer, client: ApiClient, keyword: str, meant: str
) -> None:
    calls: list[Callable[..., Any]] = [
        client.tasks_api.list,
        client.tasks_api.list_endpoint.call_with_http_info,
    ]
    for call in calls:
        with pytest.raises(ApiTypeError) as caught:
            call(**{keyword: 1})
        assert f"has no argument '{keyword}' (did you mean '{meant}'?)" in str(caught.value)
        assert caught.value.path_to_item == [keyword]
    assert not server.received


def test_an_unknown_keyword_of_an_endpoint_whose_tables_are_held(client: ApiClient) -> None:
    endpoint = client.tasks_api.list_endpoint
    assert endpoint.params_map
    with pytest.raises(ApiTypeError, match="did you mean 'project_id'"):
        endpoint.call_with_http_info(projct_id=1)
    with pytest.raises(ApiTypeError, match="did you mean '_check_status'"):
        client.tasks_api.list(_chek_status=True)  # type: ignore[call-overload]  # the mistake


def test_a_keyword_that_looks_like_none(client: ApiClient) -> None:
    with pytest.raises(ApiTypeError, match=r"has no argument 'xyzzy' at"):
        client.tasks_api.list_endpoint.call_with_http_info(xyzzy=1)


@pytest.mark.parametrize(
    ("owner", "name", "meant"),
    [
        ("client", "task_api", "tasks_api"),
        ("client", "last_reponse", "last_response"),
        ("tasks_api", "retreive", "retrieve"),
        ("tasks_api", "createData", "create_data"),
    ],
)
def test_an_unknown_attribute(client: ApiClient, owner: str, name: str, meant: str) -> None:
    target: Any = client if owner == "client" else client.tasks_api
    with pytest.raises(AttributeError) as caught:
        getattr(target, name)
    assert f"has no attribute '{name}' (did you mean '{meant}'?)" in str(caught.value)
    assert not hasattr(target, name)


def test_probes_for_special_methods_get_no_suggestion(client: ApiClient) -> None:
    with pytest.raises(AttributeError, match=r"'_repr_htm_'$"):
        client._repr_htm_  # noqa: B018  # the access is the test


def test_unknown_names_of_keys_are_told_once_when_they_would_be_sent(
    server: RecordingServer, connect: Callable[..., ApiClient]
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        client = connect(api_key={"tokenauth": "hunter2"}, api_key_prefix={"bearer": "Bearer"})
        repr(client.configuration)
    with pytest.warns(UserWarning) as caught:
        client.call_api("/x", "GET")
    told = [str(warning.message) for warning in caught]
    assert told == [
        "api_key has no scheme 'tokenauth' (did you mean 'tokenAuth'?); it is not sent",
        "api_key_prefix has no scheme 'bearer'; it is not sent",
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        client.call_api("/x", "GET")
        client.configuration.api_key.clear()
        client.call_api("/x", "GET")
    copied = copy.deepcopy(client.configuration)
    copied.api_key["sesionAuth"] = "hunter2"
    with pytest.warns(UserWarning, match="did you mean 'sessionAuth'"):
        copied.auth_settings()


def test_known_names_of_keys_give_no_warning(
    server: RecordingServer, connect: Callable[..., ApiClient]
) -> None:
    keys = {"sessionAuth": "a", "csrfAuth": "b", "csrfHeaderAuth": "c", "tokenAuth": "d"}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        connect(api_key=keys).call_api("/x", "GET")
        connect().call_api("/x", "GET")
