"""What may be written to a webhook, and what follows from it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete

from cvat_local.background.posting import check_url
from cvat_local.http.errors import FieldErrors, field_errors, non_field_error
from cvat_local.resources.webhooks import access
from cvat_local.resources.webhooks.names import ALLOWED, SERVER_ONLY
from cvat_local.storage.tables import Webhook, WebhookSending
from cvat_local.storage.types import utc_now

if TYPE_CHECKING:
    from cvat_local.serving.call import Call

_CHANGEABLE = (
    "target_url",
    "description",
    "events",
    "content_type",
    "secret",
    "is_active",
    "enable_ssl",
)
_NEEDED = ("target_url", "events")


def create(call: Call) -> Webhook:
    """Make a webhook of the request's body (``WebhookWriteRequest``)."""
    values = _checked(call, "WebhookWriteRequest")
    kind = values["type"]
    webhook = Webhook(type=kind, owner_id=call.user.id, server_url=call.base_url)
    if kind == "project":
        if values.get("project_id") is None:
            raise field_errors({"project_id": "A webhook of type project needs one."})
        webhook.project_id = access.check_project(call, values["project_id"]).id
    elif kind == "organization":
        if call.workspace.organization_id is None:
            raise non_field_error("Name the organization, by org, org_id or X-Organization.")
        webhook.organization_id = call.workspace.organization_id
    _write(webhook, values)
    call.db.add(webhook)
    call.db.flush()
    return webhook


def update(call: Call, webhook: Webhook, *, whole: bool) -> None:
    """Change a webhook by the request's body.

    Args:
        call: The request.
        webhook: The webhook.
        whole: The body stands for all of it (PUT), so that what every webhook has must be there; what
            has a default stays as it is.
    """
    values = _checked(call, "PatchedWebhookWriteRequest", needed=_NEEDED if whole else ())
    _write(webhook, values)
    webhook.server_url = call.base_url
    webhook.updated_date = utc_now()
    call.db.flush()


def destroy(call: Call, webhook: Webhook) -> None:
    """Delete a webhook with its deliveries; what it still had to send is not sent."""
    call.db.execute(delete(WebhookSending).where(WebhookSending.webhook_id == webhook.id))
    call.db.execute(delete(Webhook).where(Webhook.id == webhook.id))


def _checked(call: Call, model: str, needed: Collection[str] = ()) -> dict[str, Any]:
    """The input, with all errors of its fields at once."""
    sent = call.json_body
    errors: dict[str, Any] = {}
    values: dict[str, Any] = {}
    try:
        values = call.input(model, partial=model.startswith("Patched"))
    except FieldErrors as error:
        errors = error.errors
    if isinstance(errors.get("events"), dict):
        # Clients read a plain list of texts here, not one by position.
        errors["events"] = [text for texts in errors["events"].values() for text in texts]
    if isinstance(sent, dict):
        for name in needed:
            if name not in sent:
                errors[name] = ["This field is required."]
        url = sent.get("target_url")
        if "target_url" not in errors and isinstance(url, str):
            try:
                check_url(url.strip())
            except ValueError as problem:
                errors["target_url"] = [str(problem)]
    if errors:
        raise field_errors(errors)
    return values


def _write(webhook: Webhook, values: Mapping[str, Any]) -> None:
    for name in _CHANGEABLE:
        if name in values:
            setattr(webhook, name, values[name])
    if "events" in values:
        webhook.events = _events(webhook.type, values["events"])


def _events(kind: str, names: list[str]) -> list[str]:
    refused = sorted(set(names) - ALLOWED[kind])
    if set(refused) & SERVER_ONLY:
        raise field_errors({"events": f"Only webhooks of type server have {', '.join(refused)}."})
    if refused:
        raise non_field_error(f"A webhook of type {kind} cannot have {', '.join(refused)}.")
    if not names:
        raise non_field_error("A webhook needs at least one event.")
    return sorted(set(names))
