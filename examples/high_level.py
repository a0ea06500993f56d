"""A task from images, annotated and exported, by the client with entities.

Without settings it starts a local server of its own for as long as it runs. To use another server, set ``CVAT_HOST``
and ``CVAT_ACCESS_TOKEN``.
"""

from __future__ import annotations

import contextlib
import os
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

from cvat_sdk import Client, make_client, models
from cvat_sdk.core.helpers import DeferredTqdmProgressReporter
from pictures import draw_scenes


@contextlib.contextmanager
def connected() -> Iterator[Client]:
    """A client of the server that the environment names, or of a local one that runs inside the block."""
    if host := os.environ.get("CVAT_HOST"):
        with make_client(host, access_token=os.environ["CVAT_ACCESS_TOKEN"]) as client:
            yield client
        return
    from cvat_local.embedded import LocalServer

    with LocalServer() as server:
        credentials = (server.username, server.password)
        with make_client(server.url, credentials=credentials) as client:
            yield client


def main(folder: Path) -> None:
    """Make a task of images in a folder, and a dataset beside them."""
    images = draw_scenes(folder / "images")
    with connected() as client:
        client.config.status_check_period = 0.2
        task = client.tasks.create_from_data(
            {"name": "scenes", "labels": [{"name": "car"}, {"name": "sun"}]},
            images,
            pbar=DeferredTqdmProgressReporter(),
        )
        print(f"Task {task.id} has {task.size} images")

        labels = {label.name: label.id for label in task.get_labels()}
        box = models.LabeledShapeRequest(
            type="rectangle", frame=0, label_id=labels["car"], points=[20.0, 30.0, 120.0, 90.0]
        )
        task.set_annotations(models.LabeledDataRequest(shapes=[box]))
        for shape in task.get_annotations().shapes:
            print(f"Frame {shape.frame}: {shape.type} at {shape.points}")

        dataset = folder / "dataset.zip"
        task.export_dataset("COCO 1.0", dataset, include_images=True)
        with zipfile.ZipFile(dataset) as archive:
            print(f"Exported {len(archive.namelist())} files to {dataset}")
        task.download_backup(folder / "backup.zip")
        print(f"Restored as task {client.tasks.create_from_backup(folder / 'backup.zip').id}")


if __name__ == "__main__":
    target = Path(sys.argv[1] if len(sys.argv) > 1 else "high-level-output")
    target.mkdir(parents=True, exist_ok=True)
    main(target)
