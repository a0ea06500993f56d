"""What fields of models hold, and what their constructors take."""

from typing_extensions import reveal_type

from cvat_sdk.api_client import Configuration, exceptions, models


def reading(task: models.TaskRead, shape: models.LabeledShape, data: models.DataRequest) -> None:
    reveal_type(task.id)  # int
    reveal_type(task.assignee)  # CloudStorageReadOwner | None
    reveal_type(shape.points)  # list[float]
    reveal_type(data.client_files)  # list[IO[bytes]]
    reveal_type(task.to_dict())  # dict[str, Any]
    task.naem  # error


def writing(task: models.PatchedTaskWriteRequest, label: models.PatchedLabelRequest) -> None:
    task.name = "another"
    task.labels = [label]
    task.name = 5  # error


def constructors(owner: models.BasicUserRequest, as_interface: models.ITaskWriteRequest) -> None:
    models.TaskWriteRequest("a name", overlap=None, additional="kept")
    models.TaskWriteRequest("a name", {"subset": "train"})
    models.DataRequest({"image_quality": 75})
    reveal_type(as_interface.name)  # str
    models.TaskWriteRequest()  # error
    models.TaskWriteRequest(name=5)  # error
    models.TaskWriteRequest("a name", labels=["car"])  # error
    models.LabeledShapeRequest("mask", 0, 4, points=["1"])  # error
    Configuration(hosts="http://localhost")  # error
    reveal_type(exceptions.NotFoundException(status=404).status)  # int | None
