"""A real S3 service on this machine, and buckets in it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import boto3
from moto.server import ThreadedMotoServer
from tests.local.media_samples import picture

KEY, SECRET = "AKIAEXAMPLEKEY", "a secret key that must not be shown"


class S3:
    """An S3 service.

    Attributes:
        url: Where it is.
        client: Calls it past the server under test.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.client: Any = boto3.session.Session().client(
            "s3",
            endpoint_url=url,
            region_name="us-east-1",
            aws_access_key_id=KEY,
            aws_secret_access_key=SECRET,
        )

    def bucket(self, name: str, files: Mapping[str, bytes]) -> str:
        """Make a bucket with files; gives its name."""
        self.client.create_bucket(Bucket=name)
        for key, content in files.items():
            self.client.put_object(Bucket=name, Key=key, Body=content)
        return name

    def keys(self, name: str) -> list[str]:
        """What is in a bucket."""
        answer = self.client.list_objects_v2(Bucket=name)
        return [entry["Key"] for entry in answer.get("Contents", ())]

    def content(self, name: str, key: str) -> bytes:
        """A file of a bucket."""
        content: bytes = self.client.get_object(Bucket=name, Key=key)["Body"].read()
        return content


@contextmanager
def running_s3() -> Iterator[S3]:
    """An S3 service on a free port, gone at the end of the block."""
    service = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    service.start()
    try:
        host, port = service.get_host_and_port()
        yield S3(f"http://{host}:{port}")
    finally:
        service.stop()


def manifest(names: Iterable[str], size: tuple[int, int] = (40, 30)) -> bytes:
    """A manifest of images."""
    lines: list[dict[str, Any]] = [{"version": "1.1"}, {"type": "images"}]
    for name in names:
        stem, dot, extension = name.rpartition(".")
        width, height = size
        lines.append({"name": stem, "extension": dot + extension, "width": width, "height": height})
    return "".join(json.dumps(line) + "\n" for line in lines).encode()


def sample_files() -> dict[str, bytes]:
    """Images on several levels, their manifest, and files of other kinds."""
    images = {
        "top.png": picture((255, 0, 0), image_format="PNG"),
        "a/1.jpg": picture((0, 255, 0)),
        "a/2.jpg": picture((0, 0, 255)),
        "a/10.jpg": picture((9, 9, 9)),
        "a/b/deep.jpg": picture((5, 5, 5)),
        "c/other.jpg": picture((1, 1, 1)),
    }
    others = {
        "clip.mp4": b"no real video",
        "data.zip": b"no real archive",
        "notes.txt": b"text",
        "manifest.jsonl": manifest(["a/1.jpg", "a/2.jpg", "a/10.jpg", "a/b/deep.jpg", "top.png"]),
        "c/manifest.jsonl": manifest(["other.jpg"]),
    }
    return {**images, **others}


def storage_input(s3: S3, bucket: str, **changes: Any) -> dict[str, Any]:
    """The input for a cloud storage; a change to None leaves a field out."""
    values = {
        "provider_type": "AWS_S3_BUCKET",
        "resource": bucket,
        "display_name": "Bucket",
        "credentials_type": "KEY_SECRET_KEY_PAIR",
        "key": KEY,
        "secret_key": SECRET,
        "specific_attributes": f"endpoint_url={s3.url}",
        **changes,
    }
    return {name: value for name, value in values.items() if value is not None}
