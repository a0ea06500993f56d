"""The client of the high-level layer: `make_client` connects, and repositories such as ``client.tasks`` give objects with methods."""

from __future__ import annotations

import contextlib
import logging
import urllib.parse
import warnings
from collections.abc import Generator, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import attrs
from packaging.version import InvalidVersion, Version
from urllib3.exceptions import HTTPError

from cvat_sdk.api_client import ApiClient, Configuration, models
from cvat_sdk.api_client.exceptions import OpenApiException
from cvat_sdk.api_client.runtime import types
from cvat_sdk.core import deadlines
from cvat_sdk.core.exceptions import CvatSdkException, IncompatibleVersionException
from cvat_sdk.core.proxies.issues import CommentsRepo, IssuesRepo
from cvat_sdk.core.proxies.jobs import JobsRepo
from cvat_sdk.core.proxies.model_proxy import Repo
from cvat_sdk.core.proxies.organizations import OrganizationsRepo
from cvat_sdk.core.proxies.projects import ProjectsRepo
from cvat_sdk.core.proxies.tasks import TasksRepo
from cvat_sdk.core.proxies.users import UsersRepo
from cvat_sdk.core.requests import wait_for_request
from cvat_sdk.core.transfers import first_line
from cvat_sdk.core.utils import ALLOWED_SERVER_SCHEMAS, normalize_server_url
from cvat_sdk.version import VERSION

__all__ = [
    "CVAT_API_V2",
    "AccessTokenCredentials",
    "Client",
    "Config",
    "Credentials",
    "PasswordCredentials",
    "make_client",
]

_DEFAULT_PERIOD = 5

RepoT = TypeVar("RepoT", bound=Repo[Any, Any])


def _cache_dir() -> Path:
    import platformdirs

    return platformdirs.user_cache_path("cvat-sdk", "CVAT.ai")


# Classes of attrs: programs pass them to its functions.
@attrs.define(slots=False)
class Config:
    """Settings of a client.

    Attributes:
        status_check_period: Seconds between two questions whether work of the server is done.
        allow_unsupported_server: Whether a server of a version that is not known is a warning, and no error.
        verify_ssl: Whether to check the server's certificate; None for the default, which is to do so.
        cache_dir: Folder for what is kept of the server.
    """

    status_check_period: float = _DEFAULT_PERIOD
    allow_unsupported_server: bool = True
    verify_ssl: bool | None = None
    cache_dir: Path = attrs.field(factory=_cache_dir)

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "cache_dir":
            value = Path(value)
        elif name not in {field.name for field in attrs.fields(Config)}:
            warnings.warn(f"Config has no setting {name!r}; it has no effect", stacklevel=2)
        super().__setattr__(name, value)


class Credentials:
    """What a user is known by."""


@attrs.define
class PasswordCredentials(Credentials):
    """A user name and its password."""

    user: str
    password: str = attrs.field(repr=False)


@attrs.define
class AccessTokenCredentials(Credentials):
    """A personal access token."""

    token: str = attrs.field(repr=False)


_MINOR = Version(VERSION)


