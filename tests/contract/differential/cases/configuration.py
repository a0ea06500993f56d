"""Configuration."""

from __future__ import annotations

import copy
import logging
import pickle
from typing import Any

from cvat_sdk.api_client import ApiClient, Configuration
from differential.answers import answer
from differential.case import Side, case

_ATTRIBUTES = (
    "host",
    "api_key",
    "api_key_prefix",
    "username",
    "password",
    "access_token",
    "refresh_api_key_hook",
    "discard_unknown_keys",
    "disabled_client_side_validations",
    "temp_folder_path",
    "verify_ssl",
    "ssl_ca_cert",
    "cert_file",
    "key_file",
    "assert_hostname",
    "connection_pool_maxsize",
    "proxy",
    "no_proxy",
    "proxy_headers",
    "socket_options",
    "safe_chars_for_path_param",
    "client_side_validation",
    "server_index",
    "server_variables",
    "server_operation_index",
    "server_operation_variables",
    "debug",
    "logger_file",
    "logger_format",
)


@case(each=_ATTRIBUTES)
def default(side: Side, name: str) -> Any:
    value = getattr(Configuration(host="http://server"), name)
    # Several spellings of "nothing" are alike to callers.
    return value if value not in ({}, set()) else "empty"


@case(each=_ATTRIBUTES)
def attribute_is_kept(side: Side, name: str) -> Any:
    """Plain attributes can be set; a value that fits is read back."""
    configuration = Configuration(host="http://server")
    value = {
        "host": "http://elsewhere",
        "debug": True,
        "disabled_client_side_validations": "pattern",
        "logger_file": None,
        "logger_format": "%(message)s",
    }.get(name, {"a": "b"})
    level = logging.getLogger("urllib3").level
    try:
        setattr(configuration, name, value)
        return getattr(configuration, name)
    finally:
        configuration.debug = False
        logging.getLogger("urllib3").setLevel(level)


@case()
def any_attribute(side: Side) -> Any:
    configuration = Configuration(host="http://server")
    configuration.something_else = 3
    return configuration.something_else


@case(
    each={
        "plain": "http://server",
        "slash": "http://server/",
        "slashes": "http://server///",
        "port": "http://server:8080",
        "https": "https://server",
        "no scheme": "server",
        "no scheme, port": "server:8080",
        "prefix": "http://server/prefix",
        "prefix and slash": "http://server/prefix/",
        "no scheme, prefix": "server/prefix/",
        "upper case": "HTTP://server",
        "mixed case": "Https://server",
        "blanks": "  http://server  ",
        "ftp": "ftp://server",
        "empty": "",
        "none": None,
        "address": "127.0.0.1:1",
        "query": "http://server?a=b",
        "credentials": "http://ann:secret@server",
        "IPv6": "http://[::1]:80",
    }
)
def host(side: Side, text: Any) -> Any:
    return Configuration(host=text).host


@case(
    each={
        "plain": "http://server",
        "slash": "http://server/",
        "no scheme": "server",
        "no scheme and slash": "abc/",
        "upper case": "HTTPS://server",
        "ftp": "ftp://server",
        "empty": "",
    }
)
def assigned_host(side: Side, text: str) -> Any:
    configuration = Configuration(host="http://first")
    configuration.host = text
    return [configuration.host, configuration.server_index]


@case()
def no_host(side: Side) -> Any:
    return Configuration().host


@case(answer(json={}), each={"constructor": True, "assigned": False})
def host_with_prefix_is_called(side: Side, by_constructor: bool) -> Any:
    client = side.client(host=f"{side.host}/prefix/") if by_constructor else side.client()
    if not by_constructor:
        client.configuration.host = f"{side.other}/prefix"
    client.server_api.retrieve_about(_parse_response=False)
    return None


@case()
def unknown_keyword(side: Side) -> Any:
    return Configuration(no_such_option=1)


@case()
def positional(side: Side) -> Any:
    configuration = Configuration("http://server", {"a": "b"}, {"c": "d"}, "ann", "secret", "token")
    return [
        configuration.host,
        configuration.api_key,
        configuration.api_key_prefix,
        configuration.username,
        configuration.password,
        configuration.access_token,
    ]


