"""A task as a dataset."""

from __future__ import annotations

import contextlib
import functools
import os
import shutil
import tempfile
import zipfile
from collections.abc import Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import attrs
from PIL import Image as pillow
from PIL.Image import Image

from cvat_sdk import models
from cvat_sdk.core.client import Client
from cvat_sdk.datasets.caching import CacheManager, UpdatePolicy, make_cache_manager
from cvat_sdk.datasets.common import (
    FrameAnnotations,
    MediaDownloadPolicy,
    MediaElement,
    Sample,
    UnsupportedDatasetError,
)

__all__ = ["TaskDataset"]

_DOWNLOADS = 4
"""Chunks that are fetched at a time."""


@functools.lru_cache(maxsize=4)
def _opened(path: Path, changed: int, process: int) -> zipfile.ZipFile:
    """A chunk, of which one frame after the other is read; it is closed when others have taken its place."""
    return zipfile.ZipFile(path)


class TaskDataset:
    """The frames of a task with their tags and shapes; deleted frames and tracks are left out.

    Args:
        client: The client.
        task_id: Id of the task.
        update_policy: Whether the server is asked for what is on disk already.
        load_annotations: Read the annotations as well.
        media_download_policy: When images are fetched.

    Raises:
        UnsupportedDatasetError: The task has no data, or is a video and not fetched frame by frame.
        FileNotFoundError: By the policy ``NEVER``, something is not on disk.
    """

    class _TaskMediaElement(MediaElement):
        def __init__(self, dataset: TaskDataset, frame_index: int) -> None:
            self._dataset = dataset
            self._frame_index = frame_index

        def load_image(self) -> Image:
            return self._dataset._load_image(self._frame_index)

    class _TaskChunkDirMediaElement(MediaElement):
        def __init__(self, dataset: TaskDataset, frame_index: int, chunk_dir: Path) -> None:
            self._dataset = dataset
            self._frame_index = frame_index
            self._chunk_dir = chunk_dir

        def load_image(self) -> Image:
            return self._dataset._load_frame_image_from_chunk_dir(
                self._frame_index, self._chunk_dir
            )

    def __init__(
        self,
        client: Client,
        task_id: int,
        *,
        update_policy: UpdatePolicy = UpdatePolicy.IF_MISSING_OR_STALE,
        load_annotations: bool = True,
        media_download_policy: MediaDownloadPolicy = MediaDownloadPolicy.PRELOAD_ALL,
    ) -> None:
        self._logger = client.logger
        self._policy = MediaDownloadPolicy(media_download_policy)
        self._by_frame = self._policy is MediaDownloadPolicy.FETCH_FRAMES_ON_DEMAND
        if self._by_frame and update_policy is UpdatePolicy.NEVER:
            raise AssertionError(
                "frames cannot be fetched on demand by a policy that asks for nothing"
            )
        _opened.cache_clear()  # what is stale is about to be removed
        self._cache_manager: CacheManager = make_cache_manager(client, update_policy)
        self._task = self._cache_manager.retrieve_task(task_id)
        if not self._task._model.get("size") or not self._task._model.get("data_chunk_size"):
            raise UnsupportedDatasetError("The task has no data")
        if not self._by_frame and str(self._task.data_original_chunk_type) != "imageset":
            raise UnsupportedDatasetError(
                "Only tasks whose original chunks are image sets are supported, not "
                f"{str(self._task.data_original_chunk_type)!r}; fetch the frames on demand"
            )
        self._chunk_size: int = int(self._task.data_chunk_size or 0)
        self._logger.info("Fetching labels...")
        self._labels = tuple(self._task.get_labels())
        meta = self._cache_manager.ensure_task_model(
            self._task.id,
            "data_meta.json",
            models.DataMetaRead,
            self._task.get_meta,
            "data metadata",
        )
        deleted = set(meta.deleted_frames)
        active = [index for index in range(self._task.size) if index not in deleted]
        frames = meta.frames or []
        names = {index: frames[index if len(frames) > 1 else 0].name for index in active}
        self._chunk_dir = self._cache_manager.chunk_dir(task_id)
        if self._policy is MediaDownloadPolicy.PRELOAD_ALL:
            self._ensure_chunks(sorted({self._chunk_of(index) for index in active}))
        annotations = self._load_annotations(active) if load_annotations else {}
        self._samples = [
            Sample(
                frame_index=index,
                frame_name=names[index],
                annotations=annotations.get(index),
                media=self._TaskMediaElement(self, index),
            )
            for index in active
        ]

    @property
    def labels(self) -> Sequence[models.Label]:
        """The labels of the task."""
        return self._labels

    @property
    def samples(self) -> Sequence[Sample]:
        """The frames, in order."""
        return self._samples

    @contextlib.contextmanager
    def iter_samples(
        self, *, temporary_chunks: bool = False
    ) -> Generator[Iterator[Sample], Any, None]:
        """The frames one after the other; with chunks on demand, the next chunk is fetched meanwhile.

        Args:
            temporary_chunks: Keep no chunk on disk after its frames have been given.

        Raises:
            AssertionError: `temporary_chunks` with a policy that has no chunks on demand.
        """
        if self._policy is not MediaDownloadPolicy.FETCH_CHUNKS_ON_DEMAND:
            if temporary_chunks and not self._by_frame:
                raise AssertionError("temporary_chunks needs chunks that are fetched on demand")
            yield iter(self._samples)
            return
        with contextlib.ExitStack() as stack:
            folder = self._chunk_dir
            if temporary_chunks:
                prefix = f"cvat-task-{self._task.id}-chunks-"
                folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix=prefix)))
            pool = ThreadPoolExecutor(1, "cvat-sdk-chunks")
            stack.callback(pool.shutdown, cancel_futures=True)
            samples = self._iter_chunks(folder, pool, temporary_chunks)
            stack.callback(samples.close)
            yield samples

    def _iter_chunks(
        self, folder: Path, pool: ThreadPoolExecutor, temporary: bool
    ) -> Generator[Sample, None, None]:
        groups: dict[int, list[Sample]] = {}
        for sample in self._samples:
            groups.setdefault(self._chunk_of(sample.frame_index), []).append(sample)
        numbers = list(groups)
        ahead: Future[None] | None = None
        for position, number in enumerate(numbers):
            if ahead is None:
                self._ensure_chunk_in_dir(folder, number)
            else:
                ahead.result()
            following = numbers[position + 1] if position + 1 < len(numbers) else None
            ahead = (
                pool.submit(self._ensure_chunk_in_dir, folder, following)
                if following is not None
                else None
            )
            for sample in groups[number]:
                media = self._TaskChunkDirMediaElement(self, sample.frame_index, folder)
                yield attrs.evolve(sample, media=media) if temporary else sample
            if temporary:
                self._chunk_path(folder, number).unlink()

    # -- chunks -----------------------------------------------------------------------------------

    def _chunk_of(self, frame_index: int) -> int:
        return frame_index // self._chunk_size

    def _chunk_path(self, chunk_dir: Path, chunk_index: int) -> Path:
        return chunk_dir / f"{chunk_index}.zip"

    def _ensure_chunk_in_dir(self, chunk_dir: Path, chunk_index: int) -> None:
        if chunk_dir == self._chunk_dir:
            self._cache_manager.ensure_chunk(self._task, chunk_index)
            return
        cached = self._chunk_path(self._chunk_dir, chunk_index)
        path = self._chunk_path(chunk_dir, chunk_index)
        if cached.exists():
            shutil.copyfile(cached, path)
        elif not path.exists():
            with path.open("wb") as file:
                self._task.download_chunk(chunk_index, file, quality="original")

    def _ensure_chunks(self, chunk_indexes: Iterable[int]) -> None:
        self._logger.info("Downloading chunks...")
        with ThreadPoolExecutor(_DOWNLOADS, "cvat-sdk-chunks") as pool:
            futures = [
                pool.submit(self._cache_manager.ensure_chunk, self._task, index)
                for index in chunk_indexes
            ]
            try:
                for future in futures:
                    future.result()
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise
        self._logger.info("All chunks downloaded")

    # -- images -----------------------------------------------------------------------------------

    def _load_image(self, frame_index: int) -> Image:
        if self._by_frame:
            return pillow.open(self._task.get_frame(frame_index, quality="original"))
        self._cache_manager.ensure_chunk(self._task, self._chunk_of(frame_index))
        return self._load_frame_image_from_chunk_dir(frame_index, self._chunk_dir)

    def _load_frame_image_from_chunk_dir(self, frame_index: int, chunk_dir: Path) -> Image:
        path = self._chunk_path(chunk_dir, self._chunk_of(frame_index))
        with self._chunk(path) as archive:
            member = archive.infolist()[frame_index % self._chunk_size]
            with archive.open(member) as file:
                image = pillow.open(file)
                image.load()
        return image

    def _chunk(self, path: Path) -> contextlib.AbstractContextManager[zipfile.ZipFile]:
        if path.parent != self._chunk_dir:
            return zipfile.ZipFile(path)  # it is about to be removed, which is not for an open file
        # A chunk may be fetched anew, and a child process must not share a position in a file.
        return contextlib.nullcontext(_opened(path, path.stat().st_mtime_ns, os.getpid()))

    def _load_annotations(self, frame_indexes: Iterable[int]) -> dict[int, FrameAnnotations]:
        annotations = self._cache_manager.ensure_task_model(
            self._task.id,
            "annotations.json",
            models.LabeledData,
            self._task.get_annotations,
            "annotations",
        )
        found = {index: FrameAnnotations() for index in frame_indexes}
        for tag in annotations.tags:
            if tag.frame in found:
                found[tag.frame].tags.append(tag)
        for shape in annotations.shapes:
            if shape.frame in found:
                found[shape.frame].shapes.append(shape)
        return found
