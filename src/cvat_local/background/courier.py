"""Sends what webhooks have to tell, in threads of its own, and again when it did not arrive.

What has to be sent is a row that was stored together with the change it tells of, so nothing is lost when
the server stops; what was on its way at that moment is sent again. To one address things are sent one
after the other, in the order in which they happened, but for those that failed and wait.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cvat_local.background.posting import Outcome, post
from cvat_local.storage.engine import reading, writing
from cvat_local.storage.tables import Webhook, WebhookDelivery, WebhookSending
from cvat_local.storage.types import utc_now
from cvat_sdk.api_client.runtime.codec import encode

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from cvat_local.settings import Settings

logger = logging.getLogger(__name__)

_THREADS = 4
"""So many addresses may be slow before others have to wait for them."""
_LONGEST_PAUSE = 60.0
"""Seconds between two looks when nothing is due."""
_DAY = 24 * 60 * 60
RETRIES = (5, 5 * 60, 30 * 60, 3 * 60 * 60, _DAY, _DAY, _DAY, _DAY)
"""Seconds from a failed attempt to the next one."""
_TEMPORARY = (408, 429)


class Courier:
    """What sends for the webhooks of one server.

    Args:
        settings: Choices for the server.
        engine: The database.
        clock: The current time in UTC, for tests that cannot wait for a retry.
    """

    def __init__(
        self, settings: Settings, engine: Engine, *, clock: Callable[[], datetime] = utc_now
    ) -> None:
        self._private = settings.private_webhook_targets
        self._engine = engine
        self._clock = clock
        self._lock = threading.Lock()
        self._busy: set[str] = set()
        self._due = threading.Semaphore(0)
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Start the threads; what an earlier run left is sent."""
        self._stopping = threading.Event()
        self._threads = [
            threading.Thread(
                target=self._work, args=(self._stopping,), name=f"webhooks-{number}", daemon=True
            )
            for number in range(1, _THREADS + 1)
        ]
        for thread in self._threads:
            thread.start()

    def stop(self, timeout: float = 5.0) -> None:
        """End the threads; what one is still sending after ``timeout`` seconds is sent again next time."""
        self._stopping.set()
        self.wake()
        deadline = time.monotonic() + timeout
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        self._threads = []

    def wake(self) -> None:
        """Say that there is something new to send."""
        self._due.release(_THREADS)

    def send(self, sender: Webhook | WebhookSending, body: Any) -> Outcome:
        """Send a body for a webhook, now."""
        return post(
            sender.target_url,
            encode(body),
            secret=sender.secret,
            verify=sender.enable_ssl,
            private=self._private,
        )

    def send_next(self) -> bool:
        """Send what is due first, in the calling thread; False when nothing is due."""
        with self._lock:
            sending = self._take()
        if sending is None:
            return False
        try:
            self._deliver(sending)
        finally:
            with self._lock:
                self._busy.remove(sending.target_url)
        return True

    def _take(self) -> WebhookSending | None:
        due = (
            select(WebhookSending)
            .where(
                WebhookSending.due_date <= self._clock(),
                WebhookSending.target_url.not_in(self._busy),
            )
            .order_by(WebhookSending.due_date, WebhookSending.id)
            .limit(1)
        )
        with reading(self._engine) as db:
            sending = db.scalars(due).one_or_none()
        if sending is not None:
            self._busy.add(sending.target_url)
        return sending

    def _deliver(self, sending: WebhookSending) -> None:
        with reading(self._engine) as db:
            webhook = _webhook_of(db, sending)
        outcome = None
        if webhook is None or webhook.is_active:
            outcome = self.send(webhook or sending, sending.body)
        with writing(self._engine) as db:
            kept = db.get(WebhookSending, sending.id)
            if kept is None:
                return
            if outcome is not None and _webhook_of(db, kept) is not None:
                db.add(delivery(kept, outcome))
            if outcome is None or not _is_temporary(outcome.status) or kept.attempt > len(RETRIES):
                db.delete(kept)
            else:
                kept.due_date = self._clock() + timedelta(seconds=RETRIES[kept.attempt - 1])
                kept.attempt += 1

    def _work(self, stopping: threading.Event) -> None:
        while not stopping.is_set():
            try:
                idle = not self.send_next()
                pause = self._pause() if idle else 0.0
            except Exception:
                logger.exception("webhooks cannot send; it is tried again")
                idle, pause = True, _LONGEST_PAUSE
            if idle:
                self._due.acquire(timeout=pause)

    def _pause(self) -> float:
        """Seconds until something is due."""
        with self._lock, reading(self._engine) as db:
            free = WebhookSending.target_url.not_in(self._busy)
            due = db.scalar(select(func.min(WebhookSending.due_date)).where(free))
        if due is None:
            return _LONGEST_PAUSE
        return min(max(0.0, (due - self._clock()).total_seconds()), _LONGEST_PAUSE)


def delivery(sending: WebhookSending, outcome: Outcome) -> WebhookDelivery:
    """The record of an attempt."""
    return WebhookDelivery(
        webhook_id=sending.webhook_id,
        event=sending.event,
        status_code=outcome.status,
        redelivery=sending.redelivery,
        attempt=sending.attempt,
        request_duration=outcome.milliseconds,
        changed_fields=sending.changed_fields,
        request=sending.body,
        response=outcome.text,
    )


def _webhook_of(db: Session, sending: WebhookSending) -> Webhook | None:
    return None if sending.webhook_id is None else db.get(Webhook, sending.webhook_id)


def _is_temporary(status: int) -> bool:
    """Whether the same request may succeed later."""
    return status >= 500 or status in _TEMPORARY
