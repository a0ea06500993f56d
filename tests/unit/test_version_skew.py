"""A server of another version: what is new in its answers is told once, and nothing is lost."""

from __future__ import annotations

import copy
import pickle
import warnings
from typing import Any

import pytest
from tests.unit.recording import RecordingServer

from cvat_sdk.api_client import ApiClient, Configuration
from cvat_sdk.api_client.exceptions import ApiTypeError, ApiValueError, VersionSkewWarning

TASK: dict[str, Any] = {
    "id": 1,
    "name": "first",
    "created_date": "2024-05-01T10:00:00Z",
    "status": "annotation",
    "jobs": {"count": 1, "completed": 0, "validation": 0, "url": "http://localhost/api/jobs"},
    "labels": {"url": "http://localhost/api/labels?task_id=1"},
}


def shape(**more: Any) -> dict[str, Any]:
    return {"type": "rectangle", "frame": 0, "label_id": 3, "points": [0.0, 1.0, 2.0, 3.0]} | more


def told_by(server: RecordingServer, client: ApiClient, body: Any, call: Any = None) -> list[str]:
    """What a call that gets this answer warns of."""
    server.answer(200, body)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", VersionSkewWarning)
        (call or (lambda: client.tasks_api.retrieve(1)))()
    assert all(entry.filename == __file__ for entry in caught)
    return [str(entry.message) for entry in caught]


def annotations(client: ApiClient) -> Any:
    return lambda: client.tasks_api.retrieve_annotations(1)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"hue": 1}, "TaskRead has an unknown field 'hue'"),
        ({"id": None}, "TaskRead.id is null where int is expected"),
        ({"name": 5}, "TaskRead.name is of type int where str is expected"),
        ({"jobs": []}, "TaskRead.jobs is of type list where JobsSummary is expected"),
        ({"status": "archived"}, "TaskRead.status is 'archived', which is no value of JobStatus"),
        (
            {"created_date": "soon"},
            "TaskRead.created_date: Expected a date with a time, got 'soon'",
        ),
        ({"jobs": {"completed": 0}}, "JobsSummary misses its field 'validation'"),
        ({"x\ny" + "z" * 99: 1}, "TaskRead has an unknown field 'x y" + "z" * 56 + "…'"),
    ],
    ids=str,
)
def test_each_kind_of_difference_is_told(
    server: RecordingServer, client: ApiClient, changes: dict[str, Any], told: str
) -> None:
    messages = told_by(server, client, TASK | changes)
    assert [told in message for message in messages].count(True) == 1
    assert all(message.endswith("; it is kept as it came") for message in messages)
    assert told_by(server, client, TASK | changes) == []


def test_a_body_without_a_difference_is_not_spoken_of(
    server: RecordingServer, client: ApiClient
) -> None:
    assert told_by(server, client, TASK) == []
    assert told_by(server, client, TASK | {"id": 2.0}) == []


def test_kinds_are_told_one_by_one(server: RecordingServer, client: ApiClient) -> None:
    assert len(told_by(server, client, TASK | {"a": 1})) == 1
    assert len(told_by(server, client, TASK | {"a": 1, "b": 1})) == 1
    # Values of a field are one kind.
    assert len(told_by(server, client, TASK | {"status": "archived"})) == 1
    assert told_by(server, client, TASK | {"status": "frozen"}) == []


def test_one_among_many_is_found(server: RecordingServer, client: ApiClient) -> None:
    shapes = [shape() for _ in range(1000)]
    shapes[700] = shape(type="hexagon")
    shapes[800] = shape(points=[1.0, "2"])
    shapes[900] = shape(attributes=[{"spec_id": 1, "value": "x"}, {"spec_id": None, "value": "x"}])
    told = told_by(server, client, {"shapes": shapes}, annotations(client))
    assert [message.partition(": ")[2].partition(" is ")[0] for message in told] == [
        "LabeledShape.type",
        "LabeledShape.points",
        "AttributeVal.spec_id",
    ]


def test_a_known_difference_does_not_hide_a_new_one(
    server: RecordingServer, client: ApiClient
) -> None:
    def body(**more: Any) -> dict[str, Any]:
        return {"shapes": [shape(hue=1), *(shape(**more) for _ in range(5000))]}

    assert len(told_by(server, client, body(), annotations(client))) == 1
    assert len(told_by(server, client, body(size=1), annotations(client))) == 1
    assert len(told_by(server, client, body(frame=None), annotations(client))) == 1
    assert len(told_by(server, client, body(type="hexagon"), annotations(client))) == 1


def test_the_copies_of_a_client_tell_it_no_more(server: RecordingServer, client: ApiClient) -> None:
    told_by(server, client, TASK | {"hue": 1})
    for copied in (copy.copy(client), copy.deepcopy(client), pickle.loads(pickle.dumps(client))):
        with copied:
            call = lambda: copied.tasks_api.retrieve(1)  # noqa: B023, E731  # called at once
            assert told_by(server, copied, TASK | {"hue": 1}, call) == []
            assert len(told_by(server, copied, TASK | {str(id(copied)): 1}, call)) == 1
    with ApiClient(client.configuration) as other:
        assert len(told_by(server, other, TASK | {"hue": 1}, lambda: other.tasks_api.retrieve(1)))


def test_the_version_of_the_server_is_told_where_it_is_known(
    server: RecordingServer, client: ApiClient
) -> None:
    assert "server 2" not in told_by(server, client, TASK | {"a": 1})[0]
    server.answer(200, {"version": "2.91.3"})
    client.server_api.retrieve_about()
    server.forget()
    assert "(server 2.91.3, this package 2.80.0)" in told_by(server, client, TASK | {"b": 1})[0]
    assert [request.path for request in server.received] == ["/api/tasks/1"]


@pytest.mark.parametrize("body", [None, 5, [], {}, {"version": 5}])
def test_a_server_that_does_not_tell_its_version(
    server: RecordingServer, client: ApiClient, body: Any
) -> None:
    server.answer(200, body)
    client.configuration.response_validation = "silent"
    client.server_api.retrieve_about()
    assert client.version_skew.server_version is None


def test_it_can_be_turned_off(server: RecordingServer, client: ApiClient) -> None:
    client.configuration.response_validation = "silent"
    assert told_by(server, client, TASK | {"hue": 1, "status": "archived", "id": None}) == []
    server.answer(200, TASK | {"hue": 1})
    assert client.tasks_api.retrieve(1)[0].hue == 1


def test_it_can_be_an_error(server: RecordingServer, client: ApiClient) -> None:
    server.answer_always(200, TASK | {"hue": 1})
    with warnings.catch_warnings():
        warnings.simplefilter("error", VersionSkewWarning)
        with pytest.raises(VersionSkewWarning, match="TaskRead has an unknown field 'hue'"):
            client.tasks_api.retrieve(1)
    client.configuration.response_validation = "strict"
    with pytest.raises(ApiTypeError, match="hue"):
        client.tasks_api.retrieve(1)


def test_a_server_that_never_ends_inventing_is_told_of_to_an_end(
    server: RecordingServer, client: ApiClient
) -> None:
    told = told_by(server, client, TASK | {f"x{i}": 1 for i in range(1000)})
    assert len(told) == 101
    assert "there are more differences" in told[-1]


def test_an_unknown_setting_is_refused() -> None:
    with pytest.raises(ApiValueError, match="expected lenient, silent or strict, got 'quiet'"):
        Configuration(response_validation="quiet")  # type: ignore[arg-type]  # what is tried
