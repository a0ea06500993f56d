"""The two classes that every model has in common, whatever it is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any


class IModelData:
    """Base of the interface classes ``I<Model>``: annotations and descriptions of fields, no behaviour.

    Every interface class declares ``__slots__ = ()``; without it each model instance would carry an
    instance dictionary that it never uses.
    """

    __slots__ = ()


class OpenApiModel:
    """Base of every generated model and enumeration."""

    __slots__ = ()

    if TYPE_CHECKING:

        @classmethod
        def _from_openapi_data(cls, /, *args: Any, **kwargs: Any) -> Any: ...

    @classmethod
    def _new_from_openapi_data(cls, /, *args: Any, **kwargs: Any) -> Any:
        """Build a model from data of the server."""
        return cls._from_openapi_data(*args, **kwargs)


class Described:
    """A class attribute that `runtime.described` works out when it is read, on the class or an instance."""

    __slots__ = ("_name",)

    def __init__(self, name: str) -> None:
        self._name = name

    def __get__(self, instance: Any, owner: Any) -> Any:
        from cvat_sdk.api_client.runtime import described

        return getattr(described, self._name)(owner)
