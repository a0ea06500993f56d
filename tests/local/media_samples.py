"""Drawn pictures, and tasks made of them."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from PIL import Image
from tests.local.conftest import Client

Files = Iterable[tuple[str, bytes]]

RED, GREEN, BLUE = (255, 0, 0), (0, 255, 0), (0, 0, 255)


def picture(
    colour: tuple[int, int, int] = RED,
    size: tuple[int, int] = (40, 30),
    image_format: str = "JPEG",
    **options: Any,
) -> bytes:
    """An encoded image of one colour."""
    buffer = io.BytesIO()
    Image.new("RGB", size, colour).save(buffer, image_format, **options)
    return buffer.getvalue()


def numbered(count: int) -> list[tuple[str, bytes]]:
    """Images ``00.jpg``, ``01.jpg``..., each with a width (40, 41...) and a grey of its own."""
    return [
        (f"{n:02d}.jpg", picture((n * 10, n * 10, n * 10), (40 + n, 30), quality=95))
        for n in range(count)
    ]


def zipped(files: Files) -> bytes:
    """A zip archive of files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files:
            archive.writestr(name, content)
    return buffer.getvalue()


def opened(content: bytes) -> Image.Image:
    """A decoded image."""
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


def colour_at(image: Image.Image, x: int, y: int) -> tuple[int, int, int]:
    """Colour of a pixel as RGB."""
    value = image.convert("RGB").getpixel((x, y))
    assert isinstance(value, tuple)
    red, green, blue = (int(part) for part in value)
    return red, green, blue


def near(first: tuple[int, ...], second: tuple[int, ...]) -> bool:
    """Whether two colours are the same but for what JPEG does to them."""
    return max(abs(a - b) for a, b in zip(first, second, strict=True)) <= 12


def new_task(client: Client, **fields: Any) -> int:
    """Id of a new task without data."""
    answer = client.post("/api/tasks", json={"name": "t", **fields})
    assert answer.status == 201, answer.data
    number: int = answer.json()["id"]
    return number


def form(files: Files, **fields: Any) -> list[tuple[str, Any]]:
    """Fields of a multipart request with files, as the client library names them."""
    parts: list[tuple[str, Any]] = [
        (name, str(value).lower() if isinstance(value, bool) else str(value))
        for name, value in fields.items()
    ]
    parts += [(f"client_files[{index}]", file) for index, file in enumerate(files)]
    return parts


def attach(
    client: Client, task: int, files: Files = (), headers: Mapping[str, str] | None = None, **f: Any
) -> tuple[int, Any]:
    """Send files and parameters in one multipart request; status and body of the answer."""
    answer = client.post(
        f"/api/tasks/{task}/data", fields=form(files, **f), headers=dict(headers or {})
    )
    return answer.status, answer.json() if answer.data else None


def finish(client: Client, task: int, **parameters: Any) -> tuple[int, Any]:
    """Say by JSON that all files were sent."""
    answer = client.post(f"/api/tasks/{task}/data", json=parameters, headers={"Upload-Finish": ""})
    return answer.status, answer.json()


def wait(client: Client, request_id: str) -> dict[str, Any]:
    """The request when it has finished or failed."""
    deadline = time.monotonic() + 60
    while True:
        answer = client.get(f"/api/requests/{quote(request_id, safe='')}")
        assert answer.status == 200, answer.data
        request: dict[str, Any] = answer.json()
        if request["status"] in ("finished", "failed"):
            return request
        assert time.monotonic() < deadline, request
        time.sleep(0.02)


def created(client: Client, answer: tuple[int, Any]) -> None:
    """Check that data was accepted and wait until there are frames."""
    status, body = answer
    assert status == 202, body
    request = wait(client, body["rq_id"])
    assert request["status"] == "finished", request["message"]


def refused(client: Client, answer: tuple[int, Any]) -> str:
    """Check that data was accepted but could not be used; the reason."""
    status, body = answer
    assert status == 202, body
    request = wait(client, body["rq_id"])
    assert request["status"] == "failed"
    message: str = request["message"]
    return message


def task_of(
    client: Client, files: Files, task: Mapping[str, Any] | None = None, **parameters: Any
) -> int:
    """Id of a task with frames."""
    number = new_task(client, **(task or {}))
    created(client, attach(client, number, files, **{"image_quality": 70, **parameters}))
    return number


def meta_of(client: Client, task: int) -> dict[str, Any]:
    """Description of the media of a task."""
    answer = client.get(f"/api/tasks/{task}/data/meta")
    assert answer.status == 200, answer.data
    meta: dict[str, Any] = answer.json()
    return meta


def names_of(client: Client, task: int) -> list[str]:
    """Names of the frames of a task."""
    return [frame["name"] for frame in meta_of(client, task)["frames"]]


def jobs_of(client: Client, task: int) -> list[dict[str, Any]]:
    """Jobs of a task by id."""
    answer = client.get("/api/jobs", query={"task_id": task, "sort": "id", "page_size": 100})
    jobs: list[dict[str, Any]] = answer.json()["results"]
    return jobs
