"""A server inside this process, for scripts, notebooks and tests.

::

    with LocalServer() as server:
        configuration = Configuration(
            host=server.url, username=server.username, password=server.password
        )
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import shutil
import socket
import tempfile
import threading
import time
from pathlib import Path
from types import TracebackType

import uvicorn

from cvat_local.app import Application, create_app
from cvat_local.settings import Settings

_START_TIMEOUT = 60.0
"""Seconds; creating the database takes a moment on a busy machine."""
_STOP_TIMEOUT = 30.0


class LocalServer:
    """A CVAT-compatible server in a thread of this process. Several can run at once.

    Args:
        data_dir: Folder of what the server keeps; None: a temporary one that is removed when the server
            stops.
        host: Address to listen on; other machines cannot reach the default.
        port: Port to listen on; 0: any free one.
        admin: Name and password of an administrator to create; None: ``admin`` with a random password.
        settings: All choices at once; ``data_dir`` is ignored then.
    """

    def __init__(
        self,
        data_dir: str | Path | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        admin: tuple[str, str] | None = None,
        *,
        settings: Settings | None = None,
    ) -> None:
        self.username, self.password = admin or ("admin", secrets.token_urlsafe(16))
        self._host = host
        self._port = port
        self._data_dir = None if data_dir is None else Path(data_dir)
        self._settings = settings
        self._temporary: Path | None = None
        self._application: Application | None = None
        self._url: str | None = None
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None
        self._failure: BaseException | None = None

    @property
    def url(self) -> str:
        """Where the server is reached, without a slash at the end.

        Raises:
            RuntimeError: The server is not running.
        """
        if self._url is None:
            raise RuntimeError("the server is not running; call start() first")
        return self._url

    @property
    def application(self) -> Application:
        """The server's parts, for tests that look behind its API.

        Raises:
            RuntimeError: The server is not running.
        """
        if self._application is None:
            raise RuntimeError("the server is not running; call start() first")
        return self._application

    def start(self) -> LocalServer:
        """Start the server and wait until it answers.

        Raises:
            OSError: The address or port cannot be used.
            RuntimeError: The server is running already, or did not come up.
        """
        if self._thread is not None:
            raise RuntimeError("the server is running already")
        listener = open_listener(self._host, self._port)
        try:
            self._application = self._prepare()
            self._url = listener_url(listener)
            self._run(self._application, listener)
        except BaseException:
            listener.close()
            if self._application is not None:
                self._application.stop()
            self._forget()
            raise
        return self

    def stop(self) -> None:
        """Stop the server; nothing happens when it is not running."""
        if self._server is not None and self._thread is not None:
            self._server.should_exit = True
            self._thread.join(_STOP_TIMEOUT)
        self._forget()

    def _prepare(self) -> Application:
        settings = self._settings
        if settings is None:
            if self._data_dir is None:
                self._temporary = Path(tempfile.mkdtemp(prefix="cvat-local-"))
            settings = Settings(data_dir=self._data_dir or self._temporary or Path())
        application = Application(settings)
        try:
            application.prepare()
            application.create_admin(self.username, self.password)
        except BaseException:
            application.stop()
            raise
        return application

    def _run(self, application: Application, listener: socket.socket) -> None:
        server = new_server(application)
        self._failure = None
        self._server = server

        def serve() -> None:
            try:
                server.run(sockets=[listener])
            except BaseException as error:  # handed to the thread that waits
                self._failure = error
            finally:
                listener.close()

        self._thread = threading.Thread(target=serve, name=f"cvat-local {self._url}", daemon=True)
        self._thread.start()
        deadline = time.monotonic() + _START_TIMEOUT
        while not server.started:
            if not self._thread.is_alive() or time.monotonic() > deadline:
                raise RuntimeError("the server did not start; its log says why") from self._failure
            time.sleep(0.005)

    def _forget(self) -> None:
        self._server = self._thread = self._application = self._url = None
        if self._temporary is not None:
            shutil.rmtree(self._temporary, ignore_errors=True)
            self._temporary = None

    def __enter__(self) -> LocalServer:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    async def __aenter__(self) -> LocalServer:
        return await asyncio.to_thread(self.start)

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await asyncio.to_thread(self.stop)


def open_listener(host: str, port: int) -> socket.socket:
    """A listening socket; with port 0 on any free port.

    Raises:
        OSError: The address or port cannot be used.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio turns off Nagle's algorithm only for sockets that name their protocol, and that algorithm
    # makes each answer on a kept connection wait for 40 ms.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        with contextlib.suppress(OSError):
            # A port of a server that just stopped can be used again at once.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(2048)
    except BaseException:
        listener.close()
        raise
    return listener


def listener_url(listener: socket.socket) -> str:
    """URL that a listening socket is reached at from this machine."""
    host, port = listener.getsockname()[:2]
    if host in ("0.0.0.0", "::"):  # noqa: S104  # compared, not bound
        host = "127.0.0.1" if host == "0.0.0.0" else "::1"  # noqa: S104  # likewise
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def new_server(application: Application) -> uvicorn.Server:
    """A web server for an application that is prepared."""
    config = uvicorn.Config(
        create_app(application.settings, application=application),
        lifespan="on",
        ws="none",
        # The application has an access log of its own, and logging belongs to whoever runs the process.
        access_log=False,
        log_config=None,
        server_header=False,
        # Scripts think between two requests; a connection closed meanwhile can cost them an error.
        timeout_keep_alive=75,
        timeout_graceful_shutdown=5,
    )
    return uvicorn.Server(config)
