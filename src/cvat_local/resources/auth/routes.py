"""Login, logout, registration, change of password."""

from __future__ import annotations

import secrets
from hashlib import blake2b

from sqlalchemy import delete
from starlette.responses import Response

from cvat_local.auth import sessions
from cvat_local.auth.accounts import groups_named, is_email, is_placeholder, username_problem
from cvat_local.auth.passwords import weaknesses
from cvat_local.http import outputs
from cvat_local.http.errors import FieldErrors, field_errors, list_error, non_field_error
from cvat_local.serving.call import Call
from cvat_local.serving.routing import Handlers
from cvat_local.storage.queries.accounts import find_by_email, find_by_username
from cvat_local.storage.tables import ApiKey, User
from cvat_local.storage.types import utc_now

handlers = Handlers("auth")

_MIN_USERNAME = 5


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
    values = call.input("RegisterSerializerExRequest")
    username, email = values["username"], values.get("email", "")
    password = values["password1"]
    names = {name: values.get(name, "") for name in ("first_name", "last_name")}
    invited = find_by_email(call.db, email)
    if invited is not None and not is_placeholder(invited):
        invited = None
    _check_registration(call, username, email, invited)
    problems = weaknesses(password, (username, email, *names.values()))
    if problems:
        raise field_errors({"password1": problems})
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
    password = values["new_password1"]
    if password != values["new_password2"]:
        raise field_errors({"new_password2": "The two passwords differ."})
    personal = (user.username, user.email, user.first_name, user.last_name)
    problems = weaknesses(password, personal)
    if problems:
        raise field_errors({"new_password2": problems})
    user.password_hash = call.app.passwords.hash(password)
    sessions.close_sessions(call.db, user, keep=call.identity.session)
    response = outputs.json({"detail": "The new password is saved."})
    if call.identity.session is None:
        sessions.open_session(call.db, user, response)
    return response


@handlers("retrieve_rules", anonymous=True)
def rules(call: Call) -> Response:
    """The policy files of the server: none, as its rules are part of the program."""
    etag = f'"{blake2b(_NO_FILES, digest_size=16).hexdigest()}"'
    if call.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers={"ETag": etag})
    return outputs.bytes_(_NO_FILES, "application/x-tar", headers={"ETag": etag})


# A gzip stream of a tar archive without members, which is 10 KiB of zeros; made once, always the same.
_NO_FILES = bytes.fromhex(
    "1f8b0800000000000203edc1010d000000c2a0f74f6d0e37a00000000000000000008037039ade1d2700280000"
)


def _check_registration(call: Call, username: str, email: str, account: User | None) -> None:
    errors = {}
    if len(username) < _MIN_USERNAME:
        errors["username"] = [f"At least {_MIN_USERNAME} characters are needed."]
    else:
        problem = username_problem(call.db, username, of=account)
        if problem:
            errors["username"] = [problem]
    if email and not is_email(email):
        errors["email"] = ["This is not an e-mail address."]
    if errors:
        raise FieldErrors(errors)


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
