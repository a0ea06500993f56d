"""An operation described by tables that may be edited, and its call as the tables say it."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from typing import Any, Generic, Literal, TypeVar, overload

from cvat_sdk.api_client.exceptions import ApiTypeError, ApiValueError
from cvat_sdk.api_client.runtime import types
from cvat_sdk.api_client.runtime.choice import convert_to_any
from cvat_sdk.api_client.runtime.described import keywords_of, limits_of, types_of
from cvat_sdk.api_client.runtime.enums import member_key
from cvat_sdk.api_client.runtime.limits import check_limits
from cvat_sdk.api_client.runtime.operation import Operation
from cvat_sdk.api_client.runtime.rules import client_rules
from cvat_sdk.api_client.runtime.schema import parse_text
from cvat_sdk.api_client.runtime.timeouts import AS_CONFIGURED, of_call

T_co = TypeVar("T_co", covariant=True)
"""What the answer of an operation is decoded to."""

DEFAULTS: dict[str, Any] = {
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
"""Keywords that every operation takes beside its own."""

OPTION_TYPES: dict[str, tuple[type, ...]] = {
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
    """An operation that can be passed around and called with `call_with_http_info`.

    Its tables may be edited; the next call does as they say.

    Args:
        settings: ``response_schema`` (a tuple of classes, or None), ``auth`` (names of the schemes),
            ``endpoint_path`` (such as ``/api/tasks/{id}``), ``operation_id``, ``http_method`` and
            ``servers`` (None for the configured host).
        params_map: Names of the parameters: ``all``, ``required``, ``nullable``, ``enum`` (those with
            allowed values) and ``validation`` (those with limits). The common keywords are added.
        root_map: By parameter: ``openapi_types``, ``attribute_map`` (names in the request),
            ``location_map`` (path, query, header, form or body), ``collection_format_map`` (csv, multi...),
            and by a tuple of its name ``allowed_values`` and ``validations``.
        headers_map: Media types: ``accept`` and ``content_type``.
        api_client: The client that calls it.
    """

    settings: dict[str, Any]
    params_map: dict[str, list[str]]
    validations: dict[tuple[str, ...], dict[str, Any]]
    allowed_values: dict[tuple[str, ...], dict[str, str]]
    openapi_types: dict[str, tuple[Any, ...]]
    attribute_map: dict[str, str]
    location_map: dict[str, str]
    collection_format_map: dict[str, str]
    headers_map: dict[str, list[str]]
    api_client: types.ApiClient

    def __init__(
        self,
        settings: dict[str, Any],
        params_map: dict[str, Any],
        root_map: dict[str, Any],
        headers_map: dict[str, Any],
        api_client: types.ApiClient,
    ) -> None:
        self.settings = settings
        self.params_map = params_map
        self.params_map["all"].extend(DEFAULTS)
        self.params_map["nullable"].append("_request_timeout")
        for name in (
            "validations",
            "allowed_values",
            "openapi_types",
            "attribute_map",
            "location_map",
            "collection_format_map",
        ):
            setattr(self, name, root_map[name])
        self.openapi_types.update(OPTION_TYPES)
        self.headers_map = headers_map
        self.api_client = api_client

    @property
    def path(self) -> str:
        """Path template, such as ``/api/tasks/{id}``."""
        path: str = self.settings["endpoint_path"]
        return path

    @property
    def _name(self) -> str:
        """What messages call the operation."""
        name: str = self.settings["operation_id"]
        return name

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
    def call_with_http_info(
        self, _parse_response: bool = ..., _request_timeout: Any = ..., **kwargs: Any
    ) -> Any: ...

    def call_with_http_info(
        self,
        _parse_response: bool = True,
        _request_timeout: Any = AS_CONFIGURED,
        _validate_inputs: bool = True,
        _validate_outputs: bool = True,
        _check_status: bool = True,
        _spec_property_naming: bool = False,
        _content_type: str | None = None,
        _host_index: int | None = None,
        _request_auths: Any = None,
        _async_call: bool = False,
        **kwargs: Any,
    ) -> Any:
        """Call the operation; its own arguments are keywords.

        Returns:
            The decoded body and the response; with ``_async_call=True`` a handle with ``get()``.

        Raises:
            ApiTypeError: An argument that the operation does not have, or of a wrong type.
            ApiValueError: A required argument is missing, or a value is not allowed.
            ApiException: The server's answer is not a success.
        """
        options = {
            "_async_call": _async_call,
            "_host_index": _host_index,
            "_parse_response": _parse_response,
            "_request_timeout": _request_timeout,
            "_validate_inputs": _validate_inputs,
            "_validate_outputs": _validate_outputs,
            "_check_status": _check_status,
            "_content_type": _content_type,
            "_spec_property_naming": _spec_property_naming,
            "_request_auths": _request_auths,
        }
        return self.call(kwargs, options)

    def call(self, values: Mapping[str, Any], options: Mapping[str, Any]) -> Any:
        """Call the operation with its own arguments and the common keywords kept apart."""
        # A method does not know of parameters that somebody has added, and passes them on among the keywords.
        added = options.keys() & set(self.params_map["all"]) - DEFAULTS.keys()
        if added:
            values = {**values, **{name: options[name] for name in added}}
            options = {name: value for name, value in options.items() if name not in added}
        settings = self._checked(options)
        host = self._host(settings["_host_index"])
        self._check_names(values)
        given = {name: self._argument(name, value, settings) for name, value in values.items()}
        places = self._place(given)
        headers = places["header"]
        client, tables = self.api_client, self.settings
        if self.headers_map["accept"]:
            headers["Accept"] = client.select_header_accept(self.headers_map["accept"])
        content_type = settings["_content_type"]
        if not content_type and self.headers_map["content_type"]:
            content_type = client.select_header_content_type(
                self.headers_map["content_type"], tables["http_method"], places["body"]
            )
        if content_type:
            headers["Content-Type"] = content_type
        self._make_form(places, content_type)
        return client.call_api(
            places["template"],
            tables["http_method"],
            places["path"],
            places["query"],
            headers,
            body=places["body"],
            post_params=places["form"],
            files=places["file"],
            response_schema=tables["response_schema"],
            auth_settings=tables["auth"],
            _async_call=settings["_async_call"],
            _check_type=settings["_validate_outputs"],
            _check_status=settings["_check_status"],
            _parse_response=settings["_parse_response"],
            _request_timeout=settings["_request_timeout"],
            _host=host,
            _request_auths=settings["_request_auths"],
            collection_formats=places["collection_format"],
        )

    def _checked(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """The common keywords, those that are not given by their defaults.

        Raises:
            ApiTypeError: A keyword that is none of them, or a value of the wrong type.
        """
        settings = {**DEFAULTS, **options}
        if len(settings) != len(DEFAULTS):
            unknown = sorted(settings.keys() - DEFAULTS.keys())
            raise no_such_argument(self._name, unknown, self._arguments())
        if options.get("_request_timeout", AS_CONFIGURED) is AS_CONFIGURED:
            configured = of_call(AS_CONFIGURED, self.api_client.configuration)
            settings["_request_timeout"] = configured
        for name, value in options.items():
            allowed = OPTION_TYPES[name]
            if (
                name == "_request_timeout"
                and (value is AS_CONFIGURED or hasattr(value, "__float__"))
                and not isinstance(value, bool)
            ):
                continue  # a number of any kind; what it is worth is seen when it is sent
            if not isinstance(value, allowed) or (isinstance(value, bool) and bool not in allowed):
                expected = " or ".join(t.__name__ for t in allowed)
                raise ApiTypeError(
                    f"Expected {expected}, got a value of type {type(value).__name__}",
                    (name,),
                    allowed,
                )
        return settings

    def _arguments(self) -> Iterable[str]:
        """The names of all arguments and common keywords."""
        return [*self.params_map["all"], *DEFAULTS]

    def _check_names(self, values: Mapping[str, Any]) -> None:
        unknown = sorted(values.keys() - set(self.params_map["all"]))
        if unknown:
            raise no_such_argument(self._name, unknown, self._arguments())
        for name in self.params_map["required"]:
            if name not in values:
                raise missing_argument(self._name, name)

    def _argument(self, name: str, value: Any, settings: Mapping[str, Any]) -> Any:
        path = (name,)
        check = settings["_validate_inputs"]
        is_header = self.location_map.get(name) == "header"
        if (
            value is None
            and not check
            and not is_header
            and name not in self.params_map["nullable"]
        ):
            raise ApiValueError("None is not a value; leave the argument out", path)
        if name in self.params_map["enum"]:
            allowed = list(self.allowed_values[path].values())
            for entry in value if isinstance(value, (list, set)) else [value]:
                if entry not in allowed:
                    raise not_among(allowed, entry, path)
        rules = client_rules(self.api_client.configuration)
        if name in self.params_map["validation"] and value is not None:
            limits = keywords_of(self.validations[path])
            try:
                check_limits(value, limits, path, rules.ignored_limits)
            except TypeError:
                raise ApiValueError(f"Got {value!r}, which has no such limits", path) from None
        if not check or (value is None and is_header):
            return value
        if settings["_spec_property_naming"]:
            rules = rules._replace(by_wire_names=True)
        return convert_to_any(value, self.openapi_types[name], rules, path)

    def _place(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Arguments by their place in the request, under their names there."""
        places: dict[str, Any] = {
            "body": None,
            "collection_format": {},
            "file": {},
            "form": [],
            "header": {},
            "path": {},
            "query": [],
            "template": self.settings["endpoint_path"],
        }
        for name, value in values.items():
            place = self.location_map.get(name)
            if place is None:
                continue
            if place == "body":
                places["body"] = value
                continue
            wire = self.attribute_map[name]
            classes = self.openapi_types[name]
            if place == "form" and classes in ((io.IOBase,), ([io.IOBase],)):
                places["file"][wire] = value if isinstance(value, list) else [value]
            elif place in ("form", "query"):
                places[place].append((wire, value))
            else:
                places[place][wire] = value
            if self.collection_format_map.get(name):
                places["collection_format"][wire] = self.collection_format_map[name]
        return places

    def _make_form(self, places: dict[str, Any], content_type: str | None) -> None:
        """Makes the body of a form where the operation has its own way to do so."""

    def _host(self, index: int | None) -> str:
        """Address of the server to call, by the configuration and the operation's own servers."""
        names = (self._name, self.settings["operation_id"])
        return host_of(self.api_client.configuration, names, index, self.settings["servers"])


