"""Notices what is written to the database, by whomever, and puts down what webhooks have to tell of it.

This is the one place that does so: it listens to the sessions of the database, so that nothing which
creates, changes or deletes an object has to think of webhooks. What is to be sent is stored in the same
transaction as the change itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import Row, event, inspect, select
from sqlalchemy.orm import ORMExecuteState, Session

from cvat_local.background.states import FAILED, FINISHED
from cvat_local.resources.users import basic_user
from cvat_local.resources.webhooks.kinds import (
    DETAILS,
    KINDS,
    REQUEST,
    Detail,
    Kind,
    Place,
    is_about,
    sending,
    whole_of,
    with_parts,
)
from cvat_local.serving.parts import Parts
from cvat_local.storage.engine import actor, after_commit
from cvat_local.storage.tables import Request, User, Webhook, WebhookSending

_DATES = frozenset({"updated_date", "assignee_updated_date"})
"""They follow other changes, also of what belongs to an object; alone they are no news."""
_MOVED = "organization_id"
_ACTIVE = select(Webhook.__table__).where(Webhook.is_active)


class Watch:
    """Looks at the writing sessions of a server.

    Args:
        app: The server's parts.
    """

    def __init__(self, app: Parts) -> None:
        self._app = app

    def __call__(self, session: Session) -> None:
        """Look at a session from now on."""
        _Watched(self._app, session)


@dataclass(frozen=True)
class _Reader:
    """A webhook, as the one for whom something is written."""

    app: Parts
    db: Session
    owner: User | None
    server_url: str

    @property
    def user(self) -> User:
        if self.owner is None:
            raise LookupError(
                "neither the webhook's owner nor the one who did this exists any more"
            )
        return self.owner

    def url(self, path: str) -> str:
        return self.server_url + path


class _Watched:
    """What happened in a session since its last commit."""

    def __init__(self, app: Parts, session: Session) -> None:
        self._app = app
        self._db = session
        self._forget()
        for name in ("before_flush", "after_flush", "do_orm_execute", "before_commit"):
            event.listen(session, name, getattr(self, f"_{name}"))
        event.listen(session, "after_rollback", self._after_rollback)

    def _forget(self) -> None:
        self._created: dict[Any, None] = {}
        self._changed: dict[Any, dict[str, Any]] = {}
        self._details: list[Detail] = []
        self._ended: dict[Request, None] = {}
        self._sendings: list[WebhookSending] = []
        self.__dict__.pop("_webhooks", None)

    @cached_property
    def _webhooks(self) -> list[Row[Any]]:
        """Active webhooks, as they are before the first deletion: some go away with it."""
        return list(self._db.execute(_ACTIVE))

    # --- noticing -----------------------------------------------------------------------------------

    def _before_flush(self, session: Session, context: object, instances: object) -> None:
        deleted = [item for item in session.deleted if type(item) in KINDS]
        if deleted:
            self._will_go(deleted)

    def _do_orm_execute(self, state: ORMExecuteState) -> None:
        mapper = state.bind_mapper
        if not state.is_delete or mapper is None:
            return
        kind = mapper.class_
        if (kind in KINDS or issubclass(kind, DETAILS)) and self._webhooks:
            condition = state.statement.whereclause  # type: ignore[attr-defined]  # of a delete
            found = list(self._db.scalars(select(kind).where(condition)))
            self._will_go([item for item in found if type(item) in KINDS])
            self._details += [item for item in found if isinstance(item, DETAILS)]

    def _will_go(self, items: list[Any]) -> None:
        if self._webhooks:
            for item in with_parts(self._db, items):
                self._tell("delete", KINDS[type(item)], item)

    def _after_flush(self, session: Session, context: object) -> None:
        for item in session.new:
            if type(item) in KINDS:
                self._created[item] = None
        for item in (*session.new, *session.dirty, *session.deleted):
            if isinstance(item, DETAILS) and (item in session.new or session.is_modified(item)):
                self._details.append(item)
        for item in session.dirty:
            if isinstance(item, Request):
                if item.status in (FINISHED, FAILED):
                    self._ended[item] = None
            elif type(item) in KINDS and item not in self._created:
                before = self._changed.setdefault(item, {})
                # Values of earlier flushes are older.
                self._changed[item] = {**_old_values(item), **before}

    def _after_rollback(self, session: Session) -> None:
        if not session.in_nested_transaction():
            self._forget()

    # --- telling ------------------------------------------------------------------------------------

    def _before_commit(self, session: Session) -> None:
        if session.in_nested_transaction():
            return
        session.flush()
        if self._created or self._changed or self._details or self._ended or self._sendings:
            self._tell_all()
            if self._sendings:
                session.add_all(self._sendings)
                after_commit(session, self._app.courier.wake)
        self._forget()

    def _tell_all(self) -> None:
        if not self._webhooks:
            return
        for item in self._created:
            if item in self._db:
                self._tell("create", KINDS[type(item)], item)
        detailed = {whole_of(self._db, detail) for detail in self._details} - {None}
        for item in detailed - self._created.keys():
            self._changed.setdefault(item, {})
        for item, old in self._changed.items():
            if item in self._db:
                self._tell_change(item, old, in_detail=item in detailed)
        for request in self._ended:
            self._tell("completed", REQUEST, request)
        # Whose webhook went away with what they tell of are sent all the same, but not kept.
        alive = set(self._db.scalars(select(Webhook.id)))
        for one in self._sendings:
            if one.webhook_id not in alive:
                one.webhook_id = None

    def _tell_change(self, item: Any, old: dict[str, Any], *, in_detail: bool) -> None:
        kind = KINDS[type(item)]
        changes = {
            name: {"from": before, "to": getattr(item, name)}
            for name, before in old.items()
            if name not in kind.untold and before != getattr(item, name)
        }
        if changes.keys() <= _DATES and not in_detail:
            return
        if _MOVED in changes:
            # There it is gone, here it is new.
            place = kind.place(item)
            self._tell("delete", kind, item, Place(place.project_id, old[_MOVED]))
            self._tell("create", kind, item)
        else:
            self._tell("update", kind, item, changes=changes)

    def _tell(
        self,
        action: str,
        kind: Kind,
        item: Any,
        place: Place | None = None,
        changes: dict[str, dict[str, Any]] | None = None,
    ) -> None:
        """Put down an event for all webhooks that are to hear of it."""
        name = is_about(item) if kind is REQUEST else f"{action}:{kind.name}"
        listening = [webhook for webhook in self._webhooks if name in webhook.events]
        if not listening:
            return
        place = place or kind.place(item)
        sender = self._user(actor(self._db))
        for webhook in listening:
            if not _hears(webhook, place):
                continue
            owner = self._user(webhook.owner_id) or sender
            reader = _Reader(self._app, self._db, owner, webhook.server_url)
            body: dict[str, Any] = {"event": name, kind.name: kind.write(reader, item)}
            if kind is not REQUEST:
                body["sender"] = basic_user(reader, sender)
            if changes is not None:
                body["before_update"] = {key: change["from"] for key, change in changes.items()}
                body["changes"] = changes
            body["webhook_id"] = webhook.id
            fields = ",".join(sorted(changes or ()))
            self._sendings.append(sending(webhook, name, body, changed_fields=fields))

    def _user(self, user_id: int | None) -> User | None:
        return None if user_id is None else self._db.get(User, user_id)


def _hears(webhook: Row[Any], place: Place) -> bool:
    if webhook.type == "project":
        return bool(webhook.project_id == place.project_id)
    if webhook.type == "organization":
        return bool(webhook.organization_id == place.organization_id)
    return True


def _old_values(item: Any) -> dict[str, Any]:
    """The values that columns had before the flush, of those that have others now."""
    state = inspect(item)
    values = {}
    for column in state.mapper.column_attrs:
        history = state.attrs[column.key].history
        if history.has_changes():
            values[column.key] = history.deleted[0] if history.deleted else None
    return values
