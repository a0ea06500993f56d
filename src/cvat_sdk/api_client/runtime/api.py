"""The base of the generated API classes."""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Mapping
from types import FunctionType
from typing import TYPE_CHECKING, Any

from cvat_sdk.api_client.exceptions import ApiTypeError
from cvat_sdk.api_client.runtime import types
from cvat_sdk.api_client.runtime.aliases import AliasEndpoint
from cvat_sdk.api_client.runtime.endpoint import MethodOptions, OperationEndpoint, given
from cvat_sdk.api_client.runtime.operation import Alias, Operation
from cvat_sdk.api_client.runtime.signatures import Wrapped
from cvat_sdk.api_client.runtime.suggest import no_such_attribute
from cvat_sdk.api_client.runtime.tables import CALL_WITH_HTTP_INFO, DEFAULTS, Endpoint


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
        if isinstance(api_client, (str, bytes, int, float, Mapping, types.Configuration)):
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
            result = call(**given(values), **{**DEFAULTS, **options})
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
        warnings.warn(alias.message, DeprecationWarning, stacklevel=stacklevel)
        tag, _, name = alias.operation.rpartition(".")
        operation: Operation = self._table().load(tag)[name]
        return AliasEndpoint(alias, operation, self.api_client, self._package())

    def _table(self) -> Any:
        return importlib.import_module(f"{self._package()}.operations")

    def _package(self) -> str:
        # .../api/tasks_api.py: the generated package holds api/ and operations/ side by side
        return type(self).__module__.rpartition(".api.")[0]
