"""Jobs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cvat_sdk.api_client import apis, models
from cvat_sdk.core.downloading import PathLike
from cvat_sdk.core.helpers import get_paginated_collection
from cvat_sdk.core.progress import ProgressReporter
from cvat_sdk.core.proxies.annotations import AnnotationCrudMixin
from cvat_sdk.core.proxies.frames import FramesMixin
from cvat_sdk.core.proxies.issues import Issue
from cvat_sdk.core.proxies.model_proxy import (
    ExportDatasetMixin,
    ModelListMixin,
    ModelRetrieveMixin,
    ModelUpdateMixin,
    build_model_bases,
    in_organization_of,
)
from cvat_sdk.core.uploading import AnnotationUploader

__all__ = ["Job", "JobsRepo"]

if TYPE_CHECKING:
    from cvat_sdk.core.proxies.model_proxy import Entity, Repo

    _JobEntityBase = Entity[models.JobRead, apis.JobsApi]
    _JobRepoBase = Repo[models.JobRead, apis.JobsApi]
else:
    _JobEntityBase, _JobRepoBase = build_model_bases(
        models.JobRead, apis.JobsApi, api_member_name="jobs_api"
    )


class Job(
    _JobEntityBase,
    models.IJobRead,
    ModelUpdateMixin,
    AnnotationCrudMixin,
    ExportDatasetMixin,
    FramesMixin,
):
    """A job; its attributes are the fields of `models.JobRead`."""

    _model_partial_update_arg = "patched_job_write_request"
    _put_annotations_data_param = "labeled_data_request"

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
        """Import a file of annotations; see `Task.import_annotations`."""
        AnnotationUploader(self._client).upload_file_and_wait(
            self.api.create_annotations_endpoint,
            filename,
            format_name,
            conv_mask_to_poly=conv_mask_to_poly,
            import_mode=import_mode,
            url_params={"id": self.id},
            pbar=pbar,
            status_check_period=status_check_period,
        )
        self._client.logger.info(f"Annotation file '{filename}' for job #{self.id} uploaded")

    def get_labels(self) -> list[models.Label]:
        """The labels of the job."""
        return get_paginated_collection(
            self._client.api_client.labels_api.list_endpoint,
            job_id=self.id,
            **in_organization_of(self._model),
        )

    def get_issues(self) -> list[Issue]:
        """What reviewers have remarked."""
        found = get_paginated_collection(
            self._client.api_client.issues_api.list_endpoint,
            job_id=self.id,
            **in_organization_of(self._model),
        )
        return [Issue(self._client, model) for model in found]

    def remove_frames_by_ids(self, ids: Sequence[int]) -> None:
        """Take frames out of the job: these, and no others from now on.

        Args:
            ids: Their numbers, from 0.
        """
        self.api.partial_update_data_meta(
            self.id, patched_job_data_meta_write_request={"deleted_frames": list(ids)}
        )


class JobsRepo(_JobRepoBase, ModelListMixin[Job], ModelRetrieveMixin[Job]):
    """The jobs of a server."""

    _entity_type = Job
