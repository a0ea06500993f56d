"""Documents as a server sends them."""

from __future__ import annotations

from typing import Any

_SUMMARY = {"url": "http://localhost/api/labels?task_id=1"}

TASK: dict[str, Any] = {
    "url": "http://localhost/api/tasks/1",
    "id": 1,
    "name": "cars",
    "project_id": None,
    "mode": "annotation",
    "owner": {
        "url": "http://localhost/api/users/1",
        "id": 1,
        "username": "ann",
        "first_name": "Ann",
        "last_name": "",
    },
    "assignee": None,
    "bug_tracker": "",
    "created_date": "2024-05-06T07:08:09.123456Z",
    "updated_date": "2024-05-06T07:08:09.123456Z",
    "overlap": 0,
    "segment_size": 4,
    "status": "annotation",
    "data_chunk_size": 72,
    "data_compressed_chunk_type": "imageset",
    "guide_id": None,
    "data_original_chunk_type": "imageset",
    "size": 4,
    "image_quality": 75,
    "data": 1,
    "dimension": "2d",
    "subset": "",
    "organization": None,
    "target_storage": {"id": 1, "location": "local", "cloud_storage_id": None},
    "source_storage": None,
    "jobs": {
        "count": 1,
        "completed": 0,
        "validation": 0,
        "url": "http://localhost/api/jobs?task_id=1",
    },
    "labels": _SUMMARY,
    "assignee_updated_date": None,
    "validation_mode": None,
    "consensus_enabled": False,
    "organization_id": None,
    "data_cloud_storage_id": None,
}

REQUEST: dict[str, Any] = {
    "status": "queued",
    "message": "",
    "id": "action=create&target=task&id=1",
    "operation": {"type": "create:task", "target": "task", "task_id": 1},
    "created_date": "2024-05-06T07:08:09.123456Z",
    "owner": {"id": 1, "username": "ann"},
}

SHAPE: dict[str, Any] = {
    "id": 5,
    "type": "rectangle",
    "frame": 0,
    "label_id": 3,
    "group": 0,
    "source": "manual",
    "occluded": False,
    "outside": False,
    "z_order": 0,
    "rotation": 0.0,
    "points": [1.5, 2.0, 3.25, 4.0],
    "attributes": [],
    "elements": [],
}
