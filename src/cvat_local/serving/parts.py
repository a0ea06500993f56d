"""What requests are served with."""

from __future__ import annotations

from typing import Protocol

from sqlalchemy import Engine

from cvat_local.auth.passwords import Passwords
from cvat_local.background.courier import Courier
from cvat_local.background.queue import Queue
from cvat_local.settings import Settings
from cvat_local.storage.files import DataFolder


class Parts(Protocol):
    """The parts of the server that answering a request may need; `cvat_local.app.Application` has them.

    A protocol, because the application is put together on the floors above.
    """

    settings: Settings
    engine: Engine
    files: DataFolder
    passwords: Passwords
    queue: Queue
    courier: Courier
