"""Entities and their repositories: what is asked for, and what is given."""

from __future__ import annotations

from typing import Any

from differential import samples_of_server as samples
from differential.answers import answer
from differential.case import Side, case
from differential.high_level import (
    COMMENT,
    DOCUMENTS,
    ISSUE,
    JOB,
    LABEL,
    PROJECT,
    client_of,
    logger,
    outcome,
    page,
)

_CREATED = {
    "tasks": ("TaskWriteRequest", {"name": "cars"}),
    "projects": ("ProjectWriteRequest", {"name": "all"}),
    "issues": ("IssueWriteRequest", {"frame": 1, "position": [1.0], "job": 7, "message": "m"}),
    "comments": ("CommentWriteRequest", {"issue": 9, "message": "m"}),
    "organizations": ("OrganizationWriteRequest", {"slug": "team"}),
}
_UPDATED: dict[str, Any] = {
    "tasks": {"name": "vans", "bug_tracker": "http://bugs"},
    "projects": {"name": "vans"},
    "jobs": {"stage": "validation"},
    "issues": {"resolved": True},
    "comments": {"message": "n"},
    "organizations": {"description": "d"},
}


def _one(name: str) -> Any:
    return [answer(json=DOCUMENTS[name])]


def _list(name: str) -> Any:
    other = {**DOCUMENTS[name], "id": 99}
    return [page(DOCUMENTS[name], following="http://x?page=2"), page(other)]


@case(each=DOCUMENTS, answering=lambda document: [answer(json=document)])
def retrieve(side: Side, document: Any) -> Any:
    name = next(name for name, known in DOCUMENTS.items() if known == document)
    return getattr(client_of(side), name).retrieve(5)


@case(answer(404, json={"detail": "none"}), each=tuple(DOCUMENTS))
def retrieve_nothing(side: Side, name: str) -> Any:
    return getattr(client_of(side), name).retrieve(5)


@case(each=tuple(DOCUMENTS), answering=_list)
def list_all(side: Side, name: str) -> Any:
    return [(type(found).__name__, found.id) for found in getattr(client_of(side), name).list()]


@case(each=tuple(DOCUMENTS), answering=_list)
def list_as_json(side: Side, name: str) -> Any:
    return [found["id"] for found in getattr(client_of(side), name).list(return_json=True)]


@case(page(), each=tuple(DOCUMENTS))
def list_nothing(side: Side, name: str) -> Any:
    return getattr(client_of(side), name).list()


@case(each=tuple(_CREATED), answering=lambda name: [answer(201, json=DOCUMENTS[name])])
def create_of_a_model(side: Side, name: str) -> Any:
    from cvat_sdk import models

    cls, values = _CREATED[name]
    return getattr(client_of(side), name).create(getattr(models, cls)(**values))


@case(each=tuple(_CREATED), answering=lambda name: [answer(201, json=DOCUMENTS[name])])
def create_of_a_dict(side: Side, name: str) -> Any:
    return getattr(client_of(side), name).create(_CREATED[name][1])


@case(answer(400, json={"name": ["no"]}), each=tuple(_CREATED))
def create_that_is_refused(side: Side, name: str) -> Any:
    return getattr(client_of(side), name).create(_CREATED[name][1])


def _changed(name: str) -> Any:
    return [answer(json=DOCUMENTS[name]), answer(json={**DOCUMENTS[name], **_UPDATED[name]})]


@case(each=tuple(_UPDATED), answering=_changed)
def update(side: Side, name: str) -> Any:
    found = getattr(client_of(side), name).retrieve(5)
    returned = found.update(_UPDATED[name])
    return [returned is found, found]


@case(each=tuple(_UPDATED), answering=_changed)
def fetch(side: Side, name: str) -> Any:
    found = getattr(client_of(side), name).retrieve(5)
    returned = found.fetch()
    return [returned is found, found]


@case(each=tuple(_UPDATED), answering=lambda name: [answer(json=DOCUMENTS[name]), answer(204)])
def remove(side: Side, name: str) -> Any:
    found = getattr(client_of(side), name).retrieve(5)
    return outcome(side, lambda: found.remove())


