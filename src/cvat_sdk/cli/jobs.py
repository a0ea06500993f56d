"""Jobs that take several calls: export, import, backup, restore and upload, with their progress."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from cvat_sdk.cli import failures, output
from cvat_sdk.cli.failures import UsageError
from cvat_sdk.cli.parsing import Parser

if TYPE_CHECKING:
    from cvat_sdk.api_client import ApiClient
    from cvat_sdk.core.progress import ProgressReporter

Run = Callable[["ApiClient", argparse.Namespace], int]


class Job(NamedTuple):
    """A command of a resource that is no operation."""

    about: str
    parser: Callable[[str], Parser]
    """Its parser, by the name of the resource."""
    run: Run


def of(resource: str) -> dict[str, Job]:
    """The jobs of a resource, by name."""
    names = _OF.get(resource, ())
    return {name: _JOBS[name] for name in names}


def _parser(name: str, about: str, *, has_id: bool = True) -> Callable[[str], Parser]:
    def make(resource: str) -> Parser:
        parser = Parser(f"{resource} {name}", about, has_fields=False)
        parser.set_defaults(resource=resource)
        if has_id:
            parser.add_argument("id", type=int, metavar="ID")
        if name in ("import", "restore"):
            parser.add_argument("file", type=Path, metavar="FILE")
        if name in ("export", "import"):
            parser.add_argument("--format", required=True, help='such as "COCO 1.0"')
        if name == "export":
            parser.add_argument("--no-images", action="store_true", help="the annotations alone")
        return parser

    return make


def upload_parser() -> Parser:
    """The parser of ``upload``."""
    parser = Parser("upload", "Send images or a video to a task.", has_fields=False)
    parser.add_argument("task", type=int, metavar="TASK")
    parser.add_argument("files", nargs="+", metavar="FILE")
    parser.add_argument("--image-quality", type=int, default=70, metavar="N", help="1 to 100")
    parser.add_argument(
        "--state", metavar="FILE", help="where to go on from, should the upload be killed"
    )
    return parser


def upload(client: ApiClient, options: argparse.Namespace) -> int:
    """Send the files of a task, and wait until they are frames."""
    from cvat_sdk.core.requests import wait_for_request
    from cvat_sdk.core.uploading import upload_files

    rq_id = upload_files(
        client,
        options.task,
        options.files,
        image_quality=options.image_quality,
        state=options.state,
        pbar=progress(),
    )
    if rq_id:
        wait_for_request(client, rq_id)
    _tell(options, {"task": options.task, "files": len(options.files)})
    return failures.OK


def progress() -> ProgressReporter:
    """A bar where somebody sees it."""
    from cvat_sdk.core.helpers import DeferredTqdmProgressReporter
    from cvat_sdk.core.progress import NullProgressReporter

    return DeferredTqdmProgressReporter() if sys.stderr.isatty() else NullProgressReporter()


def _tell(options: argparse.Namespace, done: dict[str, Any]) -> None:
    output.single(done, options.output or "jsonl", ())


def _api(client: ApiClient, options: argparse.Namespace) -> Any:
    return getattr(client, f"{options.resource}_api")


def _target(options: argparse.Namespace) -> Path:
    if options.save_to is None:
        raise UsageError("name the file to write with -o FILE")
    target: Path = options.save_to
    return target


def _export(client: ApiClient, options: argparse.Namespace) -> int:
    from cvat_sdk.core.requests import export_dataset

    path = export_dataset(
        _api(client, options),
        options.id,
        options.format,
        _target(options),
        save_images=not options.no_images,
        pbar=progress(),
    )
    _tell(options, {"file": str(path)})
    return failures.OK


def _import(client: ApiClient, options: argparse.Namespace) -> int:
    from cvat_sdk.core.requests import import_annotations, import_dataset

    do = import_dataset if options.resource == "projects" else import_annotations
    do(_api(client, options), options.id, options.format, options.file, pbar=progress())
    _tell(options, {"id": options.id, "imported": str(options.file)})
    return failures.OK


def _backup(client: ApiClient, options: argparse.Namespace) -> int:
    from cvat_sdk.core.requests import export_backup

    path = export_backup(_api(client, options), options.id, _target(options), pbar=progress())
    _tell(options, {"file": str(path)})
    return failures.OK


def _restore(client: ApiClient, options: argparse.Namespace) -> int:
    from cvat_sdk.core.requests import restore_backup

    _tell(options, {"id": restore_backup(_api(client, options), options.file, pbar=progress())})
    return failures.OK


def _job(name: str, about: str, run: Run, *, has_id: bool = True) -> Job:
    return Job(about, _parser(name, about, has_id=has_id), run)


_JOBS = {
    "export": _job("export", "Export annotations, with images, to a file", _export),
    "import": _job("import", "Import annotations, or a dataset into a project", _import),
    "backup": _job("backup", "Write a backup to a file", _backup),
    "restore": _job("restore", "Make a new one of a backup", _restore, has_id=False),
}
_OF = {
    "tasks": ("export", "import", "backup", "restore"),
    "projects": ("export", "import", "backup", "restore"),
    "jobs": ("export", "import"),
}
