"""Annotations of a task and of a job: reading, replacing, patching and deleting them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

from starlette.responses import Response

from cvat_local.http import outputs
from cvat_local.http.errors import ApiError, detail, text_error
from cvat_local.resources import jobs, tasks
from cvat_local.resources.annotations.document import InvalidDocument, NotJson, parse_json
from cvat_local.resources.annotations.objects import Objects, encode
from cvat_local.resources.annotations.readers import Action
from cvat_local.resources.annotations.store import (
    Annotations,
    JobAnnotations,
    NoData,
    TaskAnnotations,
)
from cvat_local.serving.call import Call
from cvat_local.serving.routing import Handlers

task_handlers = Handlers("tasks")
job_handlers = Handlers("jobs")

_Find: TypeAlias = Callable[[Call], Annotations]

_RETIRED_READING = ("format", "filename", "action", "location", "cloud_storage_id")
_RETIRED_WRITING = ("format", "rq_id")


def _task_to_view(call: Call) -> Annotations:
    return TaskAnnotations(call.db, tasks.find(call, tasks.may_view))


def _task_to_edit(call: Call) -> Annotations:
    return TaskAnnotations(call.db, tasks.find(call, tasks.may_edit))


def _job_to_view(call: Call) -> Annotations:
    return JobAnnotations(call.db, jobs.find(call, jobs.may_view))


def _job_to_edit(call: Call) -> Annotations:
    return JobAnnotations(call.db, jobs.find(call, jobs.may_edit))


@task_handlers("retrieve_annotations")
def retrieve_of_task(call: Call) -> Response:
    """The annotations of all jobs of a task, put together."""
    return _retrieve(call, _task_to_view)


@task_handlers("update_annotations")
def update_of_task(call: Call) -> Response:
    """Replace the annotations of all jobs of a task."""
    return _replace(call, _task_to_edit)


@task_handlers("partial_update_annotations")
def partial_update_of_task(call: Call) -> Response:
    """Add, change or delete objects of a task."""
    return _patch(call, _task_to_edit)


@task_handlers("destroy_annotations")
def destroy_of_task(call: Call) -> Response:
    """Delete the annotations of all jobs of a task."""
    return _destroy(call, _task_to_edit)


@job_handlers("retrieve_annotations")
def retrieve_of_job(call: Call) -> Response:
    """The annotations of a job."""
    return _retrieve(call, _job_to_view)


@job_handlers("update_annotations")
def update_of_job(call: Call) -> Response:
    """Replace the annotations of a job."""
    return _replace(call, _job_to_edit)


@job_handlers("partial_update_annotations")
def partial_update_of_job(call: Call) -> Response:
    """Add, change or delete objects of a job."""
    return _patch(call, _job_to_edit)


@job_handlers("destroy_annotations")
def destroy_of_job(call: Call) -> Response:
    """Delete the annotations of a job."""
    return _destroy(call, _job_to_edit)


def _retrieve(call: Call, find: _Find) -> Response:
    with _refusals():
        annotations = find(call)
        _refuse_retired(call, _RETIRED_READING)
        return _answer(annotations, annotations.load())


def _replace(call: Call, find: _Find) -> Response:
    with _refusals():
        document = _parse(call, "create", find)
        annotations = find(call)
        _refuse_retired(call, _RETIRED_WRITING)
        return _answer(annotations, annotations.replace(document))


def _patch(call: Call, find: _Find) -> Response:
    with _refusals():
        action = _action(call, find)
        document = _parse(call, action, find)
        annotations = find(call)
        work = {
            "create": annotations.add,
            "update": annotations.update,
            "delete": annotations.delete,
        }
        return _answer(annotations, work[action](document))


def _destroy(call: Call, find: _Find) -> Response:
    with _refusals():
        find(call).clear()
        return outputs.empty()


def _action(call: Call, find: _Find) -> Action:
    """What a PATCH does; that there is nothing the caller may touch is said before what is wrong with it."""
    try:
        action: Action = call.parameter("action")
    except ApiError:
        find(call)
        raise
    return action


def _parse(call: Call, action: Action, find: _Find) -> Objects:
    """The document of the request.

    It is checked before the first query takes the write lock, as that may take a while; but what the
    caller may not touch is the first thing to be said.
    """
    try:
        return parse_json(call.json_text or b"{}", action)
    except NotJson as error:
        raise detail(400, str(error)) from None
    except InvalidDocument:
        find(call)
        raise


def _refuse_retired(call: Call, parameters: tuple[str, ...]) -> None:
    given = [name for name in parameters if name in call.query]
    if given:
        raise text_error(
            410,
            f"This address no longer takes {', '.join(given)}. Export with POST .../dataset/export, "
            "import with POST .../annotations, and ask /api/requests for the state of both.",
        )


def _answer(annotations: Annotations, document: Objects) -> Response:
    shown = annotations.shown(document)
    return outputs.json_text(encode(_Answer(shown.tags, shown.shapes, shown.tracks)))


class _Answer(Objects):
    version: int = 0
    intervals: tuple[()] = ()


@contextmanager
def _refusals() -> Iterator[None]:
    """Answer what the annotations themselves refuse with 400."""
    try:
        yield
    except InvalidDocument as error:
        raise ApiError(400, error.body) from None
    except NoData as error:
        raise text_error(400, str(error)) from None
