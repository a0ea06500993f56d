"""One operation as an object: it checks arguments, builds the request and reads the answer."""

from __future__ import annotations

import datetime
import importlib
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypedDict
from urllib.parse import quote

from cvat_sdk.api_client.exceptions import ApiTypeError, ApiValueError
from cvat_sdk.api_client.runtime import convert
from cvat_sdk.api_client.runtime.model import UNSET, Model, items
from cvat_sdk.api_client.runtime.multipart import MultipartBody, form_fields
from cvat_sdk.api_client.runtime.operation import Body, Operation, Parameter
from cvat_sdk.api_client.runtime.plain import to_json
from cvat_sdk.api_client.runtime.schema import fields_of, parse_text

if TYPE_CHECKING:
    from urllib3 import HTTPResponse

    from cvat_sdk.api_client.api_client import ApiClient

_MULTIPART = "multipart/form-data"
_FORM = "application/x-www-form-urlencoded"


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


class Endpoint:
    """An operation bound to a client.

    It can be passed around and called with `call_with_http_info`; its attributes describe the operation.
    """

    def __init__(self, operation: Operation, api_client: ApiClient, package: str) -> None:
        self.operation = operation
        self.api_client = api_client
        self.package = package

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
        names = [parameter.name for parameter in own]
        required = list(self.operation.positional)
        if self.operation.body is not None:
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
            (p.name,): {choice.upper(): choice for choice in p.choices}
            for p in self.operation.parameters
            if p.choices
        }

    @property
    def validations(self) -> dict[tuple[str, ...], dict[str, Any]]:
        """Limits of the parameters that have some."""
        return {(p.name,): dict(p.limits) for p in self.operation.parameters if p.limits}

    @property
    def collection_format_map(self) -> dict[str, str]:
        """How list parameters are joined; no operation has any."""
        return {}

    @property
    def headers_map(self) -> dict[str, list[str]]:
        """Media types that the operation answers with and accepts."""
        operation = self.operation
        content_types = (
            operation.body.content_types if operation.body else operation.form_content_types
        )
        return {"accept": list(operation.accept), "content_type": list(content_types)}

    def _types(self, text: str) -> tuple[Any, ...]:
        annotation, node = parse_text(text, self.package)
        if node.kind == "list":
            return ([node.item.cls if node.item and node.item.cls else node.item],)
        return (annotation,)

    def __repr__(self) -> str:
        return f"<Endpoint {self.operation.id} {self.operation.method} {self.operation.path}>"

    # -- calling it -----------------------------------------------------------------------------

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

    def _build(self, values: dict[str, Any], settings: Mapping[str, Any]) -> PreparedCall:
        operation = self.operation
        check = settings["_validate_inputs"]
        path = operation.path
        queries: list[tuple[str, Any]] = []
        headers: dict[str, Any] = {}
        form: dict[str, Any] = {}
        values = dict(values)
        for parameter in operation.parameters:
            value = values.pop(parameter.name, UNSET)
            if value is UNSET:
                if parameter.required:
                    raise self._missing(parameter.name)
                continue
            value = self._argument(parameter, value, check)
            if parameter.location == "query":
                queries.append((parameter.wire, value))
            elif parameter.location == "header":
                headers[parameter.wire] = value
            elif parameter.location == "path":
                safe = self.api_client.configuration.safe_chars_for_path_param
                path = path.replace(f"{{{parameter.wire}}}", quote(str(value), safe=safe))
            else:
                form[parameter.wire] = value
        body_spec = operation.body
        body: Any = None
        content_types = operation.form_content_types
        if body_spec is not None:
            content_types = body_spec.content_types
            body = values.pop(body_spec.name, UNSET)
            if body is UNSET:
                if body_spec.required:
                    raise self._missing(body_spec.name)
                body = None
            elif check:
                body = self._check_body(body_spec, body, settings)
        if any(value is not UNSET for value in values.values()):
            unknown = sorted(name for name, value in values.items() if value is not UNSET)
            raise ApiTypeError(
                f"{operation.id} has no argument {', '.join(map(repr, unknown))}", unknown[:1]
            )
        content_type = settings["_content_type"] or _default_content_type(
            operation.method, content_types, body is not None or bool(form)
        )
        if content_type:
            headers["Content-Type"] = content_type
        if operation.accept:
            headers["Accept"] = _select_accept(operation.accept)
        payload = self._payload(body, form, content_type or "", check)
        return PreparedCall(
            operation.method,
            path,
            queries,
            headers,
            payload,
            operation.response,
            self.package,
            operation.auth,
            settings,
        )

    def _argument(self, parameter: Parameter, value: Any, check: bool) -> Any:
        if value is None:
            if parameter.location == "header":
                return None  # takes the header away, also one of the client's defaults
            if not check:
                raise ApiValueError(
                    "None is not a value; leave the argument out", (parameter.name,)
                )
        if parameter.choices and value not in parameter.choices:
            raise ApiValueError(
                f"Expected one of {', '.join(map(repr, parameter.choices))}, got {value!r}",
                (parameter.name,),
            )
        _, node = parse_text(parameter.type, self.package)
        if check:
            value = convert.walk(value, node, convert.CLIENT, (parameter.name,))
        if parameter.limits:
            convert.check_keywords(value, parameter.limits, (parameter.name,))
        if parameter.location == "form":
            return value
        return text_of(value)

    def _check_body(self, spec: Body, value: Any, settings: Mapping[str, Any]) -> Any:
        _, node = parse_text(spec.type, self.package)
        if isinstance(value, list) and node.kind == "model":
            return node.cls(*value)
        rules = convert.CLIENT._replace(by_wire_names=settings["_spec_property_naming"])
        if node.kind == "model" and type(value) is dict and not rules.by_wire_names:
            try:
                return convert.fast(value, node.cls)
            except convert.Surprise:
                pass  # told apart below
        return convert.walk(value, node, rules, (spec.name,))

    def _payload(self, body: Any, form: dict[str, Any], content_type: str, check: bool) -> Any:
        if content_type.startswith(_MULTIPART):
            values = form if body is None else _fields(body)
            fields = form_fields(values)
            return MultipartBody(fields) if fields else None
        if content_type.startswith(_FORM) and body is not None:
            return dict(form_fields(_fields(body)))
        return body

    def _missing(self, name: str) -> ApiValueError:
        return ApiValueError(f"{self.operation.id} misses the required argument '{name}'", (name,))


