"""A task or a project as the archive of a backup."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import IO, Any

from sqlalchemy.orm import Session

from cvat_local.media import images, video
from cvat_local.media.kinds import MediaKind, is_junk, is_related_image, kind_of
from cvat_local.media.ordering import natural_key
from cvat_local.resources.annotations import load_job
from cvat_local.resources.backups.documents import ASSETS, GUIDE, VERSION, Names, labels
from cvat_local.resources.data import TaskFolder, source_number
from cvat_local.storage.files import DataFolder
from cvat_local.storage.queries.guides import guide_of
from cvat_local.storage.queries.honeypots import honeypots_per_job
from cvat_local.storage.queries.labels import labels_of_project, labels_of_task
from cvat_local.storage.tables import GROUND_TRUTH, GT_POOL, Data, Job, Project, Task

_MANIFEST_VERSION = "1.1"

Progress = Callable[[float, str], None]


class BackupWriter:
    """Writes an archive, which holds everything without packing it.

    Args:
        file: Where it is written; seekable.
        files: The data folder.
        db: A session that sees what is backed up.
        progress: Told how much is done, from 0 to 1.
    """

    def __init__(self, file: IO[bytes], files: DataFolder, db: Session, progress: Progress) -> None:
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_STORED, allowZip64=True)
        self._files = files
        self._db = db
        self._progress = progress

    def __enter__(self) -> BackupWriter:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def task(self, task: Task) -> None:
        """Write a task."""
        self._task(task, task.data, "", 0.0, 1.0)

    def project(self, project: Project) -> None:
        """Write a project, and those of its tasks that have data."""
        self._json(
            "project.json",
            {
                "name": project.name,
                "bug_tracker": project.bug_tracker,
                "status": project.status,
                "labels": labels(labels_of_project(self._db, project)),
                "version": VERSION,
            },
        )
        self._guide(project, "")
        share = 1 / max(len(project.tasks), 1)
        for number, task in enumerate(project.tasks):
            if task.data is not None and task.data.size:
                self._task(task, task.data, f"task_{number}/", number * share, share)

    def _task(self, task: Task, data: Data | None, place: str, start: float, share: float) -> None:
        if data is None:
            raise ValueError("a task without data has no backup")
        used = labels_of_task(self._db, task)
        jobs = sorted(task.jobs, key=lambda job: job.id)
        self._json(
            f"{place}task.json",
            {
                "name": task.name,
                "bug_tracker": task.bug_tracker,
                "status": task.status,
                "subset": task.subset,
                "labels": labels(used),
                "version": VERSION,
                "data": _data(self._db, data),
                "jobs": [_job(job, data) for job in jobs],
            },
        )
        names = Names(used)
        documents = [names.written(load_job(self._db, job)) for job in jobs]
        self._json(f"{place}annotations.json", documents)
        self._guide(task, place)
        media = _Media(self._files, data)
        for done, name in enumerate(media.names, 1):
            self._zip.write(media.root / name, f"{place}data/{name}")
            self._progress(start + share * done / len(media.names), "Writing the data")
        lines = "".join(json.dumps(line, separators=(",", ":")) + "\n" for line in media.manifest())
        self._zip.writestr(f"{place}data/manifest.jsonl", lines)

    def _guide(self, target: Task | Project, place: str) -> None:
        guide = guide_of(self._db, target)
        if guide is None:
            return
        self._zip.writestr(f"{place}{GUIDE}", guide.markdown)
        for asset in guide.assets:
            name = f"{place}{ASSETS}{asset.uuid}/{asset.filename}"
            self._zip.write(self._files.asset(asset.uuid), name)

    def _json(self, name: str, content: Any) -> None:
        with self._zip.open(name, "w", force_zip64=True) as member:
            for piece in json.JSONEncoder(separators=(",", ":")).iterencode(content):
                member.write(piece.encode())


def _data(db: Session, data: Data) -> dict[str, Any]:
    written: dict[str, Any] = {
        "chunk_size": data.chunk_size,
        "image_quality": data.image_quality,
        "start_frame": data.start_frame,
        "stop_frame": data.stop_frame,
        "storage_method": data.storage_method,
        "sorting_method": data.sorting_method,
        "chunk_type": data.compressed_chunk_type,
        "deleted_frames": data.deleted_frames,
        "storage": "local",
    }
    if data.frame_filter:
        written["frame_filter"] = data.frame_filter
    if data.has_honeypots:
        truth = next(job for job in data.task.jobs if job.type == GROUND_TRUTH)
        written["validation_layout"] = {
            "mode": GT_POOL,
            "frames": _files(data, truth),
            "frames_per_job_count": honeypots_per_job(db, data),
        }
    return written


def _job(job: Job, data: Data) -> dict[str, Any]:
    written: dict[str, Any] = {
        "status": job.status,
        "type": job.type,
        "start_frame": job.start_frame,
        "stop_frame": job.stop_frame,
    }
    if job.frames is not None:
        written["frames"] = job.frames
    if data.has_honeypots:
        written["files"] = _files(data, job)
    return written


def _files(data: Data, job: Job) -> list[str]:
    return [frame.name for frame in data.frames[job.start_frame : job.stop_frame + 1]]


class _Media:
    """The files of a task's data, in their order."""

    def __init__(self, files: DataFolder, data: Data) -> None:
        self._folder = TaskFolder(files, data.task_id)
        self._data = data
        self._frames = list(data.frames)
        self._video: Path | None = None
        if data.video_path is not None:
            self._video = files.absolute(data.video_path)
            self.root = self._video.parent
            self.names = [self._video.name]
            return
        # What an archive held is among what was made of the uploads.
        unpacked = self._folder.media / "unpacked"
        self.root = unpacked if unpacked.is_dir() else self._folder.uploads
        found = [
            path.relative_to(self.root).as_posix()
            for path in self.root.rglob("*")
            if path.is_file() and kind_of(path.name) is MediaKind.IMAGE
        ]
        present = sorted((name for name in found if not is_junk(name)), key=natural_key)
        related = [name for name in present if is_related_image(name)]
        self._images = self._in_order([name for name in present if name not in set(related)])
        self.names = self._images + related

    def _in_order(self, present: list[str]) -> list[str]:
        """The images by their source numbers; those that are no frames fill the gaps."""
        places: dict[int, str] = {
            source_number(self._data, frame.number): frame.name for frame in self._frames
        }
        taken = set(places.values())
        others = (name for name in present if name not in taken)
        count = max(len(present), *(number + 1 for number in places))
        ordered = (places.get(number) or next(others, None) for number in range(count))
        # Frames behind honeypots are there more than once.
        return list(dict.fromkeys(name for name in ordered if name is not None))

    def manifest(self) -> Iterator[dict[str, Any]]:
        """The lines of the manifest."""
        yield {"version": _MANIFEST_VERSION}
        if self._video is not None:
            yield from self._of_video(self._video)
            return
        yield {"type": "images"}
        sizes = {frame.name: (frame.width, frame.height) for frame in self._frames}
        for name in self._images:
            path = PurePosixPath(name)
            width, height = sizes.get(name) or _size(self.root / name)
            yield {
                "name": path.with_suffix("").as_posix(),
                "extension": path.suffix,
                "width": width,
                "height": height,
            }

    def _of_video(self, path: Path) -> Iterator[dict[str, Any]]:
        info = video.probe(path, path.name)
        yield {"type": "video"}
        yield {
            "properties": {
                "name": path.name,
                "resolution": [info.width, info.height],
                "length": info.frame_count,
                "chapters": self._data.chapters or [],
            }
        }
        times = info.index.times
        keys = [times.index(time) for time in info.index.key_times if time in times]
        frames = video.read_frames(path, path.name, info.index, keys)
        for number, picture in zip(keys, frames, strict=True):
            checksum = hashlib.md5(picture.tobytes(), usedforsecurity=False).hexdigest()
            yield {"number": number, "pts": times[number], "checksum": checksum}


def _size(path: Path) -> tuple[int, int]:
    found = images.probe(path, path.name)
    return found.width, found.height
