"""Making ground truth jobs, and the layouts of tasks and jobs."""

from __future__ import annotations

from starlette.responses import Response

from cvat_local.http import outputs
from cvat_local.http.errors import list_error
from cvat_local.resources import jobs, tasks
from cvat_local.resources.shared.changes import sent_fields
from cvat_local.resources.validation import layouts, rules
from cvat_local.serving.call import Call
from cvat_local.serving.routing import Handlers

job_handlers = Handlers("jobs")
task_handlers = Handlers("tasks")


@job_handlers("create")
def create(call: Call) -> Response:
    """Make the ground truth job of a task."""
    if "task_id" not in sent_fields(call):
        raise list_error("The field task_id is missing.")
    values = call.input("JobWriteRequest")
    job = rules.create(call, values)
    written = jobs.job(call, job)
    return outputs.created(written, written["url"])


@task_handlers("retrieve_validation_layout")
def retrieve_of_task(call: Call) -> Response:
    """Which frames of a task are its ground truth, and which of them count."""
    return outputs.json(layouts.of_task(call.db, tasks.find(call)))


@task_handlers("partial_update_validation_layout")
def update_of_task(call: Call) -> Response:
    """Choose which validation frames count."""
    task = tasks.find(call, tasks.may_edit)
    values = call.input("PatchedTaskValidationLayoutWriteRequest", partial=True)
    rules.update(call, task, values)
    return outputs.json(layouts.of_task(call.db, task))


@job_handlers("retrieve_validation_layout")
def retrieve_of_job(call: Call) -> Response:
    """The honeypots of a job."""
    return outputs.json(layouts.of_job(call.db, jobs.find(call)))


@job_handlers("partial_update_validation_layout")
def update_of_job(call: Call) -> Response:
    """Choose what the honeypots of a job show."""
    job = jobs.find(call, jobs.may_edit)
    values = call.input("PatchedJobValidationLayoutWriteRequest", partial=True)
    rules.update_job(call, job, values)
    return outputs.json(layouts.of_job(call.db, job))
