"""Addresses of servers, dicts, and files that are whole or not there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cvat_sdk.core.exceptions import CvatSdkException, InvalidHostException
from cvat_sdk.core.utils import atomic_writer, filter_dict, normalize_server_url


@pytest.mark.parametrize(
    ("given", "right"),
    [
        ("localhost", "https://localhost"),
        ("http://x:8080/", "http://x:8080"),
        ("HTTP://x/pre//", "http://x/pre"),
        (" https://[::1]:1 ", "https://[::1]:1"),
    ],
)
def test_addresses(given: str, right: str) -> None:
    assert normalize_server_url(given) == right


@pytest.mark.parametrize("wrong", ["", "ftp://x", "https://", None, 5, "http://[::1", "//"])
def test_what_is_no_address(wrong: Any) -> None:
    with pytest.raises(InvalidHostException) as caught:
        normalize_server_url(wrong)
    assert isinstance(caught.value, CvatSdkException)


def test_filter_dict() -> None:
    given = {"a": 1, "b": 2, "c": 3}
    assert filter_dict(given) == given
    assert filter_dict(given, keep=["a", "b"], drop=["b"]) == {"a": 1}
    assert filter_dict(given, keep=[]) == given


def test_a_file_is_there_when_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old")
    (tmp_path / "a.txt.tmp0").write_text("of somebody else")
    with atomic_writer(path, "w") as file:
        file.write("nü")
        assert path.read_text() == "old"
    assert path.read_text("utf-8") == "nü"

    def fail() -> None:
        with atomic_writer(str(path), "wb") as file:
            file.write(b"half")
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert path.read_text("utf-8") == "nü"
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["a.txt", "a.txt.tmp0"]
    with pytest.raises(ValueError, match="mode"):
        atomic_writer(path, "a").__enter__()  # type: ignore[arg-type]  # what is tried