@case(answer(json=samples.TASK))
def attributes(side: Side) -> Any:
    task = client_of(side).tasks.retrieve(1)
    return [
        task.id,
        task.name,
        task.size,
        task.owner.username,
        task.jobs.count,
        hasattr(task, "nothing"),
        outcome(side, lambda: task.nothing),
        outcome(side, setattr, task, "name", "other"),
        outcome(side, lambda: task["name"]),
    ]


@case(answer(json=samples.TASK), each=tuple(DOCUMENTS))
def what_a_repository_has(side: Side, name: str) -> Any:
    found = getattr(client_of(side), name)
    wanted = ("api", "create", "list", "retrieve", "remove_by_ids", "create_from_data")
    return [hasattr(found, attribute) for attribute in wanted]


@case(
    answer(204),
    answer(404, json={"detail": "none"}),
    answer(403, json={"detail": "no"}),
    answer(204),
    each=("tasks", "projects"),
)
def remove_several(side: Side, name: str) -> Any:
    log, records = logger()
    getattr(client_of(side, logger=log), name).remove_by_ids([1, 2, 3, 4])
    return [level for level, _ in records]


# -- what entities lead to ----------------------------------------------------------------------------

_META = {
    "chunk_size": 72,
    "size": 4,
    "image_quality": 75,
    "start_frame": 0,
    "stop_frame": 3,
    "frame_filter": "",
    "frames": [{"width": 4, "height": 3, "name": f"{n}.png", "related_files": 0} for n in range(4)],
    "deleted_frames": [2],
    "included_frames": None,
    "chunks_updated_date": "2024-05-06T07:08:09.123456Z",
}
_ANNOTATIONS = {"version": 0, "tags": [], "shapes": [samples.SHAPE], "tracks": []}
_METHODS: dict[str, tuple[str, Any, Any]] = {
    "task, jobs": ("tasks", lambda task: task.get_jobs(), [page(JOB)]),
    "task, labels": ("tasks", lambda task: task.get_labels(), [page(LABEL)]),
    "task, meta": ("tasks", lambda task: task.get_meta(), [answer(json=_META)]),
    "task, frames": ("tasks", lambda task: task.get_frames_info(), [answer(json=_META)]),
    "task, annotations": (
        "tasks",
        lambda task: task.get_annotations(),
        [answer(json=_ANNOTATIONS)],
    ),
    "task, preview": ("tasks", lambda task: task.get_preview().read(), [answer(body=b"image")]),
    "task, frame": (
        "tasks",
        lambda task: task.get_frame(2, quality="original").read(),
        [answer(body=b"image")],
    ),
    "task, frame of some quality": (
        "tasks",
        lambda task: task.get_frame(2).read(),
        [answer(body=b"image")],
    ),
    "task, frames that are removed": (
        "tasks",
        lambda task: task.remove_frames_by_ids([1, 3]),
        [answer(json=_META)],
    ),
    "job, labels": ("jobs", lambda job: job.get_labels(), [page(LABEL)]),
    "job, meta": ("jobs", lambda job: job.get_meta(), [answer(json=_META)]),
    "job, frames": ("jobs", lambda job: job.get_frames_info(), [answer(json=_META)]),
    "job, issues": ("jobs", lambda job: job.get_issues(), [page(ISSUE)]),
    "job, annotations": ("jobs", lambda job: job.get_annotations(), [answer(json=_ANNOTATIONS)]),
    "job, preview": ("jobs", lambda job: job.get_preview().read(), [answer(body=b"image")]),
    "job, frame": (
        "jobs",
        lambda job: job.get_frame(2, quality="original").read(),
        [answer(body=b"image")],
    ),
    "job, frames that are removed": (
        "jobs",
        lambda job: job.remove_frames_by_ids([1, 3]),
        [answer(json=_META)],
    ),
    "project, tasks": ("projects", lambda project: project.get_tasks(), [page(samples.TASK)]),
    "project, labels": ("projects", lambda project: project.get_labels(), [page(LABEL)]),
    "project, annotations": (
        "projects",
        lambda project: project.get_annotations(),
        [answer(json=_ANNOTATIONS)],
    ),
    "project, preview": (
        "projects",
        lambda project: project.get_preview().read(),
        [answer(body=b"image")],
    ),
    "issue, comments": ("issues", lambda issue: issue.get_comments(), [page(COMMENT)]),
}


