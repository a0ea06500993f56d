"""Writing and reading datasets in a format."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cvat_local.formats.archive import ArchiveWriter, Source
from cvat_local.formats.dataset import Dataset
from cvat_local.formats.registry import find_exporter, find_importer

from .samples import make_dataset


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    """The sample dataset."""
    return make_dataset(tmp_path)


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Writes a dataset in a format; gives the archive."""

    def write_archive(dataset: Dataset, name: str, *, save_images: bool = False) -> Path:
        path = tmp_path / "dataset.zip"
        exporter = find_exporter(name)
        assert exporter is not None
        with path.open("wb") as file, ArchiveWriter(file) as archive:
            exporter.load()(dataset, archive, save_images=save_images)
        return path

    return write_archive


@pytest.fixture
def read() -> Callable[..., dict[str, Any]]:
    """Reads a file in a format for a dataset's labels and frames; gives the document."""

    def read_file(path: Path, name: str, target: Dataset) -> dict[str, Any]:
        importer = find_importer(name)
        assert importer is not None
        found: dict[str, Any] = importer.load()(Source(path), target)
        return found

    return read_file
