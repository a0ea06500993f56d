"""What is kept of tasks and projects on disk.

``<cache folder>/servers/<server>/tasks/<id>`` has ``task.json``, ``data_meta.json``, ``annotations.json`` and
``chunks/<number>.zip``; ``projects/<id>`` has ``project.json``.
"""

from __future__ import annotations

import abc
import base64
import json
import shutil
import zipfile
from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import Any, TypeVar

from cvat_sdk import models
from cvat_sdk.api_client.exceptions import OpenApiException
from cvat_sdk.api_client.runtime import codec
from cvat_sdk.core.client import Client
from cvat_sdk.core.proxies.projects import Project
from cvat_sdk.core.proxies.tasks import Task
from cvat_sdk.core.utils import atomic_writer

__all__ = ["CacheManager", "UpdatePolicy", "make_cache_manager"]

ModelT = TypeVar("ModelT")


class UpdatePolicy(Enum):
    """Whether the server is asked."""

    IF_MISSING_OR_STALE = 1
    """For what is not there, and what has changed."""
    NEVER = 2
    """For nothing: what is not there is an error."""


class CacheManager(abc.ABC):
    """The files of one server.

    Args:
        client: The client of it.
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        self._logger = client.logger
        self._folder = client.config.cache_dir / "servers" / self.server_dir_name

    @property
    def server_dir_name(self) -> str:
        """Name of the folder of the server."""
        # Any address becomes a name that every file system takes.
        host = self._client.api_map.host.encode()
        return base64.urlsafe_b64encode(host).rstrip(b"=").decode("ascii")

    def task_dir(self, task_id: int) -> Path:
        """Folder of a task."""
        return self._folder / "tasks" / str(task_id)

    def task_json_path(self, task_id: int) -> Path:
        """File of a task's fields and labels."""
        return self.task_dir(task_id) / "task.json"

    def chunk_dir(self, task_id: int) -> Path:
        """Folder of a task's chunks."""
        return self.task_dir(task_id) / "chunks"

    def project_dir(self, project_id: int) -> Path:
        """Folder of a project."""
        return self._folder / "projects" / str(project_id)

    def project_json_path(self, project_id: int) -> Path:
        """File of a project's fields, labels and ids of tasks."""
        return self.project_dir(project_id) / "project.json"

    def load_model(self, path: Path, model_type: type[ModelT]) -> ModelT:
        """Read a model.

        Raises:
            OSError: There is no such file, or it cannot be read.
            ValueError: It is something else.
        """
        return self._to_model(self._load_object(path), model_type)

    def save_model(self, path: Path, model: Any) -> None:
        """Write a model."""
        self._save_object(path, _plain(model))

    def _to_model(self, content: Any, model_type: type[ModelT]) -> ModelT:
        try:
            model: ModelT = codec.decode(json.dumps(content), model_type.__name__, mode="strict")
        except OpenApiException as error:
            raise ValueError(f"not what is kept of a {model_type.__name__}: {error}") from error
        return model

    def _load_object(self, path: Path) -> Any:
        return json.loads(path.read_text(encoding="utf-8"))

    def _save_object(self, path: Path, content: Any) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        with atomic_writer(path, "w") as file:
            json.dump(content, file, indent=4)
            file.write("\n")

    @abc.abstractmethod
    def retrieve_task(self, task_id: int) -> Task:
        """A task."""

    @abc.abstractmethod
    def ensure_task_model(
        self,
        task_id: int,
        filename: str,
        model_type: type[ModelT],
        downloader: Callable[[], ModelT],
        model_description: str,
    ) -> ModelT:
        """Something of a task, which is downloaded where it is not there."""

    @abc.abstractmethod
    def ensure_chunk(self, task: Task, chunk_index: int) -> None:
        """Have a chunk on disk."""

    @abc.abstractmethod
    def retrieve_project(self, project_id: int) -> Project:
        """A project."""


def _plain(model: Any) -> Any:
    return json.loads(codec.encode(model))


