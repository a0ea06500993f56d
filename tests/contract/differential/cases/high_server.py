"""Whole jobs of the high-level layer against a local server: tasks, data, annotations, datasets, backups."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

from differential.case import Side, case
from differential.high_level import logger, outcome

LABELS: list[dict[str, Any]] = [
    {
        "name": "car",
        "color": "#ff0000",
        "attributes": [
            {
                "name": "color",
                "mutable": False,
                "input_type": "select",
                "default_value": "red",
                "values": ["red", "blue"],
            }
        ],
    },
    {"name": "bus", "color": "#00ff00", "attributes": []},
]


def connect(side: Side, **options: Any) -> Any:
    from cvat_sdk.core.client import Client, Config

    config = Config(status_check_period=0.05, cache_dir=side.folder())
    client = Client(side.local["url"], config=config, check_server_version=False, **options)
    client.login((side.local["username"], side.local["password"]))
    return client


def pictures(side: Side, count: int = 3) -> list[Path]:
    from PIL import Image

    folder = side.folder()
    paths = [folder / f"{number}.png" for number in range(count)]
    for number, path in enumerate(paths):
        Image.new("RGB", (16, 12), (number * 60, 5, 5)).save(path)
    return paths


def task_of(side: Side, client: Any, count: int = 3, **spec: Any) -> Any:
    from cvat_sdk.core.proxies.tasks import ResourceType

    return client.tasks.create_from_data(
        {"name": "cars", "labels": LABELS} | spec,
        pictures(side, count),
        resource_type=ResourceType.LOCAL,
        data_params={"image_quality": 70},
    )


def summary(task: Any) -> Any:
    meta = task.get_meta()
    return [
        task.name,
        task.size,
        str(task.mode),
        str(task.status),
        task.segment_size,
        [frame.name for frame in meta.frames],
        meta.deleted_frames,
        [(job.start_frame, job.stop_frame) for job in task.get_jobs()],
        [label.name for label in task.get_labels()],
    ]


def boxes(task: Any) -> list[Any]:
    return sorted(
        [s.frame, str(s.type), [float(p) for p in s.points], str(s.source)]
        for s in task.get_annotations().shapes
    )


def car(task: Any) -> int:
    return next(int(label.id) for label in task.get_labels() if label.name == "car")


def annotate(task: Any, *frames: int) -> None:
    from cvat_sdk import models

    shapes = [
        models.LabeledShapeRequest(
            type="rectangle", frame=frame, label_id=car(task), points=[1.0, 2.0, 9.0, 8.0]
        )
        for frame in frames
    ]
    task.set_annotations(models.LabeledDataRequest(shapes=shapes))


_PARAMETERS: dict[str, Any] = {
    "plain": {},
    "quality": {"image_quality": 30},
    "start and stop": {"start_frame": 1, "stop_frame": 2},
    "step": {"frame_filter": "step=2"},
    "sorted": {"sorting_method": "natural"},
    "chunks": {"chunk_size": 2},
    "zip chunks": {"use_zip_chunks": True},
    "cache": {"use_cache": True},
    "unknown": {"no_such_thing": 1},
}


@case(each=_PARAMETERS, real=True)
def create_from_data(side: Side, parameters: Any) -> Any:
    with connect(side) as client:
        task = client.tasks.create_from_data(
            {"name": "cars", "labels": LABELS},
            pictures(side),
            data_params={"image_quality": 70, **parameters},
        )
        return summary(task)


_SPECS: dict[str, Any] = {
    "segments": {"segment_size": 2, "overlap": 1},
    "subset": {"subset": "Train"},
    "bug tracker": {"bug_tracker": "http://bugs"},
}


@case(each=_SPECS, real=True)
def create_from_data_of_a_model(side: Side, spec: Any) -> Any:
    from cvat_sdk import models

    with connect(side) as client:
        body = models.TaskWriteRequest(name="cars", labels=LABELS, **spec)
        return summary(client.tasks.create_from_data(body, pictures(side)))


@case(real=True)
def create_from_an_archive(side: Side) -> Any:
    paths = pictures(side)
    archive = side.folder() / "a.zip"
    with zipfile.ZipFile(archive, "w") as opened:
        for path in paths:
            opened.write(path, path.name)
    with connect(side) as client:
        return summary(client.tasks.create_from_data({"name": "cars", "labels": LABELS}, [archive]))


@case(real=True)
def create_and_upload(side: Side) -> Any:
    from cvat_sdk.core.proxies.tasks import ResourceType

    with connect(side) as client:
        task = client.tasks.create({"name": "cars", "labels": LABELS})
        before = task.get("size") if hasattr(task, "get") else None
        task.upload_data(pictures(side), resource_type=ResourceType.LOCAL)
        return [before, summary(task.fetch())]


@case(real=True)
def upload_of_what_is_not_there(side: Side) -> Any:
    with connect(side) as client:
        task = client.tasks.create({"name": "cars", "labels": LABELS})
        return outcome(side, task.upload_data, [side.folder() / "nothing.png"])


@case(real=True)
def upload_of_what_is_no_image(side: Side) -> Any:
    path = side.folder() / "a.png"
    path.write_bytes(b"no image")
    with connect(side) as client:
        task = client.tasks.create({"name": "cars", "labels": LABELS})
        return outcome(side, task.upload_data, [path])


@case(real=True)
def upload_of_nothing(side: Side) -> Any:
    with connect(side) as client:
        task = client.tasks.create({"name": "cars", "labels": LABELS})
        return outcome(side, task.upload_data, [])


@case(each=("original", "compressed"), real=True)
def frames(side: Side, quality: str) -> Any:
    from PIL import Image

    with connect(side) as client:
        task = task_of(side, client)
        with Image.open(task.get_frame(2, quality=quality)) as image:
            return [image.format, image.size]


@case(real=True)
def frames_to_files(side: Side) -> Any:
    with connect(side) as client:
        task = task_of(side, client)
        folder = side.folder()
        made = task.download_frames([0, 2], outdir=folder, quality="original")
        return [type(made).__name__, sorted(path.name for path in folder.iterdir())]


@case(each=("jpg", "png"), real=True)
def frames_to_files_of_a_kind(side: Side, extension: str) -> Any:
    with connect(side) as client:
        task = task_of(side, client)
        folder = side.folder()
        task.download_frames(
            [1], outdir=folder, image_extension=extension, filename_pattern="f{frame_id}{frame_ext}"
        )
        return sorted(path.name for path in folder.iterdir())


@case(real=True)
def chunks(side: Side) -> Any:
    with connect(side) as client:
        task = task_of(side, client)
        path = side.folder() / "chunk.zip"
        with path.open("wb") as file:
            task.download_chunk(0, file, quality="original")
        with zipfile.ZipFile(path) as opened:
            return len(opened.namelist())


@case(real=True)
def removed_frames(side: Side) -> Any:
    with connect(side) as client:
        task = task_of(side, client)
        task.remove_frames_by_ids([1])
        return task.get_meta().deleted_frames


@case(real=True)
def annotations(side: Side) -> Any:
    from cvat_sdk import models
    from cvat_sdk.core.proxies.annotations import AnnotationUpdateAction as Action

    with connect(side) as client:
        task = task_of(side, client)
        annotate(task, 0, 1)
        seen = [boxes(task)]
        shape = models.LabeledShapeRequest(
            type="polygon", frame=2, label_id=car(task), points=[1.0, 1, 5, 1, 5, 5]
        )
        added = models.PatchedLabeledDataRequest(shapes=[shape])
        task.update_annotations(added, action=Action.CREATE)
        seen.append(boxes(task))
        first = task.get_annotations().shapes[0]
        task.remove_annotations(ids=[first.id])
        seen.append(boxes(task))
        task.remove_annotations()
        return [*seen, boxes(task)]


@case(each={"task": "task", "job": "job"}, real=True)
def wrong_annotations(side: Side, kind: str) -> Any:
    from cvat_sdk import models

    with connect(side) as client:
        task = task_of(side, client)
        target = task if kind == "task" else task.get_jobs()[0]
        shape = models.LabeledShapeRequest(
            type="rectangle", frame=0, label_id=99999, points=[1.0, 2, 3, 4]
        )
        return outcome(side, target.set_annotations, models.LabeledDataRequest(shapes=[shape]))


_FORMATS = {
    "COCO 1.0": "COCO 1.0",
    "CVAT for images 1.1": "CVAT 1.1",
    "Datumaro 1.0": "Datumaro 1.0",
}


@case(each=_FORMATS, real=True)
def datasets_of_a_task(side: Side, importer: str) -> Any:
    exporter = next(name for name, known in _FORMATS.items() if known == importer)
    with connect(side) as client:
        task = task_of(side, client)
        annotate(task, 0, 2)
        path = side.folder() / "a.zip"
        task.export_dataset(exporter, path, include_images=False)
        with zipfile.ZipFile(path) as opened:
            names = sorted(opened.namelist())
        task.remove_annotations()
        task.import_annotations(importer, path)
        return [names, boxes(task)]


@case(each=("task", "job", "project"), real=True)
def datasets_with_images(side: Side, kind: str) -> Any:
    with connect(side) as client:
        project = client.projects.create({"name": "all", "labels": LABELS})
        task = client.tasks.create_from_data(
            {"name": "cars", "project_id": project.id}, pictures(side)
        )
        annotate(task, 1)
        target = {"task": task, "job": task.get_jobs()[0], "project": project}[kind]
        path = side.folder() / "a.zip"
        target.export_dataset("COCO 1.0", path, include_images=True)
        with zipfile.ZipFile(path) as opened:
            document = json.loads(opened.read("annotations/instances_default.json"))
            return [sorted(opened.namelist()), [a["bbox"] for a in document["annotations"]]]


@case(real=True)
def dataset_to_a_file_that_is_there(side: Side) -> Any:
    with connect(side) as client:
        task = task_of(side, client)
        path = side.folder() / "a.zip"
        path.write_bytes(b"mine")
        return [outcome(side, task.export_dataset, "COCO 1.0", path), path.read_bytes()]


@case(real=True)
def dataset_of_an_unknown_format(side: Side) -> Any:
    with connect(side) as client:
        task = task_of(side, client)
        return outcome(side, task.export_dataset, "NOPE 1.0", side.folder() / "a.zip")


@case(real=True)
def annotations_of_another_format(side: Side) -> Any:
    path = side.folder() / "a.zip"
    path.write_bytes(b"nothing")
    with connect(side) as client:
        task = task_of(side, client)
        return outcome(side, task.import_annotations, "COCO 1.0", path)


@case(each=("task", "project"), real=True)
def backups(side: Side, kind: str) -> Any:
    with connect(side) as client:
        project = client.projects.create({"name": "all", "labels": LABELS})
        task = client.tasks.create_from_data(
            {"name": "cars", "project_id": project.id}, pictures(side)
        )
        annotate(task, 1)
        path = side.folder() / "a.zip"
        if kind == "task":
            task.download_backup(path)
            made = client.tasks.create_from_backup(path)
            return [summary(made), boxes(made)]
        project.download_backup(path)
        copied = client.projects.create_from_backup(path)
        return [copied.name, [[summary(task), boxes(task)] for task in copied.get_tasks()]]


@case(real=True)
def dataset_into_a_project(side: Side) -> Any:
    with connect(side) as client:
        task = task_of(side, client)
        annotate(task, 1)
        path = side.folder() / "a.zip"
        task.export_dataset("COCO 1.0", path, include_images=True)
        project = client.projects.create_from_dataset(
            {"name": "all", "labels": LABELS}, dataset_path=path, dataset_format="COCO 1.0"
        )
        return [[found.name, found.size, boxes(found)] for found in project.get_tasks()]


@case(real=True)
def issues(side: Side) -> Any:
    from cvat_sdk import models

    with connect(side) as client:
        task = task_of(side, client)
        job = task.get_jobs()[0]
        issue = client.issues.create(
            models.IssueWriteRequest(frame=1, position=[1.0, 2.0], job=job.id, message="wide")
        )
        comment = client.comments.create(models.CommentWriteRequest(issue.id, message="yes"))
        comment.update({"message": "no"})
        issue.update({"resolved": True})
        found = [(entry.frame, entry.resolved) for entry in job.get_issues()]
        comment.remove()
        issue.remove()
        return [found, len(job.get_issues())]


@case(real=True)
def projects(side: Side) -> Any:
    with connect(side) as client:
        project = client.projects.create({"name": "all", "labels": LABELS})
        client.tasks.create_from_data({"name": "a", "project_id": project.id}, pictures(side, 1))
        client.tasks.create_from_data({"name": "b", "project_id": project.id}, pictures(side, 2))
        project.update({"name": "more"})
        found = [(task.name, task.size) for task in project.get_tasks()]
        labels = [(label.name, label.color) for label in project.get_labels()]
        project.remove()
        return [
            project.name,
            sorted(found),
            labels,
            outcome(side, client.projects.retrieve, project.id),
        ]


@case(each={"start": {"stage": "validation"}, "done": {"state": "completed"}}, real=True)
def jobs(side: Side, changes: Any) -> Any:
    with connect(side) as client:
        job = task_of(side, client).get_jobs()[0]
        job.update(changes)
        return [str(job.stage), str(job.state), str(job.fetch().status)]


@case(real=True)
def users(side: Side) -> Any:
    with connect(side) as client:
        me = client.users.retrieve_current_user()
        return [me.username, me.is_superuser, client.users.retrieve(me.id).username]


@case(real=True)
def logs_of_an_upload(side: Side) -> Any:
    log, records = logger()
    with connect(side, logger=log) as client:
        task_of(side, client)
    return sorted({level for level, _ in records})


# -- datasets and functions ---------------------------------------------------------------------------

_POLICIES = ("PRELOAD_ALL", "FETCH_CHUNKS_ON_DEMAND", "FETCH_FRAMES_ON_DEMAND")


@case(each=_POLICIES, real=True)
def a_task_as_a_dataset(side: Side, policy: str) -> Any:
    from cvat_sdk.datasets import MediaDownloadPolicy, TaskDataset

    with connect(side) as client:
        task = task_of(side, client, 4)
        annotate(task, 1, 3)
        task.remove_frames_by_ids([2])
        dataset = TaskDataset(client, task.id, media_download_policy=MediaDownloadPolicy[policy])
        return [
            [
                sample.frame_index,
                sample.frame_name,
                len(sample.annotations.shapes),
                sample.media.load_image().getpixel((0, 0)),
            ]
            for sample in dataset.samples
        ]


@case(real=True)
def a_task_without_data_as_a_dataset(side: Side) -> Any:
    from cvat_sdk.datasets import TaskDataset

    with connect(side) as client:
        task = client.tasks.create({"name": "empty", "labels": LABELS})
        return outcome(side, TaskDataset, client, task.id)


_FUNCTIONS: dict[str, Any] = {
    "boxes": lambda f: ([f.label_spec("car", 5)], lambda c, i: [f.rectangle(5, [1, 2, 3, 4])]),
    "tags": lambda f: ([f.label_spec("bus", 1, type="tag")], lambda c, i: [f.tag(1)]),
    "nothing": lambda f: ([f.label_spec("car", 5)], lambda c, i: []),
    "names of frames": lambda f: (
        [f.label_spec("car", 5)],
        lambda c, i: [f.rectangle(5, [0, 0, 1 + int(c.frame_name[0]), 5])],
    ),
    "unknown label": lambda f: ([f.label_spec("plane", 5)], lambda c, i: []),
    "label id that is not there": lambda f: (
        [f.label_spec("car", 5)],
        lambda c, i: [f.rectangle(6, [1, 2, 3, 4])],
    ),
    "id set": lambda f: (
        [f.label_spec("car", 5)],
        lambda c, i: [f.rectangle(5, [1, 2, 3, 4], id=1)],
    ),
    "source set": lambda f: (
        [f.label_spec("car", 5)],
        lambda c, i: [f.rectangle(5, [1, 2, 3, 4], source="manual")],
    ),
    "frame set": lambda f: (
        [f.label_spec("car", 5)],
        lambda c, i: [f.rectangle(5, [1, 2, 3, 4], frame=1)],
    ),
    "another type": lambda f: (
        [f.label_spec("car", 5, type="polygon")],
        lambda c, i: [f.rectangle(5, [1, 2, 3, 4])],
    ),
    "attributes": lambda f: (
        [f.label_spec("car", 5, attributes=[f.select_attribute_spec("color", 0, ["blue", "red"])])],
        lambda c, i: [f.rectangle(5, [1, 2, 3, 4], attributes=[{"spec_id": 0, "value": "blue"}])],
    ),
    "attribute of another kind": lambda f: (
        [f.label_spec("car", 5, attributes=[f.text_attribute_spec("color", 0)])],
        lambda c, i: [],
    ),
    "attribute that is not there": lambda f: (
        [f.label_spec("car", 5, attributes=[f.text_attribute_spec("speed", 0)])],
        lambda c, i: [],
    ),
    "wrong value": lambda f: (
        [f.label_spec("car", 5, attributes=[f.select_attribute_spec("color", 0, ["blue", "red"])])],
        lambda c, i: [f.rectangle(5, [1, 2, 3, 4], attributes=[{"spec_id": 0, "value": "green"}])],
    ),
    "failure": lambda f: ([f.label_spec("car", 5)], lambda c, i: 1 / 0),
    "no annotations": lambda f: ([f.label_spec("car", 5)], lambda c, i: ["box"]),
}
_OPTIONS: dict[str, Any] = {
    "plain": {},
    "cleared": {"clear_existing": True},
    "unmatched": {"allow_unmatched_labels": True},
    "threshold": {"conf_threshold": 0.5},
    "wrong threshold": {"conf_threshold": 2},
    "polygons": {"conv_mask_to_poly": True},
}


def _annotated(side: Side, make: Any, options: Any) -> Any:
    import types

    import cvat_sdk.auto_annotation as functions

    labels, detect = make(functions)
    with connect(side) as client:
        task = task_of(side, client, 2)
        annotate(task, 0)
        spec = functions.DetectionFunctionSpec(labels=labels)
        function = types.SimpleNamespace(spec=spec, detect=detect)
        raised = outcome(side, functions.annotate_task, client, task.id, function, **options)
        found = task.get_annotations()
        values = sorted(a.value for shape in found.shapes for a in shape.attributes)
        return [raised, boxes(task), len(found.tags), values]


@case(each=_FUNCTIONS, real=True)
def functions(side: Side, make: Any) -> Any:
    return _annotated(side, make, {})


@case(each=_OPTIONS, real=True)
def options_of_functions(side: Side, options: Any) -> Any:
    return _annotated(side, _FUNCTIONS["boxes"], options)


@case(each=("unknown label", "attribute that is not there"), real=True)
def unmatched_functions(side: Side, name: str) -> Any:
    return _annotated(side, _FUNCTIONS[name], {"allow_unmatched_labels": True})
