"""Realistic bodies, the same in every run: annotations of a task, and pages of tasks.

The mixture follows detection datasets: nine of ten shapes are rectangles, the others polygons of 4 to 60
points, masks and a few points and ellipses. Every shape has two attributes; a task also has tags and tracks. The order of the
properties is that of a real server.
"""

from __future__ import annotations

import random
from typing import Any

SEED = 280
_WIDTH, _HEIGHT = 1920, 1080
_COLOURS = ("red", "blue", "white", "black", "silver", "other")

Json = dict[str, Any]


def task_annotations(shapes: int) -> Json:
    """Annotations of a task as a server sends them: `shapes` shapes, some tags, some tracks."""
    chance = random.Random(SEED)
    return {
        "version": 0,
        "tags": [_tag(chance, number) for number in range(shapes // 500)],
        "shapes": [_shape(chance, number) for number in range(shapes)],
        "tracks": [_track(chance, number) for number in range(shapes // 1000)],
    }


def drifted_annotations(shapes: int) -> Json:
    """The same from a server of another version.

    Every shape has a field that the API description does not know, one in a hundred an unknown type, and
    one in a hundred a null where none is allowed.
    """
    data = task_annotations(shapes)
    for number, shape in enumerate(data["shapes"]):
        shape["model_version"] = f"detector-{number % 7}"
        if number % 100 == 17:
            shape["type"] = "spline"
        if number % 100 == 53:
            shape["z_order"] = None
    return data


def annotations_to_send(shapes: int) -> Json:
    """The same as a script builds them: without what only the server knows."""
    data = task_annotations(shapes)
    for entry in (*data["tags"], *data["shapes"], *data["tracks"]):
        del entry["id"]
    for track in data["tracks"]:
        for keyframe in track["shapes"]:
            del keyframe["id"]
    return data


def task_page(size: int, *, count: int = 100_000, number: int = 1, host: str = "") -> Json:
    """One page of a list of tasks."""
    chance = random.Random(SEED + number)
    host = host or "http://localhost"
    first = (number - 1) * size
    last = first + size >= count
    return {
        "count": count,
        "next": None if last else f"{host}/api/tasks?page={number + 1}&page_size={size}",
        "previous": None if number == 1 else f"{host}/api/tasks?page={number - 1}&page_size={size}",
        "results": [task(chance, first + offset + 1, host) for offset in range(size)],
    }


def task(chance: random.Random, number: int, host: str = "http://localhost") -> Json:
    """One task as a server sends it."""
    url = f"{host}/api/tasks/{number}"
    jobs = chance.randint(1, 40)
    return {
        "url": url,
        "id": number,
        "name": f"crossing {chance.randint(1, 80)}, camera {chance.randint(1, 9)}, part {number}",
        "project_id": chance.randint(1, 30),
        "project_name": f"traffic {chance.randint(1, 30)}",
        "mode": "annotation",
        "media_type": "image",
        "owner": _user(chance, host),
        "assignee": _user(chance, host) if chance.random() < 0.6 else None,
        "bug_tracker": "",
        "created_date": _moment(chance),
        "updated_date": _moment(chance),
        "overlap": 0,
        "segment_size": 100,
        "initial_replicas": 0,
        "status": chance.choice(("annotation", "validation", "completed")),
        "data_chunk_size": 72,
        "data_original_chunk_type": "imageset",
        "data_compressed_chunk_type": "imageset",
        "data_cloud_storage_id": None,
        "guide_id": None,
        "size": jobs * 100,
        "image_quality": 70,
        "data": number + 7,
        "dimension": "2d",
        "subset": chance.choice(("Train", "Validation", "")),
        "organization_id": 1,
        "organization": 1,
        "target_storage": {"id": number * 2, "location": "local", "cloud_storage_id": None},
        "source_storage": {"id": number * 2 + 1, "location": "local", "cloud_storage_id": None},
        "jobs": {"count": jobs, "completed": 0, "validation": 0, "url": f"{url}/jobs"},
        "labels": {"url": f"{host}/api/labels?task_id={number}"},
        "assignee_updated_date": _moment(chance) if chance.random() < 0.6 else None,
        "validation_mode": None,
    }


def _user(chance: random.Random, host: str) -> Json:
    number = chance.randint(1, 60)
    return {
        "url": f"{host}/api/users/{number}",
        "id": number,
        "username": f"annotator-{number}",
        "first_name": chance.choice(("Ada", "Grace", "Edsger", "Barbara")),
        "last_name": "",
    }


def _moment(chance: random.Random) -> str:
    day, second, part = chance.randint(1, 28), chance.randint(0, 59), chance.randint(0, 999_999)
    return f"2024-{chance.randint(1, 12):02}-{day:02}T{chance.randint(0, 23):02}:31:{second:02}.{part:06}Z"


def _attributes(chance: random.Random) -> list[Json]:
    return [
        {"spec_id": 11, "value": chance.choice(_COLOURS)},
        {"spec_id": 12, "value": chance.choice(("true", "false"))},
    ]


def _geometry(chance: random.Random) -> tuple[str, list[float]]:
    left, top = chance.uniform(0, _WIDTH - 200), chance.uniform(0, _HEIGHT - 200)
    width, height = chance.uniform(8, 200), chance.uniform(8, 200)
    kind = chance.random()
    if kind < 0.90:
        return "rectangle", _rounded(left, top, left + width, top + height)
    if kind < 0.96:
        corners = min(60, 4 + int(chance.expovariate(1 / 12)))
        values = []
        for _ in range(corners):
            values += [left + chance.uniform(0, width), top + chance.uniform(0, height)]
        return "polygon", _rounded(*values)
    if kind < 0.98:
        # Run lengths, then the box.
        runs = [float(chance.randint(1, 40)) for _ in range(2 * chance.randint(10, 40))]
        box = [float(int(value)) for value in (left, top, left + width, top + height)]
        return "mask", runs + box
    if kind < 0.99:
        return "points", _rounded(left, top)
    return "ellipse", _rounded(left, top, left + width / 2, top - height / 2)


def _rounded(*values: float) -> list[float]:
    return [round(value, 2) for value in values]


def _source(chance: random.Random) -> str:
    return chance.choice(("manual", "manual", "auto", "file"))


def _shape(chance: random.Random, number: int) -> Json:
    kind, points = _geometry(chance)
    return {
        "id": 1_000_000 + number,
        "label_id": chance.randint(300, 340),
        "type": kind,
        "frame": number // 8,
        "group": 0,
        "source": _source(chance),
        "occluded": chance.random() < 0.2,
        "outside": False,
        "z_order": 0,
        "rotation": 0.0,
        "points": points,
        "attributes": _attributes(chance),
        "score": 1.0,
        "elements": [],
    }


def _tag(chance: random.Random, number: int) -> Json:
    return {
        "id": 6_000_000 + number,
        "label_id": chance.randint(300, 340),
        "frame": number // 8,
        "group": 0,
        "source": _source(chance),
        "attributes": _attributes(chance),
    }


def _track(chance: random.Random, number: int) -> Json:
    keyframes = []
    for offset in range(chance.randint(3, 12)):
        left, top = chance.uniform(0, _WIDTH - 200), chance.uniform(0, _HEIGHT - 200)
        keyframes.append(
            {
                "id": 9_000_000 + number * 20 + offset,
                "type": "rectangle",
                "frame": offset * 10,
                "occluded": False,
                "outside": False,
                "z_order": 0,
                "rotation": 0.0,
                "points": _rounded(left, top, left + 80, top + 60),
                "attributes": [],
            }
        )
    return {
        "id": 8_000_000 + number,
        "label_id": chance.randint(300, 340),
        "frame": number // 8,
        "group": 0,
        "source": _source(chance),
        "shapes": keyframes,
        "attributes": _attributes(chance),
        "elements": [],
    }
