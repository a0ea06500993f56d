"""Settings of a client: where the server is, who calls, and how connections are made."""

from __future__ import annotations

import copy
import functools
import os
import sys
import urllib.parse
import warnings
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar, Literal, NoReturn

from cvat_sdk.api_client.exceptions import ApiTypeError, ApiValueError
from cvat_sdk.api_client.runtime import types
from cvat_sdk.api_client.runtime.auth import (
    CVAT_SCHEMES,
    AuthSetting,
    Scheme,
    basic_token,
    key_of,
    settings_of,
)
from cvat_sdk.api_client.runtime.operation import Server
from cvat_sdk.api_client.runtime.sizes import LARGEST, checked
from cvat_sdk.api_client.runtime.timeouts import AS_CONFIGURED, Limit, read, read_text
from cvat_sdk.version import __version__

__all__ = ["JSON_SCHEMA_VALIDATION_KEYWORDS", "ApiValueError", "Configuration"]

DEFAULT_HOST = "http://localhost"

Validation = Literal["lenient", "silent", "strict"]
"""What happens to a response that differs from the API description."""

JSON_SCHEMA_VALIDATION_KEYWORDS = frozenset(
    {
        "exclusiveMaximum",
        "exclusiveMinimum",
        "maxItems",
        "maxLength",
        "maximum",
        "minItems",
        "minLength",
        "minimum",
        "multipleOf",
        "pattern",
    }
)