class PreparedCall:
    """A request that is ready to be sent, with what is needed to read its answer."""

    __slots__ = (
        "auth",
        "body",
        "headers",
        "method",
        "package",
        "path",
        "queries",
        "response",
        "settings",
    )

    def __init__(
        self,
        method: str,
        path: str,
        queries: list[tuple[str, Any]],
        headers: dict[str, Any],
        body: Any,
        response: str | None,
        package: str,
        auth: Iterable[str] | None,
        settings: Mapping[str, Any],
    ) -> None:
        self.method = method
        self.path = path
        self.queries = queries
        self.headers = headers
        self.body = body
        self.response = response
        self.package = package
        self.auth = auth
        self.settings = settings


class Api:
    """Base of the generated API classes.

    For every operation there is a method, and an `Endpoint` named ``<method>_endpoint`` that is made when
    it is first asked for.
    """

    _tag: str

    def __init__(self, api_client: ApiClient | None = None) -> None:
        if api_client is None:
            from cvat_sdk.api_client.api_client import ApiClient

            api_client = ApiClient()
        self.api_client = api_client

    if not TYPE_CHECKING:

        def __getattr__(self, name):
            if name.endswith("_endpoint"):
                operation = self._operations().get(name.removesuffix("_endpoint"))
                if operation is not None:
                    endpoint = Endpoint(operation, self.api_client, self._package())
                    self.__dict__[name] = endpoint
                    return endpoint
            raise AttributeError(f"{type(self).__name__!r} has no attribute {name!r}")

    def __dir__(self) -> Iterable[str]:
        return [*super().__dir__(), *(f"{name}_endpoint" for name in self._operations())]

    def _call(
        self, name: str, values: dict[str, Any], options: Mapping[str, Any]
    ) -> tuple[Any, HTTPResponse]:
        endpoint: Endpoint = getattr(self, f"{name}_endpoint")
        result: tuple[Any, HTTPResponse] = endpoint.call(values, options)
        return result

    def _operations(self) -> Mapping[str, Operation]:
        operations = importlib.import_module(f"{self._package()}.operations")
        found: Mapping[str, Operation] = operations.load(self._tag)
        return found

    def _package(self) -> str:
        # .../api/tasks_api.py: the generated package holds api/ and operations/ side by side
        return type(self).__module__.rpartition(".api.")[0]


def _default_content_type(method: str, listed: Sequence[str], has_body: bool) -> str | None:
    if listed:
        return "application/json" if "application/json" in listed else listed[0]
    if method in ("POST", "PUT", "PATCH", "OPTIONS"):
        return "application/json"
    return "application/json" if has_body else None


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


def text_of(value: Any) -> str:
    """A parameter's value as it stands in a path, a query or a header."""
    if isinstance(value, str):
        return str(to_json(value))
    if isinstance(value, (datetime.datetime, datetime.date)):
        return value.isoformat()
    return str(value)
