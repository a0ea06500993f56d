"""Tasks."""

from __future__ import annotations

import shutil
import warnings
from collections.abc import Mapping, Sequence
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from cvat_sdk.api_client import apis, models
from cvat_sdk.api_client.exceptions import ApiValueError
from cvat_sdk.core.downloading import PathLike
from cvat_sdk.core.helpers import get_paginated_collection
from cvat_sdk.core.progress import ProgressReporter
from cvat_sdk.core.proxies.annotations import AnnotationCrudMixin
from cvat_sdk.core.proxies.frames import FramesMixin, file_of
from cvat_sdk.core.proxies.jobs import Job
from cvat_sdk.core.proxies.model_proxy import (
    DownloadBackupMixin,
    ExportDatasetMixin,
    ModelBatchDeleteMixin,
    ModelCreateMixin,
    ModelDeleteMixin,
    ModelListMixin,
    ModelRetrieveMixin,
    ModelUpdateMixin,
    build_model_bases,
    in_organization_of,
)
from cvat_sdk.core.uploading import AnnotationUploader, DataUploader, Uploader

__all__ = ["ResourceType", "Task", "TasksRepo"]


class ResourceType(Enum):
    """Where the images of a task are."""

    LOCAL = 0
    """Files here."""
    SHARE = 1
    """Files of the server's share."""
    REMOTE = 2
    """Addresses."""

    def __str__(self) -> str:
        return self.name.lower()

    def __repr__(self) -> str:
        return str(self)


class _Writable(Protocol):
    def write(self, data: bytes, /) -> object: ...


if TYPE_CHECKING:
    from cvat_sdk.core.proxies.model_proxy import Entity, Repo

    _TaskEntityBase = Entity[models.TaskRead, apis.TasksApi]
    _TaskRepoBase = Repo[models.TaskRead, apis.TasksApi]
else:
    _TaskEntityBase, _TaskRepoBase = build_model_bases(
        models.TaskRead, apis.TasksApi, api_member_name="tasks_api"
    )

# Parameters of the data that are passed on as they are.
_DATA_PARAMETERS = (
    *("chunk_size", "copy_data", "image_quality", "sorting_method", "start_frame", "stop_frame"),
    *("use_cache", "use_zip_chunks", "job_file_mapping", "filename_pattern", "cloud_storage_id"),
    *("server_files_exclude", "validation_params"),
)
# What older scripts and the examples of the published package call a format that has another name.
_FORMATS = {"CVAT XML 1.1": "CVAT 1.1"}


class Task(
    _TaskEntityBase,
    models.ITaskRead,
    ModelUpdateMixin,
    ModelDeleteMixin,
    AnnotationCrudMixin,
    ExportDatasetMixin,
    DownloadBackupMixin,
    FramesMixin,
):
    """A task; its attributes are the fields of `models.TaskRead`."""

    _model_partial_update_arg = "patched_task_write_request"
    _put_annotations_data_param = "labeled_data_request"

    def upload_data(
        self,
        resources: Sequence[PathLike],
        *,
        resource_type: ResourceType = ResourceType.LOCAL,
        pbar: ProgressReporter | None = None,
        params: Mapping[str, Any] | None = None,
        wait_for_completion: bool = True,
        status_check_period: float | None = None,
    ) -> None:
        """Give the task its images or its video.

        Args:
            resources: Paths, names in the share of the server, or addresses.
            resource_type: Which of these they are.
            pbar: Told of the bytes that arrive.
            params: Fields of `models.DataRequest`; and ``frame_step``, to take each n-th frame.
            wait_for_completion: Wait until the server has prepared the frames.
            status_check_period: Seconds between two questions whether it has.

        Raises:
            BackgroundRequestException: The server cannot use them; its reason.
            UploadException: Some files were not sent.
        """
        data = self._data_fields(params or {})
        url = self._client.api_map.make_endpoint_url(
            self.api.create_data_endpoint.path, kwsub={"id": self.id}
        )
        if resource_type is ResourceType.LOCAL:
            response = DataUploader(self._client).upload_files(url, resources, pbar=pbar, **data)
        elif resource_type in (ResourceType.REMOTE, ResourceType.SHARE):
            field = "remote_files" if resource_type is ResourceType.REMOTE else "server_files"
            data[field] = [str(resource) for resource in resources]
            _, response = self.api.create_data(self.id, data_request=models.DataRequest(**data))
        else:
            raise TypeError(f"Expected a ResourceType, got {resource_type!r}")
        if not wait_for_completion:
            return
        self._client.logger.info(f"Awaiting for task {self.id} creation...")
        from cvat_sdk.core.transfers import request_id_of

        self._client.wait_for_completion(
            request_id_of(response),
            status_check_period=status_check_period,
            log_prefix=f"Task {self.id} creation",
        )
        self.fetch()

    def _data_fields(self, params: Mapping[str, Any]) -> dict[str, Any]:
        unknown = sorted(params.keys() - {*_DATA_PARAMETERS, "frame_step"})
        if unknown:
            warnings.warn(
                f"upload_data() does not know {', '.join(unknown)}, and leaves it out", stacklevel=3
            )
        data = {"image_quality": 70}
        data.update(
            {name: params[name] for name in _DATA_PARAMETERS if params.get(name) is not None}
        )
        result: dict[str, Any] = dict(data)
        if params.get("frame_step") is not None:
            result["frame_filter"] = f"step={params['frame_step']}"
        return result

    def import_annotations(
        self,
        format_name: str,
        filename: PathLike,
        *,
        conv_mask_to_poly: bool | None = None,
        import_mode: str | None = None,
        status_check_period: float | None = None,
        pbar: ProgressReporter | None = None,
    ) -> None:
        """Import a file of annotations.

        Args:
            format_name: Name of its format, such as ``"COCO 1.0"``.
            filename: The file.
            conv_mask_to_poly: Make polygons of masks. Default: as the server does.
            import_mode: ``append`` or ``replace``. Default: as the server does.
            status_check_period: Seconds between two questions whether it is done.
            pbar: Told of the bytes that arrive.
        """
        AnnotationUploader(self._client).upload_file_and_wait(
            self.api.create_annotations_endpoint,
            filename,
            _FORMATS.get(format_name, format_name),
            conv_mask_to_poly=conv_mask_to_poly,
            import_mode=import_mode,
            url_params={"id": self.id},
            pbar=pbar,
            status_check_period=status_check_period,
        )
        self._client.logger.info(f"Annotation file '{filename}' for task #{self.id} uploaded")

    def download_chunk(
        self, chunk_id: int, output_file: _Writable, *, quality: str | None = None
    ) -> None:
        """Write a chunk of frames to an open file.

        Args:
            chunk_id: Its number, from 0.
            output_file: The file.
            quality: ``original`` or ``compressed``. Default: as the server does.
        """
        options = {} if quality is None else {"quality": quality}
        _, response = self.api.retrieve_data(
            self.id, number=chunk_id, type="chunk", _parse_response=False, **options
        )
        with file_of(self.api, response):
            shutil.copyfileobj(response, output_file)

    def get_jobs(self) -> list[Job]:
        """The jobs of the task."""
        found = get_paginated_collection(
            self._client.api_client.jobs_api.list_endpoint,
            task_id=self.id,
            **in_organization_of(self._model),
        )
        return [Job(self._client, model) for model in found]

    def get_labels(self) -> list[models.Label]:
        """The labels of the task."""
        return get_paginated_collection(
            self._client.api_client.labels_api.list_endpoint,
            task_id=self.id,
            **in_organization_of(self._model),
        )

    def remove_frames_by_ids(self, ids: Sequence[int]) -> None:
        """Take frames out of the task: these, and no others from now on.

        Args:
            ids: Their numbers, from 0.
        """
        self.api.partial_update_data_meta(
            self.id, patched_data_meta_write_request={"deleted_frames": list(ids)}
        )


