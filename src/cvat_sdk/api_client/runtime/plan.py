"""The calls of an operation as its description says it: what does not change between them is worked out once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cvat_sdk.api_client.exceptions import ApiTypeError, ApiValueError
from cvat_sdk.api_client.runtime import construct, convert, forms, styles, types
from cvat_sdk.api_client.runtime.calls import PreparedCall
from cvat_sdk.api_client.runtime.limits import check_items, check_limits
from cvat_sdk.api_client.runtime.model import UNSET, Model
from cvat_sdk.api_client.runtime.multipart import (
    MULTIPART,
    URLENCODED,
    MultipartBody,
    form_fields,
)
from cvat_sdk.api_client.runtime.operation import Body, Operation, Parameter
from cvat_sdk.api_client.runtime.payload import urlencoded
from cvat_sdk.api_client.runtime.plain import text_of
from cvat_sdk.api_client.runtime.rules import client_rules
from cvat_sdk.api_client.runtime.schema import parse_text
from cvat_sdk.api_client.runtime.sources import is_file
from cvat_sdk.api_client.runtime.tables import (
    DEFAULTS,
    host_of,
    missing_argument,
    no_such_argument,
    not_among,
)
from cvat_sdk.api_client.runtime.texts import quoted


class Plan:
    """Makes the calls of one operation."""

    def __init__(self, operation: Operation, package: str) -> None:
        self._operation = operation
        self._package = package
        self._parameters = {parameter.name: parameter for parameter in operation.parameters}
        self._accept = _select_accept(operation.accept) if operation.accept else None
        body = operation.body
        self._content_types = body.content_types if body else operation.form_content_types
        self._content_type = _default_content_type(operation.method, self._content_types)
        self._required = [name for name in operation.positional if not body or name != body.name]
        self._names = (operation.id, operation.name)
        self._servers = [server.settings() for server in operation.servers] or None
        self._needs_body = body is not None and body.name in operation.positional

    def call(
        self,
        configuration: types.Configuration,
        values: Mapping[str, Any],
        settings: Mapping[str, Any],
    ) -> PreparedCall:
        """A call with these arguments and common keywords.

        Raises:
            ApiTypeError: An argument that the operation does not have, or of a wrong type.
            ApiValueError: A required argument is missing, or a value is not allowed.
        """
        operation = self._operation
        host = host_of(configuration, self._names, settings["_host_index"], self._servers)
        given = {name: value for name, value in values.items() if value is not UNSET}
        body_spec = operation.body
        body = given.pop(body_spec.name, UNSET) if body_spec is not None else UNSET
        path = operation.path
        queries: list[tuple[str, Any]] = []
        headers: dict[str, Any] = {}
        form: dict[str, Any] = {}
        self._check_names(given, body)
        for name, raw in given.items():
            parameter = self._parameters[name]
            value = self._argument(parameter, raw, settings["_validate_inputs"], configuration)
            if is_styled(parameter):
                path, headers = styles.put(parameter, value, path, headers)
            elif parameter.location == "query":
                queries.append((parameter.wire, value))
            elif parameter.location == "header":
                headers[parameter.wire] = value
            elif parameter.location == "path":
                if not (value.isascii() and value.isalnum()):
                    safe = configuration.safe_chars_for_path_param
                    value = quoted(value, safe, (name,))
                path = path.replace(f"{{{parameter.wire}}}", value)
            else:
                form[parameter.wire] = value
        content_type: str | None = settings["_content_type"] or self._content_type
        if body_spec is not None:
            spec = body_spec._replace(type=body_spec.types.get(content_type or "", body_spec.type))
            body = self._body(spec, body, settings, configuration)
        else:
            body = None
        if content_type:
            headers["Content-Type"] = content_type
        if self._accept:
            headers["Accept"] = self._accept
        parts = operation.form_parts
        if parts is not None and content_type and forms.is_form(content_type):
            body = forms.form(form or body, parts, content_type)
        elif self._content_types:
            body = _payload(body, form, content_type or "")
        return PreparedCall(
            operation.method,
            path,
            queries,
            headers,
            body,
            operation.response,
            self._package,
            operation.auth,
            settings,
            host,
            repeatable=operation.repeatable,
        )

    def _check_names(self, given: Mapping[str, Any], body: Any) -> None:
        operation = self._operation
        missing = [name for name in self._required if name not in given]
        if body is UNSET and operation.body is not None and self._needs_body:
            missing.append(operation.body.name)
        if not given.keys() <= self._parameters.keys():
            unknown = sorted(given.keys() - self._parameters.keys())
            raise no_such_argument(operation.id, unknown, argument_names(operation), missing)
        if missing:
            raise missing_argument(operation.id, missing[0])

    def _argument(
        self, parameter: Parameter, value: Any, check: bool, configuration: types.Configuration
    ) -> Any:
        path = (parameter.name,)
        if value is None and parameter.location == "header":
            return None  # takes the header away, also one of the client's defaults
        if value is None and not check:
            raise ApiValueError("None is not a value; leave the argument out", path)
        if parameter.choices and value not in parameter.choices:
            raise not_among(parameter.choices, value, path)
        rules = client_rules(configuration)
        if check:
            _, node = parse_text(parameter.type, self._package)
            value = convert.convert(value, node, rules, path)
        if parameter.limits or parameter.item_limits:
            try:
                check_limits(value, parameter.limits, path, rules.ignored_limits)
                check_items(value, parameter.item_limits, path, rules.ignored_limits)
            except TypeError:
                raise ApiValueError(
                    f"Expected a value of type {parameter.type}, got {value!r}", path
                ) from None
        return value if parameter.location == "form" or is_styled(parameter) else text_of(value)

    def _body(
        self,
        spec: Body,
        value: Any,
        settings: Mapping[str, Any],
        configuration: types.Configuration,
    ) -> Any:
        if value is UNSET:
            return None
        if not settings["_validate_inputs"]:
            if value is None:
                raise ApiValueError("None is not a value; leave the argument out", (spec.name,))
            return value
        _, node = parse_text(spec.type, self._package)
        if isinstance(value, list) and node.kind == "model":
            if not value and node.cls.required_properties:
                raise ApiTypeError(
                    f"Expected {node.cls.__name__} or a dict, got an empty list", (spec.name,)
                )
            return node.cls(*value, _path_to_item=(spec.name,), _configuration=configuration)
        rules = client_rules(configuration)
        if settings["_spec_property_naming"]:
            rules = rules._replace(by_wire_names=True)
        elif node.kind == "model" and type(value) is dict:
            try:
                return construct.fast(value, node.cls)
            except construct.Surprise:
                pass  # told apart below
        return convert.convert(value, node, rules, (spec.name,))


def is_styled(parameter: Parameter) -> bool:
    """Whether `styles` writes a parameter."""
    return bool(parameter.style) or parameter.location == "cookie"


def media_type_for(body: Body, value: Any, package: str) -> str | None:
    """The media type for a value whose class only the type of one of them has; None: the default one."""
    for media_type, text in body.types.items():
        _, node = parse_text(text, package)
        is_own = node.kind == "model" and isinstance(value, node.cls)
        if is_own or (node.kind == "file" and is_file(value)):
            return media_type
    return None


def argument_names(operation: Operation) -> list[str]:
    """The names of an operation's arguments and of the common keywords."""
    own = [parameter.name for parameter in operation.parameters]
    return [*own, *([operation.body.name] if operation.body else ()), *DEFAULTS]


def _default_content_type(method: str, listed: Sequence[str]) -> str | None:
    if listed:
        return "application/json" if "application/json" in listed else listed[0]
    return "application/json" if method in ("POST", "PUT", "PATCH", "OPTIONS") else None


def _payload(body: Any, form: Mapping[str, Any], content_type: str) -> Any:
    """The body as `rest` takes it, for operations that have one."""
    if content_type == MULTIPART:
        return MultipartBody(_form_parts(form) if body is None else form_fields(body))
    if form:
        body = form
    if content_type.startswith(URLENCODED) and body is not None:
        return urlencoded(form_fields(body))
    return body


def _select_accept(media_types: Sequence[str]) -> str:
    lowered = [media_type.lower() for media_type in media_types]
    return "application/json" if "application/json" in lowered else ", ".join(lowered)


def _form_parts(form: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The fields of an operation that takes nothing but a form: objects among them are parts of their own."""
    for name, value in form.items():
        if isinstance(value, (Mapping, Model)):
            yield name, value
        else:
            yield from form_fields({name: value})
