"""Login, logout, registration, change and reset of the password."""

from __future__ import annotations

import secrets
import string
import time
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

from sqlalchemy import delete
from starlette.responses import Response

from cvat_local.auth import mails, sessions
from cvat_local.auth.accounts import groups_named, is_email, is_placeholder, username_problem
from cvat_local.auth.passwords import weaknesses
from cvat_local.http import inputs, outputs
from cvat_local.http.errors import FieldErrors, detail, field_errors, list_error, non_field_error
from cvat_local.serving.call import Call
from cvat_local.serving.routing import Handlers
from cvat_local.storage.queries.accounts import find_by_email, find_by_username
from cvat_local.storage.tables import AccessToken, ApiKey, User
from cvat_local.storage.types import utc_now

handlers = Handlers("auth")

_MIN_USERNAME = 5
_REGISTRATION = "RegisterSerializerExRequest"
_PERSONAL = ("username", "email", "first_name", "last_name")
"""What a password must not resemble."""
_DIGITS = string.digits + string.ascii_lowercase
_LONGEST_UID = 10


@handlers("create_login", anonymous=True)
def login(call: Call) -> Response:
    """Exchange a name and a password for the account's API key and a session."""
    body = call.json_body
    values = call.input("LoginSerializerExRequest", partial=True) if isinstance(body, dict) else {}
    username, email = values.get("username", ""), values.get("email", "")
    password = values.get("password", "")
    if not password or not (username or email):
        raise list_error("A username or an e-mail address is needed, and a password.")
    user = find_by_username(call.db, username) if username else find_by_email(call.db, email)
    if not call.app.passwords.verify(user, password) or user is None:
        text = "The name or the password is wrong."
        raise non_field_error(text) if username else list_error(text)
    return _signed_in(call, user, {"key": _api_key(call, user)}, 200)


@handlers("create_logout", anonymous=True)
def logout(call: Call) -> Response:
    """Delete the caller's API key and session; also fine for whoever is not signed in.

    A script that signs its requests with an access token has nothing to end: the key belongs to others.
    """
    if not call.anonymous and call.identity.token is None:
        call.db.execute(delete(ApiKey).where(ApiKey.user_id == call.user.id))
    response = outputs.json({"detail": "You are logged out."})
    if call.identity.session is not None:
        call.db.delete(call.identity.session)
        sessions.clear_cookies(response, call.cookies)
    return response


@handlers("create_register", anonymous=True)
def register(call: Call) -> Response:
    """Make an account with the role ``user`` and sign it in."""
    values, invited = _registration(call)
    username, email = values["username"], values.get("email", "")
    password = values["password1"]
    names = {name: values.get(name, "") for name in ("first_name", "last_name")}
    if password != values["password2"]:
        raise non_field_error("The two passwords differ.")
    if invited is None and find_by_email(call.db, email) is not None:
        raise list_error("Another account has this e-mail address.")
    # Whoever was invited gets the account that was made for them then, with its invitations.
    user = invited or User(groups=groups_named(call.db, "user"))
    user.username, user.email = username, email
    user.first_name, user.last_name = names["first_name"], names["last_name"]
    user.password_hash = call.app.passwords.hash(password)
    user.created_via = user.created_via or "registration"
    call.db.add(user)
    call.db.flush()
    body = {
        "username": username,
        "email": email,
        **names,
        "email_verification_required": False,
        "key": _api_key(call, user),
    }
    return _signed_in(call, user, body, 201)


@handlers("create_password_change")
def change_password(call: Call) -> Response:
    """Set a new password; the user's other sessions end."""
    values = call.input("PasswordChangeRequest")
    user = call.user
    if not call.app.passwords.verify(user, values["old_password"]):
        raise field_errors({"old_password": "The old password is wrong."})
    _set_password(call, user, values)
    sessions.close_sessions(call.db, user, keep=call.identity.session)
    response = outputs.json({"detail": "The new password is saved."})
    if call.identity.session is None:
        sessions.open_session(call.db, user, response)
    return response


@handlers("create_password_reset", anonymous=True)
def reset_password(call: Call) -> Response:
    """Mail a code to choose a new password by. Nobody learns from the answer which addresses are known."""
    email = call.input("PasswordResetSerializerExRequest")["email"]
    if not is_email(email):
        raise field_errors({"email": "This is not an e-mail address."})
    user = find_by_email(call.db, email)
    if user is not None and _has_password(user):
        uid, code = _in_base_36(user.id), call.app.passwords.reset_code(user, time.time())
        text = (
            f"Somebody, you probably, wants a new password for the account {user.username}.\n"
            f"It is set with these codes within a day:\n\nuid: {uid}\ntoken: {code}\n\n"
            # Without a host: that of the request can be chosen by whoever sent it.
            f"/auth/password/reset/confirm?uid={uid}&token={code}\n"
        )
        name = f"password-reset-{user.id}"
        mails.send(call.app.settings.mails, name, user.email, "A new password", text)
    return outputs.json({"detail": "A mail is on its way, if an account has this address."})