class _OnlineManager(CacheManager):
    def retrieve_task(self, task_id: int) -> Task:
        self._logger.info(f"Fetching task {task_id}...")
        task = self._client.tasks.retrieve(task_id)
        self._drop_if_stale(task)
        labels = [_plain(label) for label in task.get_labels()]
        self._save_object(
            self.task_json_path(task_id), {"model": _plain(task._model), "labels": labels}
        )
        return task

    def _drop_if_stale(self, task: Task) -> None:
        folder = self.task_dir(task.id)
        if not folder.exists():
            return
        try:
            content = self._load_object(self.task_json_path(task.id))
            saved = self._to_model(content["model"], models.TaskRead)
        except (OSError, ValueError, KeyError, TypeError):
            self._logger.info(f"Task {task.id} is not yet cached or the cache is corrupted")
            shutil.rmtree(folder)
            return
        if saved.updated_date < task.updated_date:
            self._logger.info(
                f"Task {task.id} has been updated on the server since it was cached; purging the cache"
            )
            shutil.rmtree(folder)

    def ensure_task_model(
        self,
        task_id: int,
        filename: str,
        model_type: type[ModelT],
        downloader: Callable[[], ModelT],
        model_description: str,
    ) -> ModelT:
        path = self.task_dir(task_id) / filename
        try:
            model = self.load_model(path, model_type)
        except FileNotFoundError:
            pass
        except (OSError, ValueError):
            self._logger.warning(
                f"Failed to load {model_description} from cache; it is downloaded", exc_info=True
            )
        else:
            self._logger.info(f"Loaded {model_description} from cache")
            return model
        self._logger.info(f"Downloading {model_description}...")
        model = downloader()
        self.save_model(path, model)
        return model

    def ensure_chunk(self, task: Task, chunk_index: int) -> None:
        path = self.chunk_dir(task.id) / f"{chunk_index}.zip"
        if path.exists():
            if zipfile.is_zipfile(path):
                return
            self._logger.warning(f"Chunk #{chunk_index} in the cache is broken; it is downloaded")
        self._logger.info(f"Downloading chunk #{chunk_index}...")
        path.parent.mkdir(parents=True, exist_ok=True)
        with atomic_writer(path, "wb") as file:
            task.download_chunk(chunk_index, file, quality="original")

    def retrieve_project(self, project_id: int) -> Project:
        self._logger.info(f"Fetching project {project_id}...")
        project = self._client.projects.retrieve(project_id)
        content = {
            "model": _plain(project._model),
            "tasks": [task.id for task in project.get_tasks()],
            "labels": [_plain(label) for label in project.get_labels()],
        }
        self._save_object(self.project_json_path(project_id), content)
        return project


class _OfflineTask(Task):
    _labels: list[models.Label]

    def get_labels(self) -> list[models.Label]:
        return list(self._labels)


class _OfflineProject(Project):
    _labels: list[models.Label]
    _tasks: list[Task]

    def get_labels(self) -> list[models.Label]:
        return list(self._labels)

    def get_tasks(self) -> list[Task]:
        return list(self._tasks)


class _OfflineManager(CacheManager):
    def retrieve_task(self, task_id: int) -> Task:
        self._logger.info(f"Retrieving task {task_id} from cache...")
        content = self._load_object(self.task_json_path(task_id))
        task = _OfflineTask(self._client, self._to_model(content["model"], models.TaskRead))
        task._labels = [self._to_model(label, models.Label) for label in content["labels"]]
        return task

    def ensure_task_model(
        self,
        task_id: int,
        filename: str,
        model_type: type[ModelT],
        downloader: Callable[[], ModelT],
        model_description: str,
    ) -> ModelT:
        self._logger.info(f"Loading {model_description} from cache...")
        return self.load_model(self.task_dir(task_id) / filename, model_type)

    def ensure_chunk(self, task: Task, chunk_index: int) -> None:
        path = self.chunk_dir(task.id) / f"{chunk_index}.zip"
        if not path.exists():
            raise FileNotFoundError(
                f"Chunk #{chunk_index} of task {task.id} is not in the cache: {path}"
            )

    def retrieve_project(self, project_id: int) -> Project:
        self._logger.info(f"Retrieving project {project_id} from cache...")
        content = self._load_object(self.project_json_path(project_id))
        project = _OfflineProject(
            self._client, self._to_model(content["model"], models.ProjectRead)
        )
        project._labels = [self._to_model(label, models.Label) for label in content["labels"]]
        project._tasks = [self.retrieve_task(task_id) for task_id in content["tasks"]]
        return project


_MANAGERS: dict[UpdatePolicy, type[CacheManager]] = {
    UpdatePolicy.IF_MISSING_OR_STALE: _OnlineManager,
    UpdatePolicy.NEVER: _OfflineManager,
}


def make_cache_manager(client: Client, update_policy: UpdatePolicy) -> CacheManager:
    """The files of a client's server, by a policy."""
    return _MANAGERS[UpdatePolicy(update_policy)](client)
