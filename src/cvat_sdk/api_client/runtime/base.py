"""The two classes that every model has in common, whatever it is made of."""

from __future__ import annotations


class IModelData:
    """Base of the interface classes ``I<Model>``: annotations and descriptions of fields, no behaviour.

    Every interface class declares ``__slots__ = ()``; without it each model instance would carry an
    instance dictionary that it never uses.
    """

    __slots__ = ()


class OpenApiModel:
    """Base of every generated model and enumeration."""

    __slots__ = ()
