"""Importing datasets, with their images, into projects; the file comes as that of annotations does."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from cvat_local.formats.registry import find_importer
from cvat_local.http.errors import detail, field_errors, list_error
from cvat_local.http.tus import TusUploads
from cvat_local.resources import projects
from cvat_local.resources.imports.arrival import accept, route_uploads, uploads_of, waiting_file
from cvat_local.resources.shared.targets import parents_of
from cvat_local.serving.call import Call
from cvat_local.serving.routing import Handlers
from cvat_local.storage.tables import Request

handlers = Handlers("projects")

_FIELD = "dataset_file"
_UPLOADS = "datasets"


@handlers("create_dataset")
def import_dataset(call: Call) -> Response:
    """Import a dataset to a project, or announce a file for that."""
    project = projects.find(call, projects.may_edit)
    waiting = waiting_file(call)

    def submit(**source: Any) -> Request:
        name = call.parameter("format") or ""
        format_ = find_importer(name)
        if format_ is None:
            raise list_error(f"Unknown input format {name!r}")
        if not format_.enabled:
            raise detail(405, f"The format {name!r} is not available on this server.")
        return call.app.queue.submit(
            call.db,
            action="import",
            target="project",
            target_id=project.id,
            subresource="dataset",
            user=call.user,
            params={"format": name, "file": call.app.files.relative(waiting), **source},
            **parents_of(project),
        )

    return accept(
        call,
        submit,
        field=_FIELD,
        uploads=uploads_of(call, _UPLOADS),
        waiting=waiting,
        path=f"/api/projects/{project.id}/dataset",
        check_name=_check_name,
    )


def _check_name(name: str) -> None:
    if not name.lower().endswith(".zip"):
        raise field_errors({_FIELD: "Dataset file should be zip archive"})


def _uploads(call: Call) -> TusUploads:
    projects.find(call, projects.may_edit)
    return uploads_of(call, _UPLOADS)


route_uploads(handlers, "/api/projects/{id:int}/dataset", "projects.dataset", _uploads)