# Here, not where it is compared: there it might be a mock already when the module is imported.
CALL_WITH_HTTP_INFO: Any = Endpoint.call_with_http_info


def tables_of(operation: Operation, package: str) -> dict[str, Any]:
    """The tables of an operation of the API description, by the names of an endpoint's attributes.

    Args:
        operation: The operation.
        package: Package whose models its types name.
    """
    own, body = operation.parameters, operation.body

    def classes_of(text: str) -> tuple[Any, ...]:
        _, node = parse_text(text, package)
        return types_of(node)

    required = list(operation.positional)
    names = [*required, *(p.name for p in own if p.name not in required)]
    content_types = body.content_types if body else operation.form_content_types
    locations: dict[str, str] = {p.name: p.location for p in own}
    classes = {p.name: classes_of(p.type) for p in own}
    if body is not None:
        locations[body.name] = "body"
        classes[body.name] = classes_of(body.type)
        if body.name not in names:
            names.append(body.name)
    return {
        "settings": {
            "response_schema": classes_of(operation.response) if operation.response else None,
            "auth": list(operation.auth),
            "endpoint_path": operation.path,
            "operation_id": operation.name,
            "http_method": operation.method,
            "servers": [server.settings() for server in operation.servers] or None,
        },
        "params_map": {
            "all": [*names, *DEFAULTS],
            "required": required,
            "nullable": ["_request_timeout"],
            "enum": [p.name for p in own if p.choices],
            "validation": [p.name for p in own if p.limits],
        },
        "validations": {(p.name,): limits_of(p.limits) for p in own if p.limits},
        "allowed_values": {
            (p.name,): {member_key(choice): choice for choice in p.choices}
            for p in own
            if p.choices
        },
        "openapi_types": {**classes, **OPTION_TYPES},
        "attribute_map": {p.name: p.wire for p in own},
        "location_map": locations,
        "collection_format_map": {},
        "headers_map": {"accept": list(operation.accept), "content_type": list(content_types)},
    }


