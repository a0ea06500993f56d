"""What the environment of a process says: settings for those who ask for them, and the log."""

from __future__ import annotations

import importlib.util
import logging
import urllib.request
import warnings
from collections.abc import Mapping
from typing import Any

from cvat_sdk.api_client.exceptions import ApiValueError
from cvat_sdk.api_client.runtime.debug import SUMMARY
from cvat_sdk.api_client.runtime.suggest import did_you_mean

LEVELS = {"debug": logging.DEBUG, "info": SUMMARY}
"""What ``CVAT_LOG`` may be, and the level of the log that it asks for."""

_KNOWN = (
    "CVAT_HOST",
    "CVAT_ACCESS_TOKEN",
    "CVAT_USERNAME",
    "CVAT_PASSWORD",
    "CVAT_ORGANIZATION",
    "CVAT_CA_BUNDLE",
    "CVAT_PROXY",
)
# These may begin or end in a blank.
_AS_THEY_ARE = frozenset({"CVAT_USERNAME", "CVAT_PASSWORD"})


def settings_of(environ: Mapping[str, str]) -> dict[str, Any]:
    """Attributes of a `Configuration` by the variables of an environment; empty variables count as unset.

    Raises:
        ApiValueError: One of ``CVAT_USERNAME`` and ``CVAT_PASSWORD`` without the other.
    """
    given = {name: value for name in _KNOWN if (value := environ.get(name, "")).strip()}
    for name in given.keys() - _AS_THEY_ARE:
        given[name] = given[name].strip()
    found: dict[str, Any] = {}
    for name, attribute in (("CVAT_HOST", "host"), ("CVAT_ORGANIZATION", "organization")):
        if name in given:
            found[attribute] = given[name]
    found.update(_credentials(given))
    if "CVAT_CA_BUNDLE" in given:
        found["ssl_ca_cert"] = given["CVAT_CA_BUNDLE"]
    elif importlib.util.find_spec("truststore") is not None:
        found["use_system_certificates"] = True
    found.update(_proxy(given, found.get("host", "")))
    return found


def _credentials(given: Mapping[str, str]) -> dict[str, str]:
    if "CVAT_ACCESS_TOKEN" in given:
        return {"access_token": given["CVAT_ACCESS_TOKEN"]}
    pair = ("CVAT_USERNAME", "CVAT_PASSWORD")
    missing = [name for name in pair if name not in given]
    if len(missing) == 1:
        (there,) = set(pair) - set(missing)
        raise ApiValueError(f"{there} is set in the environment, but {missing[0]} is not")
    if missing:
        return {}
    return {"username": given["CVAT_USERNAME"], "password": given["CVAT_PASSWORD"]}


def _proxy(given: Mapping[str, str], host: str) -> dict[str, str]:
    """The proxy, with what is not to go through it; ``CVAT_PROXY`` is for all hosts."""
    if "CVAT_PROXY" in given:
        return {"proxy": given["CVAT_PROXY"]}
    usual = urllib.request.getproxies_environment()
    scheme = "https" if host.lower().startswith("https://") else "http"
    proxy = usual.get(scheme) or usual.get("all")
    if not proxy:
        return {}
    return {"proxy": proxy, "no_proxy": usual.get("no", "")}


def show_log(level: str) -> None:
    """Show requests on standard error, or where the application's log goes.

    Args:
        level: ``debug`` for requests with their headers and answers with theirs, ``info`` for a line each.
    """
    wanted = LEVELS.get(level.strip().lower())
    if wanted is None:
        hint = did_you_mean(level, LEVELS)
        warnings.warn(f"CVAT_LOG is {level!r}{hint}: expected debug or info", stacklevel=4)
        return
    logger = logging.getLogger("cvat_sdk.api_client")
    logger.setLevel(wanted)
    if not logger.hasHandlers():
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(asctime)s cvat_sdk %(message)s"))
        logger.addHandler(handler)
