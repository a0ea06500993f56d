"""What the client does with connections: pools, retries, cookies, credentials and proxies of every form."""

from __future__ import annotations

from typing import Any

from cvat_sdk.api_client import ApiClient, Configuration, rest
from differential.answers import answer
from differential.case import Side, case


@case(each={"none": None, "one": 1})
def size_of_pools(side: Side, size: int | None) -> Any:
    configuration = Configuration(host="http://server")
    configuration.connection_pool_maxsize = size  # type: ignore[assignment]  # published: an int
    return ApiClient(configuration).rest_client.pool_manager.connection_pool_kw["maxsize"]


@case(answer(json={}), each={"line break": "key\n", "blanks": "key \r\n", "plain": "key"})
def key_from_a_file(side: Side, key: str) -> Any:
    return side.client(api_key={"tokenAuth": key}).call_api("/x", "GET")[1].status


@case(answer(json={}), each={"line break": "key\nkey", "not latin": "key\u2019"})
def key_that_cannot_be_sent(side: Side, key: str) -> Any:
    return side.client(api_key={"tokenAuth": key}).call_api("/x", "GET")[1].status


@case(
    each={"partitioned": "a=b; Secure; Partitioned", "priority": "a=b; Priority=High; Path=/"},
    answering=lambda line: [answer(json={}, headers=[("Set-Cookie", line)]), answer(json={})],
)
def newer_attributes_of_cookies(side: Side, line: str) -> Any:
    client = side.client()
    client.call_api("/x", "GET")
    client.call_api("/x", "GET")
    return dict(client.cookies).keys()


@case(
    each={"unreadable": "soon", "negative": "-5"},
    answering=lambda wait: [answer(429, json={}, headers=[("Retry-After", wait)])],
)
def wait_that_cannot_be_read(side: Side, wait: str) -> Any:
    return side.client(retries=1).call_api("/x", "GET")[1].status


_ADDRESSES = {
    "everything": ("http://server", "*"),
    "name": ("http://server", "server"),
    "subdomain": ("http://a.server", "server"),
    "suffix": ("http://a.server", ".server"),
    "star": ("http://a.server", "*.server"),
    "port": ("http://server:8080", "server:8080"),
    "other port": ("http://server:8080", "server:81"),
    "address": ("http://10.1.2.3", "10.1.2.3"),
    "network": ("http://10.1.2.3", "10.0.0.0/8"),
    "IPv6": ("http://[::1]", "::1"),
    "IPv6 network": ("http://[fd00::1]", "fd00::/8"),
    "another": ("http://server", "other"),
}


@case(each=_ADDRESSES)
def addresses_without_proxy(side: Side, given: Any) -> Any:
    return rest.should_bypass_proxies(given[0], no_proxy=given[1])