def host_of(
    configuration: types.Configuration,
    names: tuple[str, ...],
    index: int | None,
    servers: list[dict[str, Any]] | None,
) -> str:
    """Address of the server that a call goes to; empty: the configured host.

    Args:
        configuration: Chooses a server for all operations, or for single ones.
        names: Names of the operation, the more exact one first.
        index: The server that the call asks for.
        servers: The operation's own servers.

    Raises:
        ValueError: There is no such server, or a variable in its address has a value that is not allowed.
    """
    if index is None:
        chosen = configuration.server_operation_index
        index = next((chosen[name] for name in names if name in chosen), configuration.server_index)
    values = configuration.server_operation_variables
    variables = next((values[name] for name in names if name in values), None)
    if variables is None:
        variables = configuration.server_variables
    return configuration.get_host_from_settings(index, variables=variables, servers=servers)


def no_such_argument(
    operation: str, names: list[str], known: Iterable[str], missing: Iterable[str] = ()
) -> ApiTypeError:
    """The error for arguments that an operation does not have.

    Args:
        operation: The operation.
        names: The arguments that it does not have.
        known: Those that it has.
        missing: Those that it needs and was not given.
    """
    from cvat_sdk.api_client.runtime.suggest import did_you_mean

    choice = list(known)
    shown = ", ".join(f"{name!r}{did_you_mean(name, choice)}" for name in names)
    needed = ", ".join(map(repr, missing))
    needed = f", and misses the required {needed}" if needed else ""
    return ApiTypeError(f"{operation} has no argument {shown}{needed}", names[:1])


def missing_argument(operation: str, name: str) -> ApiValueError:
    """The error for a required argument that is not given."""
    return ApiValueError(f"{operation} misses the required argument '{name}'", [name])


def not_among(allowed: Any, value: Any, path: tuple[str, ...]) -> ApiValueError:
    """The error for a value that is none of the allowed ones."""
    return ApiValueError(f"Expected one of {', '.join(map(repr, allowed))}, got {value!r}", path)
