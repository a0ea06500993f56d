"""Operations on webhooks and their deliveries."""

from __future__ import annotations

from sqlalchemy import select
from starlette.responses import Response

from cvat_local.background.courier import delivery
from cvat_local.http import outputs
from cvat_local.http.errors import not_found, string_error
from cvat_local.http.filters import Listing
from cvat_local.resources.shared.changes import sent_fields
from cvat_local.resources.users import basic_user
from cvat_local.resources.webhooks import access, rules, serialize
from cvat_local.resources.webhooks.kinds import sending
from cvat_local.resources.webhooks.names import described
from cvat_local.serving.call import Call
from cvat_local.serving.routing import Handlers
from cvat_local.storage.engine import after_commit
from cvat_local.storage.queries.accounts import username_of
from cvat_local.storage.tables import Webhook, WebhookDelivery

handlers = Handlers("webhooks")

LISTING = Listing(
    {
        "id": Webhook.id,
        "target_url": Webhook.target_url,
        "owner": username_of(Webhook.owner_id),
        "type": Webhook.type,
        "description": Webhook.description,
        "project_id": Webhook.project_id,
        "updated_date": Webhook.updated_date,
    },
    search=("target_url", "owner", "type", "description"),
    simple=("target_url", "owner", "type", "project_id"),
)


@handlers("list")
def list_(call: Call) -> Response:
    """Webhooks of the caller and of their projects; all of an organization for those who lead it."""
    statement = select(Webhook).where(*access.visible(call)).options(*serialize.SHOWN)
    return call.page_many(
        LISTING.apply(call, statement), lambda items: serialize.webhooks(call, items)
    )


@handlers("create")
def create(call: Call) -> Response:
    """Make a webhook."""
    sent_fields(call)  # A body that cannot be read is refused before anything else.
    access.check_creator(call, call.json_body)
    written = serialize.webhook(call, rules.create(call))
    return outputs.created(written, written["url"])


@handlers("retrieve")
def retrieve(call: Call) -> Response:
    """One webhook."""
    return outputs.json(serialize.webhook(call, access.find(call)))


@handlers("update")
def update(call: Call) -> Response:
    """Put other values in place of a webhook's; its type and project stay."""
    return _change(call, whole=True)


@handlers("partial_update")
def partial_update(call: Call) -> Response:
    """Change single fields of a webhook."""
    return _change(call, whole=False)


@handlers("destroy")
def destroy(call: Call) -> Response:
    """Delete a webhook with its deliveries."""
    rules.destroy(call, access.find(call))
    return outputs.empty()


@handlers("retrieve_events", anonymous=True)
def retrieve_events(call: Call) -> Response:
    """The events that a type of webhook can have."""
    kind = call.parameter("type", refuse=lambda text: string_error(400, text))
    if kind is None and "type" in call.query:
        raise string_error(400, "The parameter type may not be empty.")
    kind = kind or "all"
    return outputs.json({"webhook_type": kind, "events": described(kind)})


@handlers("create_ping")
def create_ping(call: Call) -> Response:
    """Send a test now, also for a webhook that is not active."""
    webhook = access.find(call)
    body = {
        "event": "ping",
        "webhook": serialize.webhook(call, webhook),
        "sender": basic_user(call, call.user),
    }
    # The other side may take its time, and must not keep all others from writing meanwhile.
    call.db.commit()
    outcome = call.app.courier.send(webhook, body)
    # It may have been deleted in the meantime.
    access.find(call)
    record = delivery(sending(webhook, "ping", body), outcome)
    call.db.add(record)
    call.db.flush()
    return outputs.json(serialize.delivery(record))


@handlers("list_deliveries")
def list_deliveries(call: Call) -> Response:
    """What a webhook sent, the newest first."""
    statement = (
        select(WebhookDelivery)
        .where(WebhookDelivery.webhook_id == access.find(call).id)
        .order_by(WebhookDelivery.updated_date.desc(), WebhookDelivery.id.desc())
    )
    return call.page(statement, serialize.delivery)


@handlers("retrieve_deliveries")
def retrieve_deliveries(call: Call) -> Response:
    """One thing that a webhook sent."""
    return outputs.json(serialize.delivery(_delivery(call, access.find(call))))


@handlers("create_deliveries_redelivery")
def create_deliveries_redelivery(call: Call) -> Response:
    """Send something again, in the background."""
    webhook = access.find(call)
    old = _delivery(call, webhook)
    again = sending(webhook, old.event, old.request, changed_fields=old.changed_fields)
    again.redelivery = True
    call.db.add(again)
    after_commit(call.db, call.app.courier.wake)
    return outputs.json({})


def _change(call: Call, *, whole: bool) -> Response:
    sent_fields(call)  # A body that cannot be read is refused before anything else.
    webhook = access.find(call)
    access.check_sent_project(call, call.json_body)
    rules.update(call, webhook, whole=whole)
    return outputs.json(serialize.webhook(call, webhook))


def _delivery(call: Call, webhook: Webhook) -> WebhookDelivery:
    number = int(call.path["delivery_id"])
    found = call.db.get(WebhookDelivery, number)
    if found is None or found.webhook_id != webhook.id:
        raise not_found(f"The webhook {webhook.id} has no delivery {number}.")
    return found
