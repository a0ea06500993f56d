"""What `inspect.signature` tells of the generated methods and models.

Methods take the keywords that they have in common as ``**options``, and models are built by their metaclass.
Both are to look like what they accept. Signatures are made when somebody asks for one, for it takes longer
to import `inspect` than to import all of this package.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import FunctionType
from typing import Any

from cvat_sdk.api_client.runtime import above, types


class Wrapped:
    """Stands behind a method as what it wraps: that is where `inspect` looks for the signature.

    Args:
        method: A function whose last parameter is ``**options``.
        options: Defaults of the keywords that this stands for.
        annotations: Types of these keywords.
    """

    def __init__(
        self, method: FunctionType, options: Mapping[str, Any], annotations: Mapping[str, Any]
    ) -> None:
        self._method = method
        self._options = options
        self._annotations = annotations

    @property
    def __signature__(self) -> types.Signature:
        import inspect

        own = inspect.signature(self._method, follow_wrapped=False)
        shared = (
            inspect.Parameter(
                name,
                inspect.Parameter.KEYWORD_ONLY,
                default=default,
                annotation=self._annotations[name].__forward_arg__,
            )
            for name, default in self._options.items()
        )
        *parameters, _ = own.parameters.values()
        return own.replace(parameters=[*parameters, *shared])

    @property
    def __wrapped__(self) -> FunctionType:
        # For those who look further, at the source or at the names that annotations mean.
        return FunctionType(self._method.__code__, self._method.__globals__)


def of_model(cls: Any) -> types.Signature:
    """Required fields by position or name, then dicts, then the other fields and additional ones by name."""
    import inspect

    from msgspec import UNSET

    kinds = inspect.Parameter
    settable = [
        field for field in above.schema.fields_of(cls).values() if field.name not in cls._read_only
    ]
    required = [
        kinds(field.name, kinds.POSITIONAL_OR_KEYWORD, annotation=field.node.text)
        for field in settable
        if field.required
    ]
    optional = [
        kinds(field.name, kinds.KEYWORD_ONLY, default=UNSET, annotation=field.node.text)
        for field in settable
        if not field.required
    ]
    dicts = kinds("dicts", kinds.VAR_POSITIONAL, annotation="Mapping[str, Any]")
    additional = kinds("additional", kinds.VAR_KEYWORD, annotation="Any")
    return inspect.Signature([*required, dicts, *optional, additional])


def of_enumeration(has_default: bool = False) -> types.Signature:
    """One value."""
    import inspect

    from msgspec import UNSET

    kinds = inspect.Parameter
    default = UNSET if has_default else kinds.empty
    value = kinds("value", kinds.POSITIONAL_OR_KEYWORD, default=default, annotation="str")
    return inspect.Signature([value])
