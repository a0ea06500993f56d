"""Organizations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cvat_sdk.api_client import apis, models
from cvat_sdk.core.proxies.model_proxy import (
    ModelCreateMixin,
    ModelDeleteMixin,
    ModelListMixin,
    ModelRetrieveMixin,
    ModelUpdateMixin,
    build_model_bases,
)

__all__ = ["Organization", "OrganizationsRepo"]

if TYPE_CHECKING:
    from cvat_sdk.core.proxies.model_proxy import Entity, Repo

    _OrganizationEntityBase = Entity[models.OrganizationRead, apis.OrganizationsApi]
    _OrganizationRepoBase = Repo[models.OrganizationRead, apis.OrganizationsApi]
else:
    _OrganizationEntityBase, _OrganizationRepoBase = build_model_bases(
        models.OrganizationRead, apis.OrganizationsApi, api_member_name="organizations_api"
    )


class Organization(
    _OrganizationEntityBase, models.IOrganizationRead, ModelUpdateMixin, ModelDeleteMixin
):
    """An organization; its attributes are the fields of `models.OrganizationRead`."""

    _model_partial_update_arg = "patched_organization_write_request"


class OrganizationsRepo(
    _OrganizationRepoBase,
    ModelCreateMixin[Organization],
    ModelRetrieveMixin[Organization],
    ModelListMixin[Organization],
):
    """The organizations of a server."""

    _entity_type = Organization
