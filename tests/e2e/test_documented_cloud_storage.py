"""The content of a cloud storage, folder by folder and page by page, from a real S3 service."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.local.buckets import running_s3, storage_input
from tests.local.media_samples import picture

from cvat_local.embedded import LocalServer
from cvat_sdk.api_client import ApiClient, Configuration, models

FILES = ["image_2.jpg", "sub/image_1.jpg", "sub/deeper/image_3.jpg", "other/image_4.png"]


@pytest.fixture(scope="module")
def storage(local_server: LocalServer) -> Iterator[int]:
    """Id of a cloud storage of the administrator with the images of `FILES`."""
    configuration = Configuration(
        host=local_server.url, username=local_server.username, password=local_server.password
    )
    with running_s3() as s3, ApiClient(configuration) as client:
        # Services in one process share their buckets; no other test has one of this name.
        s3.bucket("folders", {name: picture() for name in FILES})
        made, _ = client.cloudstorages_api.create(
            models.CloudStorageWriteRequest(**storage_input(s3, "folders"))
        )
        yield made.id


@pytest.mark.parametrize("page_size", [None, 1], ids=["whole pages", "one entry a page"])
def test_all_files_of_a_bucket(client: ApiClient, storage: int, page_size: int | None) -> None:
    next_token = None
    files: list[str] = []
    folders: list[str] = []
    prefix = ""
    while True:
        options: dict[str, Any] = {
            **({"prefix": prefix} if prefix else {}),
            **({"next_token": next_token} if next_token else {}),
            **({"page_size": page_size} if page_size else {}),
        }
        data, _ = client.cloudstorages_api.retrieve_content_v2(storage, **options)
        files += [
            prefix + entry["name"] for entry in data["content"] if str(entry["type"]) == "REG"
        ]
        folders += [
            prefix + entry["name"] for entry in data["content"] if str(entry["type"]) == "DIR"
        ]
        next_token = data["next"]
        if next_token:
            continue
        if not folders:
            break
        prefix = f"{folders.pop()}/"
    assert sorted(files) == sorted(FILES)


def test_an_entry_names_its_kind(client: ApiClient, storage: int) -> None:
    data, _ = client.cloudstorages_api.retrieve_content_v2(storage)
    kinds = {entry.name: (entry.type.value, entry.mime_type) for entry in data.content}
    assert kinds == {
        "image_2.jpg": ("REG", "image"),
        "other": ("DIR", "DIR"),
        "sub": ("DIR", "DIR"),
    }
    assert data.next is None


def test_the_older_name_of_the_operation(client: ApiClient, storage: int) -> None:
    with pytest.warns(DeprecationWarning, match="retrieve_content_v2"):
        older, _ = client.cloudstorages_api.retrieve_content(storage)
    assert older == client.cloudstorages_api.retrieve_content_v2(storage)[0]
