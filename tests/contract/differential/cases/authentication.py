"""Credentials and cookies on the wire."""

from __future__ import annotations

from typing import Any

from differential.answers import Answer, answer
from differential.case import Side, case

_ABOUT = answer(
    json={"name": "n", "description": "d", "version": "2", "logo_url": "u", "subtitle": "s"}
)

_ALL: dict[str, Any] = {
    "username": "ann",
    "password": "secret",
    "access_token": "bearer",
    "api_key": {"tokenAuth": "t", "sessionAuth": "s", "csrfAuth": "c"},
}

_CREDENTIALS: dict[str, dict[str, Any]] = {
    "none": {},
    "basic": {"username": "ann", "password": "secret"},
    "basic, empty": {"username": "", "password": ""},
    "basic, accents": {"username": "anné", "password": "ü"},
    "basic, other script": {"username": "анна", "password": "ключ"},
    "user only": {"username": "ann"},
    "bearer": {"access_token": "abc"},
    "bearer, empty": {"access_token": ""},
    "token": {"api_key": {"tokenAuth": "abc"}},
    "token with its word": {"api_key": {"tokenAuth": "Token abc"}},
    "token, empty": {"api_key": {"tokenAuth": ""}},
    "token, none": {"api_key": {"tokenAuth": None}},
    "session": {"api_key": {"sessionAuth": "abc"}},
    "session, none": {"api_key": {"sessionAuth": None}},
    "session, empty": {"api_key": {"sessionAuth": ""}},
    "csrf": {"api_key": {"csrfAuth": "abc"}},
    "csrf header": {"api_key": {"csrfHeaderAuth": "abc"}},
    "csrf, two values": {"api_key": {"csrfAuth": "abc", "csrfHeaderAuth": "def"}},
    "session and csrf": {"api_key": {"sessionAuth": "abc", "csrfAuth": "def"}},
    "basic and bearer": {"username": "ann", "password": "secret", "access_token": "abc"},
    "basic and token": {"username": "ann", "password": "p", "api_key": {"tokenAuth": "abc"}},
    "bearer and token": {"access_token": "abc", "api_key": {"tokenAuth": "def"}},
    "unknown key": {"api_key": {"something": "abc"}},
    "prefix": {"api_key": {"sessionAuth": "abc"}, "api_key_prefix": {"sessionAuth": "Word"}},
    "other prefix": {"api_key": {"tokenAuth": "abc"}, "api_key_prefix": {"tokenAuth": "Key"}},
    "all": _ALL,
}


@case(_ABOUT, each=_CREDENTIALS)
def endpoint_call(side: Side, options: Any) -> Any:
    return side.client(**options).server_api.retrieve_about()[1].status


@case(_ABOUT, each=_CREDENTIALS)
def call_api(side: Side, options: Any) -> Any:
    return side.client(**options).call_api("/api/about", "POST")[1].status


@case(each=_CREDENTIALS)
def params_for_auth(side: Side, options: Any) -> Any:
    headers: dict[str, Any] = {"X-Mine": "1"}
    queries: list[Any] = [("a", "b")]
    result = side.client(**options).update_params_for_auth(headers, queries)
    return [result, headers, queries]


@case(
    each={
        "none of them": [],
        "one": ["basicAuth"],
        "not configured": ["tokenAuth"],
        "unknown": ["nothing"],
        "tuple": ("csrfAuth", "sessionAuth"),
        "other order": ["sessionAuth", "csrfAuth"],
        "dict": {"basicAuth": {}},
        "bearer and basic": ["accessTokenAuth", "basicAuth"],
        "header only": ["csrfHeaderAuth"],
    }
)
def chosen_schemes(side: Side, names: Any) -> Any:
    headers: dict[str, Any] = {}
    side.client(**_ALL).update_params_for_auth(headers, [], names)
    return headers


@case()
def existing_headers(side: Side) -> Any:
    """Headers that are there already are replaced, cookies are appended, an Origin is kept."""
    headers = {
        "Authorization": "mine",
        "Cookie": "a=b",
        "Origin": "http://mine",
        "X-CSRFToken": "x",
    }
    side.client(**_ALL).update_params_for_auth(headers, [])
    return headers


@case(_ABOUT, each={"configured": _CREDENTIALS["basic"], "not configured": {}})
def default_authorization(side: Side, options: Any) -> Any:
    client = side.client(**options)
    client.set_default_header("Authorization", "Token mine")
    return client.server_api.retrieve_about()[1].status


@case(_ABOUT)
def session_set_up_by_headers(side: Side) -> Any:
    client = side.client(cookies={})
    client.cookies["sessionid"] = "s"
    client.cookies["csrftoken"] = "c"
    client.set_default_header("X-CSRFToken", client.cookies["csrftoken"].value)
    client.set_default_header("Origin", client.build_origin_header())
    return client.server_api.retrieve_about()[1].status