@case()
def host_settings(side: Side) -> Any:
    settings = Configuration(host="http://server").get_host_settings()
    return [len(settings), settings[0]["url"]]


@case(each={"0": 0, "-1": -1, "1": 1, "-2": -2, "none": None})
def host_from_settings(side: Side, index: int | None) -> Any:
    return Configuration(host="http://server").get_host_from_settings(index)


@case()
def api_key_is_kept_by_reference(side: Side) -> Any:
    keys = {"sessionAuth": "abc"}
    configuration = Configuration(host="http://server", api_key=keys)
    keys["csrfAuth"] = "def"
    return [configuration.api_key is keys, configuration.auth_settings()]


@case(each={"none": None, "other": {"other": "Word"}, "same": {"tokenAuth": "Key"}})
def api_key_prefix(side: Side, prefix: Any) -> Any:
    return Configuration(host="http://server", api_key_prefix=prefix).api_key_prefix


@case(
    each={
        "both": ("ann", "secret"),
        "no password": ("ann", None),
        "no user": (None, "secret"),
        "neither": (None, None),
        "empty": ("", ""),
        "colon": ("ann:b", "se:cret"),
        "latin-1": ("anné", "schlüssel"),
        "other script": ("анна", "ключ"),
    }
)
def basic_auth_token(side: Side, given: Any) -> Any:
    configuration = Configuration(host="http://server", username=given[0], password=given[1])
    return configuration.get_basic_auth_token()


@case(
    each={
        "key": ({"a": "b"}, {}, "a", None),
        "prefix": ({"a": "b"}, {"a": "Word"}, "a", None),
        "absent": ({}, {}, "a", None),
        "empty": ({"a": ""}, {}, "a", None),
        "none": ({"a": None}, {}, "a", None),
        "alias": ({"c": "d"}, {}, "a", "c"),
        "alias with prefix": ({"c": "d"}, {"a": "Word"}, "a", "c"),
        "alias with prefix of the alias": ({"c": "d"}, {"c": "Word"}, "a", "c"),
        "both": ({"a": "b", "c": "d"}, {}, "a", "c"),
        "token": ({"tokenAuth": "b"}, {}, "tokenAuth", None),
        "token with word": ({"tokenAuth": "Token b"}, {}, "tokenAuth", None),
    }
)
def api_key_with_prefix(side: Side, given: Any) -> Any:
    keys, prefixes, name, alias = given
    configuration = Configuration(host="http://server", api_key=keys, api_key_prefix=prefixes)
    return configuration.get_api_key_with_prefix(name, alias=alias)


@case()
def refresh_hook(side: Side) -> Any:
    """The hook gets the configuration and may set the key."""
    configuration = Configuration(host="http://server")

    def refresh(given: Any) -> None:
        given.api_key["a"] = "fresh"

    configuration.refresh_api_key_hook = refresh
    return configuration.get_api_key_with_prefix("a")


@case(answer(json={}))
def refresh_hook_calls(side: Side) -> Any:
    """How often the hook runs for one request."""
    calls = []
    client = side.client(api_key={"tokenAuth": "abc"})
    client.configuration.refresh_api_key_hook = lambda configuration: calls.append(configuration)
    client.server_api.retrieve_about(_parse_response=False)
    return [len(calls), all(configuration is client.configuration for configuration in calls)]


_CREDENTIALS: dict[str, Any] = {
    "none": {},
    "basic": {"username": "ann", "password": "secret"},
    "user only": {"username": "ann"},
    "empty password": {"username": "ann", "password": ""},
    "bearer": {"access_token": "abc"},
    "token": {"api_key": {"tokenAuth": "abc"}},
    "session": {"api_key": {"sessionAuth": "abc"}},
    "csrf": {"api_key": {"csrfAuth": "abc"}},
    "csrf header": {"api_key": {"csrfHeaderAuth": "abc"}},
    "csrf and header": {"api_key": {"csrfAuth": "abc", "csrfHeaderAuth": "def"}},
    "session and csrf": {"api_key": {"sessionAuth": "abc", "csrfAuth": "def"}},
    "all": {
        "username": "ann",
        "password": "secret",
        "access_token": "abc",
        "api_key": {"tokenAuth": "t", "sessionAuth": "s", "csrfAuth": "c"},
    },
}


