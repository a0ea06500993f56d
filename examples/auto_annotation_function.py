"""A function for auto-annotation: it finds the sun in pictures by its colour.

This module is what `cvat_sdk.auto_annotation.annotate_task` takes, and the published command line as well::

    cvat-cli task auto-annotate 1 --function-file auto_annotation_function.py --allow-unmatched-labels

Run by itself, it annotates a task of a local server of its own.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import PIL.Image

import cvat_sdk.auto_annotation as cvataa
from cvat_sdk import models
from cvat_sdk.masks import encode_mask

SUN = 0

spec = cvataa.DetectionFunctionSpec(labels=[cvataa.label_spec("sun", SUN, type="mask")])


def detect(
    context: cvataa.DetectionFunctionContext, image: PIL.Image.Image
) -> list[models.LabeledShapeRequest]:
    """A mask of what is yellow, if there is enough of it."""
    red, green, blue = np.moveaxis(np.asarray(image.convert("RGB"), dtype=int), 2, 0)
    yellow = (red > 245) & (green > 210) & (blue < 160)
    if yellow.mean() < 0.001:
        return []
    return [cvataa.mask(SUN, encode_mask(yellow))]


def main() -> None:
    """Annotate a task of pictures, and print what was found."""
    from cvat_local.embedded import LocalServer
    from cvat_sdk import make_client
    from pictures import draw_scenes

    with tempfile.TemporaryDirectory() as folder, LocalServer() as server:
        credentials = (server.username, server.password)
        with make_client(server.url, credentials=credentials) as client:
            client.config.status_check_period = 0.2
            client.config.cache_dir = Path(folder) / "cache"
            task = client.tasks.create_from_data(
                {"name": "scenes", "labels": [{"name": "sun", "type": "mask"}]},
                draw_scenes(Path(folder) / "images"),
            )
            import auto_annotation_function

            cvataa.annotate_task(client, task.id, auto_annotation_function)
            for shape in task.get_annotations().shapes:
                left, top, right, bottom = shape.points[-4:]
                print(f"Frame {shape.frame}: a sun from {left:g}, {top:g} to {right:g}, {bottom:g}")


if __name__ == "__main__":
    main()
