"""How webhooks and their deliveries are written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from cvat_local.resources.users import basic_user
from cvat_local.resources.webhooks.access import organization_of
from cvat_local.storage.tables import Webhook, WebhookDelivery

if TYPE_CHECKING:
    from cvat_local.serving.reader import Reader

SHOWN = (joinedload(Webhook.owner), joinedload(Webhook.project))
"""Loader options for webhooks that are written."""


def webhook(call: Reader, item: Webhook) -> dict[str, Any]:
    """One webhook (``WebhookRead``)."""
    return webhooks(call, [item])[0]


def webhooks(call: Reader, items: Sequence[Webhook]) -> list[dict[str, Any]]:
    """Several webhooks, with one query for their last deliveries."""
    newest = (
        select(func.max(WebhookDelivery.id))
        .where(WebhookDelivery.webhook_id.in_([item.id for item in items]))
        .group_by(WebhookDelivery.webhook_id)
    )
    columns = (
        WebhookDelivery.webhook_id,
        WebhookDelivery.status_code,
        WebhookDelivery.updated_date,
    )
    last = {
        webhook_id: {"last_status": status, "last_delivery_date": date}
        for webhook_id, status, date in call.db.execute(
            select(*columns).where(WebhookDelivery.id.in_(newest))
        )
    }
    return [{**_webhook(call, item), **last.get(item.id, {})} for item in items]


def _webhook(call: Reader, item: Webhook) -> dict[str, Any]:
    return {
        "id": item.id,
        "url": call.url(f"/api/webhooks/{item.id}"),
        "target_url": item.target_url,
        "description": item.description,
        "type": item.type,
        "content_type": item.content_type,
        "is_active": item.is_active,
        "enable_ssl": item.enable_ssl,
        "created_date": item.created_date,
        "updated_date": item.updated_date,
        "owner": basic_user(call, item.owner),
        "project_id": item.project_id,
        "organization": organization_of(item),
        "events": item.events,
    }


def delivery(item: WebhookDelivery) -> dict[str, Any]:
    """One delivery (``WebhookDeliveryRead``)."""
    return {
        "id": item.id,
        "webhook_id": item.webhook_id,
        "event": item.event,
        "status_code": item.status_code,
        "redelivery": item.redelivery,
        "attempt": item.attempt,
        "request_duration": item.request_duration,
        "created_date": item.created_date,
        "updated_date": item.updated_date,
        "changed_fields": item.changed_fields,
        "request": item.request,
        "response": item.response,
    }