@handlers("create_password_reset_confirm", anonymous=True)
def confirm_password_reset(call: Call) -> Response:
    """Set a new password with the codes of a mail; whoever was signed in to the account is not any more."""
    values = call.input("PasswordResetConfirmRequest")
    user = _user_of(call, values["uid"])
    if user is None or not _has_password(user):
        raise field_errors({"uid": "This is not the uid of an account."})
    if not call.app.passwords.is_reset_code(user, values["token"], time.time()):
        raise field_errors({"token": "The code is wrong, used or too old."})
    _set_password(call, user, values)
    sessions.close_sessions(call.db, user)
    call.db.execute(delete(ApiKey).where(ApiKey.user_id == user.id))
    call.db.execute(delete(AccessToken).where(AccessToken.owner_id == user.id))
    return outputs.json({"detail": "The new password is saved."})


@handlers("retrieve_rules", anonymous=True)
def rules(call: Call) -> Response:
    """The policy files of the server: none, as its rules are part of the program."""
    etag = f'"{blake2b(_NO_FILES, digest_size=16).hexdigest()}"'
    if call.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers={"ETag": etag})
    wanted = call.headers.get("if-match", "*")
    if etag not in wanted and wanted != "*":
        raise detail(412, "The policy files are not those of this ETag.")
    return outputs.bytes_(_NO_FILES, "application/x-tar", headers={"ETag": etag})


# A gzip stream of a tar archive without members, which is 10 KiB of zeros; made once, always the same.
_NO_FILES = bytes.fromhex(
    "1f8b0800000000000203edc1010d000000c2a0f74f6d0e37a00000000000000000008037039ade1d2700280000"
)


def _registration(call: Call) -> tuple[dict[str, Any], User | None]:
    """Checked input, and the account that was made for whoever was invited.

    Raises:
        FieldErrors: With the errors of all fields, also those that only a look at other accounts finds.
    """
    errors: dict[str, Any] = {}
    try:
        values = call.input(_REGISTRATION)
    except FieldErrors as refused:
        if not isinstance(call.json_body, dict):
            raise
        errors = refused.errors
        good = {name: value for name, value in call.json_body.items() if name not in errors}
        values = inputs.validate(_REGISTRATION, good, partial=True)
    email = values.get("email", "")
    invited = find_by_email(call.db, email)
    if invited is not None and not is_placeholder(invited):
        invited = None
    if "username" in values:
        problem = username_problem(call.db, values["username"], of=invited)
        if len(values["username"]) < _MIN_USERNAME:
            problem = f"At least {_MIN_USERNAME} characters are needed."
        if problem:
            errors["username"] = [problem]
    if email and not is_email(email):
        errors["email"] = ["This is not an e-mail address."]
    if "password1" in values:
        personal = tuple(values.get(name, "") for name in _PERSONAL)
        if problems := weaknesses(values["password1"], personal):
            errors["password1"] = problems
    if errors:
        raise FieldErrors(errors)
    return values, invited


def _set_password(call: Call, user: User, values: Mapping[str, Any]) -> None:
    password = values["new_password1"]
    if password != values["new_password2"]:
        raise field_errors({"new_password2": "The two passwords differ."})
    problems = weaknesses(password, tuple(getattr(user, name) for name in _PERSONAL))
    if problems:
        raise field_errors({"new_password2": problems})
    user.password_hash = call.app.passwords.hash(password)


def _has_password(user: User) -> bool:
    """Whether a password can sign in to the account, which is not so before an invitation is taken up."""
    return user.is_active and user.password_hash is not None


def _in_base_36(number: int) -> str:
    """The form in which CVAT's links have the id of an account."""
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits


def _user_of(call: Call, uid: str) -> User | None:
    known = uid.isascii() and uid.isalnum() and len(uid) <= _LONGEST_UID
    return call.db.get(User, int(uid, 36)) if known else None


def _api_key(call: Call, user: User) -> str:
    """The account's key, the same one until somebody logs out."""
    found = call.db.get(ApiKey, user.id)
    if found is None:
        found = ApiKey(user_id=user.id, key=secrets.token_hex(20))
        call.db.add(found)
    return found.key


def _signed_in(call: Call, user: User, body: dict[str, object], status: int) -> Response:
    user.last_login = utc_now()
    response = outputs.json(body, status)
    sessions.set_csrf_cookie(response)
    sessions.open_session(call.db, user, response)
    return response
