"""The command ``cvat-local``.

Exit codes: 0 after a clean end (Ctrl-C included), 1 when the server cannot start, 2 for wrong arguments.
"""

from __future__ import annotations

import argparse
import ipaddress
import logging
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cvat_local.settings import Settings, default_data_dir
from cvat_sdk.version import __version__

PASSWORD_VARIABLE = "CVAT_LOCAL_ADMIN_PASSWORD"  # noqa: S105  # the name of a variable
"""Environment variable with the password of ``--create-admin``, which others cannot see in the process list."""

_LOG_LEVELS = ("debug", "info", "warning", "error")


if TYPE_CHECKING:
    from cvat_local.app import Application


class StartError(Exception):
    """The server cannot start; the text says why and what to do."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        arguments: Arguments after the command's name; None: those of the process.

    Returns:
        The exit code.
    """
    options = _parser().parse_args(arguments)
    try:
        return _coverage() if options.command == "coverage" else _serve(options)
    except StartError as error:
        print(f"cvat-local: {error}", file=sys.stderr)
    except ModuleNotFoundError as error:
        if str(error.name).startswith("cvat_"):
            raise
        print(
            f"cvat-local: the package {error.name} is missing; install cvat-sdk from its wheel or folder with the "
            "extra local, such as: pip install '.[local]'",
            file=sys.stderr,
        )
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="cvat-local", description="A CVAT-compatible server on this machine."
    )
    parser.add_argument("--version", action="version", version=f"cvat-local {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    serve = commands.add_parser(
        "serve",
        help="start the server",
        description="Start the server; Ctrl-C stops it.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on")
    serve.add_argument("--port", type=_port, default=8080, help="port to listen on; 0: a free one")
    serve.add_argument(
        "--allowed-host",
        action="append",
        default=argparse.SUPPRESS,
        metavar="NAME",
        help="name that requests may call the server by, beside its addresses, localhost and --host; "
        ".example.org stands for all names below it, * for any; may be given several times",
    )
    serve.add_argument(
        "--data-dir",
        type=Path,
        default=default_data_dir(),
        metavar="FOLDER",
        help="folder of the database and all files",
    )
    serve.add_argument(
        "--database-url",
        metavar="URL",
        help="SQLAlchemy URL of another database than the SQLite file in the data folder",
    )
    serve.add_argument(
        "--queue-url",
        metavar="URL",
        help="Redis URL for the background queue instead of a file in the data folder",
    )
    serve.add_argument(
        "--workers", type=_workers, default=2, help="threads for background work (exports, ...)"
    )
    serve.add_argument(
        "--private-webhook-targets",
        action=argparse.BooleanOptionalAction,
        default=argparse.SUPPRESS,
        help="whether webhooks may send to this machine and its network (default: while nobody else "
        "reaches the server, see --host)",
    )
    serve.add_argument(
        "--share",
        type=_folder,
        metavar="FOLDER",
        help="folder with files that tasks can be made of without an upload; every account of the "
        "group user can look into it",
    )
    serve.add_argument(
        "--mail-dir",
        type=Path,
        metavar="FOLDER",
        help="folder that mails (password resets) are written into; by default one in the data folder",
    )
    serve.add_argument(
        "--anonymous-rate",
        type=_rate,
        metavar="NUMBER",
        help="calls without credentials, logins among them, that an address may make in a minute",
    )
    serve.add_argument(
        "--create-admin",
        type=_account,
        metavar="USER[:PASSWORD]",
        help="make sure this administrator exists; the password can also be in "
        f"${PASSWORD_VARIABLE}; a server without accounts makes one by itself and shows its password",
    )
    serve.add_argument("--log-level", choices=_LOG_LEVELS, default="info", help="what to log")
    commands.add_parser(
        "coverage",
        help="list the operations of the API and which ones this server has",
        description="List all operations of the API: ok (implemented) or 501.",
    )
    return parser


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port number")
    return int(text)


