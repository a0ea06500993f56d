"""One operation as an object: it checks arguments, builds the request and reads the answer."""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Generic, Literal, TypedDict, TypeVar, overload
from urllib.parse import quote

from cvat_sdk.api_client.exceptions import ApiTypeError, ApiValueError
from cvat_sdk.api_client.runtime import convert, types
from cvat_sdk.api_client.runtime.calls import PreparedCall
from cvat_sdk.api_client.runtime.described import limits_of, types_of
from cvat_sdk.api_client.runtime.enums import member_key
from cvat_sdk.api_client.runtime.model import UNSET, Model, items
from cvat_sdk.api_client.runtime.multipart import (
    MULTIPART,
    URLENCODED,
    MultipartBody,
    form_fields,
)
from cvat_sdk.api_client.runtime.operation import Alias, Body, Operation, Parameter
from cvat_sdk.api_client.runtime.plain import text_of
from cvat_sdk.api_client.runtime.schema import fields_of, parse_text

T_co = TypeVar("T_co", covariant=True)
"""What the answer of an operation is decoded to."""


class CallOptions(TypedDict, total=False):
    """Keywords that every operation takes beside its own.

    ``_parse_response`` is not among them: it decides the type of the result, so each method names it.
    """

    _request_timeout: int | float | tuple[int | float, int | float] | None
    _validate_inputs: bool
    _validate_outputs: bool
    _check_status: bool
    _spec_property_naming: bool
    _content_type: str | None
    _host_index: int | None
    _request_auths: Sequence[Mapping[str, Any]] | None
    _async_call: bool


_DEFAULTS: dict[str, Any] = {
    "_async_call": False,
    "_host_index": None,
    "_parse_response": True,
    "_request_timeout": None,
    "_validate_inputs": True,
    "_validate_outputs": True,
    "_check_status": True,
    "_content_type": None,
    "_spec_property_naming": False,
    "_request_auths": None,
}
_OPTION_TYPES: dict[str, tuple[type, ...]] = {
    "_async_call": (bool,),
    "_host_index": (int, type(None)),
    "_parse_response": (bool,),
    "_request_timeout": (int, float, tuple, list, type(None)),
    "_validate_inputs": (bool,),
    "_validate_outputs": (bool,),
    "_check_status": (bool,),
    "_content_type": (str, type(None)),
    "_spec_property_naming": (bool,),
    "_request_auths": (list, tuple, type(None)),
}


