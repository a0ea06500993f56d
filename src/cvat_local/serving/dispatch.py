"""From a request to its answer: the order of the checks, the transaction, errors, the log."""

from __future__ import annotations

import logging
import time
import uuid
from typing import TYPE_CHECKING

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from cvat_local.auth import sessions
from cvat_local.auth.schemes import SAFE_METHODS, Identity, authenticate
from cvat_local.auth.token_limits import check_use
from cvat_local.auth.tokens import note_use
from cvat_local.http import outputs
from cvat_local.http.body import Body, ClientGone
from cvat_local.http.errors import ApiError, detail, not_authenticated, not_found
from cvat_local.http.negotiation import check_accept, check_content_type
from cvat_local.http.urls import base_url, check_host
from cvat_local.serving import finishing
from cvat_local.serving.call import Call
from cvat_local.serving.context import ANY, find_workspace
from cvat_local.serving.matching import Match, PathTable, Resource, Target
from cvat_local.serving.throttle import Throttle
from cvat_local.storage.engine import act_for, new_session, reading, writing
from cvat_local.storage.full import MESSAGE as FULL
from cvat_local.storage.full import is_disk_full

if TYPE_CHECKING:
    from cvat_local.serving.parts import Parts

logger = logging.getLogger(__name__)
access_log = logging.getLogger("cvat_local.access")


class Dispatcher:
    """The ASGI application that answers all requests.

    Everything after the headers happens in a worker thread, so handlers may block.

    Args:
        app: The server's parts.
        table: What is at which path.
    """

    def __init__(self, app: Parts, table: PathTable) -> None:
        self._app = app
        self._table = table
        self._throttle = Throttle(app.settings.anonymous_per_minute)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive)
        try:
            response = await run_in_threadpool(self._answer, request, receive)
        except ClientGone:
            access_log.info("%s %s: the client went away", request.method, scope["path"])
            return
        await response(scope, receive, send)

    def _answer(self, request: Request, receive: Receive) -> Response:
        started = time.perf_counter()
        request_id = str(uuid.uuid4())
        path = raw_path(request)
        match = self._table.match(path)
        try:
            check_host(request.headers.get("host", ""), self._app.settings.allowed_hosts)
            if match is None:
                response = self._no_match(request, path)
            else:
                response = self._dispatch(request, receive, match, request_id)
        except ApiError as error:
            response = _error_response(error)
        except ClientGone:
            raise
        except Exception as error:
            logger.exception("%s %s failed (request %s)", request.method, path, request_id)
            response = _failure(error, request_id)
        if match is not None:
            response.headers.setdefault("Allow", match.resource.allow)
        finishing.finish(response, request_id, request.headers.get("accept-encoding", ""))
        duration = 1000 * (time.perf_counter() - started)
        # The query is left out: it may hold what is nobody's business.
        access_log.info(
            "%s %s %d %.1f ms %s", request.method, path, response.status_code, duration, request_id
        )
        return response

    def _no_match(self, request: Request, path: str) -> Response:
        if request.method in ("GET", "HEAD") and self._table.match(f"{path}/") is not None:
            query = request.scope["query_string"].decode("latin-1")
            location = f"{path}/?{query}" if query else f"{path}/"
            return Response(status_code=301, headers={"Location": location})
        raise not_found(f"There is nothing at {path}. The API is described at /api/schema/.")

    def _dispatch(
        self, request: Request, receive: Receive, match: Match, request_id: str
    ) -> Response:
        resource = match.resource
        target = resource.target(request.method)
        operation = None if target is None else target.operation
        if operation is not None:
            check_accept(operation, request.headers.get("accept", ""))
        if target is not None and target.registered is None:
            raise _not_implemented(target)
        with reading(self._app.engine) as db:
            identity = authenticate(
                db,
                self._app.passwords,
                method=request.method,
                headers=request.headers,
                cookies=request.cookies,
                base_url=base_url(request),
            )
        if identity.token is not None:
            note_use(self._app.engine, identity.token)
        try:
            self._check_caller(identity, resource, target)
            if target is None or target.registered is None:
                response = _without_target(request, resource)
            else:
                if identity.user is None:
                    self._throttle.check("" if request.client is None else request.client.host)
                workspace = ANY
                if not target.registered.anonymous:
                    if identity.token is not None:
                        check_use(identity.token, operation, request.method, request.query_params)
                    workspace = find_workspace(
                        self._app.engine, request.query_params, request.headers
                    )
                call = Call(
                    app=self._app,
                    request=request,
                    body=Body(receive, request.headers),
                    path=match.parameters,
                    operation=operation,
                    identity=identity,
                    workspace=workspace,
                    db=self._open_session(request.method, identity),
                    request_id=request_id,
                )
                response = _run(call, target)
        except ApiError as error:
            response = _error_response(error)
        self._keep_session(identity, request, response)
        return response

    def _check_caller(self, identity: Identity, resource: Resource, target: Target | None) -> None:
        """Refuse callers without credentials, also when the method is wrong."""
        if identity.user is not None:
            return
        targets = list(resource.methods.values()) if target is None else [target]
        if not any(one.registered is not None and one.registered.anonymous for one in targets):
            raise not_authenticated()

    def _open_session(self, method: str, identity: Identity) -> Session:
        db = new_session(self._app.engine, writes=method not in SAFE_METHODS)
        # The caller was looked up in a session of its own, which held no lock on the database.
        if identity.user is not None:
            db.add(identity.user)
            act_for(db, identity.user.id)
        if identity.session is not None:
            db.add(identity.session)
        if identity.token is not None:
            db.add(identity.token)
        return db

    def _keep_session(self, identity: Identity, request: Request, response: Response) -> None:
        """Once a day a session that is in use gets its full age again; one that is over is forgotten."""
        if any(name == b"set-cookie" for name, _ in response.raw_headers):
            return
        if identity.over:
            sessions.clear_cookies(response, request.cookies)
        elif identity.session is not None and sessions.FRESH_COOKIE not in request.cookies:
            with writing(self._app.engine) as db:
                sessions.extend_session(db, identity.session, identity.session_key, response)


