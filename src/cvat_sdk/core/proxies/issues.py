"""Issues of reviews, and their comments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cvat_sdk.api_client import apis, models
from cvat_sdk.core.helpers import get_paginated_collection
from cvat_sdk.core.proxies.model_proxy import (
    ModelCreateMixin,
    ModelDeleteMixin,
    ModelListMixin,
    ModelRetrieveMixin,
    ModelUpdateMixin,
    build_model_bases,
    in_organization_of,
)

__all__ = ["Comment", "CommentsRepo", "Issue", "IssuesRepo"]

if TYPE_CHECKING:
    from cvat_sdk.core.proxies.model_proxy import Entity, Repo

    _CommentEntityBase = Entity[models.CommentRead, apis.CommentsApi]
    _CommentRepoBase = Repo[models.CommentRead, apis.CommentsApi]
    _IssueEntityBase = Entity[models.IssueRead, apis.IssuesApi]
    _IssueRepoBase = Repo[models.IssueRead, apis.IssuesApi]
else:
    _CommentEntityBase, _CommentRepoBase = build_model_bases(
        models.CommentRead, apis.CommentsApi, api_member_name="comments_api"
    )
    _IssueEntityBase, _IssueRepoBase = build_model_bases(
        models.IssueRead, apis.IssuesApi, api_member_name="issues_api"
    )


class Comment(_CommentEntityBase, models.ICommentRead, ModelUpdateMixin, ModelDeleteMixin):
    """A comment; its attributes are the fields of `models.CommentRead`."""

    _model_partial_update_arg = "patched_comment_write_request"


class CommentsRepo(
    _CommentRepoBase,
    ModelListMixin[Comment],
    ModelCreateMixin[Comment],
    ModelRetrieveMixin[Comment],
):
    """The comments of a server."""

    _entity_type = Comment


class Issue(_IssueEntityBase, models.IIssueRead, ModelUpdateMixin, ModelDeleteMixin):
    """An issue; its attributes are the fields of `models.IssueRead`."""

    _model_partial_update_arg = "patched_issue_write_request"

    def get_comments(self) -> list[Comment]:
        """The comments of the issue."""
        job, _ = self._client.api_client.jobs_api.retrieve(self.job)
        found = get_paginated_collection(
            self._client.api_client.comments_api.list_endpoint,
            issue_id=self.id,
            **in_organization_of(job),
        )
        return [Comment(self._client, model) for model in found]


class IssuesRepo(
    _IssueRepoBase, ModelListMixin[Issue], ModelCreateMixin[Issue], ModelRetrieveMixin[Issue]
):
    """The issues of a server."""

    _entity_type = Issue
