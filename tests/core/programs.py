"""An upload in a process of its own, and what it has to bring about."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PIL import Image

from cvat_sdk.api_client import ApiClient


def frames(client: ApiClient, task_id: int) -> list[str]:
    return [frame.name for frame in client.tasks_api.retrieve_data_meta(task_id)[0].frames]


def check(client: ApiClient, task_id: int, files: Sequence[Path]) -> None:
    """The task has these files as its frames, in this order, each with its pixels."""
    assert frames(client, task_id) == [path.name for path in files]
    pixels = []
    task = client.tasks_api.retrieve(task_id)[0]
    for number in range(-(-task.size // task.data_chunk_size)):
        _, response = client.tasks_api.retrieve_data(
            task_id, type="chunk", number=number, quality="original"
        )
        with zipfile.ZipFile(io.BytesIO(response.data)) as archive:
            for name in sorted(archive.namelist()):
                with Image.open(archive.open(name)) as image:
                    pixels.append(image.convert("RGB").getpixel((0, 0)))
    expected = []
    for path in files:
        with Image.open(path) as image:
            expected.append(image.convert("RGB").getpixel((0, 0)))
    assert pixels == expected


UPLOAD = """
import json, os, sys, pathlib
from cvat_sdk.api_client import ApiClient, Configuration
from cvat_sdk.core import requests, uploading
from cvat_sdk.core.progress import BaseProgressReporter

host, user, password, task, state, *files = sys.argv[1:]
class Reporter(BaseProgressReporter):
    def advance(self, delta):
        super().advance(delta)
        print(delta, flush=True)
with ApiClient(Configuration(host=host, username=user, password=password)) as client:
    rq_id = uploading.upload_files(
        client, int(task), files, batch_count=2, batch_bytes=2000, state=state, pbar=Reporter(), parallel=2
    )
    if rq_id:
        requests.wait_for_request(client, rq_id, timeout=120)
"""


def program(client: ApiClient, task_id: int, state: Path, files: Sequence[Path]) -> Any:
    configuration = client.configuration
    arguments = [
        configuration.host,
        configuration.username,
        configuration.password,
        task_id,
        state,
        *files,
    ]
    return subprocess.Popen(
        [sys.executable, "-c", UPLOAD, *map(str, arguments)], stdout=subprocess.PIPE, text=True
    )