class Endpoint(Generic[T_co]):
    """An operation bound to a client.

    It can be passed around and called with `call_with_http_info`; its attributes describe the operation.
    """

    def __init__(self, operation: Operation, api_client: types.ApiClient, package: str) -> None:
        self.operation = operation
        self.api_client = api_client
        self.package = package
        self._parameters = {parameter.name: parameter for parameter in operation.parameters}
        self._accept = _select_accept(operation.accept) if operation.accept else None
        body = operation.body
        self._content_types = body.content_types if body else operation.form_content_types
        self._content_type = _default_content_type(operation.method, self._content_types)
        self._required = [name for name in operation.positional if not body or name != body.name]
        self._needs_body = body is not None and body.name in operation.positional

    # -- what the operation is ------------------------------------------------------------------

    @property
    def path(self) -> str:
        """Path template, such as ``/api/tasks/{id}``."""
        return self.operation.path

    @property
    def settings(self) -> dict[str, Any]:
        """Method, path, security schemes and response type."""
        operation = self.operation
        return {
            "response_schema": self._types(operation.response) if operation.response else None,
            "auth": list(operation.auth),
            "endpoint_path": operation.path,
            "operation_id": operation.name,
            "http_method": operation.method,
            "servers": None,
        }

    @property
    def params_map(self) -> dict[str, list[str]]:
        """Names of the parameters: all, required, nullable, with allowed values, with limits."""
        own = self.operation.parameters
        required = list(self.operation.positional)
        names = [*required, *(p.name for p in own if p.name not in required)]
        if self.operation.body is not None and self.operation.body.name not in required:
            names.append(self.operation.body.name)
        return {
            "all": [*names, *_DEFAULTS],
            "required": required,
            "nullable": ["_request_timeout"],
            "enum": [parameter.name for parameter in own if parameter.choices],
            "validation": [parameter.name for parameter in own if parameter.limits],
        }

    @property
    def attribute_map(self) -> dict[str, str]:
        """Names in the request by Python name."""
        return {parameter.name: parameter.wire for parameter in self.operation.parameters}

    @property
    def location_map(self) -> dict[str, str]:
        """Place of each parameter: path, query, header, form or body."""
        places: dict[str, str] = {p.name: p.location for p in self.operation.parameters}
        if self.operation.body is not None:
            places[self.operation.body.name] = "body"
        return places

    @property
    def openapi_types(self) -> dict[str, tuple[Any, ...]]:
        """Allowed types of each parameter."""
        types = {p.name: self._types(p.type) for p in self.operation.parameters}
        if self.operation.body is not None:
            types[self.operation.body.name] = self._types(self.operation.body.type)
        return {**types, **_OPTION_TYPES}

    @property
    def allowed_values(self) -> dict[tuple[str, ...], dict[str, str]]:
        """Allowed values of the parameters that have a list of them."""
        return {
            (p.name,): {member_key(choice): choice for choice in p.choices}
            for p in self.operation.parameters
            if p.choices
        }

    @property
    def validations(self) -> dict[tuple[str, ...], dict[str, Any]]:
        """Limits of the parameters that have some."""
        return {(p.name,): limits_of(p.limits) for p in self.operation.parameters if p.limits}

    @property
    def collection_format_map(self) -> dict[str, str]:
        """How list parameters are joined; no operation has any."""
        return {}

    @property
    def headers_map(self) -> dict[str, list[str]]:
        """Media types that the operation answers with and accepts."""
        operation = self.operation
        return {"accept": list(operation.accept), "content_type": list(self._content_types)}

    def _types(self, text: str) -> tuple[Any, ...]:
        _, node = parse_text(text, self.package)
        return types_of(node)

    def __repr__(self) -> str:
        return f"<Endpoint {self.operation.id} {self.operation.method} {self.operation.path}>"

    # -- calling it -----------------------------------------------------------------------------

    @overload
    def call_with_http_info(
        self,
        *,
        _parse_response: Literal[True] = ...,
        _async_call: Literal[False] = ...,
        **kwargs: Any,
    ) -> tuple[T_co, types.HTTPResponse]: ...

    @overload
    def call_with_http_info(
        self, *, _parse_response: Literal[False], _async_call: Literal[False] = ..., **kwargs: Any
    ) -> tuple[None, types.HTTPResponse]: ...

    @overload
    def call_with_http_info(
        self, *, _parse_response: Literal[True] = ..., _async_call: Literal[True], **kwargs: Any
    ) -> types.AsyncResult[tuple[T_co, types.HTTPResponse]]: ...

    @overload
    def call_with_http_info(self, **kwargs: Any) -> Any: ...

    def call_with_http_info(self, **kwargs: Any) -> Any:
        """Call the operation, everything by keyword.

        Returns:
            The decoded body and the response; with ``_async_call=True`` a handle with ``get()``.

        Raises:
            ApiTypeError: An argument that the operation does not have, or of a wrong type.
            ApiValueError: A required argument is missing, or a value is not allowed.
            ApiException: The server's answer is not a success.
        """
        options = {name: kwargs.pop(name) for name in _DEFAULTS if name in kwargs}
        return self.call(kwargs, options)

    def call(self, values: dict[str, Any], options: Mapping[str, Any]) -> Any:
        """Call the operation with its own arguments and the common keywords kept apart."""
        settings = {**_DEFAULTS, **options}
        if len(settings) != len(_DEFAULTS):
            unknown = sorted(settings.keys() - _DEFAULTS.keys())
            raise ApiTypeError(
                f"{self.operation.id} has no argument {', '.join(map(repr, unknown))}", unknown[:1]
            )
        for name, value in options.items():
            allowed = _OPTION_TYPES[name]
            if not isinstance(value, allowed) or (isinstance(value, bool) and bool not in allowed):
                expected = " or ".join(t.__name__ for t in allowed)
                raise ApiTypeError(
                    f"Expected {expected}, got a value of type {type(value).__name__}",
                    (name,),
                    allowed,
                )
        request = self._build(values, settings)
        if settings["_async_call"]:
            return self.api_client.pool.apply_async(self.api_client.send, (request,))
        return self.api_client.send(request)

    def _build(self, values: Mapping[str, Any], settings: Mapping[str, Any]) -> PreparedCall:
        operation = self.operation
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
            value = self._argument(parameter, raw, settings["_validate_inputs"])
            if parameter.location == "query":
                queries.append((parameter.wire, value))
            elif parameter.location == "header":
                headers[parameter.wire] = value
            elif parameter.location == "path":
                if not (value.isascii() and value.isalnum()):
                    safe = self.api_client.configuration.safe_chars_for_path_param
                    value = quote(value, safe=safe)
                path = path.replace(f"{{{parameter.wire}}}", value)
            else:
                form[parameter.wire] = value
        body = None if body_spec is None else self._body(body_spec, body, settings)
        content_type = settings["_content_type"] or self._content_type
        if content_type:
            headers["Content-Type"] = content_type
        if self._accept:
            headers["Accept"] = self._accept
        if self._content_types:
            body = _payload(body, form, content_type or "")
        return PreparedCall(
            operation.method,
            path,
            queries,
            headers,
            body,
            operation.response,
            self.package,
            operation.auth,
            settings,
        )

    def _check_names(self, given: Mapping[str, Any], body: Any) -> None:
        operation = self.operation
        if not given.keys() <= self._parameters.keys():
            unknown = sorted(given.keys() - self._parameters.keys())
            raise ApiTypeError(
                f"{operation.id} has no argument {', '.join(map(repr, unknown))}", unknown[:1]
            )
        missing = [name for name in self._required if name not in given]
        if body is UNSET and operation.body is not None and self._needs_body:
            missing.append(operation.body.name)
        if missing:
            raise ApiValueError(
                f"{operation.id} misses the required argument '{missing[0]}'", missing[:1]
            )

    def _argument(self, parameter: Parameter, value: Any, check: bool) -> Any:
        path = (parameter.name,)
        if value is None and parameter.location == "header":
            return None  # takes the header away, also one of the client's defaults
        if value is None and not check:
            raise ApiValueError("None is not a value; leave the argument out", path)
        if parameter.choices and value not in parameter.choices:
            raise ApiValueError(
                f"Expected one of {', '.join(map(repr, parameter.choices))}, got {value!r}", path
            )
        rules = convert.client_rules(self.api_client.configuration)
        if check:
            _, node = parse_text(parameter.type, self.package)
            value = convert.walk(value, node, rules, path)
        if parameter.limits:
            try:
                convert.check_limits(value, parameter.limits, path, rules.ignored_limits)
            except TypeError:
                raise ApiValueError(
                    f"Expected a value of type {parameter.type}, got {value!r}", path
                ) from None
        return value if parameter.location == "form" else text_of(value)

    def _body(self, spec: Body, value: Any, settings: Mapping[str, Any]) -> Any:
        if value is UNSET:
            return None
        if not settings["_validate_inputs"]:
            if value is None:
                raise ApiValueError("None is not a value; leave the argument out", (spec.name,))
            return value
        _, node = parse_text(spec.type, self.package)
        configuration = self.api_client.configuration
        if isinstance(value, list) and node.kind == "model":
            return node.cls(*value, _path_to_item=(spec.name,), _configuration=configuration)
        rules = convert.client_rules(configuration)
        if settings["_spec_property_naming"]:
            rules = rules._replace(by_wire_names=True)
        elif node.kind == "model" and type(value) is dict:
            try:
                return convert.fast(value, node.cls)
            except convert.Surprise:
                pass  # told apart below
        return convert.walk(value, node, rules, (spec.name,))


