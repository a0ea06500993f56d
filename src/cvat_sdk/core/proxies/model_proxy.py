"""What entities and repositories have in common.

An *entity* is a model that the server gave, with methods: `Task`, `Job`, `Project`. A *repository* gives entities of
one kind: `client.tasks`.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar, Generic, TypeVar

from cvat_sdk.api_client.exceptions import (
    ApiAttributeError,
    ApiValueError,
    ServiceException,
    UnsetItemError,
)
from cvat_sdk.core.downloading import Downloader, PathLike, prepare_target
from cvat_sdk.core.filters import build_filter_param, pop_lookup_conditions
from cvat_sdk.core.helpers import get_paginated_collection
from cvat_sdk.core.progress import ProgressReporter
from cvat_sdk.core.proxies.types import Location

__all__ = [
    "DownloadBackupMixin",
    "Entity",
    "ExportDatasetMixin",
    "ModelBatchDeleteMixin",
    "ModelCreateMixin",
    "ModelDeleteMixin",
    "ModelListMixin",
    "ModelProxy",
    "ModelRetrieveMixin",
    "ModelUpdateMixin",
    "Repo",
    "build_model_bases",
]

ModelT = TypeVar("ModelT")
ApiT = TypeVar("ApiT")
EntityT = TypeVar("EntityT")


class ModelProxy(Generic[ModelT, ApiT]):
    """Calls the API of one kind of objects."""

    _api_member_name: ClassVar[str]
    """Attribute of the low-level client that has the API."""

    def __init__(self, client: Any) -> None:
        self._client: Any = client

    @classmethod
    def get_api(cls, client: Any) -> Any:
        """The low-level API of a client."""
        return getattr(client.api_client, cls._api_member_name)

    @property
    def api(self) -> Any:
        """The low-level API."""
        return self.get_api(self._client)


class Entity(ModelProxy[ModelT, ApiT]):
    """An object of the server: the fields of its model are its attributes."""

    _model_id_field: ClassVar[str] = "id"

    def __init__(self, client: Any, model: ModelT) -> None:
        super().__init__(client)
        self._model: Any = model

    def __getattr__(self, name: str) -> Any:
        # Nothing that begins so is a field; and a copy that is being made has no model yet.
        if name.startswith("_"):
            raise AttributeError(f"{type(self).__name__!r} has no attribute {name!r}")
        try:
            return self._model[name]
        except UnsetItemError as error:  # an attribute was asked for, and no item
            raise ApiAttributeError(error.msg, error.path_to_item) from None

    def __setattr__(self, name: str, value: Any) -> None:
        if not name.startswith("_") and "_model" in self.__dict__:
            warnings.warn(
                f"{type(self).__name__}.{name} is set here only, and hides what the server has; "
                f"update({{{name!r}: ...}}) changes it there",
                stacklevel=2,
            )
        super().__setattr__(name, value)

    def __str__(self) -> str:
        return str(self._model)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: id={self._model[self._model_id_field]}>"


class Repo(ModelProxy[ModelT, ApiT]):
    """Gives entities of one kind."""

    _entity_type: ClassVar[type[Any]]


def build_model_bases(
    mt: type[ModelT], at: type[ApiT], *, api_member_name: str | None = None
) -> tuple[type[Entity[ModelT, ApiT]], type[Repo[ModelT, ApiT]]]:
    """Base classes for an entity and its repository.

    Args:
        mt: The model.
        at: The class of the API.
        api_member_name: Attribute of the low-level client that has the API.
    """

    class _EntityBase(Entity[ModelT, ApiT]):
        """Base of an entity."""

    class _RepoBase(Repo[ModelT, ApiT]):
        """Base of a repository."""

    if api_member_name:
        _EntityBase._api_member_name = _RepoBase._api_member_name = api_member_name
    return _EntityBase, _RepoBase


# -- repositories -----------------------------------------------------------------------------------


class ModelCreateMixin(Generic[EntityT]):
    """Makes objects."""

    def create(self: Any, spec: Any) -> EntityT:
        """Make an object.

        Args:
            spec: A model, or a dict of its fields.
        """
        model, _ = self.api.create(spec)
        made: EntityT = self._entity_type(self._client, model)
        return made


class ModelRetrieveMixin(Generic[EntityT]):
    """Gives one object."""

    def retrieve(self: Any, obj_id: int) -> EntityT:
        """The object of an id.

        Raises:
            NotFoundException: There is none, or none that this user may know of.
        """
        model, _ = self.api.retrieve(id=obj_id)
        found: EntityT = self._entity_type(self._client, model)
        return found


class ModelListMixin(Generic[EntityT]):
    """Gives all objects."""

    def list(self: Any, *, return_json: bool = False, **kwargs: Any) -> Any:
        """All objects that fit.

        Args:
            return_json: Give the JSON text of a list in place of entities.
            **kwargs: Arguments of the operation; ``filter`` (see `core.filters`); and conditions such as
                ``name__contains="a"``. ``sort`` is the order, also named ``ordering``.
        """
        if "ordering" in kwargs:
            kwargs["sort"] = kwargs.pop("ordering")
        lookups = pop_lookup_conditions(kwargs)
        condition = build_filter_param(kwargs.pop("filter", None), lookups)
        if condition is not None:
            kwargs["filter"] = condition
        found = get_paginated_collection(self.api.list_endpoint, return_json=return_json, **kwargs)
        if return_json:
            return json.dumps(found)
        return [self._entity_type(self._client, model) for model in found]


class ModelBatchDeleteMixin:
    """Deletes several objects."""

    def remove_by_ids(self: Any, ids: Sequence[int], /) -> None:
        """Delete objects; what cannot be deleted is said in the log, and does not stop the others."""
        kind = self._entity_type.__name__
        for object_id in ids:
            _, response = self.api.destroy(object_id, _check_status=False)
            if 200 <= response.status <= 299:
                self._client.logger.info(f"{kind} ID {object_id} deleted")
            elif response.status == 404:
                self._client.logger.info(f"{kind} ID {object_id} not found")
            else:
                self._client.logger.error(
                    f"Failed to delete {kind} ID {object_id}: status {response.status} {response.reason or ''}"
                )


# -- entities ---------------------------------------------------------------------------------------


class ModelUpdateMixin:
    """Changes an object."""

    _model_partial_update_arg: ClassVar[str]
    """Argument of the operation that takes the changes."""

    def _export_update_fields(self: Any, overrides: Any = None) -> dict[str, Any]:
        if overrides is None or isinstance(overrides, Mapping):
            return dict(overrides or {})
        fields: dict[str, Any] = overrides.to_dict()
        return fields

    def fetch(self: Any) -> Any:
        """Read the object anew; returns this one."""
        self._model, _ = self.api.retrieve(id=getattr(self, self._model_id_field))
        return self

    def update(self: Any, values: Any) -> Any:
        """Change fields of the object, and read it anew; returns this one.

        Args:
            values: A model with the fields to change, or a dict of them.
        """
        changes = self._export_update_fields(values)
        self.api.partial_update(
            getattr(self, self._model_id_field), **{self._model_partial_update_arg: changes}
        )
        return self.fetch()


class ModelDeleteMixin:
    """Deletes an object."""

    def remove(self: Any) -> None:
        """Delete the object."""
        self.api.destroy(id=getattr(self, self._model_id_field))


class _ExportMixin:
    def export(
        self: Any,
        endpoint: Any,
        filename: PathLike,
        *,
        pbar: ProgressReporter | None = None,
        status_check_period: float | None = None,
        location: Location | str | None = None,
        cloud_storage_id: int | None = None,
        **query_params: Any,
    ) -> Path | None:
        """Have the server make a file of the object, and write it here or to a cloud storage.

        Args:
            endpoint: The operation that makes it.
            filename: The file, or a folder.
            pbar: Told of the bytes that arrive.
            status_check_period: Seconds between two questions whether it is made.
            location: ``local`` or ``cloud_storage``. Default: the target storage of the object.
            cloud_storage_id: Which cloud storage.
            query_params: Arguments of the operation.

        Returns:
            The file; None when it went to a cloud storage.

        Raises:
            ValueError: A cloud storage without its id.
            FileExistsError: There is such a file already; nothing has been asked of the server.
        """
        chosen = None if location is None else Location(location)
        if chosen is Location.CLOUD_STORAGE and cloud_storage_id is None:
            raise ApiValueError(
                "cloud_storage_id must be given with a cloud storage", ("cloud_storage_id",)
            )
        target = self._model.get("target_storage")
        configured = str(getattr(target, "location", None) or Location.LOCAL)
        is_local = (chosen or Location(configured)) is Location.LOCAL
        query = dict(query_params)
        if chosen is not None:
            query["location"] = chosen.value
        if chosen is Location.CLOUD_STORAGE:
            query["cloud_storage_id"] = cloud_storage_id
        if is_local:
            prepare_target(filename)
        else:
            query["filename"] = str(filename)
        downloader = Downloader(self._client)
        request = downloader.prepare_file(
            endpoint,
            url_params={"id": self.id},
            query_params=query,
            status_check_period=status_check_period,
        )
        result_url = request.get("result_url")
        if chosen is None and bool(result_url) != is_local:
            self._client.logger.warning(
                f"{type(self).__name__} was changed on the server meanwhile: its target storage is another one"
            )
        elif bool(result_url) != is_local:
            raise ServiceException(
                500, "The server has put the file elsewhere than it was asked to"
            )
        path = downloader.download_file(result_url, filename, pbar=pbar) if result_url else None
        where = path if path is not None else f"the cloud storage as {filename}"
        self._client.logger.info(f"{type(self).__name__} {self.id} has been exported to {where}")
        return path


class ExportDatasetMixin(_ExportMixin):
    """Exports an object as a dataset."""

    def export_dataset(
        self: Any,
        format_name: str,
        filename: PathLike,
        *,
        pbar: ProgressReporter | None = None,
        status_check_period: float | None = None,
        include_images: bool = True,
        location: Location | str | None = None,
        cloud_storage_id: int | None = None,
    ) -> Path | None:
        """Export annotations, with or without images; see `export`.

        Args:
            format_name: Name of the format, such as ``"COCO 1.0"``.
            filename: The file, or a folder.
            pbar: Told of the bytes that arrive.
            status_check_period: Seconds between two questions whether it is made.
            include_images: With images.
            location: ``local`` or ``cloud_storage``. Default: the target storage of the object.
            cloud_storage_id: Which cloud storage.
        """
        path: Path | None = self.export(
            self.api.create_dataset_export_endpoint,
            filename,
            pbar=pbar,
            status_check_period=status_check_period,
            location=location,
            cloud_storage_id=cloud_storage_id,
            format=format_name,
            save_images=include_images,
        )
        return path


class DownloadBackupMixin(_ExportMixin):
    """Makes a backup of an object."""

    def download_backup(
        self: Any,
        filename: PathLike,
        *,
        status_check_period: float | None = None,
        pbar: ProgressReporter | None = None,
        location: Location | str | None = None,
        cloud_storage_id: int | None = None,
        lightweight: bool = False,
    ) -> Path | None:
        """Make a backup; see `export`.

        Args:
            filename: The file, or a folder.
            status_check_period: Seconds between two questions whether it is made.
            pbar: Told of the bytes that arrive.
            location: ``local`` or ``cloud_storage``. Default: the target storage of the object.
            cloud_storage_id: Which cloud storage.
            lightweight: Without images that are in a cloud storage.
        """
        path: Path | None = self.export(
            self.api.create_backup_export_endpoint,
            filename,
            pbar=pbar,
            status_check_period=status_check_period,
            location=location,
            cloud_storage_id=cloud_storage_id,
            lightweight=lightweight,
        )
        return path


def in_organization_of(model: Any) -> dict[str, Any]:
    """Arguments of a list that is about what belongs to an object, whatever organization the client is set to."""
    organization = model.get("organization", model.get("organization_id"))
    return {"org_id": organization}
