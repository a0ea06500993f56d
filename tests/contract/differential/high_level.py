"""What the cases of the high-level layer share: its client, and documents of a server."""

from __future__ import annotations

import logging
from typing import Any

from differential import samples_of_server as samples
from differential.answers import Answer, answer
from differential.case import Side

PROJECT: dict[str, Any] = {
    "url": "http://localhost/api/projects/3",
    "id": 3,
    "name": "all",
    "owner": samples.TASK["owner"],
    "assignee": None,
    "bug_tracker": "",
    "created_date": "2024-05-06T07:08:09.123456Z",
    "updated_date": "2024-05-06T07:08:09.123456Z",
    "status": "annotation",
    "dimension": "2d",
    "organization": None,
    "guide_id": None,
    "target_storage": None,
    "source_storage": None,
    "tasks": {"count": 1, "url": "http://localhost/api/tasks?project_id=3"},
    "labels": {"url": "http://localhost/api/labels?project_id=3"},
    "task_subsets": ["Train"],
    "assignee_updated_date": None,
    "organization_id": None,
}
JOB: dict[str, Any] = {
    "url": "http://localhost/api/jobs/7",
    "id": 7,
    "task_id": 1,
    "project_id": None,
    "assignee": None,
    "guide_id": None,
    "dimension": "2d",
    "bug_tracker": "",
    "status": "annotation",
    "stage": "annotation",
    "state": "new",
    "mode": "annotation",
    "frame_count": 4,
    "start_frame": 0,
    "stop_frame": 3,
    "data_chunk_size": 72,
    "data_compressed_chunk_type": "imageset",
    "data_original_chunk_type": "imageset",
    "created_date": "2024-05-06T07:08:09.123456Z",
    "updated_date": "2024-05-06T07:08:09.123456Z",
    "issues": {"url": "http://localhost/api/issues?job_id=7", "count": 0},
    "labels": {"url": "http://localhost/api/labels?job_id=7"},
    "type": "annotation",
    "organization": None,
    "target_storage": None,
    "source_storage": None,
    "assignee_updated_date": None,
    "parent_job_id": None,
    "organization_id": None,
}
ISSUE: dict[str, Any] = {
    "id": 9,
    "frame": 1,
    "position": [1.0, 2.0],
    "job": 7,
    "owner": samples.TASK["owner"],
    "assignee": None,
    "created_date": "2024-05-06T07:08:09.123456Z",
    "updated_date": "2024-05-06T07:08:09.123456Z",
    "resolved": False,
    "comments": {"count": 1, "url": "http://localhost/api/comments?issue_id=9"},
}
COMMENT: dict[str, Any] = {
    "id": 11,
    "issue": 9,
    "owner": samples.TASK["owner"],
    "message": "too wide",
    "created_date": "2024-05-06T07:08:09.123456Z",
    "updated_date": "2024-05-06T07:08:09.123456Z",
}
USER: dict[str, Any] = {
    "url": "http://localhost/api/users/1",
    "id": 1,
    "username": "ann",
    "first_name": "Ann",
    "last_name": "",
    "email": "",
    "groups": ["user"],
    "is_staff": False,
    "is_superuser": False,
    "is_active": True,
    "last_login": None,
    "date_joined": "2024-05-06T07:08:09.123456Z",
    "has_analytics_access": False,
}
ORGANIZATION: dict[str, Any] = {
    "id": 13,
    "slug": "team",
    "name": "Team",
    "description": "",
    "created_date": "2024-05-06T07:08:09.123456Z",
    "updated_date": "2024-05-06T07:08:09.123456Z",
    "contact": {},
    "owner": samples.TASK["owner"],
}
LABEL: dict[str, Any] = {
    "id": 3,
    "name": "car",
    "color": "#ff0000",
    "attributes": [],
    "type": "any",
    "sublabels": [],
    "task_id": 1,
    "parent_id": None,
    "has_parent": False,
}
DOCUMENTS: dict[str, dict[str, Any]] = {
    "tasks": samples.TASK,
    "projects": PROJECT,
    "jobs": JOB,
    "issues": ISSUE,
    "comments": COMMENT,
    "users": USER,
    "organizations": ORGANIZATION,
}
"""A document of each kind, by the name of its repository."""


def page(*results: dict[str, Any], following: str | None = None) -> Answer:
    """A page of a list."""
    count = len(results)
    return answer(
        json={"count": count, "next": following, "previous": None, "results": list(results)}
    )


def client_of(side: Side, **options: Any) -> Any:
    """A high-level client that asks nothing when it is made, and does not retry."""
    from cvat_sdk.core.client import Client

    client = Client(side.host, check_server_version=False, **options)
    for pools in (client.api_client.rest_client.pool_manager,):
        pools.connection_pool_kw["retries"] = False
    return client


class Records(logging.Handler):
    """What is logged: levels and texts."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[list[str]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.found.append([record.levelname, record.getMessage()])


def logger() -> tuple[logging.Logger, list[list[str]]]:
    """A logger of its own, and what it is told."""
    records = Records()
    made = logging.Logger("differential", logging.DEBUG)
    made.addHandler(records)
    return made, records.found


def outcome(side: Side, function: Any, *args: Any, **kwargs: Any) -> Any:
    """What a call returns; of an error its class."""
    found = side.attempt(function, *args, **kwargs)
    if isinstance(found, BaseException):
        return {"raises": type(found).__name__}
    return found
