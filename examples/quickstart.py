"""From local images to an exported dataset.

Creates a task, uploads four images, waits for them, annotates, exports as COCO and checks the download.
Without settings it starts a local server of its own for as long as it runs. To use another server, set
``CVAT_HOST`` and either ``CVAT_USERNAME`` and ``CVAT_PASSWORD`` or ``CVAT_ACCESS_TOKEN``.

Everything here works with any package that offers ``cvat_sdk.api_client``.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import sys
import time
import zipfile
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlparse

from tqdm import tqdm

from cvat_sdk.api_client import ApiClient, Configuration, exceptions, models
from pictures import CAR, SUN, car_outline, contact_sheet, draw_scenes, mask_points, sun_mask

POLL_SECONDS = 0.1
WAIT_SECONDS = 300


@contextlib.contextmanager
def server_configuration() -> Iterator[Configuration]:
    """Settings from the environment, or those of a local server that runs inside the block."""
    host = os.environ.get("CVAT_HOST")
    if host:
        yield Configuration(
            host=host,
            username=os.environ.get("CVAT_USERNAME"),
            password=os.environ.get("CVAT_PASSWORD"),
            access_token=os.environ.get("CVAT_ACCESS_TOKEN"),
        )
        return
    from cvat_local.embedded import LocalServer

    with LocalServer() as server:
        print(f"Started a local server at {server.url}")
        yield Configuration(host=server.url, username=server.username, password=server.password)


class ProgressFile(io.FileIO):
    """A file that tells a progress bar how much of it has been read."""

    def __init__(self, path: Path, bar: Any) -> None:
        super().__init__(path)
        self._bar = bar

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(-1 if size is None else size) or b""
        self._bar.update(len(data))
        return data


def create_task(client: ApiClient) -> models.TaskRead:
    """A task with two labels, one of them with an attribute."""
    task_spec: models.TaskWriteRequestDict = {
        "name": "quickstart",
        "labels": [
            {
                "name": "car",
                "color": "#ff00ff",
                "attributes": [
                    {
                        "name": "doors",
                        "mutable": True,
                        "input_type": "number",
                        "default_value": "5",
                        "values": ["3", "5", "1"],
                    }
                ],
            },
            {"name": "sun", "attributes": []},
        ],
    }
    try:
        task, _ = client.tasks_api.create(task_spec)
    except exceptions.ApiException as error:
        sys.exit(f"The task could not be created: {error}")
    return task


def upload(client: ApiClient, task: models.TaskRead, paths: list[Path]) -> models.TaskRead:
    """Send the images and wait until the server has taken them in."""
    total = sum(path.stat().st_size for path in paths)
    with tqdm(desc="Upload", total=total, unit="B", unit_scale=True) as bar:
        task_data = models.DataRequest(
            image_quality=75, client_files=[ProgressFile(path, bar) for path in paths]
        )
        result, response = client.tasks_api.create_data(
            task.id, data_request=task_data, _content_type="multipart/form-data"
        )
    assert response.status == HTTPStatus.ACCEPTED, response.reason
    wait(client, result.rq_id, "Process")
    task, _ = client.tasks_api.retrieve(task.id)
    return task


def wait(client: ApiClient, rq_id: str, title: str) -> models.Request:
    """Follow a background request to its end."""
    deadline = time.monotonic() + WAIT_SECONDS
    with tqdm(
        desc=title, total=1.0, bar_format="{desc}: {percentage:3.0f}%|{bar}|{postfix}"
    ) as bar:
        while time.monotonic() < deadline:
            request, _ = client.requests_api.retrieve(rq_id)
            bar.n = max(bar.n, request.get("progress") or 0.0)
            bar.set_postfix_str(request.status.value)
            if request.status.value == models.RequestStatus.allowed_values[("value",)]["FINISHED"]:
                bar.n = 1.0
                bar.refresh()
                return request
            if request.status.value == models.RequestStatus.allowed_values[("value",)]["FAILED"]:
                sys.exit(f"{title} failed: {request.message}")
            time.sleep(POLL_SECONDS)
    sys.exit(f"{title} did not end within {WAIT_SECONDS} s")


def annotate(client: ApiClient, task: models.TaskRead) -> None:
    """Put a rectangle, a polygon and a mask on the images."""
    page, _ = client.labels_api.list(task_id=task.id)
    labels = {label.name: label for label in page.results}
    doors = labels["car"].attributes[0]
    car: models.LabeledShapeRequestDict = {
        "type": "polygon",
        "frame": 1,
        "label_id": labels["car"].id,
        "points": car_outline(),
    }
    sun: models.LabeledShapeRequestDict = {
        "type": "mask",
        "frame": 2,
        "label_id": labels["sun"].id,
        "points": mask_points(sun_mask(), SUN[0], SUN[1]),
    }
    shapes: list[models.LabeledShapeRequest | models.LabeledShapeRequestDict] = [
        models.LabeledShapeRequest(
            type="rectangle",
            frame=0,
            label_id=labels["car"].id,
            points=[float(value) for value in CAR],
            attributes=[{"spec_id": doors.id, "value": "3"}],
        ),
        car,
        sun,
        {**car, "frame": 3},
        {**sun, "frame": 3},
    ]
    client.tasks_api.update_annotations(task.id, labeled_data_request={"shapes": shapes})
    stored, _ = client.tasks_api.retrieve_annotations(task.id)
    print(f"Stored {len(stored.shapes)} annotations")


def export(client: ApiClient, task: models.TaskRead, target: Path) -> None:
    """Export the task as COCO with its images, and stream the archive to a file."""
    _, response = client.tasks_api.create_dataset_export(
        format="COCO 1.0", id=task.id, save_images=True, _parse_response=False
    )
    assert response.status == HTTPStatus.ACCEPTED, response.reason
    request = wait(client, json.loads(response.data)["rq_id"], "Export")

    url = urlparse(str(request.result_url))
    _, response = client.call_api(
        url.path,
        method="GET",
        query_params=parse_qsl(url.query),
        auth_settings=client.configuration.auth_settings(),
        _parse_response=False,
    )
    size = int(response.headers.get("Content-Length") or 0) or None
    with (
        tqdm(desc="Download", total=size, unit="B", unit_scale=True) as bar,
        target.open("wb") as file,
    ):
        while chunk := response.read(8192):
            file.write(chunk)
            bar.update(len(chunk))
    response.release_conn()


def check(archive: Path, folder: Path) -> None:
    """Read the download with pycocotools, compare it with what was put, and draw the contact sheet."""
    from PIL import Image
    from pycocotools.coco import COCO

    with zipfile.ZipFile(archive) as zipped:
        zipped.extractall(folder)  # the server's own archive, read by name below
    with contextlib.redirect_stdout(io.StringIO()):
        coco = COCO(str(folder / "annotations" / "instances_default.json"))
    images = folder / "images" / "default"

    files = [info["file_name"] for info in coco.loadImgs(sorted(coco.getImgIds()))]
    assert len(files) == 4, files
    for name in files:
        with Image.open(images / name) as image:
            assert image.size == (640, 480), (name, image.size)
            colours = image.convert("RGB").resize((32, 24)).getcolors(32 * 24)
            assert colours and len(colours) > 50, f"{name} is blank"

    found = coco.loadAnns(sorted(coco.getAnnIds()))
    first, second, third, fourth = sorted(coco.getImgIds())
    on = [entry["image_id"] for entry in found]
    assert on == [first, second, third, fourth, fourth], found
    rectangle, polygon, mask = found[:3]
    assert rectangle["bbox"] == [CAR[0], CAR[1], CAR[2] - CAR[0], CAR[3] - CAR[1]], rectangle
    assert rectangle["area"] == (CAR[2] - CAR[0]) * (CAR[3] - CAR[1]), rectangle
    assert polygon["segmentation"] == [car_outline()], polygon
    assert polygon["bbox"] == rectangle["bbox"], polygon
    assert mask["area"] == int(sun_mask().sum()), mask
    assert mask["bbox"] == [SUN[0], SUN[1], SUN[2] - SUN[0], SUN[3] - SUN[1]], mask
    assert (coco.annToMask(mask)[SUN[1] : SUN[3], SUN[0] : SUN[2]] == sun_mask()).all()

    contact_sheet(coco, images, folder / "contact-sheet.png")
    print(f"Checked with pycocotools: {len(files)} images, {len(found)} annotations")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument(
        "--output", type=Path, default=Path("demo-output"), help="folder to write to"
    )
    output: Path = parser.parse_args().output
    paths = draw_scenes(output / "images-to-upload")
    with server_configuration() as configuration, ApiClient(configuration) as client:
        task = create_task(client)
        task = upload(client, task, paths)
        assert task.size == 4, task.size
        annotate(client, task)
        archive = output / "coco.zip"
        export(client, task, archive)
    check(archive, output / "dataset")
    print(f"Wrote {archive} and {output / 'dataset' / 'contact-sheet.png'}")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
