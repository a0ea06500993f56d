"""The two classes that every model has in common, whatever it is made of."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from cvat_sdk.api_client.runtime import above


class IModelData:
    """Base of the interface classes ``I<Model>``: annotations and descriptions of fields, no behaviour.

    Every interface class declares ``__slots__ = ()``; without it each model instance would carry an
    instance dictionary that it never uses.
    """

    __slots__ = ()


class State:
    """What an object of the published package keeps about itself; here it is worked out when it is read.

    It has no ``__set__``: what an object of a class written by people holds stands before it.
    """

    __slots__ = ("_make", "_name")

    def __init__(self, make: Callable[[Any], Any]) -> None:
        self._make = make

    def __set_name__(self, owner: Any, name: str) -> None:
        self._name = name

    def __get__(self, instance: Any, owner: Any) -> Any:
        if instance is None:
            raise AttributeError(f"type object {owner.__name__!r} has no attribute {self._name!r}")
        return self._make(instance)


class OpenApiModel:
    """Base of every generated model and enumeration."""

    __slots__ = ()

    _check_type = State(lambda model: True)
    _configuration = State(lambda model: None)
    _path_to_item = State(lambda model: ())
    _spec_property_naming = State(lambda model: False)
    _visited_composed_classes = State(lambda model: (type(model),))

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
        return getattr(above.described, self._name)(owner)
