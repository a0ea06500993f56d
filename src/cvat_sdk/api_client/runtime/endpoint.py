"""The operations of the API description as objects, and the base of the classes that hold them."""

from __future__ import annotations

import functools
import importlib
import warnings
from collections.abc import Iterable, Mapping, Sequence
from types import FunctionType
from typing import TYPE_CHECKING, Any, TypedDict

from cvat_sdk.api_client.exceptions import ApiTypeError
from cvat_sdk.api_client.runtime import types
from cvat_sdk.api_client.runtime.model import UNSET
from cvat_sdk.api_client.runtime.operation import Alias, Operation
from cvat_sdk.api_client.runtime.plan import Plan, argument_names
from cvat_sdk.api_client.runtime.signatures import Wrapped
from cvat_sdk.api_client.runtime.suggest import no_such_attribute
from cvat_sdk.api_client.runtime.tables import (
    CALL_WITH_HTTP_INFO,
    DEFAULTS,
    Endpoint,
    T_co,
    tables_of,
)

__all__ = ["Api", "CallOptions", "Endpoint", "OperationEndpoint"]


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
        client = self.api_client
        if not (_TABLES.isdisjoint(self.__dict__) and _takes_one_stride(client)):
            return super().call(_given(values), options)
        settings = self._checked(options)
        call = self._plan.call(client.configuration, values, settings)
        if settings["_async_call"]:
            return client.pool.apply_async(client.send, (call,))
        return client.send(call)


def _takes_one_stride(client: Any) -> bool:
    """Whether nothing has been replaced between an operation of a client and the network."""
    check = getattr(type(client), "_takes_one_stride", None)  # no client at all in some tests
    return check is not None and bool(check(client))


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not UNSET}


class Api:
    """Base of the generated API classes.

    For every operation there is a method, and an `Endpoint` as an attribute named ``<method>_endpoint``. Names of older versions are there too; each use of one gives a
    `DeprecationWarning` that says what to call today.
    """

    _tag: str

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        for method in vars(cls).values():
            if isinstance(method, FunctionType) and "options" in method.__annotations__:
                method.__dict__["__wrapped__"] = Wrapped(
                    method, DEFAULTS, MethodOptions.__annotations__
                )

    def __init__(self, api_client: types.ApiClient | None = None) -> None:
        if api_client is None:
            api_client = importlib.import_module(f"{self._package()}.api_client").ApiClient()
        configuration = importlib.import_module("cvat_sdk.api_client.configuration").Configuration
        if isinstance(api_client, (str, bytes, int, float, Mapping, configuration)):
            raise ApiTypeError(
                f"Expected an ApiClient, got {type(api_client).__name__}", ("api_client",)
            )
        self.api_client = api_client
        package = self._package()
        for name, operation in self._table().load(self._tag).items():
            self.__dict__[f"{name}_endpoint"] = OperationEndpoint(operation, api_client, package)

    if not TYPE_CHECKING:

        def __getattr__(self, name):
            if name.endswith("_endpoint"):
                # Not kept, so that the next use warns as well.
                alias = self._table().load_aliases(self._tag).get(name.removesuffix("_endpoint"))
                if alias is not None:
                    return self._resolve_alias(alias, stacklevel=3)
            raise AttributeError(no_such_attribute(self, name, dir(type(self))))

    def _call(
        self, name: str, values: dict[str, Any], options: Mapping[str, Any]
    ) -> tuple[Any, types.HTTPResponse]:
        endpoint: Any = getattr(self, f"{name}_endpoint")
        call = endpoint.call_with_http_info
        result: tuple[Any, types.HTTPResponse]
        if getattr(call, "__func__", None) is CALL_WITH_HTTP_INFO:
            result = endpoint.call(values, options)
        else:  # replaced by a mock, or by a class of the caller's
            result = call(**_given(values), **{**DEFAULTS, **options})
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

    def _table(self) -> Any:
        return importlib.import_module(f"{self._package()}.operations")

    def _package(self) -> str:
        # .../api/tasks_api.py: the generated package holds api/ and operations/ side by side
        return type(self).__module__.rpartition(".api.")[0]