@case(each=_CREDENTIALS)
def auth_settings(side: Side, options: Any) -> Any:
    settings = Configuration(host="http://server", **options).auth_settings()
    return [[name, dict(setting)] for name, setting in settings.items()]


@case(
    each={
        "one": "pattern",
        "several": "pattern,maxLength",
        "all": "multipleOf,maximum,exclusiveMaximum,minimum,exclusiveMinimum,maxLength,minLength,pattern,maxItems,minItems",
        "empty": "",
        "unknown": "pattern,colour",
        "blanks": "pattern, maxLength",
    }
)
def disabled_validations(side: Side, words: str) -> Any:
    configuration = Configuration(host="http://server", disabled_client_side_validations=words)
    return len(configuration.disabled_client_side_validations.split(","))


@case()
def disabled_validations_when_assigned(side: Side) -> Any:
    configuration = Configuration(host="http://server")
    configuration.disabled_client_side_validations = "nonsense"
    return None


@case(answer(json={}))
def disabled_validation_lets_values_pass(side: Side) -> Any:
    client = side.client(disabled_client_side_validations="maxLength,pattern")
    client.organizations_api.create({"slug": "not a slug!" * 9}, _parse_response=False)
    return None


@case()
def default_configuration(side: Side) -> Any:
    """A default that was set is copied, None takes it back."""
    mine = Configuration(host="http://mine", username="ann", api_key={"a": "b"})
    try:
        Configuration.set_default(mine)
        copied = Configuration.get_default_copy()
        client = ApiClient()
        seen = [copied.host, copied.username, copied is mine, copied.api_key is mine.api_key]
        seen.append(client.configuration.host)
    finally:
        Configuration.set_default(None)
    return [*seen, Configuration.get_default_copy().username]


@case(each={"copy": copy.copy, "deepcopy": copy.deepcopy})
def copies(side: Side, function: Any) -> Any:
    configuration = Configuration(host="http://server", username="ann", api_key={"a": "b"})
    configuration.proxy = "http://proxy"
    twin = function(configuration)
    return [
        twin.host,
        twin.username,
        twin.proxy,
        twin.api_key,
        twin.api_key is configuration.api_key,
        twin.logger["urllib3_logger"] is configuration.logger["urllib3_logger"],
    ]


@case()
def pickled(side: Side) -> Any:
    configuration = Configuration(host="http://server", username="ann", api_key={"a": "b"})
    twin = pickle.loads(pickle.dumps(configuration))
    return [twin.host, twin.username, twin.api_key, sorted(twin.logger)]


@case()
def loggers(side: Side) -> Any:
    return {
        name: logger.name for name, logger in Configuration(host="http://server").logger.items()
    }


@case(each={"on": True, "off": False})
def debug(side: Side, value: bool) -> Any:
    configuration = Configuration(host="http://server")
    try:
        configuration.debug = value
        return [configuration.debug, [logger.level for logger in configuration.logger.values()]]
    finally:
        configuration.debug = False


@case()
def levels_after_construction(side: Side) -> Any:
    """Whether the levels that the application set are still there."""
    logger = logging.getLogger("urllib3")
    before = logger.level
    try:
        logger.setLevel(logging.INFO)
        Configuration(host="http://server")
        return logger.level
    finally:
        logger.setLevel(before)


@case()
def log_file(side: Side) -> Any:
    path = side.folder() / "client.log"
    configuration = Configuration(host="http://server")
    configuration.logger_file = str(path)
    configuration.logger_format = "%(message)s"
    logger = configuration.logger["package_logger"]
    logger.warning("something")
    for handler in list(logger.handlers):
        handler.flush()
        for other in configuration.logger.values():
            other.removeHandler(handler)
        handler.close()
    return [configuration.logger_file == str(path), "something" in path.read_text()]


@case()
def debug_report(side: Side) -> Any:
    report = Configuration(host="http://server").to_debug_report()
    return [isinstance(report, str), "2.80.0" in report]