def _of_method(method: Any) -> Any:
    name, _, answers = method
    return [answer(json=DOCUMENTS[name]), *answers]


@case(each=_METHODS, answering=_of_method)
def methods(side: Side, method: Any) -> Any:
    name, call, _ = method
    return call(getattr(client_of(side), name).retrieve(5))


@case(
    each=_METHODS,
    answering=lambda method: [answer(json=DOCUMENTS[method[0]]), answer(403, json={})],
)
def methods_that_are_refused(side: Side, method: Any) -> Any:
    name, call, _ = method
    return call(getattr(client_of(side), name).retrieve(5))


_SENT: dict[str, Any] = {
    "shapes": [{"type": "rectangle", "frame": 0, "label_id": 3, "points": [1.0, 2, 3, 4]}]
}
_CHANGES: dict[str, Any] = {
    "set": lambda entity, models: entity.set_annotations(models.LabeledDataRequest(**_SENT)),
    "update": lambda entity, models: entity.update_annotations(
        models.PatchedLabeledDataRequest(
            shapes=[models.LabeledShapeRequest(id=5, **_SENT["shapes"][0])]
        )
    ),
    "create": lambda entity, models: entity.update_annotations(
        models.PatchedLabeledDataRequest(**_SENT), action=_action("CREATE")
    ),
    "delete": lambda entity, models: entity.update_annotations(
        models.PatchedLabeledDataRequest(
            shapes=[models.LabeledShapeRequest(id=5, **_SENT["shapes"][0])]
        ),
        action=_action("DELETE"),
    ),
    "remove all": lambda entity, models: entity.remove_annotations(),
    "remove some": lambda entity, models: entity.remove_annotations(ids=[5]),
}


def _action(name: str) -> Any:
    from cvat_sdk.core.proxies.annotations import AnnotationUpdateAction

    return AnnotationUpdateAction[name]


@case(
    answer(json=samples.TASK),
    answer(json=_ANNOTATIONS),
    answer(json=_ANNOTATIONS),
    each=_CHANGES,
)
def annotations_of_a_task(side: Side, change: Any) -> Any:
    from cvat_sdk import models

    return change(client_of(side).tasks.retrieve(1), models)


@case(answer(json=JOB), answer(json=_ANNOTATIONS), answer(json=_ANNOTATIONS), each=_CHANGES)
def annotations_of_a_job(side: Side, change: Any) -> Any:
    from cvat_sdk import models

    return change(client_of(side).jobs.retrieve(7), models)


# -- conditions ---------------------------------------------------------------------------------------

_FILTERS: dict[str, dict[str, Any]] = {
    "text": {"search": "x y"},
    "equal": {"name": "a"},
    "number": {"project_id": 3},
    "contains": {"name__contains": "a"},
    "in": {"name__in": ["a", "b"]},
    "below": {"id__lt": 5},
    "at most": {"id__lte": 5},
    "above": {"id__gt": 5},
    "at least": {"id__gte": 5},
    "two": {"id__gt": 5, "name__contains": "a"},
    "between": {"id__range": (3, 5)},
    "null": {"assignee__isnull": True},
    "not null": {"assignee__isnull": False},
    "json": {"filter": '{"==": [{"var": "id"}, 5]}'},
    "json and a lookup": {"filter": '{"==": [{"var": "id"}, 5]}', "name__contains": "a"},
    "unknown lookup": {"name__like": "a"},
    "sort": {"sort": "-id"},
}


@case(page(), each=_FILTERS)
def conditions(side: Side, options: Any) -> Any:
    return client_of(side).tasks.list(**options)


@case(page(PROJECT), each={"name": {"name__contains": "a"}, "owner": {"owner": "ann"}})
def conditions_of_projects(side: Side, options: Any) -> Any:
    return [found.id for found in client_of(side).projects.list(**options)]
