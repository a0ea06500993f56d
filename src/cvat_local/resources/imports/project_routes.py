"""Importing datasets, with their images, into projects; the file comes as that of annotations does."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from cvat_local.formats.registry import find_importer
from cvat_local.http import outputs, tus
from cvat_local.http.errors import detail, field_errors, list_error
from cvat_local.resources import projects
from cvat_local.resources.imports.arrival import accept, uploads_of
from cvat_local.resources.shared.targets import parents_of
from cvat_local.serving.call import Call
from cvat_local.serving.routing import Handlers

handlers = Handlers("projects")

_FIELD = "dataset_file"
_UPLOADS = "datasets"


@handlers("create_dataset")
def import_dataset(call: Call) -> Response:
    """Import a dataset to a project, or announce a file for that."""
    project = projects.find(call, projects.may_edit)

    def submit(**source: Any) -> Response:
        name = call.parameter("format") or ""
        format_ = find_importer(name)
        if format_ is None:
            raise list_error(f"Unknown input format {name!r}")
        if not format_.enabled:
            raise detail(405, f"The format {name!r} is not available on this server.")
        request = call.app.queue.submit(
            call.db,
            action="import",
            target="project",
            target_id=project.id,
            subresource="dataset",
            user=call.user,
            params={"format": name, **source},
            **parents_of(project),
        )
        return outputs.json({"rq_id": request.id}, 202)

    return accept(
        call,
        submit,
        field=_FIELD,
        kind=_UPLOADS,
        path=f"/api/projects/{project.id}/dataset",
        check_name=_check_name,
    )


def _check_name(name: str) -> None:
    if not name.lower().endswith(".zip"):
        raise field_errors({_FIELD: "Dataset file should be zip archive"})


# --- the other requests of TUS ---------------------------------------------------------------------


@handlers.route(
    "OPTIONS",
    "/api/projects/{id:int}/dataset/",
    name="projects.dataset.tus_options",
    anonymous=True,
)
def describe_protocol(_: Call) -> Response:
    """Which upload protocol is spoken."""
    return tus.options()


@handlers.route(
    "HEAD", "/api/projects/{id:int}/dataset/{file_id}", name="projects.dataset.tus_head"
)
def upload_offset(call: Call) -> Response:
    """How much of a file has arrived."""
    projects.find(call, projects.may_edit)
    return tus.head(call, uploads_of(call, _UPLOADS))


@handlers.route(
    "PATCH", "/api/projects/{id:int}/dataset/{file_id}", name="projects.dataset.tus_patch"
)
def continue_upload(call: Call) -> Response:
    """Take a piece of a file."""
    projects.find(call, projects.may_edit)
    return tus.patch(call, uploads_of(call, _UPLOADS))