class TasksRepo(
    _TaskRepoBase,
    ModelCreateMixin[Task],
    ModelRetrieveMixin[Task],
    ModelListMixin[Task],
    ModelBatchDeleteMixin,
):
    """The tasks of a server."""

    _entity_type = Task

    def create_from_data(
        self,
        spec: Any,
        resources: Sequence[PathLike],
        *,
        resource_type: ResourceType = ResourceType.LOCAL,
        data_params: Mapping[str, Any] | None = None,
        annotation_path: PathLike = "",
        annotation_format: str = "CVAT XML 1.1",
        status_check_period: float | None = None,
        pbar: ProgressReporter | None = None,
    ) -> Task:
        """Make a task with its images, and with annotations if there are any.

        Args:
            spec: `models.TaskWriteRequest`, or a dict of its fields.
            resources: See `Task.upload_data`.
            resource_type: See `Task.upload_data`.
            data_params: See `Task.upload_data`.
            annotation_path: A file of annotations to import.
            annotation_format: Its format.
            status_check_period: Seconds between two questions whether the server is done.
            pbar: Told of the bytes that arrive.

        Raises:
            ApiValueError: A project and labels together; nothing has been asked of the server.
        """
        if _value(spec, "project_id") and _value(spec, "labels"):
            raise ApiValueError(
                "A task has the labels of its project: give project_id or labels, not both",
                ("labels",),
            )
        task = self.create(spec)
        self._client.logger.info(f"Created task ID: {task.id} NAME: {task.name}")
        task.upload_data(
            resources,
            resource_type=resource_type,
            pbar=pbar,
            params=data_params,
            wait_for_completion=True,
            status_check_period=status_check_period,
        )
        if annotation_path:
            task.import_annotations(
                annotation_format,
                annotation_path,
                pbar=pbar,
                status_check_period=status_check_period,
            )
        task.fetch()
        return task

    def remove_by_ids(self, task_ids: Sequence[int]) -> None:
        """Delete tasks; what cannot be deleted is said in the log, and does not stop the others."""
        super().remove_by_ids(task_ids)

    def create_from_backup(
        self,
        filename: PathLike,
        *,
        status_check_period: float | None = None,
        pbar: ProgressReporter | None = None,
    ) -> Task:
        """Make a task of a backup.

        Args:
            filename: The file.
            status_check_period: Seconds between two questions whether the server is done.
            pbar: Told of the bytes that arrive.
        """
        return self.retrieve(
            restore(self._client, self.api, "Task", filename, status_check_period, pbar)
        )


def restore(
    client: Any,
    api: Any,
    kind: str,
    filename: PathLike,
    status_check_period: float | None,
    pbar: ProgressReporter | None,
) -> int:
    """Have the server make an object of a backup; gives its id."""
    from cvat_sdk.core.transfers import request_id_of

    url = client.api_map.make_endpoint_url(api.create_backup_endpoint.path)
    response = Uploader(client).upload_file(
        url, filename, query_params={"filename": Path(filename).name}, pbar=pbar
    )
    request, _ = client.wait_for_completion(
        request_id_of(response), status_check_period=status_check_period
    )
    client.logger.info(f"{kind} has been imported successfully. {kind} ID: {request.result_id}")
    result: int = request.result_id
    return result


def _value(spec: Any, name: str) -> Any:
    get = getattr(spec, "get", None)
    return get(name) if get is not None else getattr(spec, name, None)
