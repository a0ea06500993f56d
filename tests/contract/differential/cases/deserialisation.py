"""How answers become models."""

from __future__ import annotations

from typing import Any

from cvat_sdk.api_client import models
from differential import samples_of_server as samples
from differential.answers import answer
from differential.case import Side, case

_TASK = samples.TASK
_REQUEST = samples.REQUEST


def _task(**changes: Any) -> dict[str, Any]:
    return {**_TASK, **changes}


_TASKS: dict[str, Any] = {
    "as described": _task(),
    "unknown text": _task(more="text"),
    "unknown int": _task(more=3),
    "unknown float": _task(more=1.5),
    "unknown bool": _task(more=True),
    "unknown null": _task(more=None),
    "unknown list": _task(more=[1, "a", None]),
    "unknown object": _task(more={"a": 1, "b": {"c": []}}),
    "unknown date": _task(more="2024-05-06"),
    "unknown number like a date": _task(more="20200101"),
    "unknown time": _task(more="12:30:00"),
    "unknown day": _task(more="monday 10"),
    "unknown date and time": _task(more="2024-05-06T07:08:09Z"),
    "unknown short text": _task(more="5"),
    "unknown like a method": _task(get=1, to_dict=2),
    "text for int": _task(size="3"),
    "float for int": _task(size=3.0),
    "bool for int": _task(size=True),
    "int for text": _task(name=3),
    "null for text": _task(name=None),
    "list for text": _task(name=["a"]),
    "text for bool": _task(is_external="yes"),
    "object for list": _task(segment_size={"a": 1}),
    "null for object": _task(jobs=None),
    "text for object": _task(jobs="x"),
    "wrong deep down": _task(jobs={"count": "x", "completed": 0, "validation": 0, "url": "u"}),
    "missing deep down": _task(jobs={"completed": 0}),
    "missing": {key: value for key, value in _TASK.items() if key != "jobs"},
    "empty": {},
    "owner null": _task(owner=None),
    "owner": _task(owner={"id": 1, "username": "ann", "url": "u"}),
    "owner incomplete": _task(owner={"id": 1}),
    "owner text": _task(owner="ann"),
    "storage": _task(target_storage={"id": 1, "location": "local", "cloud_storage_id": None}),
    "storage, unknown location": _task(target_storage={"id": 1, "location": "moon"}),
    "status": _task(status="annotation"),
    "unknown status": _task(status="painting"),
    "mode": _task(mode="annotation"),
    "date with zone": _task(created_date="2024-05-06T07:08:09+02:00"),
    "date with Z": _task(created_date="2024-05-06T07:08:09.123456Z"),
    "date without zone": _task(created_date="2024-05-06T07:08:09"),
    "date with a blank": _task(created_date="2024-05-06 07:08:09"),
    "date in words": _task(created_date="6 May 2024 07:08"),
    "date alone": _task(created_date="2024-05-06"),
    "date, nonsense": _task(created_date="never"),
    "date, empty": _task(created_date=""),
    "date, null": _task(created_date=None),
    "date, number": _task(created_date=1714979289),
    "too long": _task(name="x" * 1000),
    "large number": _task(size=10**20),
}


@case(each=_TASKS, answering=lambda data: [answer(json=data)])
def task(side: Side, data: Any) -> Any:
    return side.client().tasks_api.retrieve(1)[0]


def _without_older_fields(data: dict[str, Any]) -> dict[str, Any]:
    # The sample comes from an older server; one unknown field would hide every other fault.
    return {name: value for name, value in data.items() if name != "consensus_enabled"}


@case(each=_TASKS, answering=lambda data: [answer(json=_without_older_fields(data))])
def task_strictly(side: Side, data: Any) -> Any:
    return side.client(response_validation="strict").tasks_api.retrieve(1)[0]


@case(each=_TASKS, answering=lambda data: [answer(json=data)])
def task_unchecked(side: Side, data: Any) -> Any:
    return side.client().tasks_api.retrieve(1, _validate_outputs=False)[0]


@case(each=_TASKS)
def task_from_data(side: Side, data: Any) -> Any:
    return models.TaskRead._from_openapi_data(**data)


@case(each=_TASKS, answering=lambda data: [answer(json=data)])
def task_with_unknown_keys_discarded(side: Side, data: Any) -> Any:
    client = side.client(discard_unknown_keys=True, response_validation="strict")
    return client.tasks_api.retrieve(1)[0]


@case(each=_TASKS, answering=lambda data: [answer(json=data)])
def task_as_text(side: Side, data: Any) -> Any:
    """What a task is after it has been written again."""
    from cvat_sdk.api_client.model_utils import to_json

    return to_json(side.client().tasks_api.retrieve(1)[0])


_SHAPE = samples.SHAPE


def _shape(**changes: Any) -> dict[str, Any]:
    return {**_SHAPE, **changes}


_SHAPES: dict[str, Any] = {
    "as described": _shape(),
    "ints as points": _shape(points=[1, 2, 3, 4]),
    "text among points": _shape(points=[1.5, "2"]),
    "null among points": _shape(points=[1.5, None]),
    "bool among points": _shape(points=[1.5, True]),
    "rotation": _shape(rotation=3),
    "unknown type": _shape(type="star"),
    "null type": _shape(type=None),
    "number type": _shape(type=5),
    "attributes": _shape(attributes=[{"spec_id": 1, "value": "2"}]),
    "wrong attribute": _shape(attributes=[{"spec_id": "1", "value": "2"}]),
    "elements": _shape(elements=[{**_SHAPE, "outside": True}]),
    "negative frame": _shape(frame=-5),
    "negative rotation": _shape(rotation=-5.0),
    "null group": _shape(group=None),
    "null source": _shape(source=None),
}


