"""The dataset formats that the server knows by name.

A format that is known but not written here is listed as disabled, so that clients find its name and
get a clear answer. Importing this module loads no format: a format is loaded when it is first used.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from cvat_local.formats.archive import ArchiveWriter, Source
    from cvat_local.formats.dataset import Dataset, Document
    from cvat_local.formats.outline import Outline


class Export(Protocol):
    """Writes a dataset into an archive."""

    def __call__(self, dataset: Dataset, archive: ArchiveWriter, *, save_images: bool) -> None: ...


class Import(Protocol):
    """Reads a file for the labels and frames of a dataset."""

    def __call__(self, source: Source, target: Dataset) -> Document: ...


class ReadOutline(Protocol):
    """Reads what a dataset consists of."""

    def __call__(self, source: Source) -> Outline: ...


@dataclass(frozen=True)
class Format:
    """One direction (export or import) of a dataset format."""

    title: str
    """Name without the version."""
    version: str
    ext: str = "ZIP"
    """File types, as users read them: ``JSON, ZIP``."""
    dimension: str = "2d"
    function: str | None = None
    """Where it is written, as ``module:name`` within this package; None: it is not available."""
    outline: str | None = None
    """Where it is read what tasks and labels a dataset of it makes, likewise; for imports."""

    @property
    def name(self) -> str:
        """The name that clients ask for, such as ``COCO 1.0``."""
        return f"{self.title} {self.version}"

    @property
    def enabled(self) -> bool:
        """Whether it can be used."""
        return self.function is not None

    def load(self) -> Any:
        """The function that does the work; an `Export` or `Import`."""
        return self._load(self.function)

    def load_outline(self) -> Any:
        """The function that reads what a dataset consists of; a `ReadOutline`."""
        return self._load(self.outline)

    def _load(self, place: str | None) -> Any:
        if place is None:
            raise LookupError(f"The format {self.name!r} is not available on this server.")
        module, _, name = place.partition(":")
        return getattr(import_module(f"cvat_local.formats.{module}"), name)

    def describe(self) -> dict[str, Any]:
        """What the API says about it."""
        return {
            "name": self.name,
            "ext": self.ext,
            "version": self.version,
            "enabled": self.enabled,
            "dimension": self.dimension,
        }


EXPORTERS: tuple[Format, ...] = (
    Format("CamVid", "1.0"),
    Format("Cityscapes", "1.0"),
    Format("COCO", "1.0", function="coco:export_coco"),
    Format("COCO Keypoints", "1.0", function="coco_keypoints:export_coco_keypoints"),
    Format("CVAT for video", "1.1", function="cvat_video:export_cvat_video"),
    Format("CVAT for images", "1.1", function="cvat_images:export_cvat_images"),
    Format("Datumaro", "1.0", function="datumaro_json:export_datumaro"),
    Format("Datumaro 3D", "1.0", dimension="3d"),
    Format("ICDAR Recognition", "1.0"),
    Format("ICDAR Localization", "1.0"),
    Format("ICDAR Segmentation", "1.0"),
    Format("ImageNet", "1.0", function="imagenet:export_imagenet"),
    Format("KITTI", "1.0"),
    Format("LabelMe", "3.0"),
    Format("LFW", "1.0"),
    Format("Market-1501", "1.0"),
    Format("Segmentation mask", "1.1"),
    Format("MOT", "1.1", function="mot:export_mot"),
    Format("MOTS PNG", "1.0"),
    Format("Open Images V6", "1.0"),
    Format("PASCAL VOC", "1.1"),
    Format("Sly Point Cloud Format", "1.0", dimension="3d"),
    Format("Kitti Raw Format", "1.0", dimension="3d"),
    Format("VGGFace2", "1.0"),
    Format("WiderFace", "1.0"),
    Format("YOLO", "1.1", function="yolo:export_yolo"),
    Format("Ultralytics YOLO Detection", "1.0"),
    Format("Ultralytics YOLO Detection Track", "1.0"),
    Format("Ultralytics YOLO Oriented Bounding Boxes", "1.0"),
    Format("Ultralytics YOLO Segmentation", "1.0"),
    Format("Ultralytics YOLO Pose", "1.0"),
    Format("Ultralytics YOLO Classification", "1.0"),
)

IMPORTERS: tuple[Format, ...] = (
    Format("CamVid", "1.0"),
    Format("Cityscapes", "1.0"),
    Format(
        "COCO",
        "1.0",
        ext="JSON, ZIP",
        function="coco:import_coco",
        outline="coco:outline_coco",
    ),
    Format(
        "COCO Keypoints",
        "1.0",
        ext="JSON, ZIP",
        function="coco_keypoints:import_coco_keypoints",
        outline="coco_keypoints:outline_coco_keypoints",
    ),
    Format(
        "CVAT",
        "1.1",
        ext="XML, ZIP",
        function="cvat_import:import_cvat",
        outline="cvat_import:outline_cvat",
    ),
    Format(
        "Datumaro",
        "1.0",
        ext="JSON, ZIP",
        function="datumaro_json:import_datumaro",
        outline="datumaro_json:outline_datumaro",
    ),
    Format("Datumaro 3D", "1.0", ext="JSON, ZIP", dimension="3d"),
    Format("ICDAR Recognition", "1.0"),
    Format("ICDAR Localization", "1.0"),
    Format("ICDAR Segmentation", "1.0"),
    Format(
        "ImageNet", "1.0", function="imagenet:import_imagenet", outline="imagenet:outline_imagenet"
    ),
    Format("KITTI", "1.0"),
    Format("LabelMe", "3.0"),
    Format("LFW", "1.0"),
    Format("Market-1501", "1.0"),
    Format("Segmentation mask", "1.1"),
    Format("MOT", "1.1", function="mot:import_mot", outline="mot:outline_mot"),
    Format("MOTS PNG", "1.0"),
    Format("Open Images V6", "1.0"),
    Format("PASCAL VOC", "1.1"),
    Format("Sly Point Cloud Format", "1.0", dimension="3d"),
    Format("Kitti Raw Format", "1.0", ext="ZIP, XML", dimension="3d"),
    Format("VGGFace2", "1.0"),
    Format("WiderFace", "1.0"),
    Format("YOLO", "1.1", function="yolo:import_yolo", outline="yolo:outline_yolo"),
    Format("Ultralytics YOLO Detection", "1.0"),
    Format("Ultralytics YOLO Segmentation", "1.0"),
    Format("Ultralytics YOLO Oriented Bounding Boxes", "1.0"),
    Format("Ultralytics YOLO Pose", "1.0"),
    Format("Ultralytics YOLO Classification", "1.0"),
)


def find_exporter(name: str) -> Format | None:
    """The export format of that name (version included), if it is known."""
    return next((item for item in EXPORTERS if item.name == name), None)


def find_importer(name: str) -> Format | None:
    """The import format of that name (version included), if it is known."""
    return next((item for item in IMPORTERS if item.name == name), None)
