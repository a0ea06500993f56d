"""Media of tasks and jobs: attaching, describing, handing out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from starlette.responses import Response

from cvat_local.http import outputs, tus
from cvat_local.http.errors import list_error
from cvat_local.resources import jobs, projects, tasks
from cvat_local.resources.cloudstorages import find_referenced
from cvat_local.resources.data import meta, retrieval, upload
from cvat_local.serving.routing import Handlers
from cvat_local.storage.tables import Data, Job, Task
from cvat_local.storage.types import utc_now

if TYPE_CHECKING:
    from cvat_local.serving.call import Call

task_handlers = Handlers("tasks")
job_handlers = Handlers("jobs")
project_handlers = Handlers("projects")

_TUS_FILE = "/api/tasks/{id:int}/data/{file_id}"


# --- attaching -------------------------------------------------------------------------------------


@task_handlers("create_data")
def create_data(call: Call) -> Response:
    """Take in media: a whole request, or a step of a longer upload."""
    return upload.answer(call, tasks.find(call, tasks.may_edit))


@task_handlers.route("PATCH", _TUS_FILE, name="tasks.data.tus_patch")
def patch_upload(call: Call) -> Response:
    """Take in a part of a file."""
    return upload.answer_patch(call, tasks.find(call, tasks.may_edit))


@task_handlers.route("HEAD", _TUS_FILE, name="tasks.data.tus_head")
def head_upload(call: Call) -> Response:
    """Say how much of a file has arrived."""
    return upload.answer_head(call, tasks.find(call, tasks.may_edit))


@task_handlers.route("OPTIONS", _TUS_FILE, name="tasks.data.tus_file_options", anonymous=True)
@task_handlers.route(
    "OPTIONS", "/api/tasks/{id:int}/data/", name="tasks.data.tus_options", anonymous=True
)
def upload_options(call: Call) -> Response:
    """Say which upload protocol is spoken."""
    return tus.options()


# --- describing ------------------------------------------------------------------------------------


@task_handlers("retrieve_data_meta")
def retrieve_task_meta(call: Call) -> Response:
    """Describe the media of a task."""
    return outputs.json(meta.task_meta(call.db, retrieval.ready_data(tasks.find(call))))


@task_handlers("partial_update_data_meta")
def update_task_meta(call: Call) -> Response:
    """Change which frames of a task count as deleted."""
    values = call.input("PatchedDataMetaWriteRequest", partial=True)
    task = tasks.find(call, tasks.may_edit)
    data = retrieval.ready_data(task)
    _point_to_storage(call, data, values)
    if "deleted_frames" in values:
        meta.delete_task_frames(call.db, data, values["deleted_frames"])
        task.updated_date = utc_now()
    return outputs.json(meta.task_meta(call.db, data))


@job_handlers("retrieve_data_meta")
def retrieve_job_meta(call: Call) -> Response:
    """Describe the media of a job."""
    job = jobs.find(call)
    return outputs.json(meta.job_meta(call.db, retrieval.ready_data(job.task), job))


@job_handlers("partial_update_data_meta")
def update_job_meta(call: Call) -> Response:
    """Change which frames of a job count as deleted."""
    values = call.input("PatchedJobDataMetaWriteRequest", partial=True)
    job = jobs.find(call, jobs.may_edit)
    data = retrieval.ready_data(job.task)
    if "deleted_frames" in values:
        meta.delete_job_frames(call.db, data, job, values["deleted_frames"])
        job.updated_date = job.task.updated_date = utc_now()
    return outputs.json(meta.job_meta(call.db, data, job))


def _point_to_storage(call: Call, data: Data, values: dict[str, Any]) -> None:
    """Name another storage as the one that the media came from."""
    storage_id = values.get("cloud_storage_id")
    if storage_id is None:
        return
    find_referenced(call, storage_id)
    if data.storage != upload.CLOUD_STORAGE:
        raise list_error("The media of this task are not from a cloud storage.")
    data.cloud_storage_id = storage_id


# --- handing out -----------------------------------------------------------------------------------


@task_handlers("retrieve_data")
def retrieve_task_data(call: Call) -> Response:
    """A chunk, frame, preview or context images of a task."""
    return retrieval.answer_task(call, tasks.find(call))


@job_handlers("retrieve_data")
def retrieve_job_data(call: Call) -> Response:
    """A chunk, frame, preview or context images of a job."""
    return retrieval.answer_job(call, jobs.find(call))


@task_handlers("retrieve_preview")
def retrieve_task_preview(call: Call) -> Response:
    """A small picture of the first frame of a task."""
    return retrieval.answer_preview(call, tasks.find(call).data)


@job_handlers("retrieve_preview")
def retrieve_job_preview(call: Call) -> Response:
    """A small picture of the first frame of a job."""
    job: Job = jobs.find(call)
    return retrieval.answer_preview(call, job.task.data, meta.job_frames(job)[0])


@project_handlers("retrieve_preview")
def retrieve_project_preview(call: Call) -> Response:
    """A small picture of the first frame of the first task that has one."""
    project = projects.find(call)
    first = (
        select(Data)
        .join(Task, Task.id == Data.task_id)
        .where(Task.project_id == project.id, Data.size > 0)
        .order_by(Task.id)
        .limit(1)
    )
    return retrieval.answer_preview(call, call.db.scalar(first))