@case()
def default_retries(side: Side) -> Any:
    retries = Configuration(host="http://server").retries
    return [
        retries.total,
        retries.connect,
        retries.read,
        retries.redirect,
        retries.backoff_factor,
        sorted(retries.status_forcelist),
        sorted(retries.allowed_methods),
        retries.raise_on_status,
        retries.respect_retry_after_header,
    ]


@case(
    each={
        "none": None,
        "false": False,
        "zero": 0,
        "two": 2,
    }
)
def retries_of_pool(side: Side, value: Any) -> Any:
    client = side.client(retries=value)
    found = client.rest_client.pool_manager.connection_pool_kw.get("retries")
    return getattr(found, "total", found)


@case(
    each={
        "star": ("http://server", "*"),
        "name": ("http://server", "server"),
        "other name": ("http://server", "another"),
        "suffix": ("http://api.example.com", "example.com"),
        "dotted suffix": ("http://api.example.com", ".example.com"),
        "part of a name": ("http://notexample.com", "example.com"),
        "address": ("http://10.1.2.3", "10.1.2.3"),
        "network": ("http://10.1.2.3", "10.0.0.0/8"),
        "other network": ("http://10.1.2.3", "192.168.0.0/16"),
        "list": ("http://server", "a,b, server"),
        "empty": ("http://server", ""),
        "port": ("http://server:8080", "server"),
        "entry with port": ("http://server:8080", "server:8080"),
        "upper case": ("http://SERVER", "server"),
        "no host": ("", "server"),
    }
)
def bypasses_proxy(side: Side, given: Any) -> Any:
    from cvat_sdk.api_client.rest import should_bypass_proxies

    return should_bypass_proxies(given[0], no_proxy=given[1])


@case(
    each={
        "inside": ("10.1.2.3", "10.0.0.0/8"),
        "outside": ("11.1.2.3", "10.0.0.0/8"),
        "no address": ("server", "10.0.0.0/8"),
        "no network": ("10.1.2.3", "server"),
    }
)
def address_in_network(side: Side, given: Any) -> Any:
    from cvat_sdk.api_client.rest import in_ipv4net

    return in_ipv4net(*given)


@case(each=("10.1.2.3", "server", "::1", "", "10.1.2", "300.1.2.3"))
def is_address(side: Side, text: str) -> Any:
    from cvat_sdk.api_client.rest import is_ipv4

    return is_ipv4(text)


def _urllib3_class(pools: Any) -> str | None:
    """Which of urllib3's classes it is, be it by inheritance."""
    names = {base.__name__ for base in type(pools).__mro__}
    return next((name for name in ("ProxyManager", "PoolManager") if name in names), None)


@case(answer(json={}))
def proxy_is_used(side: Side) -> Any:
    client = side.client(host="http://cvat.invalid", proxy=side.other)
    client.server_api.retrieve_about(_parse_response=False)
    return _urllib3_class(client.rest_client.pool_manager)


@case(answer(json={}))
def proxy_is_bypassed(side: Side) -> Any:
    client = side.client(proxy=side.other, no_proxy="127.0.0.1")
    client.server_api.retrieve_about(_parse_response=False)
    return _urllib3_class(client.rest_client.pool_manager)


@case(answer(json={}))
def proxy_of_the_environment_is_ignored(side: Side) -> Any:
    side.client().server_api.retrieve_about(_parse_response=False)
    return None


@case()
def pool_settings(side: Side) -> Any:
    configuration = side.configuration(verify_ssl=False)
    configuration.connection_pool_maxsize = 7
    pool = ApiClient(configuration).rest_client.pool_manager
    return [pool.connection_pool_kw["maxsize"], int(pool.connection_pool_kw["cert_reqs"])]


@case(answer(json={}), answer(json={}), each={"slash": "/", "equals": "=", "none": ""})
def safe_path_characters(side: Side, safe: str) -> Any:
    client = side.client()
    client.configuration.safe_chars_for_path_param = safe
    client.call_api("/api/things/{id}", "GET", path_params={"id": "a/b=c"})
    client.requests_api.retrieve("a/b=c", _parse_response=False)
    return None
