"""Name and version, plugins, dataset formats, the file share, health."""

from __future__ import annotations

import tempfile

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import Response

from cvat_local.auth.roles import is_user
from cvat_local.formats import registry
from cvat_local.http import outputs
from cvat_local.http.errors import forbidden, string_error
from cvat_local.resources import cloudstorages
from cvat_local.resources.shared.share import NotShared, Share
from cvat_local.serving.call import Call
from cvat_local.serving.routing import Handlers
from cvat_local.storage.files import DataFolder
from cvat_sdk.version import __version__

handlers = Handlers("server")

_LOGO_PATH = "/static/logo.svg"
_LOGO = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" width="64" height="64">'
    b'<rect width="64" height="64" rx="12" fill="#1f3a5f"/>'
    b'<path d="M14 46 24 18h16l10 28z" fill="none" stroke="#fff" stroke-width="3"/>'
    b'<g fill="#ffb000"><circle cx="14" cy="46" r="4"/><circle cx="24" cy="18" r="4"/>'
    b'<circle cx="40" cy="18" r="4"/><circle cx="50" cy="46" r="4"/></g></svg>'
)


@handlers("retrieve_about", anonymous=True)
def about(call: Call) -> Response:
    """What this server is. Clients compare the version with their own."""
    return outputs.json(
        {
            "name": "cvat-local",
            "description": "A CVAT-compatible server that runs on one machine.",
            "version": __version__,
            "logo_url": call.url(_LOGO_PATH),
            "subtitle": "Data and annotations stay on this machine.",
        }
    )


@handlers("retrieve_plugins")
def plugins(call: Call) -> Response:
    """Optional parts of CVAT, none of which are here."""
    return outputs.json({"ANALYTICS": False, "MODELS": False})


@handlers("retrieve_annotation_formats")
def annotation_formats(call: Call) -> Response:
    """Dataset formats by direction; those that this server cannot use yet are marked as disabled."""
    return outputs.json(
        {
            "importers": [one.describe() for one in registry.IMPORTERS],
            "exporters": [one.describe() for one in registry.EXPORTERS],
        }
    )


@handlers("list_share")
def share(call: Call) -> Response:
    """A folder of the file share; without a share there is nothing in it."""
    if not is_user(call.user):
        raise forbidden("The share is looked into by accounts of the group user.")
    directory, search = call.query.get("directory", ""), call.query.get("search", "")
    folders: list[str] = []
    files: list[str] = []
    root = call.app.settings.share_dir
    if root is not None:
        try:
            folders, files = Share(root).entries(directory)
        except NotShared as error:
            raise string_error(400, str(error)) from error
    elif directory.strip("/"):
        raise string_error(400, "This server has no file share.")
    found = [[name for name in names if name.startswith(search)] for names in (folders, files)]
    return outputs.json(cloudstorages.listed(*found))


@handlers.route("GET", "/api/server/health/", name="server.health", anonymous=True)
def health(call: Call) -> Response:
    """Whether the parts of the server work; for whatever watches it."""
    checks = {
        "DatabaseBackend": _database_works(call),
        "DataFolder": _folder_works(call.app.files),
    }
    body = {name: "working" if works else "unavailable" for name, works in checks.items()}
    response = outputs.json(body, 200 if all(checks.values()) else 500)
    response.headers["Content-Type"] = "application/json"
    response.headers["Cache-Control"] = "max-age=0, no-cache, no-store, must-revalidate, private"
    return response


@handlers.route("GET", _LOGO_PATH, name="server.logo", anonymous=True)
def logo(call: Call) -> Response:
    """The picture that `about` names."""
    return outputs.bytes_(_LOGO, "image/svg+xml")


def _database_works(call: Call) -> bool:
    try:
        return bool(call.db.scalar(select(1)) == 1)
    except SQLAlchemyError:
        return False


def _folder_works(files: DataFolder) -> bool:
    try:
        with tempfile.TemporaryFile(dir=files.temporary) as file:
            file.write(b"x")
    except OSError:
        return False
    return True
