"""Ids of background requests."""

from __future__ import annotations

import pytest

from cvat_local.background.ids import BadRequestId, RequestId, parse


@pytest.mark.parametrize(
    ("request_id", "text"),
    [
        (RequestId("create", "task", 18), "action=create&target=task&target_id=18"),
        (
            RequestId(
                "export", "task", 14, user_id=1, format="COCO 1.0", subresource="annotations"
            ),
            "action=export&target=task&target_id=14&user_id=1&format=COCO_1~0&subresource=annotations",
        ),
        (
            RequestId("export", "project", 1, user_id=1, subresource="backup"),
            "action=export&target=project&target_id=1&user_id=1&subresource=backup",
        ),
        (
            RequestId("export", "task", 1, user_id=1, lightweight=True, subresource="backup"),
            "action=export&target=task&target_id=1&user_id=1&lightweight=True&subresource=backup",
        ),
        (
            RequestId("import", "job", 43, subresource="annotations"),
            "action=import&target=job&target_id=43&subresource=annotations",
        ),
        (
            RequestId(
                "import", "task", id="0c2a2a5c-8a8f-4f8e-9b9d-0d6b1f9d8a11", subresource="backup"
            ),
            "action=import&target=task&id=0c2a2a5c-8a8f-4f8e-9b9d-0d6b1f9d8a11&subresource=backup",
        ),
    ],
)
def test_an_id_is_written_and_read(request_id: RequestId, text: str) -> None:
    assert str(request_id) == text
    assert str(parse(text)) == text


def test_the_order_of_the_keys_does_not_matter_for_reading() -> None:
    assert str(parse("target_id=18&target=task&action=create")) == str(
        RequestId("create", "task", 18)
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("create:task-18", "action=create&target=task&target_id=18"),
        (
            "export:task-14-dataset-in-COCO_1@0-format-by-1",
            "action=export&target=task&target_id=14&user_id=1&format=COCO_1~0&subresource=dataset",
        ),
        (
            "export:project-3-backup-by-2",
            "action=export&target=project&target_id=3&user_id=2&subresource=backup",
        ),
        (
            "import:task-5-annotations",
            "action=import&target=task&target_id=5&subresource=annotations",
        ),
        (
            "import:task-0c2a2a5c-8a8f-4f8e-9b9d-0d6b1f9d8a11-backup",
            "action=import&target=task&id=0c2a2a5c-8a8f-4f8e-9b9d-0d6b1f9d8a11&subresource=backup",
        ),
    ],
)
def test_ids_of_earlier_servers_are_read(old: str, new: str) -> None:
    assert str(parse(old)) == new


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "action=create",
        "action=create&target=task",
        "action=create&target=task&target_id=x",
        "action=create&target=task&target_id=-1",
        "action=create&target=task&target_id=1&target_id=2",
        "action=create&target=task&target_id=1&color=red",
        "create:task-",
        "create:task-x",
    ],
)
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(BadRequestId):
        parse(text)
