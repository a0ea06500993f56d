"""Projects."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from cvat_sdk.api_client import apis, models
from cvat_sdk.core.downloading import PathLike
from cvat_sdk.core.helpers import get_paginated_collection
from cvat_sdk.core.progress import ProgressReporter
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
from cvat_sdk.core.proxies.tasks import Task, restore
from cvat_sdk.core.uploading import DatasetUploader

__all__ = ["Project", "ProjectsRepo"]

if TYPE_CHECKING:
    from cvat_sdk.core.proxies.model_proxy import Entity, Repo

    _ProjectEntityBase = Entity[models.ProjectRead, apis.ProjectsApi]
    _ProjectRepoBase = Repo[models.ProjectRead, apis.ProjectsApi]
else:
    _ProjectEntityBase, _ProjectRepoBase = build_model_bases(
        models.ProjectRead, apis.ProjectsApi, api_member_name="projects_api"
    )

# What the published package calls it by default is no format that servers import.
_FORMATS = {"CVAT XML 1.1": "CVAT 1.1"}


class Project(
    _ProjectEntityBase,
    models.IProjectRead,
    ModelUpdateMixin,
    ModelDeleteMixin,
    ExportDatasetMixin,
    DownloadBackupMixin,
):
    """A project; its attributes are the fields of `models.ProjectRead`."""

    _model_partial_update_arg = "patched_project_write_request"

    def import_dataset(
        self,
        format_name: str,
        filename: PathLike,
        *,
        conv_mask_to_poly: bool | None = None,
        status_check_period: float | None = None,
        pbar: ProgressReporter | None = None,
    ) -> None:
        """Import a dataset, images and annotations.

        Args:
            format_name: Name of its format, such as ``"COCO 1.0"``.
            filename: The file.
            conv_mask_to_poly: Make polygons of masks. Default: as the server does.
            status_check_period: Seconds between two questions whether it is done.
            pbar: Told of the bytes that arrive.
        """
        DatasetUploader(self._client).upload_file_and_wait(
            self.api.create_dataset_endpoint,
            filename,
            _FORMATS.get(format_name, format_name),
            url_params={"id": self.id},
            conv_mask_to_poly=conv_mask_to_poly,
            pbar=pbar,
            status_check_period=status_check_period,
        )
        self._client.logger.info(f"Annotation file '{filename}' for project #{self.id} uploaded")

    def get_annotations(self) -> models.LabeledData:
        """The annotations of all tasks."""
        annotations: models.LabeledData = self.api.retrieve_annotations(self.id)[0]
        return annotations

    def get_tasks(self) -> list[Task]:
        """The tasks of the project."""
        found = get_paginated_collection(
            self._client.api_client.tasks_api.list_endpoint,
            project_id=self.id,
            **in_organization_of(self._model),
        )
        return [Task(self._client, model) for model in found]

    def get_labels(self) -> list[models.Label]:
        """The labels of the project."""
        return get_paginated_collection(
            self._client.api_client.labels_api.list_endpoint,
            project_id=self.id,
            **in_organization_of(self._model),
        )

    def get_preview(self) -> io.BytesIO:
        """A small image of the first task."""
        _, response = self.api.retrieve_preview(self.id, _parse_response=False)
        return io.BytesIO(response.data)


class ProjectsRepo(
    _ProjectRepoBase,
    ModelCreateMixin[Project],
    ModelRetrieveMixin[Project],
    ModelListMixin[Project],
    ModelBatchDeleteMixin,
):
    """The projects of a server."""

    _entity_type = Project

    def create_from_dataset(
        self,
        spec: Any,
        *,
        dataset_path: PathLike = "",
        dataset_format: str = "CVAT XML 1.1",
        status_check_period: float | None = None,
        pbar: ProgressReporter | None = None,
        conv_mask_to_poly: bool | None = None,
    ) -> Project:
        """Make a project, and import a dataset if there is one.

        Args:
            spec: `models.ProjectWriteRequest`, or a dict of its fields.
            dataset_path: The file of the dataset.
            dataset_format: Its format.
            status_check_period: Seconds between two questions whether the server is done.
            pbar: Told of the bytes that arrive.
            conv_mask_to_poly: Make polygons of masks. Default: as the server does.
        """
        project = self.create(spec)
        self._client.logger.info(f"Created project ID: {project.id} NAME: {project.name}")
        if dataset_path:
            project.import_dataset(
                dataset_format,
                dataset_path,
                conv_mask_to_poly=conv_mask_to_poly,
                status_check_period=status_check_period,
                pbar=pbar,
            )
        project.fetch()
        return project

    def create_from_backup(
        self,
        filename: PathLike,
        *,
        status_check_period: float | None = None,
        pbar: ProgressReporter | None = None,
    ) -> Project:
        """Make a project of a backup.

        Args:
            filename: The file.
            status_check_period: Seconds between two questions whether the server is done.
            pbar: Told of the bytes that arrive.
        """
        return self.retrieve(
            restore(self._client, self.api, "Project", filename, status_check_period, pbar)
        )
