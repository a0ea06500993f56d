"""Making accounts, for registration and for whoever starts the server."""

from __future__ import annotations

import re

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cvat_local.auth.passwords import Passwords
from cvat_local.auth.roles import GROUPS
from cvat_local.storage.tables import Group, User

_USERNAME = re.compile(r"[\w.@+-]+")
_EMAIL = re.compile(r"[^@\s]+@(localhost|[^@\s.]+(\.[^@\s.]+)+)", re.IGNORECASE)


def ensure_groups(db: Session) -> None:
    """Make the groups that every server has."""
    present = set(db.scalars(select(Group.name)))
    db.add_all(Group(name=name) for name in GROUPS if name not in present)
    db.flush()


def groups_named(db: Session, *names: str) -> list[Group]:
    """The groups with these names; unknown names are left out."""
    return list(db.scalars(select(Group).where(Group.name.in_(names)).order_by(Group.id)))


def ensure_admin(db: Session, passwords: Passwords, username: str, password: str) -> User:
    """An administrator with this name and password; an existing account becomes one.

    Raises:
        ValueError: The name cannot be a user name.
    """
    problem = username_problem(db, username)
    user = db.scalars(select(User).where(User.username == username)).one_or_none()
    if user is None:
        if problem:
            raise ValueError(problem)
        user = User(username=username)
        db.add(user)
    user.password_hash = passwords.hash(password)
    user.is_active = user.is_staff = user.is_superuser = user.has_analytics_access = True
    user.groups = groups_named(db, "admin")
    db.flush()
    return user


def username_problem(db: Session, username: str, *, of: User | None = None) -> str | None:
    """Why an account cannot have this name; None when it can.

    Args:
        db: Session to look for other accounts in.
        username: The name wanted.
        of: The account that wants it; None for a new one.
    """
    if not _USERNAME.fullmatch(username):
        return "Only letters, digits and the characters @ . + - _ are allowed."
    # Clients sign in by name or address: a name that is the address of somebody else means two accounts.
    for column, text in (
        (User.username, "Another account has this name."),
        (User.email, "This is the e-mail address of another account."),
    ):
        statement = select(User.id).where(func.lower(column) == username.lower())
        if of is not None:
            statement = statement.where(User.id != of.id)
        if db.scalar(statement.limit(1)) is not None:
            return text
    return None


def is_email(text: str) -> bool:
    """Whether a text looks like an e-mail address."""
    return _EMAIL.fullmatch(text) is not None


def is_placeholder(user: User) -> bool:
    """Whether an account was made for an invitation and nobody has taken it over yet."""
    return user.created_via == "invitation" and user.password_hash is None
