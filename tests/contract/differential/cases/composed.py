"""Composed models: wrappers of one member, and choices between enumerations."""

from __future__ import annotations

from typing import Any

from cvat_sdk.api_client import models
from differential.case import Side, case


@case(template=True)
def choice(side: Side, given: dict[str, Any]) -> Any:
    """One value of a composed enumeration."""
    return getattr(models, given["model"])(given["value"])


_CONSTRUCTIONS: dict[str, Any] = {
    "wrapper": lambda: models.PatchedProjectWriteRequestTargetStorage(location="local"),
    "wrapper by dict": lambda: models.PatchedProjectWriteRequestTargetStorage(
        {"location": "local"}
    ),
    "wrapper of nothing": lambda: models.PatchedProjectWriteRequestTargetStorage(),
    "wrapper of none": lambda: models.PatchedProjectWriteRequestTargetStorage(None),
    "wrapper, wrong": lambda: models.PatchedProjectWriteRequestTargetStorage(location=5),
    "wrapper, bad choice": lambda: models.PatchedProjectWriteRequestTargetStorage(location="moon"),
    "wrapper, more": lambda: models.PatchedProjectWriteRequestTargetStorage(
        location="local", more=1
    ),
    "wrapper of a user": lambda: models.JobReadAssignee(username="ann"),
    "wrapper, read-only": lambda: models.JobReadAssignee(id=1, username="ann"),
    "wrapper, missing": lambda: models.JobReadAssignee(),
    "wrapper received": lambda: models.JobReadAssignee._from_openapi_data(id=1, username="ann"),
    "wrapper received, none": lambda: models.JobReadAssignee._from_openapi_data(None),
    "any of": lambda: models.MetaUser(username="ann"),
    "any of, full": lambda: models.MetaUser(username="ann", groups=["admin"], email="a@b.c"),
    "any of received": lambda: models.MetaUser._from_openapi_data(
        id=1, username="ann", url="u", first_name="", last_name=""
    ),
    "any of, nothing": lambda: models.MetaUser(),
    "any of, wrong": lambda: models.MetaUser(username=5),
    "one of enums": lambda: models.AnnotationIdShapeType("mask"),
    "one of enums, none": lambda: models.AnnotationIdShapeType(None),
    "one of enums, bad": lambda: models.AnnotationIdShapeType("star"),
    "one of enums, number": lambda: models.AnnotationIdShapeType(5),
    "one of enums, null text": lambda: models.AnnotationIdShapeType("null"),
    "one of enums, keyword": lambda: models.AnnotationIdShapeType(value="mask"),
    "one of enums, enum": lambda: models.AnnotationIdShapeType(models.ShapeType("mask")),
    "one of enums, nothing": lambda: models.AnnotationIdShapeType(),
    "blank": lambda: models.PatchedUserRequestCvatUsageReason(""),
    "blank, none": lambda: models.PatchedUserRequestCvatUsageReason(None),
    "usage": lambda: models.PatchedUserRequestCvatUsageReason("work"),
    "answer of an upload": lambda: models.DataResponse(rq_id="x"),
    "answer of an upload received": lambda: models.DataResponse._from_openapi_data(rq_id="x"),
    "answer of an upload, nothing": lambda: models.DataResponse(),
}


@case(each=_CONSTRUCTIONS)
def construction(side: Side, make: Any) -> Any:
    return make()


_STORAGES: dict[str, Any] = {
    "dict": lambda: {"location": "local"},
    "member": lambda: models.StorageRequest(location="local"),
    "wrapper": lambda: models.PatchedProjectWriteRequestTargetStorage(location="local"),
    "other wrapper": lambda: models.JobReadAssignee(username="ann"),
    "none": lambda: None,
    "text": lambda: "local",
    "read model": lambda: models.Storage._from_openapi_data(id=1, location="local"),
}


@case(each=_STORAGES)
def field(side: Side, make: Any) -> Any:
    project = models.PatchedProjectWriteRequest(target_storage=make())
    return [project, project.to_dict()]


@case(
    each={
        "dict": lambda: {"mode": "gt"},
        "member": lambda: models.ValidationParamsRequest(mode="gt"),
    }
)
def validation_params(side: Side, make: Any) -> Any:
    return models.DataRequest(image_quality=70, validation_params=make())


@case()
def changed_wrapper(side: Side) -> Any:
    storage = models.PatchedProjectWriteRequestTargetStorage(location="local")
    storage.location = "cloud_storage"
    storage.cloud_storage_id = 5
    return [storage, storage.to_dict(), storage.location, storage["cloud_storage_id"]]


@case()
def equal_wrappers(side: Side) -> Any:
    def make(location: str) -> Any:
        return models.PatchedProjectWriteRequestTargetStorage(location=location)

    return [
        make("local") == make("local"),
        make("local") == make("cloud_storage"),
        make("local") == models.StorageRequest(location="local"),
    ]