class Client:
    """A connection to a server.

    Calls have limits of their own: 10 s for a connection and 300 s without a byte, unless the environment variable
    ``CVAT_TIMEOUT`` has others; ``client.api_client.configuration.timeout`` changes them.

    Args:
        url: Address of the server; without a scheme, https.
        logger: Told of what is done. Default: ``cvat_sdk.core.client``.
        config: Settings.
        check_server_version: Ask the server for its version now.

    Raises:
        InvalidHostException: The address is none, or of another scheme than http and https.
        IncompatibleVersionException: The server is of a version that is not known, and the settings want a known one.
    """

    SUPPORTED_SERVER_VERSIONS: ClassVar[Sequence[Version]] = tuple(
        Version(f"{_MINOR.major}.{_MINOR.minor + step}") for step in (0, 1)
    )
    ALLOWED_SCHEMAS: ClassVar[Sequence[str]] = ALLOWED_SERVER_SCHEMAS
    _ORG_SLUG_HEADER: ClassVar[str] = "X-Organization"

    def __init__(
        self,
        url: str,
        *,
        logger: logging.Logger | None = None,
        config: Config | None = None,
        check_server_version: bool = True,
    ) -> None:
        self.logger: logging.Logger = logger or logging.getLogger(__name__)
        url = normalize_server_url(url)
        self.config: Config = config or Config()
        self.api_map: CVAT_API_V2 = CVAT_API_V2(url)
        configuration = Configuration(host=self.api_map.host, verify_ssl=self.config.verify_ssl)
        configuration.timeout = configuration.timeout or deadlines.WAITS
        self.api_client: ApiClient = ApiClient(configuration)
        self._repos: dict[type[Any], Any] = {}
        if check_server_version:
            self.check_server_version()

    # -- organization -----------------------------------------------------------------------------

    @property
    def organization_slug(self) -> str | None:
        """Slug of the organization that calls are about; an empty text is the personal workspace; None for neither."""
        return self.api_client.default_headers.get(self._ORG_SLUG_HEADER)

    @organization_slug.setter
    def organization_slug(self, slug: str | None) -> None:
        if slug is None:
            self.api_client.default_headers.pop(self._ORG_SLUG_HEADER, None)
        else:
            self.api_client.default_headers[self._ORG_SLUG_HEADER] = slug

    @contextlib.contextmanager
    def organization_context(self, slug: str | None) -> Generator[None, None, None]:
        """Calls inside are about an organization."""
        before = self.organization_slug
        self.organization_slug = slug
        try:
            yield
        finally:
            self.organization_slug = before

    # -- life -------------------------------------------------------------------------------------

    def __enter__(self) -> Client:
        return self

    def __exit__(self, exc_type: Any, exc_value: Any, traceback: Any) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections. Nobody is logged out."""
        self.api_client.close()

    # -- credentials ------------------------------------------------------------------------------

    def login(self, credentials: Credentials | tuple[str, str]) -> None:
        """Be a user from now on.

        Args:
            credentials: A user name and a password, or a token. With a token nothing is sent now.

        Raises:
            TypeError: Neither of these.
            ApiException: The server does not accept them.
        """
        if self.has_credentials():
            self.logout()
        if isinstance(credentials, tuple) and len(credentials) == 2:
            credentials = PasswordCredentials(*credentials)
        if isinstance(credentials, AccessTokenCredentials):
            self.api_client.configuration.access_token = credentials.token
            return
        if not isinstance(credentials, PasswordCredentials):
            raise TypeError(
                "Expected PasswordCredentials, AccessTokenCredentials or a tuple (user, password), "
                f"got a value of type {type(credentials).__name__}"
            )
        self.api_client.auth_api.create_login(
            models.LoginSerializerExRequest(
                username=credentials.user, password=credentials.password
            )
        )
        missing = [
            name for name in ("sessionid", "csrftoken") if name not in self.api_client.cookies
        ]
        if missing:
            raise CvatSdkException(
                f"The server has accepted the password, but its answer has no cookie {missing[0]}"
            )
        csrf = self.api_client.cookies["csrftoken"].value
        self.api_client.configuration.api_key["csrfHeaderAuth"] = csrf

    def has_credentials(self) -> bool:
        """Whether the client has a session or a token."""
        has_session = any(name in self.api_client.cookies for name in ("sessionid", "csrftoken"))
        return has_session or bool(self.api_client.configuration.access_token)

    def logout(self) -> None:
        """End the session, if there is one, and forget the credentials."""
        if not self.has_credentials():
            return
        if "sessionid" in self.api_client.cookies:
            self.api_client.auth_api.create_logout()
        self._clear_credentials()

    def _clear_credentials(self) -> None:
        for name in ("sessionid", "csrftoken"):
            self.api_client.cookies.pop(name, None)
        self.api_client.configuration.api_key.pop("csrfHeaderAuth", None)
        self.api_client.configuration.access_token = None

    # -- work of the server -----------------------------------------------------------------------

    def wait_for_completion(
        self,
        rq_id: str,
        *,
        status_check_period: float | None = None,
        log_prefix: str | None = None,
    ) -> tuple[models.Request, types.HTTPResponse]:
        """Wait until work of the server has ended.

        Args:
            rq_id: Id of the request.
            status_check_period: Seconds between two questions. Default: that of the settings.
            log_prefix: What the log calls it.

        Returns:
            The finished request, and the answer that said so.

        Raises:
            BackgroundRequestException: The work has failed.
        """
        period = status_check_period
        if period is None and self.config.status_check_period != _DEFAULT_PERIOD:
            period = self.config.status_check_period  # else growing pauses, to the same length

        def tell(request: models.Request) -> None:
            name = log_prefix or f"{request.operation.type} operation"
            self.logger.info(f"{name} status: {request.status} (message={request.get('message')})")

        request = wait_for_request(self.api_client, rq_id, poll_interval=period, on_progress=tell)
        response: Any = self.api_client.last_response
        return request, response

    # -- version ----------------------------------------------------------------------------------

    def check_server_version(self, fail_if_unsupported: bool | None = None) -> None:
        """Look whether the server is of a version that is known.

        Args:
            fail_if_unsupported: Whether another one is an error. Default: as the settings say.

        Raises:
            IncompatibleVersionException: It is of another version, or does not say.
        """
        strict = not self.config.allow_unsupported_server
        if fail_if_unsupported is not None:
            strict = fail_if_unsupported
        supported = ", ".join(map(str, self.SUPPORTED_SERVER_VERSIONS))
        try:
            version = self.get_server_version()
        except (OpenApiException, HTTPError, InvalidVersion, CvatSdkException) as error:
            message = (
                f"Failed to retrieve server API version: {first_line(error)}. "
                "Some SDK functions may not work properly with this server."
            )
            self.logger.warning(message)
            if strict:
                raise IncompatibleVersionException(message) from error
            return
        if any(
            self._is_version_compatible(version, known) for known in self.SUPPORTED_SERVER_VERSIONS
        ):
            return
        message = (
            f"Server version '{version}' is not compatible with SDK version '{VERSION}' (supported: {supported}). "
            "Some SDK functions may not work properly with this server. "
            "You can continue using this SDK, or you can try to update with 'pip install cvat-sdk'."
        )
        self.logger.warning(message)
        if strict:
            raise IncompatibleVersionException(message)

    def _is_version_compatible(self, current: Version, target: Version) -> bool:
        """Whether a version is one of the releases of another one: the same but for its last number."""
        same = (current.epoch, current.release[:2]) == (target.epoch, target.release[:2])
        is_before = current.is_prerelease and Version(current.base_version) <= target
        return same and not is_before and Version(current.base_version) >= target

    def get_server_version(self) -> Version:
        """The version of the server.

        Raises:
            ApiException: The server does not answer as a CVAT server does.
            packaging.version.InvalidVersion: What it says is no version.
        """
        about, _ = self.api_client.server_api.retrieve_about(_request_auths=[])
        version = about.get("version")
        if not isinstance(version, str):
            raise CvatSdkException("the server does not say its version")
        return Version(version)

    # -- repositories -----------------------------------------------------------------------------

    def _get_repo(self, repo_type: type[RepoT]) -> RepoT:
        if repo_type not in self._repos:
            self._repos[repo_type] = repo_type(self)
        repo: RepoT = self._repos[repo_type]
        return repo

    @property
    def tasks(self) -> TasksRepo:
        """The tasks of the server."""
        return self._get_repo(TasksRepo)

    @property
    def projects(self) -> ProjectsRepo:
        """The projects of the server."""
        return self._get_repo(ProjectsRepo)

    @property
    def jobs(self) -> JobsRepo:
        """The jobs of the server."""
        return self._get_repo(JobsRepo)

    @property
    def users(self) -> UsersRepo:
        """The users of the server."""
        return self._get_repo(UsersRepo)

    @property
    def organizations(self) -> OrganizationsRepo:
        """The organizations of the server."""
        return self._get_repo(OrganizationsRepo)

    @property
    def issues(self) -> IssuesRepo:
        """The issues of the server."""
        return self._get_repo(IssuesRepo)

    @property
    def comments(self) -> CommentsRepo:
        """The comments of the server."""
        return self._get_repo(CommentsRepo)


class CVAT_API_V2:
    """Addresses of a server.

    Args:
        host: Address of the server.
    """

    def __init__(self, host: str) -> None:
        self.host: str = host.rstrip("/")
        self.base: str = f"{self.host}/api/"

    def make_endpoint_url(
        self,
        path: str,
        *,
        psub: Sequence[Any] | None = None,
        kwsub: Mapping[str, Any] | None = None,
        query_params: Mapping[str, Any] | None = None,
    ) -> str:
        """The address of an operation.

        Args:
            path: Its path.
            psub: Values for gaps without a name.
            kwsub: Values for gaps with one.
            query_params: Its query; None leaves a parameter out.
        """
        url = self.host + path
        if psub or kwsub:
            url = url.format(
                *(urllib.parse.quote(str(value), safe="") for value in psub or ()),
                **{
                    name: urllib.parse.quote(str(value), safe="")
                    for name, value in (kwsub or {}).items()
                },
            )
        query = {name: value for name, value in (query_params or {}).items() if value is not None}
        return f"{url}?{urllib.parse.urlencode(query)}" if query else url


def make_client(
    host: str,
    *,
    port: int | None = None,
    credentials: Credentials | tuple[str, str] | None = None,
    access_token: str | None = None,
    config: Config | None = None,
    logger: logging.Logger | None = None,
) -> Client:
    """Connect to a server, and log in.

    Args:
        host: Address of the server; without a scheme, https.
        port: Its port, if the address does not have it.
        credentials: A user name and a password, or a token.
        access_token: A personal access token.
        config: Settings.
        logger: Told of what is done.

    Raises:
        ValueError: `credentials` and `access_token` together, an empty token, or two ports.
        InvalidHostException: The address is none.
        ApiException: The server does not accept the credentials.
    """
    if credentials is not None and access_token is not None:
        raise ValueError("credentials and access_token cannot both be given")
    if access_token is not None:
        if not access_token.strip():
            raise ValueError("access_token is empty")
        credentials = AccessTokenCredentials(access_token)
    url = normalize_server_url(host)
    if port:
        parts = urllib.parse.urlsplit(url)
        if parts.port is not None:
            raise ValueError(f"The port is given twice: in the host, {parts.port}, and as {port}")
        url = urllib.parse.urlunsplit(
            (parts.scheme, f"{parts.netloc}:{int(port)}", parts.path, "", "")
        )
    client = Client(url, config=config, logger=logger)
    if credentials is not None:
        client.login(credentials)
    return client
