"""What is annotated in a task: a table of statistics by label, and a plot.

Writes ``statistics.csv`` (shapes, frames, areas by label), ``annotations.parquet`` (a row a shape, for tools of
your own) and ``statistics.png``. Set ``CVAT_HOST`` and ``CVAT_ACCESS_TOKEN``, or ``CVAT_USERNAME`` and
``CVAT_PASSWORD``, and give the id of a task. Without an id it makes a task of its own, on a local server when no
other is set.

Needs ``pip install cvat-sdk[tables] matplotlib pyarrow``.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import matplotlib
import pandas

from cvat_sdk import Client, make_client
from cvat_sdk.core.proxies.tasks import Task
from cvat_sdk.tables import annotation_table
from pictures import draw_scenes

matplotlib.use("Agg")  # draws to files, also where there is no screen
from matplotlib import pyplot  # after the choice above


@contextlib.contextmanager
def connected() -> Iterator[Client]:
    """A client of the server in the environment, or of a local one that runs inside the block."""
    host = os.environ.get("CVAT_HOST")
    if host:
        if token := os.environ.get("CVAT_ACCESS_TOKEN"):
            with make_client(host, access_token=token) as client:
                yield client
        else:
            credentials = (os.environ["CVAT_USERNAME"], os.environ["CVAT_PASSWORD"])
            with make_client(host, credentials=credentials) as client:
                yield client
        return
    from cvat_local.embedded import LocalServer

    with LocalServer() as server:
        print(f"Started a local server at {server.url}")
        credentials = (server.username, server.password)
        with make_client(server.url, credentials=credentials) as client:
            yield client


def example_task(client: Client, folder: Path) -> Task:
    """A task of four images with cars of all sizes, a sun in each, and a bird that flies through."""
    task = client.tasks.create_from_data(
        {"name": "statistics", "labels": [{"name": name} for name in ("car", "sun", "bird")]},
        draw_scenes(folder),
    )
    labels = {label.name: label.id for label in task.get_labels()}
    chance = random.Random(5)  # noqa: S311  # the same cars each time
    shapes: list[Any] = []
    for frame in range(task.size):
        for _ in range(6 + frame):
            x, y = chance.uniform(0, 500), chance.uniform(200, 400)
            width = chance.uniform(30, 130)
            shapes.append(
                {
                    "type": "rectangle",
                    "frame": frame,
                    "label_id": labels["car"],
                    "points": [x, y, x + width, y + width / 2],
                }
            )
        shapes.append(
            {
                "type": "ellipse",
                "frame": frame,
                "label_id": labels["sun"],
                "points": [560, 70, 600, 30],
            }
        )
    bird: Any = {
        "label_id": labels["bird"],
        "frame": 0,
        "shapes": [
            {"type": "rectangle", "frame": 0, "points": [0, 50, 20, 60]},
            {"type": "rectangle", "frame": 3, "points": [300, 80, 320, 90]},
        ],
    }
    task.set_annotations({"shapes": shapes, "tracks": [bird]})
    return task


def statistics(table: pandas.DataFrame) -> pandas.DataFrame:
    """A row for each label."""
    by_label = table.groupby("label")
    result = pandas.DataFrame(
        {
            "shapes": by_label.size(),
            "frames": by_label["frame"].nunique(),
            "tracks": by_label["track_id"].nunique(),
            "mean_area": by_label["area"].mean().round(1),
            "largest_area": by_label["area"].max().round(1),
        }
    )
    return result.sort_values("shapes", ascending=False)


def plot(table: pandas.DataFrame, path: Path) -> None:
    """Shapes by frame and label, and how large they are."""
    figure, (left, right) = pyplot.subplots(1, 2, figsize=(11, 4), layout="constrained")
    counts = table.groupby(["frame", "label"]).size().unstack(fill_value=0)
    counts.plot.bar(stacked=True, ax=left, rot=0)
    left.set(title="Shapes by frame", xlabel="frame", ylabel="shapes")
    for label, of_label in table.dropna(subset=["area"]).groupby("label"):
        right.hist(of_label["area"] ** 0.5, bins=15, alpha=0.7, label=label)
    right.set(title="Sizes", xlabel="square root of the area, pixels", ylabel="shapes")
    right.legend()
    figure.savefig(path, dpi=120)
    pyplot.close(figure)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("task", type=int, nargs="?", help="id of a task")
    parser.add_argument(
        "--output", type=Path, default=Path("statistics"), help="folder to write to"
    )
    arguments = parser.parse_args()
    output: Path = arguments.output
    output.mkdir(parents=True, exist_ok=True)
    with connected() as client:
        if arguments.task is None:
            task = example_task(client, output / "images")
        else:
            task = client.tasks.retrieve(arguments.task)
        table = annotation_table(task).to_pandas()
    # A point of a skeleton is no object of its own, nor is a tag one.
    shapes = table[table["parent"].isna() & (table["type"] != "tag")]
    if shapes.empty:
        print("The task has no shapes")
        return
    table.to_parquet(output / "annotations.parquet")
    found = statistics(shapes)
    found.to_csv(output / "statistics.csv")
    plot(shapes, output / "statistics.png")
    print(found.to_string())
    print(f"Wrote {output / 'statistics.csv'} and {output / 'statistics.png'}")


if __name__ == "__main__":
    main()
