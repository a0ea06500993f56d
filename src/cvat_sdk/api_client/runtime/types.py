"""Classes that annotations name but that are not needed to run what they annotate.

Type checkers see plain imports. At run time a name is imported when somebody looks at it, as
`typing.get_type_hints` does: so every annotation can be resolved, and ``import cvat_sdk.api_client`` still
loads neither urllib3 nor msgspec.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from http.cookies import SimpleCookie as SimpleCookie
    from inspect import Signature as Signature
    from logging import FileHandler as FileHandler
    from logging import Formatter as Formatter
    from logging import Handler as Handler
    from logging import Logger as Logger
    from multiprocessing.pool import AsyncResult as AsyncResult
    from multiprocessing.pool import ThreadPool as ThreadPool
    from typing import TypeAlias

    from typing_extensions import Self as Self
    from typing_extensions import Unpack as Unpack
    from urllib3 import BaseHTTPResponse as BaseHTTPResponse
    from urllib3 import HTTPResponse as HTTPResponse
    from urllib3 import PoolManager as PoolManager
    from urllib3 import Retry as Retry
    from urllib3.fields import RequestField as RequestField

    from cvat_sdk.api_client.api_client import ClientBase
    from cvat_sdk.api_client.configuration import Configuration as Configuration
    from cvat_sdk.api_client.rest import RESTClientObject as RESTClientObject
    from cvat_sdk.api_client.runtime.calls import PreparedCall as PreparedCall
    from cvat_sdk.api_client.runtime.endpoint import Endpoint as Endpoint
    from cvat_sdk.api_client.runtime.schema import Node as Node

    ApiClient: TypeAlias = ClientBase
    """Also a client of a generated package, which has other APIs."""
else:
    import sys

    _MODULES = {
        "http.cookies": "SimpleCookie",
        "inspect": "Signature",
        "logging": "FileHandler Formatter Handler Logger",
        "multiprocessing.pool": "AsyncResult ThreadPool",
        "typing" if sys.version_info >= (3, 11) else "typing_extensions": "Self Unpack",
        "urllib3": "BaseHTTPResponse HTTPResponse PoolManager Retry",
        "urllib3.fields": "RequestField",
        "cvat_sdk.api_client.api_client": "ApiClient",
        "cvat_sdk.api_client.configuration": "Configuration",
        "cvat_sdk.api_client.rest": "RESTClientObject",
        "cvat_sdk.api_client.runtime.calls": "PreparedCall",
        "cvat_sdk.api_client.runtime.endpoint": "Endpoint",
        "cvat_sdk.api_client.runtime.schema": "Node",
    }
    _MODULE_OF = {name: module for module, names in _MODULES.items() for name in names.split()}

    def __getattr__(name):
        module = _MODULE_OF.get(name)
        if module is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(importlib.import_module(module), name)
        globals()[name] = value
        return value
