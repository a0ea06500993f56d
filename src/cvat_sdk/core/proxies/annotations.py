"""Annotations of tasks and jobs."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import Any

from cvat_sdk.api_client import models

__all__ = ["AnnotationCrudMixin", "AnnotationUpdateAction"]


class AnnotationUpdateAction(Enum):
    """What happens to the annotations that are sent."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"


class AnnotationCrudMixin:
    """Reads and writes annotations."""

    _put_annotations_data_param: str

    def get_annotations(self: Any) -> models.LabeledData:
        """All annotations."""
        annotations: models.LabeledData = self.api.retrieve_annotations(self.id)[0]
        return annotations

    def set_annotations(
        self: Any, data: models.LabeledDataRequest | models.LabeledDataRequestDict
    ) -> None:
        """Put annotations in the place of all that are there."""
        self.api.update_annotations(self.id, **{self._put_annotations_data_param: data})

    def update_annotations(
        self: Any,
        data: models.PatchedLabeledDataRequest | models.PatchedLabeledDataRequestDict,
        *,
        action: AnnotationUpdateAction = AnnotationUpdateAction.UPDATE,
    ) -> None:
        """Add, change or delete single annotations.

        Args:
            data: The annotations; those to change or delete have their ids.
            action: What happens to them.
        """
        action = AnnotationUpdateAction(action)
        self.api.partial_update_annotations(
            action=action.value, id=self.id, patched_labeled_data_request=data
        )

    def remove_annotations(self: Any, *, ids: Sequence[int] | None = None) -> None:
        """Delete annotations.

        Args:
            ids: Ids of tags, shapes and tracks. Default: all of them. An empty list deletes nothing.
        """
        if ids is None:
            self.api.destroy_annotations(self.id)
            return
        wanted = set(ids)
        if not wanted:
            return
        found = self.get_annotations().to_dict()
        chosen = {
            kind: [entry for entry in found.get(kind, ()) if entry.get("id") in wanted]
            for kind in ("tags", "shapes", "tracks")
        }
        if any(chosen.values()):
            self.update_annotations(chosen, action=AnnotationUpdateAction.DELETE)