class Configuration:
    """Settings of an `ApiClient`.

    Args:
        host: Address of the server, such as ``https://cvat.example.com``. Without a scheme ``http://``
            is assumed; a path prefix is kept. Default: ``http://localhost``.
        api_key: Keys by scheme: ``sessionAuth`` and ``csrfAuth`` (cookies of a login), ``tokenAuth``. The
            dict is used as it is: later changes act on the next request.
        api_key_prefix: Words sent before a key, by scheme.
        username: User name for basic authentication.
        password: Password for basic authentication.
        access_token: Personal access token, sent as a bearer token.
        discard_unknown_keys: Accepted for compatibility; fields that are not described are always kept.
        disabled_client_side_validations: JSON schema keywords that are not checked, comma-separated.
        server_index: Which of the servers that the API description names is called; None: `host`. Default: the first
            one unless a host is given. An index is taken for operations with servers of their own as well.
        server_variables: Values of variables in the addresses of described servers, by name.
        server_operation_index: The same for single operations, by their names, such as ``tasks.create``.
        server_operation_variables: The same for single operations.
        ssl_ca_cert: Path of a PEM file with the certificate authorities to trust.
        verify_ssl: Whether to check the server's certificate. Default: True.
        response_validation: What happens to a response that differs from the API description: ``"lenient"`` keeps
            everything as it came, with a `VersionSkewWarning` for each kind of difference that a client meets;
            ``"silent"`` keeps it without; ``"strict"`` raises.
        organization: Slug of the organization that all calls of a client are about; an empty text means none,
            the personal workspace. Default: what the server takes without one.
        timeout: Limit of each call that has none of its own: seconds in total, or a pair (connect, read). Default:
            that of the environment variable ``CVAT_TIMEOUT`` (``30`` or ``5,60``), else none.
        max_response_bytes: Bytes of an answer, unpacked, that are read into memory; more of them are an
            `ApiException`. None for any number. Files are written to disk and have no limit. Default: 1 GiB.

    TLS, organization, proxy, retry and pool settings are read when an `ApiClient` is made; the rest at each request.

    Raises:
        ApiTypeError: A host that is no text.
        TypeError: An argument that there is not.
        ApiValueError: A host with a scheme other than http and https, an unknown keyword in
            `disabled_client_side_validations`, or an unknown `response_validation`.
    """

    _default: Configuration | None = None
    _schemes: ClassVar[Mapping[str, Scheme]] = CVAT_SCHEMES
    _servers: ClassVar[tuple[Server, ...]] = (Server("", "The configured host"),)

    def __init__(
        self,
        host: str | None = None,
        api_key: dict[str, str] | None = None,
        api_key_prefix: dict[str, str] | None = None,
        username: str | None = None,
        password: str | None = None,
        access_token: str | None = None,
        discard_unknown_keys: bool = False,
        disabled_client_side_validations: str = "",
        server_index: int | None = None,
        server_variables: dict[str, Any] | None = None,
        server_operation_index: dict[str, int] | None = None,
        server_operation_variables: dict[str, dict[str, Any]] | None = None,
        ssl_ca_cert: str | None = None,
        verify_ssl: bool | None = None,
        *,
        response_validation: Validation = "lenient",
        organization: str | None = None,
        timeout: Limit = AS_CONFIGURED,
        max_response_bytes: int | None = LARGEST,
        **unknown: NoReturn,
    ) -> None:
        if unknown:
            self._refuse_arguments(unknown)
        self._host = _normalise_host(host)
        self.api_key: dict[str, str] = api_key if api_key is not None else {}
        prefixes = {name: scheme.prefix for name, scheme in self._schemes.items() if scheme.prefix}
        self.api_key_prefix: dict[str, str] = {**prefixes, **(api_key_prefix or {})}
        self.refresh_api_key_hook: Callable[[Configuration], None] | None = None
        self.username = username
        self.password = password
        self.access_token = access_token
        self.discard_unknown_keys = discard_unknown_keys
        self.disabled_client_side_validations = disabled_client_side_validations
        self.client_side_validation = True
        # A host of the caller's stands in the place of the described servers.
        self.server_index = 0 if server_index is None and host is None else server_index
        self.server_variables: dict[str, Any] = server_variables or {}
        self.server_operation_index: dict[str, int] = server_operation_index or {}
        self.server_operation_variables: dict[str, dict[str, Any]] = (
            server_operation_variables or {}
        )
        self.temp_folder_path: str | None = None

        self.organization = organization
        if timeout is AS_CONFIGURED:
            timeout = read_text(os.environ.get("CVAT_TIMEOUT", ""), "CVAT_TIMEOUT")
        self.timeout = timeout
        self.max_response_bytes = max_response_bytes

        self.use_system_certificates = False
        """Whether to trust what the operating system trusts; needs `truststore`."""
        self.verify_ssl: bool = True if verify_ssl is None else verify_ssl
        self.ssl_ca_cert = ssl_ca_cert
        self.cert_file: str | None = None
        self.key_file: str | None = None
        self.assert_hostname: bool | str | None = None
        self.connection_pool_maxsize: int | None = (os.cpu_count() or 1) * 5
        self.proxy: str | None = None
        self.no_proxy: str | None = None
        self.proxy_headers: Mapping[str, str] | None = None
        self.safe_chars_for_path_param = ""
        self.socket_options: list[tuple[Any, ...]] | None = None
        self.response_validation = response_validation

        self._logger_format = "%(asctime)s %(levelname)s %(message)s"
        self._logger_formatter: types.Formatter | None = None
        self.logger_stream_handler: types.Handler | None = None
        self.logger_file_handler: types.FileHandler | None = None
        self._logger_file: str | None = None
        self._debug = False

    @classmethod
    def from_env(cls) -> types.Self:
        """A configuration by the environment, which `Configuration()` does not read.

        ``CVAT_HOST``, ``CVAT_ACCESS_TOKEN`` or else ``CVAT_USERNAME`` with ``CVAT_PASSWORD``, ``CVAT_ORGANIZATION``,
        ``CVAT_CA_BUNDLE`` (path of a PEM file; without it, and where `truststore` is installed, what the operating
        system trusts), ``CVAT_PROXY`` or else ``https_proxy``, ``http_proxy``, ``all_proxy`` with ``no_proxy``. Empty
        variables count as unset.

        Raises:
            ApiValueError: A user name without a password or the reverse, or a host that is no address.
        """
        from cvat_sdk.api_client.runtime import environment

        result = cls()
        for name, value in environment.settings_of(os.environ).items():
            setattr(result, name, value)
        return result

    @staticmethod
    def _refuse_arguments(unknown: Iterable[str]) -> NoReturn:
        from cvat_sdk.api_client.runtime.suggest import did_you_mean

        known = Configuration.__init__.__annotations__.keys() - {"unknown", "return"}
        shown = ", ".join(f"{name!r}{did_you_mean(name, sorted(known))}" for name in unknown)
        raise TypeError(f"Configuration got an unexpected keyword argument {shown}")

    # -- server ---------------------------------------------------------------------------------

    @property
    def host(self) -> str:
        """Address of the server without a trailing slash. Assigning acts on the next request."""
        if self.server_index is None:
            return self._host
        described = self.get_host_from_settings(self.server_index, variables=self.server_variables)
        return described or self._host

    @host.setter
    def host(self, value: str | None) -> None:
        self._host = _normalise_host(value)
        self.server_index = None

    def get_host_settings(self) -> list[dict[str, Any]]:
        """The servers that the API description names, each with ``url``, ``description`` and ``variables``.

        CVAT's has one, whose address is the configured host.
        """
        return [server.settings() for server in self._servers]

    def get_host_from_settings(
        self,
        index: int | None,
        variables: Mapping[str, Any] | None = None,
        servers: list[dict[str, Any]] | None = None,
    ) -> str:
        """Address of one of the described servers; an empty one means the configured host.

        Args:
            index: Which of them; None: the configured host.
            variables: Values of variables in the address, by name. Default: those that the description gives.
            servers: Servers of an operation, as `get_host_settings` tells them. Default: those of the API.

        Raises:
            ValueError: There is no server of that index, or a variable of it has another value.
        """
        if index is None:
            return self._host
        servers = self.get_host_settings() if servers is None else servers
        try:
            server = servers[index]
        except IndexError:
            raise ValueError(
                f"There is no server {index}; the API description names {len(servers)}"
            ) from None
        url: str = server["url"]
        declared = server.get("variables", {})
        defaults = {name: entry["default_value"] for name, entry in declared.items()}
        for name, value in {**defaults, **(variables or {})}.items():
            allowed = declared.get(name, {}).get("enum_values")
            if allowed and value not in allowed:
                raise ValueError(f"The server's {name} is one of {allowed}, not {value!r}")
            url = url.replace("{" + name + "}", str(value))
        url = url.rstrip("/")
        if url.startswith("//"):
            return f"{self._host.partition('://')[0]}:{url}"
        return url if not url or "://" in url else f"{self._host}/{url.lstrip('/')}"

    # -- connections ----------------------------------------------------------------------------

    @property
    def timeout(self) -> Limit:
        """Limit of each call that has none of its own: seconds in total, a pair (connect, read), or None."""
        return self._timeout

    @timeout.setter
    def timeout(self, value: Limit) -> None:
        self._timeout = read(value, "timeout")

    @property
    def max_response_bytes(self) -> int | None:
        """Bytes of an answer that are read into memory; None for any number."""
        return self._max_response_bytes

    @max_response_bytes.setter
    def max_response_bytes(self, value: int | None) -> None:
        self._max_response_bytes = checked(value)

    @property
    def has_retries(self) -> bool:
        """Whether `retries` was assigned or read: reading makes the default ones, which takes urllib3."""
        return "_retries" in self.__dict__

    @property
    def retries(self) -> types.Retry | int | bool | None:
        """Retries of idempotent requests: a count, a `urllib3.Retry`, False for none.

        Default: 3 with growing pauses, also after 502, 503 and 504.
        """
        if not self.has_retries:
            from cvat_sdk.api_client.runtime.retry import default_retries

            self._retries: types.Retry | int | bool | None = default_retries()
        return self._retries

    @retries.setter
    def retries(self, value: types.Retry | int | bool | None) -> None:
        self._retries = value

    # -- authentication -------------------------------------------------------------------------

    def get_api_key_with_prefix(self, identifier: str, *, alias: str | None = None) -> str | None:
        """A key as it is sent, or None when it is not set.

        Args:
            identifier: Name of the scheme.
            alias: Scheme whose key stands in when `identifier` has none.
        """
        if self.refresh_api_key_hook is not None:
            self.refresh_api_key_hook(self)
        return key_of(self, identifier, alias)

    def get_basic_auth_token(self) -> str:
        """Value of the Authorization header for the user name and password."""
        return basic_token(str(self.username or ""), str(self.password or ""))

    def auth_settings(self) -> dict[str, AuthSetting]:
        """The schemes that have credentials, in the order in which they are applied.

        Returns:
            By scheme: ``type``, ``in``, ``key`` and ``value``.
        """
        known = self._key_schemes()
        if not (known.issuperset(self.api_key) and known.issuperset(self.api_key_prefix)):
            self._warn_of_unknown_schemes()
        key = self.get_api_key_with_prefix
        if self.api_key and getattr(key, "__func__", None) is not _GET_API_KEY:
            return settings_of(self, key)  # overridden
        if self.refresh_api_key_hook is not None:
            self.refresh_api_key_hook(self)
        return settings_of(self)

    @classmethod
    @functools.cache
    def _key_schemes(cls) -> frozenset[str]:
        """The schemes whose credentials are keys."""
        return frozenset(name for name, scheme in cls._schemes.items() if scheme.type == "api_key")

    def _warn_of_unknown_schemes(self) -> None:
        """Say once of each name in `api_key` and `api_key_prefix` that no credential goes by it."""
        known = self._key_schemes()
        told = self.__dict__.setdefault("_told_schemes", set())
        for setting in ("api_key", "api_key_prefix"):
            for name in sorted(set(getattr(self, setting) or ()) - known - told, key=str):
                from cvat_sdk.api_client.runtime.suggest import did_you_mean

                told.add(name)
                hint = did_you_mean(str(name), known)
                warnings.warn(
                    f"{setting} has no scheme {name!r}{hint}; it is not sent", stacklevel=2
                )

    # -- defaults -------------------------------------------------------------------------------

    @classmethod
    def set_default(cls, default: Configuration | None) -> None:
        """Use a copy of this configuration for clients that are made without one."""
        cls._default = copy.deepcopy(default)

    @classmethod
    def get_default_copy(cls) -> Configuration:
        """A copy of the default configuration, or a fresh one when none was set."""
        return copy.deepcopy(cls._default) if cls._default is not None else cls()

    def __deepcopy__(self, memo: dict[int, Any]) -> Configuration:
        result = self.__class__.__new__(self.__class__)
        memo[id(self)] = result
        shared = {"_logger", "logger_file_handler", "logger_stream_handler"}
        for name, value in self.__dict__.items():
            result.__dict__[name] = value if name in shared else copy.deepcopy(value, memo)
        return result

    # -- validation and logging -----------------------------------------------------------------

    @property
    def disabled_client_side_validations(self) -> str:
        """JSON schema keywords that are not checked, comma-separated."""
        return ",".join(sorted(self._disabled_client_side_validations))

    @disabled_client_side_validations.setter
    def disabled_client_side_validations(self, value: str) -> None:
        words = {word for word in value.split(",") if word}
        unknown = words - JSON_SCHEMA_VALIDATION_KEYWORDS
        if unknown:
            raise ApiValueError(
                f"disabled_client_side_validations: {', '.join(sorted(unknown))}: expected some of "
                f"{', '.join(sorted(JSON_SCHEMA_VALIDATION_KEYWORDS))}"
            )
        self._disabled_client_side_validations = frozenset(words)

    @property
    def response_validation(self) -> Validation:
        """What happens to a response that differs from the API description; ``"strict"`` raises."""
        return self._response_validation

    @response_validation.setter
    def response_validation(self, value: Validation) -> None:
        if value not in ("lenient", "silent", "strict"):
            raise ApiValueError(
                f"response_validation: expected lenient, silent or strict, got {value!r}"
            )
        self._response_validation = value

    @property
    def decoding_mode(self) -> Literal["lenient", "strict"]:
        """How responses are decoded: `discard_unknown_keys` asks for leniency as well."""
        is_strict = self._response_validation == "strict" and not self.discard_unknown_keys
        return "strict" if is_strict else "lenient"

    @property
    def tells_of_skew(self) -> bool:
        """Whether a client warns of responses that differ."""
        return self._response_validation == "lenient" and not self.discard_unknown_keys

    @property
    def disabled_keywords(self) -> frozenset[str]:
        """`disabled_client_side_validations` as a set."""
        return self._disabled_client_side_validations

    # logging is imported when a logger is first asked for, which most programs never do.
    @property
    def logger(self) -> dict[str, types.Logger]:
        """The loggers of this package and of urllib3: ``package_logger`` and ``urllib3_logger``."""
        if "_logger" not in self.__dict__:
            import logging

            self._logger = {
                "package_logger": logging.getLogger("cvat_sdk.api_client"),
                "urllib3_logger": logging.getLogger("urllib3"),
            }
        return self._logger

    @logger.setter
    def logger(self, value: dict[str, types.Logger]) -> None:
        self._logger = value

    @property
    def logger_formatter(self) -> types.Formatter:
        """Formatter of the log lines."""
        if self._logger_formatter is None:
            import logging

            self._logger_formatter = logging.Formatter(self._logger_format)
        return self._logger_formatter

    @logger_formatter.setter
    def logger_formatter(self, value: types.Formatter) -> None:
        self._logger_formatter = value

    @property
    def debug(self) -> bool:
        """Log every request and the head of its answer, without what is secret in them.

        Assigning sets the level of the loggers in `logger`. The lines go to standard error unless the
        application has handlers of its own.
        """
        return self._debug

    @debug.setter
    def debug(self, value: bool) -> None:
        import logging

        self._debug = bool(value)
        level = logging.DEBUG if self._debug else logging.WARNING
        for logger in self.logger.values():
            logger.setLevel(level)
        logger = self.logger["package_logger"]
        if self._debug and not logger.hasHandlers():
            self.logger_stream_handler = logging.StreamHandler()
            self.logger_stream_handler.setFormatter(self.logger_formatter)
            logger.addHandler(self.logger_stream_handler)
        elif not self._debug and self.logger_stream_handler is not None:
            logger.removeHandler(self.logger_stream_handler)
            self.logger_stream_handler = None

    @property
    def logger_file(self) -> str | None:
        """Path of a file that the loggers also write to."""
        return self._logger_file

    @logger_file.setter
    def logger_file(self, value: str | None) -> None:
        if self.logger_file_handler is not None:
            for logger in self.logger.values():
                logger.removeHandler(self.logger_file_handler)
            self.logger_file_handler.close()
            self.logger_file_handler = None
        self._logger_file = value
        if value:
            import logging

            self.logger_file_handler = logging.FileHandler(value)
            self.logger_file_handler.setFormatter(self.logger_formatter)
            for logger in self.logger.values():
                logger.addHandler(self.logger_file_handler)

    @property
    def logger_format(self) -> str:
        """Format of the log lines."""
        return self._logger_format

    @logger_format.setter
    def logger_format(self, value: str) -> None:
        self._logger_format = value
        self._logger_formatter = None
        if self.logger_file_handler is not None:
            self.logger_file_handler.setFormatter(self.logger_formatter)

    def to_debug_report(self) -> str:
        """Versions that a bug report needs."""
        return (
            f"OS: {sys.platform}\n"
            f"Python: {sys.version}\n"
            f"API version: {__version__}\n"
            f"SDK version: {__version__}"
        )

    def __repr__(self) -> str:
        try:
            schemes = ", ".join(settings_of(self)) or "none"
        except (ApiTypeError, ApiValueError) as error:
            schemes = str(error)  # names the setting, not its value
        scheme, _, rest = self._host.partition("://")
        host = f"{scheme}://{rest.rpartition('@')[2]}"  # an address may hold a password
        return f"<Configuration host={host!r} credentials={schemes}>"

    def __getstate__(self) -> dict[str, Any]:
        state = dict(self.__dict__)
        state.pop("_logger", None)  # found again by name
        for name in ("logger_file_handler", "logger_stream_handler"):
            state[name] = None
        return state


_GET_API_KEY = Configuration.get_api_key_with_prefix


def _normalise_host(host: str | None) -> str:
    if host and not isinstance(host, str):
        raise ApiTypeError(
            f"Expected an address such as 'http://localhost', got a value of type {type(host).__name__}",
            ("host",),
            (str,),
        )
    text = (host or "").strip()
    scheme, separator, rest = text.partition("://")
    if not separator:
        scheme, rest = "http", text
    rest = rest.rstrip("/")
    if not rest and not separator:
        return DEFAULT_HOST
    if scheme.lower() not in ("http", "https"):
        raise ApiValueError(f"host: expected an http or https address, got the scheme {scheme!r}")
    try:
        name = urllib.parse.urlsplit(f"http://{rest}").netloc
    except ValueError:
        raise ApiValueError("host: expected an address such as http://localhost") from None
    if not name:
        raise ApiValueError(
            "host: expected an address such as http://localhost, got one without a name"
        )
    return f"{scheme.lower()}://{rest}"
