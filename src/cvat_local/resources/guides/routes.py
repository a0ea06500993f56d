"""Operations on guides and on their assets."""

from __future__ import annotations

from starlette.responses import Response

from cvat_local.http import outputs
from cvat_local.http.errors import detail
from cvat_local.resources.guides import access, rules, serialize
from cvat_local.serving.call import Call
from cvat_local.serving.routing import Handlers

handlers = Handlers("guides")
asset_handlers = Handlers("assets")

_FORM = "multipart/form-data"


@handlers("create")
def create(call: Call) -> Response:
    """Write the guide of a project or task."""
    values = call.input("AnnotationGuideWriteRequest")
    guide = rules.create(call, access.target_for(call, values), values)
    return outputs.json(serialize.guide(guide), 201)


@handlers("retrieve")
def retrieve(call: Call) -> Response:
    """One guide."""
    return outputs.json(serialize.guide(access.find(call)))


@handlers("partial_update")
def partial_update(call: Call) -> Response:
    """Change the text of a guide."""
    guide = access.find(call, access.may_edit)
    rules.update(call, guide, call.input("PatchedAnnotationGuideWriteRequest", partial=True))
    return outputs.json(serialize.guide(guide))


@handlers("destroy")
def destroy(call: Call) -> Response:
    """Delete a guide with its assets."""
    rules.destroy(call, access.find(call, access.may_edit))
    return outputs.empty()


@asset_handlers("create")
def create_asset(call: Call) -> Response:
    """Upload a file for a guide."""
    if call.has_body and call.content_type != _FORM:
        raise detail(415, f"An asset is uploaded in a body of type {_FORM}.")
    guide = access.guide_for(call, call.form.get("guide_id"))
    file = next((file for file in call.files if file.name == "file"), None)
    asset = rules.add_asset(call, guide, file)
    return outputs.json(serialize.asset(call, asset), 201)


@asset_handlers("retrieve")
def retrieve_asset(call: Call) -> Response:
    """The file of an asset."""
    asset = access.find_asset(call)
    path = call.app.files.asset(asset.uuid)
    return outputs.file(path, asset.content_type, asset.filename, inline=True)


@asset_handlers("destroy")
def destroy_asset(call: Call) -> Response:
    """Delete an asset."""
    rules.remove_asset(call, access.find_asset(call, access.may_edit))
    return outputs.empty()