@case(
    each=_SHAPES,
    answering=lambda data: [
        answer(json={"version": 0, "tags": [], "tracks": [], "shapes": [data]})
    ],
)
def shape(side: Side, data: Any) -> Any:
    return side.client().tasks_api.retrieve_annotations(1)[0]


@case(
    each=_SHAPES,
    answering=lambda data: [
        answer(json={"version": 0, "tags": [], "tracks": [], "shapes": [data]})
    ],
)
def shape_strictly(side: Side, data: Any) -> Any:
    return side.client(response_validation="strict").tasks_api.retrieve_annotations(1)[0]


@case(
    each=_SHAPES,
    answering=lambda data: [
        answer(json={"version": 0, "tags": [], "tracks": [], "shapes": [data]})
    ],
)
def shape_unchecked(side: Side, data: Any) -> Any:
    return side.client().tasks_api.retrieve_annotations(1, _validate_outputs=False)[0]


_REQUESTS: dict[str, Any] = {
    "started": {"status": "started"},
    "finished": {"status": "finished", "result_url": "http://x", "result_id": 5},
    "unknown status": {"status": "paused"},
    "no message": {},
    "owner": {"owner": {"id": 1, "username": "ann"}},
    "owner null": {"owner": None},
    "operation": {"operation": {"type": "export:dataset", "target": "task", "task_id": 1}},
    "unknown target": {"operation": {"type": "x", "target": "moon"}},
    "progress": {"progress": 0},
    "progress, float": {"progress": 0.5},
    "progress, text": {"progress": "0.5"},
}


@case(each=_REQUESTS, answering=lambda changes: [answer(json={**_REQUEST, **changes})])
def request(side: Side, changes: Any) -> Any:
    return side.client().requests_api.retrieve("x")[0]


@case(each=_REQUESTS, answering=lambda changes: [answer(json={**_REQUEST, **changes})])
def request_strictly(side: Side, changes: Any) -> Any:
    return side.client(response_validation="strict").requests_api.retrieve("x")[0]


_USERS: dict[str, Any] = {
    "basic": {"id": 1, "username": "ann", "url": "u", "first_name": "", "last_name": ""},
    "full": {
        "id": 1,
        "username": "ann",
        "url": "u",
        "groups": ["admin"],
        "is_staff": True,
        "email": "a@example.com",
        "date_joined": "2024-05-06T07:08:09Z",
    },
    "odd name": {"id": 1, "username": "ann smith!", "url": "u"},
    "name only": {"username": "ann"},
    "empty": {},
}


@case(each=_USERS, answering=lambda data: [answer(json=data)])
def user(side: Side, data: Any) -> Any:
    """A user is described as one of two models."""
    return side.client().users_api.retrieve(1)[0]


@case(each=_USERS, answering=lambda data: [answer(json=data)])
def user_parts(side: Side, data: Any) -> Any:
    found = side.client().users_api.retrieve_self()[0]
    names = ("id", "username", "email", "is_staff", "groups", "nothing")
    return {name: side.attempt(getattr, found, name) for name in names}


@case(
    each={
        "empty": {"count": 0, "next": None, "previous": None, "results": []},
        "one": {"count": 1, "next": None, "previous": None, "results": [_TASK]},
        "next": {"count": 9, "next": "http://x?page=2", "previous": None, "results": []},
        "no links": {"count": 0, "results": []},
        "no count": {"results": []},
        "null results": {"count": 0, "results": None},
    },
    answering=lambda data: [answer(json=data)],
)
def page(side: Side, data: Any) -> Any:
    return side.client().tasks_api.list()[0]


@case(
    each={
        "dict of models": {"COCO": {"name": "COCO", "ext": "zip"}},
        "content": {"next": None, "content": [{"type": "REG", "name": "a", "mime_type": "image"}]},
        "unknown type": {"next": "t", "content": [{"type": "LNK", "name": "a"}]},
    },
    answering=lambda data: [answer(json=data)],
)
def storage_content(side: Side, data: Any) -> Any:
    found = side.client().cloudstorages_api.retrieve_content_v2(1)[0]
    return [
        side.attempt(lambda: found["content"]),
        side.attempt(lambda: found["next"]),
        side.attempt(lambda: [str(entry["type"]) for entry in found["content"]]),
    ]


@case(answer(json={"ANALYTICS": True, "MODELS": False, "PREDICT": True}))
def plugins(side: Side) -> Any:
    found = side.client().server_api.retrieve_plugins()[0]
    return [found, found.analytics, found.to_dict()]


@case(answer(json=["a", 1, None, {"b": 2}]), each={"checked": True, "unchecked": False})
def any_documents(side: Side, check: bool) -> Any:
    return side.client().lambda_api.list_functions(_validate_outputs=check)[0]


@case(
    each={
        "model": (
            models.About,
            {"name": "n", "description": "", "version": "2", "logo_url": "", "subtitle": ""},
        ),
        "user": (models.BasicUser, {"username": "ann"}),
        "wire names": (models.Plugins, {"ANALYTICS": True, "MODELS": True}),
    }
)
def from_data(side: Side, given: Any) -> Any:
    return given[0]._from_openapi_data(**given[1])