def raw_path(request: Request) -> str:
    """Path of the request as it came, still percent-encoded."""
    raw: bytes = request.scope["raw_path"]
    return raw.decode("latin-1")


def _run(call: Call, target: Target) -> Response:
    """Call the handler within its transaction."""
    registered, operation = target.registered, target.operation
    if registered is None:
        raise _not_implemented(target)
    try:
        if operation is not None and (operation.body or operation.form_content_types):
            if call.has_body:
                check_content_type(operation, call.content_type)
            call.receive()
        response = registered.handler(call)
        if response.status_code < 400:
            call.db.commit()
        else:
            call.db.rollback()
        if operation is not None and operation.deprecated:
            response.headers.setdefault("Deprecation", "true")
        return response
    except BaseException:
        call.db.rollback()  # closing it does so too, but tells nobody
        raise
    finally:
        call.db.close()
        call.close()


def _without_target(request: Request, resource: Resource) -> Response:
    """Answer a method that the path does not have."""
    if request.method == "OPTIONS":
        body = {
            "name": resource.template,
            "description": "",
            "renders": [outputs.JSON_TYPE],
            "parses": ["application/json"],
        }
        return outputs.json(body)
    raise detail(
        405, f"The method {request.method} is not allowed here.", {"Allow": resource.allow}
    )


def _not_implemented(target: Target) -> ApiError:
    return detail(
        501,
        f"This server does not have the operation {target.name} yet. "
        "`cvat-local coverage` lists what it has.",
    )


def _error_response(error: ApiError) -> Response:
    if error.as_text:
        response = outputs.text(str(error.body), error.status)
    else:
        response = outputs.json(error.body, error.status)
    response.headers.update(error.headers)
    return response


def _failure(error: Exception, request_id: str) -> Response:
    if is_disk_full(error):
        return outputs.json({"detail": FULL}, 507)
    if isinstance(error, OperationalError) and "locked" in str(error.orig):
        text = f"The database is busy; try again. The log has more under request {request_id}."
        return outputs.json({"detail": text}, 503, {"Retry-After": "1"})
    text = f"The server failed. Its log has more under request {request_id}."
    return outputs.json({"detail": text}, 500)