def _workers(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 64:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to 64")
    return int(text)


def _folder(text: str) -> Path:
    path = Path(text).expanduser().absolute()
    if not path.is_dir():
        raise argparse.ArgumentTypeError(f"{text!r} is not a folder")
    return path


def _rate(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of calls")
    return int(text)


def _account(text: str) -> tuple[str, str]:
    username, _, password = text.partition(":")
    password = password or os.environ.get(PASSWORD_VARIABLE, "")
    if not username:
        raise argparse.ArgumentTypeError("a user name is needed")
    if not password:
        raise argparse.ArgumentTypeError(
            f"no password: write {username}:PASSWORD or set the variable {PASSWORD_VARIABLE}"
        )
    return username, password


def _coverage() -> int:
    from cvat_local.coverage import lines

    for line in lines():
        print(line)
    return 0


def _serve(options: argparse.Namespace) -> int:
    # Imported late: the other commands and wrong arguments need not wait for all this.
    from cvat_local import embedded

    _configure_logging(options.log_level)
    settings = settings_of(options)
    try:
        listener = embedded.open_listener(options.host, options.port)
    except OSError as error:
        raise StartError(
            f"cannot listen on {options.host} port {options.port}: {error.strerror or error}. "
            "Choose another with --host and --port."
        ) from None
    with listener:
        application = _open_application(settings, options.create_admin)
        server = embedded.new_server(application)
        url = embedded.listener_url(listener)
        print(f"cvat-local {__version__} at {url} (data in {settings.data_dir})", flush=True)
        warning = exposure_warning(options.host)
        if warning:
            print(warning, file=sys.stderr, flush=True)
        # The server handles signals while it runs, and raises them again when it has shut down.
        signal.signal(signal.SIGTERM, lambda number, frame: None)
        try:
            server.run(sockets=[listener])
        except KeyboardInterrupt:
            print("Stopped.", flush=True)
    return 0 if server.started else 1


def _open_application(settings: Settings, admin: tuple[str, str] | None) -> Application:
    from sqlalchemy.exc import SQLAlchemyError

    from cvat_local.app import Application
    from cvat_local.storage.files import FolderInUse
    from cvat_local.storage.migrate import UnknownSchema

    try:
        application = Application(settings)
    except OSError as error:
        raise StartError(
            f"the folder {settings.data_dir} cannot be used: {error.strerror or error}. "
            "Choose another with --data-dir."
        ) from None
    except ImportError as error:
        # SQLAlchemy and huey import a driver when they see a URL that needs it.
        raise StartError(
            f"--database-url or --queue-url needs a package that is not installed: {error}"
        ) from None
    except SQLAlchemyError as error:
        raise StartError(f"the database URL cannot be used: {error}") from None
    try:
        application.prepare()
        if admin is not None:
            application.create_admin(*admin)
        else:
            first = application.create_first_admin()
            if first is not None:
                # Printed, not logged: this is the only time that anybody can see it.
                print(
                    f"Created the administrator {first[0]} with the password {first[1]}", flush=True
                )
    except (FolderInUse, UnknownSchema) as error:
        application.stop()
        raise StartError(str(error)) from None
    except SQLAlchemyError as error:
        application.stop()
        raise StartError(f"the database cannot be used: {getattr(error, 'orig', error)}") from None
    except ValueError as error:
        application.stop()
        raise StartError(f"--create-admin: {error}") from None
    return application


def settings_of(options: argparse.Namespace) -> Settings:
    """The choices for a server that parsed arguments stand for."""
    return Settings(
        data_dir=options.data_dir.expanduser().absolute(),
        database_url=options.database_url,
        queue_url=options.queue_url,
        workers=options.workers,
        allowed_hosts=(options.host, *getattr(options, "allowed_host", ())),
        share_dir=options.share,
        mail_dir=None if options.mail_dir is None else options.mail_dir.expanduser().absolute(),
        anonymous_per_minute=options.anonymous_rate,
        private_webhook_targets=getattr(
            options, "private_webhook_targets", _is_loopback(options.host)
        ),
    )


def exposure_warning(host: str) -> str | None:
    """What somebody should know who lets the server listen on an address; None for a loopback one."""
    if _is_loopback(host):
        return None
    return (
        f"Warning: with --host {host} other machines can reach this server, and what they exchange with it, "
        "passwords included, is not encrypted."
    )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _configure_logging(level: str) -> None:
    logging.basicConfig(
        level=level.upper(),
        format="%(asctime)s %(levelname)-7s %(name)s: %(message)s",
        stream=sys.stderr,
    )
    if level != "debug":
        # Their news are ours as well, said twice, or internal.
        for name in ("uvicorn", "huey", "alembic", "PIL"):
            logging.getLogger(name).setLevel(logging.WARNING)