@case(_ABOUT)
def cookies_of_client_and_configuration(side: Side) -> Any:
    client = side.client(api_key={"sessionAuth": "s", "csrfAuth": "c"})
    client.cookies["sessionid"] = "other"
    return client.server_api.retrieve_about()[1].status


@case(each={"prefix": "/prefix", "port": ""})
def origin_of_request(side: Side, path: str) -> Any:
    headers: dict[str, Any] = {}
    client = side.client(api_key={"csrfAuth": "c"})
    client.update_params_for_auth(headers, [], request_host=f"https://Other:8443{path}")
    return headers


def _auth(place: str, **more: Any) -> dict[str, Any]:
    return {"type": "apiKey", "in": place, "key": "X-Key", "value": "v", **more}


_REQUEST_AUTHS: dict[str, Any] = {
    "header": [_auth("header")],
    "cookie": [_auth("cookie", key="k")],
    "query": [_auth("query", key="k")],
    "two": [_auth("header"), _auth("cookie", key="a"), _auth("cookie", key="b")],
    "elsewhere": [_auth("body")],
    "empty": [],
    "authorization": [_auth("header", key="Authorization", value="Custom x")],
}


@case(_ABOUT, each=_REQUEST_AUTHS)
def auths_of_one_call(side: Side, auths: Any) -> Any:
    client = side.client(**_CREDENTIALS["basic and token"])
    return client.server_api.retrieve_about(_request_auths=auths)[1].status


@case(_ABOUT, each=_REQUEST_AUTHS)
def auths_of_one_call_api(side: Side, auths: Any) -> Any:
    client = side.client(**_CREDENTIALS["session and csrf"])
    return client.call_api("/api/about", "GET", _request_auths=auths)[1].status


@case(
    answer(json={}),
    each=(
        "create_login",
        "create_password_change",
        "retrieve_rules",
        "retrieve_access_tokens_self",
    ),
)
def operation_with_its_own_schemes(side: Side, method: str) -> Any:
    from cvat_sdk.api_client import models

    api = side.client(**_ALL).auth_api
    arguments: dict[str, Any] = {
        "create_login": (models.LoginSerializerExRequest(username="ann", password="secret"),),
        "create_password_change": (
            {"new_password1": "a-long-secret", "new_password2": "a-long-secret"},
        ),
    }
    return getattr(api, method)(*arguments.get(method, ()), _parse_response=False)[1].status


@case(answer(json={}), each=("one", "two"))
def keys_changed_between_calls(side: Side, order: str) -> Any:
    client = side.client(api_key={"sessionAuth": "s"})
    if order == "two":
        client.configuration.api_key["csrfHeaderAuth"] = "c"
    client.call_api("/api/x", "GET")
    client.configuration.api_key.pop("sessionAuth")
    client.call_api("/api/x", "GET")
    client.configuration.username, client.configuration.password = "ann", "secret"
    client.call_api("/api/x", "GET")
    return None


# -- organizations --------------------------------------------------------------------------------


@case(
    answer(json={}),
    each={
        "header": {"x_organization": "org"},
        "slug": {"org": "org"},
        "id": {"org_id": 5},
        "empty slug": {"org": ""},
        "none takes the header away": {"x_organization": None},
    },
)
def organization(side: Side, options: Any) -> Any:
    client = side.client(headers={"X-Organization": "default"})
    return client.tasks_api.list(_parse_response=False, **options)[1].status


# -- cookies --------------------------------------------------------------------------------------


def _cookies(*lines: str) -> Answer:
    return answer(json={}, headers=[("Set-Cookie", line) for line in lines])


_COOKIES: dict[str, Answer] = {
    "one": _cookies("sessionid=abc"),
    "two": _cookies("sessionid=abc", "csrftoken=def"),
    "path and age": _cookies("sessionid=abc; Path=/; Max-Age=1209600"),
    "expires": _cookies("sessionid=abc; expires=Wed, 21 Oct 2099 07:28:00 GMT; Path=/"),
    "last has flags": _cookies("csrftoken=def; Path=/", "sessionid=abc; HttpOnly; Path=/; Secure"),
    "ends in a flag": _cookies("sessionid=abc; Path=/; HttpOnly"),
    "first ends in a flag": _cookies("sessionid=abc; Path=/; Secure", "csrftoken=def; Path=/"),
    "Django over HTTPS": _cookies(
        "csrftoken=def; expires=Wed, 21 Oct 2099 07:28:00 GMT; Max-Age=31449600; Path=/; SameSite=Lax; Secure",
        "sessionid=abc; expires=Wed, 21 Oct 2099 07:28:00 GMT; HttpOnly; Max-Age=1209600; Path=/; SameSite=Lax; Secure",
    ),
    "other path": _cookies("sessionid=abc; Path=/elsewhere"),
    "other domain": _cookies("sessionid=abc; Domain=example.com"),
    "quoted": _cookies('sessionid="a b c"'),
    "equals sign": _cookies("sessionid=a=b="),
    "age zero": _cookies("sessionid=gone; Max-Age=0", "csrftoken=def"),
    "long expired": _cookies(
        "sessionid=gone; expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=/", "csrftoken=def"
    ),
    "empty": _cookies('sessionid=""; expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/'),
    "no value": _cookies("sessionid"),
    "nonsense": _cookies("; ; ;"),
    "bad name": _cookies("ses sion=abc", "csrftoken=def"),
    "comma": _cookies("sessionid=a,b", "csrftoken=def"),
    "same name twice": _cookies("sessionid=abc", "sessionid=def"),
}


