"""Enumerations: read as members, written as members or as one of their values."""

from typing_extensions import reveal_type

from cvat_sdk.api_client import ApiClient, models


def reading(task: models.TaskRead, conflict: models.AnnotationId) -> None:
    reveal_type(task.status)  # JobStatus
    reveal_type(task.status.value)  # str
    reveal_type(conflict.shape_type)  # AnnotationIdShapeType | None
    if conflict.shape_type is not None:
        reveal_type(conflict.shape_type.value)  # str
    text: str = task.status
    assert task.status == "completed" or conflict.shape_type == "mask" or text


def in_models(label: models.PatchedLabelRequest) -> None:
    models.PatchedLabelRequest(name="car", type="rectangle")
    models.PatchedLabelRequest(name="car", type=models.LabelType.RECTANGLE)
    models.PatchedLabelRequest(name="car", type=models.LabelType("rectangle"))
    label.type = models.LabelType.TAG
    models.PatchedLabelRequest(name="car", type="rectangel")  # error
    models.PatchedLabelRequest(name="car", type=models.ShapeType.RECTANGLE)  # error
    models.LabeledShapeRequest("rectangel", 0, 4)  # error
    models.DataRequest(sorting_method="natural")
    models.DataRequest(sorting_method="naturall")  # error
    models.AnnotationIdShapeType("mask")
    models.AnnotationIdShapeType(5)  # error


def in_dicts() -> None:
    right: models.PatchedLabelRequestDict = {"name": "car", "type": "rectangle"}
    member: models.PatchedLabelRequestDict = {"type": models.LabelType.TAG}
    wrong: models.PatchedLabelRequestDict = {"name": "car", "type": "rectangel"}  # error
    assert right or member or wrong


def in_parameters(client: ApiClient, status: models.JobStatusLiteral, text: str) -> None:
    client.tasks_api.list(status="completed", dimension="3d")
    client.tasks_api.list(status=models.JobStatus.COMPLETED)
    client.tasks_api.list(status=status)
    client.tasks_api.retrieve_data(1, type="frame", quality="original")
    client.tasks_api.partial_update_annotations("create", 1)
    client.tasks_api.list(status="complete")  # error
    client.tasks_api.list(status=text)  # error
    client.tasks_api.list(dimension="4d")  # error
    client.tasks_api.list(status=models.JobStage.ANNOTATION)  # error
    client.tasks_api.partial_update_annotations("insert", 1)  # error
    client.schema_api.retrieve(lang="xx")  # error
