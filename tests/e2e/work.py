"""Steps that the tests of the documented API have in common."""

from __future__ import annotations

import io
import time

from tests.local.media_samples import picture

from cvat_sdk.api_client import ApiClient, models

DOORS: models.AttributeRequestDict = {
    "name": "doors",
    "mutable": True,
    "input_type": "number",
    "default_value": "5",
    "values": ["3", "5", "1"],
}
CAR: models.PatchedLabelRequestDict = {
    "name": "car",
    "color": "#ff00ff",
    "attributes": [DOORS],
}
"""A label whose attribute is a number from 3 to 5."""


class NamedBytes(io.BytesIO):
    """A file in memory with a name."""

    def __init__(self, name: str, content: bytes) -> None:
        super().__init__(content)
        self.name = name


def image_file(name: str, grey: int = 100) -> NamedBytes:
    """A small open JPEG of one colour."""
    return NamedBytes(name, picture((grey, grey, grey)))


def wait(client: ApiClient, rq_id: str) -> models.Request:
    """Follow a background request until it is finished; fails when it fails."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        request, _ = client.requests_api.retrieve(rq_id)
        if request.status.value == "finished":
            return request
        assert request.status.value != "failed", request.message
        time.sleep(0.02)
    raise AssertionError("the request did not end")


def upload(client: ApiClient, task_id: int, names: list[str]) -> models.TaskRead:
    """Give a task images and wait for them."""
    data = models.DataRequest(image_quality=75, client_files=[image_file(name) for name in names])
    result, _ = client.tasks_api.create_data(
        task_id, data_request=data, _content_type="multipart/form-data"
    )
    wait(client, result.rq_id)
    task, _ = client.tasks_api.retrieve(task_id)
    return task


def annotated_task(client: ApiClient, names: list[str]) -> models.TaskRead:
    """A task with images and a rectangle of the label `CAR` on the first one."""
    task, _ = client.tasks_api.create({"name": "annotated", "labels": [CAR]})
    task = upload(client, task.id, names)
    labels, _ = client.labels_api.list(task_id=task.id)
    rectangle = models.LabeledShapeRequest(
        type="rectangle", frame=0, label_id=labels.results[0].id, points=[2, 3, 20, 21]
    )
    client.tasks_api.update_annotations(task.id, labeled_data_request={"shapes": [rectangle]})
    return task
