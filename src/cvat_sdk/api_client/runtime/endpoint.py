"""The operations of the API description as objects."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypedDict

from cvat_sdk.api_client.runtime import convert, forms, styles, types
from cvat_sdk.api_client.runtime.limits import check_items
from cvat_sdk.api_client.runtime.model import UNSET
from cvat_sdk.api_client.runtime.operation import Operation
from cvat_sdk.api_client.runtime.plan import Plan, argument_names, is_styled, media_type_for
from cvat_sdk.api_client.runtime.rules import client_rules
from cvat_sdk.api_client.runtime.schema import parse_text
from cvat_sdk.api_client.runtime.tables import Endpoint, T_co, tables_of

__all__ = ["CallOptions", "Endpoint", "MethodOptions", "OperationEndpoint", "given"]


class CallOptions(TypedDict, total=False):
    """Keywords that every operation takes beside its own, but for the two that decide the type of its result."""

    _request_timeout: int | float | tuple[int | float, int | float] | None
    _validate_inputs: bool
    _validate_outputs: bool
    _check_status: bool
    _spec_property_naming: bool
    _content_type: str | None
    _host_index: int | None
    _request_auths: Sequence[Mapping[str, Any]] | None


class MethodOptions(CallOptions, total=False):
    """All keywords that every operation takes beside its own."""

    _parse_response: bool
    _async_call: bool


_TABLES = frozenset(
    {
        "settings",
        "params_map",
        "validations",
        "allowed_values",
        "openapi_types",
        "attribute_map",
        "location_map",
        "collection_format_map",
        "headers_map",
    }
)


class OperationEndpoint(Endpoint[T_co]):
    """An operation of the API description, bound to a client.

    Its tables are made when one of them is first asked for. From then on a call does as they say, for they may
    have been edited; until then it goes by the description alone, which is faster.
    """

    def __init__(self, operation: Operation, api_client: types.ApiClient, package: str) -> None:
        self.operation = operation
        self.api_client = api_client
        self.package = package

    # -- what the operation is ------------------------------------------------------------------

    @property
    def path(self) -> str:
        """Path template, such as ``/api/tasks/{id}``."""
        return super().path if self._is_edited else self.operation.path

    @property
    def _name(self) -> str:
        return self.operation.id

    def _arguments(self) -> Iterable[str]:
        return argument_names(self.operation)

    @functools.cached_property
    def _plan(self) -> Plan:
        return Plan(self.operation, self.package)

    @property
    def _is_edited(self) -> bool:
        """Whether somebody holds the tables, and may have changed them."""
        return not _TABLES.isdisjoint(self.__dict__)

    if not TYPE_CHECKING:

        def __getattr__(self, name):
            if name not in _TABLES:
                raise AttributeError(f"{type(self).__name__!r} has no attribute {name!r}")
            for table, value in tables_of(self.operation, self.package).items():
                self.__dict__.setdefault(table, value)
            return self.__dict__[name]

    def __repr__(self) -> str:
        return f"<Endpoint {self.operation.id} {self.operation.method} {self.operation.path}>"

    # -- calling it -----------------------------------------------------------------------------

    def call(self, values: Mapping[str, Any], options: Mapping[str, Any]) -> Any:
        """Call the operation with its own arguments and the common keywords kept apart."""
        client, body = self.api_client, self.operation.body
        if body is not None and body.types and not options.get("_content_type"):
            media_type = media_type_for(body, values.get(body.name), self.package)
            options = {**options, "_content_type": media_type}
        if not (_TABLES.isdisjoint(self.__dict__) and _takes_one_stride(client)):
            return super().call(given(values), options)
        settings = self._checked(options)
        call = self._plan.call(client.configuration, values, settings)
        if "Cookie" in call.headers:
            call.headers["Cookie"] = self._all_cookies(call.headers["Cookie"])
        if settings["_async_call"]:
            return client.pool.apply_async(client.send, (call,))
        return client.send(call)

    def _argument(self, name: str, value: Any, settings: Mapping[str, Any]) -> Any:
        body = self.operation.body
        if body is not None and name == body.name and body.types and settings["_validate_inputs"]:
            media_type = settings["_content_type"] or body.content_types[0]
            _, node = parse_text(body.types.get(media_type, body.type), self.package)
            rules = client_rules(self.api_client.configuration)
            if settings["_spec_property_naming"]:
                rules = rules._replace(by_wire_names=True)
            return convert.convert(value, node, rules, (name,))
        value = super()._argument(name, value, settings)
        limits = self._item_limits.get(name)
        if limits is not None:
            ignored = client_rules(self.api_client.configuration).ignored_limits
            check_items(value, limits, (name,), ignored)
        return value

    @functools.cached_property
    def _item_limits(self) -> dict[str, Mapping[str, Any]]:
        return {p.name: p.item_limits for p in self.operation.parameters if p.item_limits}

    def _place(self, values: Mapping[str, Any]) -> dict[str, Any]:
        styled = {p.name: p for p in self.operation.parameters if is_styled(p) and p.name in values}
        fields = {}
        if self.operation.form_parts is not None:
            wires = {p.name: p.wire for p in self.operation.parameters if p.location == "form"}
            fields = {name: wires[name] for name in values if name in wires}
        own = {n: value for n, value in values.items() if n not in styled and n not in fields}
        places = super()._place(own)
        places["fields"] = {wire: values[name] for name, wire in fields.items()}
        for name, parameter in styled.items():
            places["template"], places["header"] = styles.put(
                parameter, values[name], places["template"], places["header"]
            )
        if "Cookie" in places["header"]:
            places["header"]["Cookie"] = self._all_cookies(places["header"]["Cookie"])
        return places

    def _make_form(self, places: dict[str, Any], content_type: str | None) -> None:
        parts = self.operation.form_parts
        if parts is None or content_type is None:
            return
        if forms.is_form(content_type):
            places["body"] = forms.form(places["fields"] or places["body"], parts, content_type)
        elif places["fields"]:
            places["form"] = list(places["fields"].items())

    def _all_cookies(self, own: str) -> str:
        """The cookies of the client, and those that are parameters of the operation."""
        kept = self.api_client.get_common_headers().get("Cookie")
        return f"{kept}; {own}" if kept else own


def _takes_one_stride(client: Any) -> bool:
    """Whether nothing has been replaced between an operation of a client and the network."""
    check = getattr(type(client), "_takes_one_stride", None)  # no client at all in some tests
    return check is not None and bool(check(client))


def given(values: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments that a caller has passed."""
    return {name: value for name, value in values.items() if value is not UNSET}