@case(each=_COOKIES, answering=lambda given: [given, answer(json={})])
def cookies_of_a_response(side: Side, given: Any) -> Any:
    client = side.client()
    client.call_api("/api/first", "GET")
    client.call_api("/api/second", "GET")
    return client.cookies


@case(
    _cookies("sessionid=abc", "csrftoken=def"),
    each={
        "endpoint": lambda client, host: client.server_api.retrieve_plugins(),
        "endpoint, raw": lambda client, host: client.server_api.retrieve_about(
            _parse_response=False
        ),
        "call_api, raw": lambda client, host: client.call_api("/x", "GET", _parse_response=False),
        "request": lambda client, host: client.request("GET", f"{host}/x"),
        "rest": lambda client, host: client.rest_client.GET(f"{host}/x"),
    },
)
def cookies_by_way_of_call(side: Side, call: Any) -> Any:
    client = side.client()
    side.attempt(call, client, side.host)
    return client.cookies


@case(
    answer(403, json={}, headers=[("Set-Cookie", "sessionid=abc")]),
    each={"checked": True, "unchecked": False},
)
def cookies_of_an_error(side: Side, check: bool) -> Any:
    client = side.client()
    side.attempt(client.call_api, "/x", "GET", _check_status=check)
    return client.cookies


@case(_cookies("sessionid=new; Path=/"), answer(json={}))
def cookie_is_replaced(side: Side) -> Any:
    client = side.client()
    client.cookies["sessionid"] = "old"
    client.call_api("/x", "GET")
    client.call_api("/x", "GET")
    return client.cookies


@case(
    answer(
        json={"key": "abc"},
        headers=[("Set-Cookie", "csrftoken=c; Path=/"), ("Set-Cookie", "sessionid=s; Path=/")],
    ),
    answer(json={}),
)
def documented_login(side: Side) -> Any:
    from cvat_sdk.api_client import models

    client = side.client()
    auth, _ = client.auth_api.create_login(
        models.LoginSerializerExRequest(username="ann", password="secret")
    )
    client.set_default_header("X-CSRFToken", client.cookies["csrftoken"].value)
    client.set_default_header("Origin", client.build_origin_header())
    client.call_api("/x", "POST")
    client.set_default_header("Authorization", "Token " + auth.key)
    client.call_api("/x", "POST")
    return [auth, "sessionid" in client.cookies]


# -- redirects ------------------------------------------------------------------------------------

_REDIRECTS = {
    f"{status} to the {place} port": (status, place)
    for status in (301, 302, 303, 307, 308)
    for place in ("main", "other")
}


@case(
    each=_REDIRECTS,
    answering=lambda given: [
        answer(given[0], headers=[("Location", f"{{{given[1]}}}/moved")]),
        answer(json={}),
    ],
)
def redirected_post(side: Side, given: Any) -> Any:
    client = side.client(retries=3, **_ALL)
    client.cookies["mine"] = "1"
    client.set_default_header("X-Mine", "1")
    return client.call_api("/x", "POST", body={"a": 1})[1].status


@case(
    each={"main": "main", "other": "other"},
    answering=lambda place: [
        answer(302, headers=[("Location", f"{{{place}}}/moved?a=b")]),
        answer(json={}),
    ],
)
def redirected_get(side: Side, place: str) -> Any:
    client = side.client(retries=3, **_CREDENTIALS["session and csrf"])
    return client.call_api("/x", "GET", query_params={"c": "d"})[1].status


@case(answer(302, headers=[("Location", "/again")]), each={"0": 0, "2": 2, "false": False})
def endless_redirect(side: Side, retries: Any) -> Any:
    return side.client(retries=retries).call_api("/x", "GET")[1].status


@case(answer(302), answer(json={}))
def redirect_to_nowhere(side: Side) -> Any:
    return side.client(retries=3).call_api("/x", "GET")
