"""The server as one object, and the ASGI application around it."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import select
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.routing import Mount

from cvat_local.auth.accounts import ensure_admin, ensure_groups
from cvat_local.auth.passwords import Passwords
from cvat_local.background.courier import Courier
from cvat_local.background.queue import Queue
from cvat_local.catalog import WORKS, path_table
from cvat_local.resources.webhooks import Watch
from cvat_local.serving.dispatch import Dispatcher
from cvat_local.settings import Settings
from cvat_local.storage.engine import observed, open_engine, writing
from cvat_local.storage.files import DataFolder
from cvat_local.storage.migrate import upgrade
from cvat_local.storage.tables import Asset, Task, User


class Application:
    """Everything that belongs to one running server. Several can live in one process.

    Args:
        settings: Choices for this server.

    Attributes:
        engine: The database.
        files: The data folder.
        queue: The background work.
        courier: Sends what webhooks have to tell.
        passwords: Hashes and verifies passwords.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.files = DataFolder(settings.data_dir)
        self.engine = observed(open_engine(settings.engine_url), Watch(self))
        self.passwords = Passwords()
        self.queue = Queue(settings, self.engine, self.files, WORKS)
        self.courier = Courier(settings, self.engine)

    def prepare(self) -> None:
        """Claim the data folder and bring the database to this version.

        Raises:
            FolderInUse: Another server works on the folder.
            UnknownSchema: The database was made by a newer version.
        """
        self.files.claim()
        upgrade(self.engine)
        with writing(self.engine) as db:
            ensure_groups(db)
            task_ids = set(db.scalars(select(Task.id)))
            assets = set(db.scalars(select(Asset.uuid)))
        self.files.clear_leftovers(task_ids, assets)

    def start(self) -> None:
        """Start the background work, also what an earlier run left undone."""
        self.queue.start(self.settings.workers)
        if self.settings.workers:
            self.courier.start()

    def stop(self) -> None:
        """End the background work and let go of the database and the data folder."""
        self.queue.stop()
        self.courier.stop()
        self.engine.dispose()
        self.files.release()

    def create_admin(self, username: str, password: str) -> None:
        """Make sure that there is an administrator with this name and password.

        Raises:
            ValueError: The name cannot be a user name.
        """
        with writing(self.engine) as db:
            ensure_admin(db, self.passwords, username, password)

    def create_first_admin(self) -> tuple[str, str] | None:
        """Make an administrator with a random password when there is no account at all.

        Returns:
            Its name and password; None when there are accounts already.
        """
        with writing(self.engine) as db:
            if db.scalar(select(User.id).limit(1)) is not None:
                return None
            password = secrets.token_urlsafe(16)
            ensure_admin(db, self.passwords, "admin", password)
        return "admin", password


def create_app(settings: Settings, *, application: Application | None = None) -> Starlette:
    """The ASGI application; its lifespan starts and stops the server's parts.

    Args:
        settings: Choices for the server.
        application: The server's parts when they are prepared already.
    """
    server = application
    if server is None:
        server = Application(settings)
        server.prepare()
    table = path_table()

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        await run_in_threadpool(server.start)
        try:
            yield
        finally:
            await run_in_threadpool(server.stop)

    app = Starlette(routes=[Mount("/", app=Dispatcher(server, table))], lifespan=lifespan)
    app.state.application = server
    return app