class Api:
    """Base of the generated API classes.

    For every operation there is a method, and an `Endpoint` named ``<method>_endpoint`` that is made when
    it is first asked for. Names of older versions are there too; each use of one gives a
    `DeprecationWarning` that says what to call today.
    """

    _tag: str

    def __init__(self, api_client: types.ApiClient | None = None) -> None:
        if api_client is None:
            from cvat_sdk.api_client.api_client import ApiClient

            api_client = ApiClient()
        self.api_client = api_client

    if not TYPE_CHECKING:

        def __getattr__(self, name):
            if name.endswith("_endpoint"):
                method = name.removesuffix("_endpoint")
                operation = self._operations().get(method)
                if operation is not None:
                    endpoint = Endpoint(operation, self.api_client, self._package())
                    self.__dict__[name] = endpoint
                    return endpoint
                # Not kept, so that the next use warns as well.
                alias = self._table().load_aliases(self._tag).get(method)
                if alias is not None:
                    return self._resolve_alias(alias, stacklevel=3)
            raise AttributeError(f"{type(self).__name__!r} has no attribute {name!r}")

    def __dir__(self) -> Iterable[str]:
        # Without those of older names: whoever looks at all attributes would be warned of each.
        return {*super().__dir__(), *(f"{name}_endpoint" for name in self._operations())}

    def _call(
        self, name: str, values: dict[str, Any], options: Mapping[str, Any]
    ) -> tuple[Any, types.HTTPResponse]:
        endpoint: Endpoint[Any] = getattr(self, f"{name}_endpoint")
        result: tuple[Any, types.HTTPResponse] = endpoint.call(values, options)
        return result

    def _call_alias(
        self, name: str, values: dict[str, Any], options: Mapping[str, Any]
    ) -> tuple[Any, types.HTTPResponse]:
        alias: Alias = self._table().load_aliases(self._tag)[name]
        endpoint = self._resolve_alias(alias, stacklevel=4)
        result: tuple[Any, types.HTTPResponse] = endpoint.call(values, options)
        return result

    def _resolve_alias(self, alias: Alias, stacklevel: int) -> Endpoint[Any]:
        """The endpoint of an older name, after a warning at the line that uses the name."""
        from cvat_sdk.api_client.runtime.aliases import AliasEndpoint

        warnings.warn(alias.message, DeprecationWarning, stacklevel=stacklevel)
        tag, _, name = alias.operation.rpartition(".")
        operation: Operation = self._table().load(tag)[name]
        return AliasEndpoint(alias, operation, self.api_client, self._package())

    def _operations(self) -> Mapping[str, Operation]:
        found: Mapping[str, Operation] = self._table().load(self._tag)
        return found

    def _table(self) -> Any:
        return importlib.import_module(f"{self._package()}.operations")

    def _package(self) -> str:
        # .../api/tasks_api.py: the generated package holds api/ and operations/ side by side
        return type(self).__module__.rpartition(".api.")[0]


def _default_content_type(method: str, listed: Sequence[str]) -> str | None:
    if listed:
        return "application/json" if "application/json" in listed else listed[0]
    return "application/json" if method in ("POST", "PUT", "PATCH", "OPTIONS") else None


def _payload(body: Any, form: Mapping[str, Any], content_type: str) -> Any:
    """The body as `rest` takes it, for operations that have one."""
    if content_type == MULTIPART:
        return MultipartBody(form_fields(form if body is None else _fields(body)))
    if form:
        body = form
    if content_type.startswith(URLENCODED) and body is not None:
        return form_fields(_fields(body))
    return body


def _select_accept(media_types: Sequence[str]) -> str:
    lowered = [media_type.lower() for media_type in media_types]
    return "application/json" if "application/json" in lowered else ", ".join(lowered)


def _fields(body: Any) -> Mapping[str, Any]:
    """The values of a body by wire name, its top level only: what is below stays as it is."""
    if isinstance(body, Model):
        fields = fields_of(type(body))
        return {
            (fields[name].wire if name in fields else name): value for name, value in items(body)
        }
    if isinstance(body, Mapping):
        return body
    raise ApiTypeError(
        f"Expected a model or a dict for a form, got a value of type {type(body).__name__}"
    )
