"""What a module with background work uses: registration, context, result.

::

    work = Works()

    @work("export", "task", "dataset")
    def export_task(context: WorkContext) -> WorkResult:
        ...

`cvat_local.catalog` lists all `Works` objects, and the application gives them to its queue.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from cvat_local.settings import Settings
from cvat_local.storage.engine import act_for, reading, writing
from cvat_local.storage.files import DataFolder


class WorkName(NamedTuple):
    """What a work function is for; ``subresource`` is for example ``dataset`` or ``annotations``."""

    action: str
    target: str
    subresource: str | None = None


@dataclass(frozen=True)
class WorkResult:
    """What finished work leaves for whoever asked for it."""

    path: Path | None = None
    """A file inside `WorkContext.result_folder`, to be downloaded."""
    filename: str | None = None
    """Name of the download."""
    id: int | None = None
    """Id of a project or task that was made."""


class WorkFailed(Exception):
    """Raised by work that cannot succeed; the text is for the user who asked for it."""


class Abandoned(BaseException):
    """Raised inside work by `WorkContext.progress` to end it: nobody waits for it any more.

    Not an `Exception`, so that work which handles errors of its own steps lets it through.
    """


@dataclass(frozen=True)
class WorkContext:
    """What a work function gets.

    The function runs in a thread of its own and must be safe to run twice: the server may have been
    killed in the middle of the first time.
    """

    settings: Settings
    engine: Engine
    files: DataFolder
    request_id: str
    params: dict[str, Any]
    """What was given to `Queue.submit`."""
    user_id: int | None
    project_id: int | None
    task_id: int | None
    job_id: int | None
    format: str | None
    result_folder: Path
    """An empty folder for the file of the result; kept until the request expires."""
    report: Callable[[float, str], None]
    """Used by `progress`."""

    def progress(self, fraction: float, message: str = "") -> None:
        """Say how much is done, from 0 to 1. Cheap enough to be called for every file.

        Raises `Abandoned` when the request was removed or the server is shutting down. Call it outside
        of blocks that leave something half done behind.
        """
        self.report(fraction, message)

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A session that is committed at the end of the block.

        It blocks all other writers from its first statement on, so do slow things before.
        """
        with writing(self.engine) as db:
            act_for(db, self.user_id)
            yield db

    def reading(self) -> AbstractContextManager[Session]:
        """A session that sees one state of the database and changes nothing."""
        return reading(self.engine)


WorkFunction: TypeAlias = "Callable[[WorkContext], WorkResult | None]"


class Works:
    """The work functions of one module."""

    def __init__(self) -> None:
        self.functions: dict[WorkName, WorkFunction] = {}

    def __call__(
        self, action: str, target: str, subresource: str | None = None
    ) -> Callable[[WorkFunction], WorkFunction]:
        """Declare the function below as the one for requests of this name."""

        def register(function: WorkFunction) -> WorkFunction:
            name = WorkName(action, target, subresource)
            if name in self.functions:
                raise ValueError(f"two work functions for {name}")
            self.functions[name] = function
            return function

        return register
