"""What type checkers see of the public surface; `test_typing.py` compares the revealed types."""

from typing_extensions import reveal_type

from cvat_sdk.api_client import ApiClient, Configuration, apis, exceptions, models
from cvat_sdk.core.helpers import get_paginated_collection


def responses(client: ApiClient) -> None:
    reveal_type(client.tasks_api.retrieve(1))  # tuple[TaskRead, HTTPResponse]
    reveal_type(client.tasks_api.retrieve(1, _parse_response=False))  # tuple[None, HTTPResponse]
    reveal_type(client.tasks_api.destroy(1))  # tuple[None, HTTPResponse]
    reveal_type(client.requests_api.retrieve("x")[0].status)  # RequestStatus
    reveal_type(apis.LabelsApi(client).list(task_id=1)[0].results)  # list[Label]


def fields(task: models.TaskRead, shape: models.LabeledShape) -> None:
    reveal_type(task.id)  # int
    reveal_type(task.assignee)  # CloudStorageReadOwner | None
    reveal_type(task.status.value)  # str
    reveal_type(shape.points)  # list[float]


def inputs(client: ApiClient) -> None:
    label = models.PatchedLabelRequest(name="car", attributes=[{"name": "a", "mutable": True, "input_type": "number", "values": ["4"]}])  # fmt: skip
    client.tasks_api.create(models.TaskWriteRequest("a name", labels=[label]))
    client.tasks_api.create({"name": "a name", "labels": [label, {"name": "bus"}]}, org="team")
    client.tasks_api.create({"nam": "a name"})  # error: call-overload
    client.tasks_api.retrieve("1")  # error: call-overload
    client.tasks_api.retrieve(1, _parse_respons=False)  # error: call-overload
    models.TaskWriteRequest(name=5)  # error: arg-type
    models.AnnotationIdShapeType("mask")
    models.AnnotationIdShapeType(5)  # error: arg-type
    Configuration(hosts="http://localhost")  # error: call-arg
    error = exceptions.NotFoundException(status=404)
    reveal_type(error.status)  # int | None
    reveal_type(get_paginated_collection(client.tasks_api.list_endpoint))  # list[TaskRead]
