"""Inviting people, and what becomes of an invitation."""

from __future__ import annotations

import secrets
import string
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from cvat_local.auth.accounts import groups_named, is_email, is_placeholder
from cvat_local.http.errors import field_errors, list_error, string_error
from cvat_local.storage.queries.accounts import find_by_email
from cvat_local.storage.tables import Invitation, Membership, User
from cvat_local.storage.types import utc_now

if TYPE_CHECKING:
    from cvat_local.serving.call import Call

_KEY_LENGTH = 64
_LONGEST_NAME = 150
"""Of an account. The address is the name of a placeholder."""
_LETTERS = string.ascii_letters + string.digits


def create(call: Call, organization_id: int, email: str, role: str) -> Invitation:
    """Invite a person to an organization.

    Who has an account is a member at once. For anybody else there is a placeholder of an account, which
    they take over when they register with the address; then they can accept.

    Raises:
        ApiError: 400 for something that is no address, and for who is a member or invited already.
    """
    db = call.db
    if not is_email(email):
        raise field_errors({"email": "This is not an e-mail address."})
    user = find_by_email(db, email)
    if user is None:
        user = _placeholder(db, email)
    known = not is_placeholder(user)
    statement = select(Membership.id).where(
        Membership.organization_id == organization_id, Membership.user_id == user.id
    )
    if db.scalar(statement) is not None:
        raise list_error(f"{email} is a member of this organization already, or invited to it.")
    membership = Membership(
        organization_id=organization_id,
        user_id=user.id,
        role=role,
        is_active=known,
        joined_date=utc_now() if known else None,
    )
    key = "".join(secrets.choice(_LETTERS) for _ in range(_KEY_LENGTH))
    invitation = Invitation(key=key, owner_id=call.user.id, membership=membership)
    db.add(invitation)
    db.flush()
    return invitation


def accept(invitation: Invitation) -> None:
    """Make the invited person a member.

    Raises:
        ApiError: 400, they are a member already.
    """
    _check_pending(invitation)
    invitation.membership.is_active = True
    invitation.membership.joined_date = utc_now()


def decline(db: Session, invitation: Invitation) -> None:
    """Take the invited person's place back, with the invitation.

    Raises:
        ApiError: 400, they are a member already and have to leave instead.
    """
    _check_pending(invitation)
    _forget(db, invitation.membership)


def resend(invitation: Invitation) -> None:
    """Would send the mail again; this server sends none, the key is in the answers.

    Raises:
        ApiError: 400, there is nothing to accept any more.
    """
    _check_pending(invitation)


def destroy(db: Session, invitation: Invitation) -> None:
    """Take back an invitation; who has accepted it stays a member."""
    if invitation.membership.is_active:
        db.execute(delete(Invitation).where(Invitation.key == invitation.key))
    else:
        _forget(db, invitation.membership)


def _check_pending(invitation: Invitation) -> None:
    if invitation.membership.is_active:
        raise string_error(400, "The invitation has been accepted already.")


def _forget(db: Session, membership: Membership) -> None:
    # The invitation goes along in the database.
    db.execute(delete(Membership).where(Membership.id == membership.id))


def _placeholder(db: Session, email: str) -> User:
    if len(email) > _LONGEST_NAME:
        raise field_errors({"email": f"No more than {_LONGEST_NAME} characters are allowed."})
    taken = select(User.id).where(func.lower(User.username) == email.lower())
    if db.scalar(taken) is not None:
        raise field_errors({"email": "Another account has this text as its name."})
    user = User(
        username=email, email=email, groups=groups_named(db, "user"), created_via="invitation"
    )
    db.add(user)
    db.flush()
    return user
