"""What an unknown name may have been meant to be."""

from __future__ import annotations

import pytest

from cvat_sdk.api_client.runtime.suggest import did_you_mean

FIELDS = ("id", "name", "labels", "project_id", "image_quality", "sessionAuth")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("label", "labels"),
        ("lables", "labels"),
        ("Name", "name"),
        ("ID", "id"),
        ("projectId", "project_id"),
        ("image-quality", "image_quality"),
        ("session_auth", "sessionAuth"),
    ],
)
def test_a_near_miss_names_the_known_name(written: str, meant: str) -> None:
    assert did_you_mean(written, FIELDS) == f" (did you mean '{meant}'?)"


@pytest.mark.parametrize("written", ["bug_tracker", "x", ""])
def test_a_name_like_no_other_suggests_nothing(written: str) -> None:
    assert did_you_mean(written, FIELDS) == ""


def test_nothing_known_suggests_nothing() -> None:
    assert did_you_mean("labels", []) == ""
