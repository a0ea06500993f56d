"""``cvat_sdk.core.client``: addresses, credentials, versions, organizations, waits."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from differential import samples_of_server as samples
from differential.answers import answer
from differential.case import Side, case
from differential.high_level import USER, client_of, logger, page

_ADDRESSES = (
    *("http://h", "https://h", "https://h/", "http://h:80", "http://h:8080/", "http://h:8080/path"),
    *(
        "http://h/a/b/",
        "h",
        "h:8080",
        "h/path",
        "HTTP://H",
        "ftp://h",
        "http://",
        "",
        "http://[::1]:8",
    ),
)


@case(each=_ADDRESSES)
def address(side: Side, url: str) -> Any:
    from cvat_sdk.core.client import Client

    client = Client(url, check_server_version=False)
    return [client.api_map.host, client.api_client.configuration.host]


_ENDPOINTS: dict[str, Any] = {
    "path": (["tasks"], {}),
    "slash": (["tasks/"], {}),
    "absolute": (["/api/tasks"], {}),
    "query": (["tasks"], {"query_params": {"a": 1, "b": "x y"}}),
    "subpath": (["tasks"], {"psub": None}),
    "keywords": (["tasks/{id}"], {"kwsub": {"id": 5}}),
    "nothing": ([""], {}),
}


@case(each=_ENDPOINTS)
def endpoint_url(side: Side, arguments: Any) -> Any:
    from cvat_sdk.core.client import CVAT_API_V2

    args, options = arguments
    return CVAT_API_V2("http://h").make_endpoint_url(*args, **options)


@case(each=("host", "git", "server_about"))
def api_map(side: Side, name: str) -> Any:
    from cvat_sdk.core.client import CVAT_API_V2

    return getattr(CVAT_API_V2("http://h:8080/"), name, None)


_SESSION = answer(
    json={"key": "k" * 40},
    headers=[("Set-Cookie", "sessionid=s; Path=/"), ("Set-Cookie", "csrftoken=t; Path=/")],
)


@case(_SESSION, answer(json=USER))
def login_with_a_password(side: Side) -> Any:
    client = client_of(side)
    before = bool(client.has_credentials())
    client.login(("ann", "secret"))
    user, _ = client.api_client.users_api.retrieve_self()
    return [before, bool(client.has_credentials()), user.username]


@case(_SESSION, each=("tuple", "class"))
def kinds_of_passwords(side: Side, kind: str) -> Any:
    from cvat_sdk.core.client import PasswordCredentials

    client = client_of(side)
    client.login(("ann", "s") if kind == "tuple" else PasswordCredentials("ann", "s"))
    return bool(client.has_credentials())


@case(answer(json=USER))
def login_with_a_token(side: Side) -> Any:
    from cvat_sdk.core.client import AccessTokenCredentials

    client = client_of(side)
    client.login(AccessTokenCredentials("secret"))
    user, _ = client.api_client.users_api.retrieve_self()
    return [
        bool(client.has_credentials()),
        user.username,
        client.api_client.configuration.access_token,
    ]


@case(answer(401, json={"non_field_errors": ["no"]}))
def login_that_is_refused(side: Side) -> Any:
    return client_of(side).login(("ann", "wrong"))


@case(_SESSION, answer(json={}))
def logout(side: Side) -> Any:
    client = client_of(side)
    client.login(("ann", "secret"))
    client.logout()
    return bool(client.has_credentials())


@case()
def logout_of_nobody(side: Side) -> Any:
    client = client_of(side)
    client.logout()
    return bool(client.has_credentials())


_VERSIONS = ("2.80.0", "2.80.5", "2.81.0", "2.79.9", "2.54.0", "3.0.0", "2.80.0.dev1", "2.80.1a2")


def _about(version: str) -> Any:
    document = {"name": "CVAT", "description": "", "version": version}
    return [answer(json={**document, "logo_url": "", "subtitle": ""})]


@case(each=_VERSIONS, answering=_about)
def versions_that_are_known(side: Side, version: str) -> Any:
    log, records = logger()
    client = client_of(side, logger=log)
    raised = side.attempt(client.check_server_version, fail_if_unsupported=True)
    return [type(raised).__name__, [level for level, _ in records]]


@case(each=_VERSIONS, answering=_about)
def version(side: Side, version: str) -> Any:
    return str(client_of(side).get_server_version())


@case(each=("2.81.0", "2.60.0"), answering=_about)
def versions_that_are_not_known_are_a_warning(side: Side, version: str) -> Any:
    log, records = logger()
    client_of(side, logger=log).check_server_version()
    return [level for level, _ in records]


@case(each={"allowed": True, "refused": False}, answering=lambda _: _about("2.10.0"))
def settings_about_versions(side: Side, allowed: bool) -> Any:
    from cvat_sdk.core.client import Client, Config

    Client(side.host, config=Config(allow_unsupported_server=allowed))


@case()
def organizations(side: Side) -> Any:
    client = client_of(side)
    seen = [client.organization_slug]
    client.organization_slug = "team"
    seen.append(client.organization_slug)
    with client.organization_context("other"):
        seen.append(client.organization_slug)
        with client.organization_context(""):
            seen.append(client.organization_slug)
        seen.append(client.organization_slug)
    seen.append(client.organization_slug)
    client.organization_slug = None
    return [*seen, client.organization_slug, "X-Organization" in client.api_client.default_headers]


@case(page(samples.TASK), each={"team": "team", "personal": "", "none": None})
def requests_of_an_organization(side: Side, slug: Any) -> Any:
    client = client_of(side)
    client.organization_slug = slug
    return len(client.tasks.list())


_STATES: dict[str, tuple[str, ...]] = {
    "finished": ("finished",),
    "failed": ("failed",),
    "in the end": ("queued", "started", "finished"),
    "in the end failed": ("queued", "started", "failed"),
}


def _states(states: tuple[str, ...]) -> Any:
    return [
        answer(json={**samples.REQUEST, "status": state, "message": f"is {state}", "result_id": 5})
        for state in states
    ]


@case(each=_STATES, answering=_states)
def wait(side: Side, states: Any) -> Any:
    request, response = client_of(side).wait_for_completion("rq", status_check_period=0.01)
    return [request.id, str(request.status), request.result_id, response.status]


@case(answer(404, json={"detail": "none"}))
def wait_for_what_there_is_not(side: Side) -> Any:
    return client_of(side).wait_for_completion("rq", status_check_period=0.01)


@case()
def settings(side: Side) -> Any:
    from cvat_sdk.core.client import Config

    config = Config(cache_dir=Path("/tmp/x"))
    return [
        config.status_check_period,
        config.allow_unsupported_server,
        config.verify_ssl,
        str(config.cache_dir),
        config == Config(cache_dir=Path("/tmp/x")),
        config == Config(status_check_period=1, cache_dir=Path("/tmp/x")),
    ]


@case(each=("tasks", "projects", "jobs", "issues", "comments", "users", "organizations"))
def repositories(side: Side, name: str) -> Any:
    client = client_of(side)
    found = getattr(client, name)
    return [type(found).__name__, found is getattr(client, name), type(found.api).__name__]


@case()
def a_client_is_a_context(side: Side) -> Any:
    with client_of(side) as client:
        return type(client).__name__


@case(*_about("2.80.0"), _SESSION)
def made_by_a_function(side: Side) -> Any:
    from cvat_sdk import make_client

    with make_client(side.host, credentials=("ann", "secret")) as client:
        return [bool(client.has_credentials()), client.api_map.host]


@case(*_about("2.80.0"))
def made_by_a_function_with_a_port(side: Side) -> Any:
    from cvat_sdk import make_client

    host, _, port = side.host.rpartition(":")
    with make_client(host, port=int(port)) as client:
        return [bool(client.has_credentials()), client.api_map.host]


@case(*_about("2.80.0"))
def made_by_a_function_with_a_token(side: Side) -> Any:
    from cvat_sdk import make_client

    with make_client(side.host, access_token="secret") as client:
        return [bool(client.has_credentials()), client.api_client.configuration.access_token]
