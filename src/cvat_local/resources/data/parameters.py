"""What a client chooses when it attaches media to a task."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from cvat_local.http.errors import FieldErrors, field_errors, list_error, non_field_error
from cvat_local.media.errors import MediaError
from cvat_local.media.ordering import frame_step
from cvat_local.media.segments import repeated_file
from cvat_local.media.validation import RANDOM_PER_JOB, FrameChoice
from cvat_local.resources.data.choices import NUMBERS, check_choice, check_one_of
from cvat_local.storage.tables import GT_POOL

DEFAULT_IMAGE_QUALITY = 70

_OF_SERVER = {
    "server_files": "There is no file share on this server; upload the files, or give cloud_storage_id.",
    "server_files_exclude": "It leaves out some of what server_files or cloud_storage_id mean; name them.",
    "filename_pattern": "A pattern selects files of a file share or a cloud storage; name them.",
}
"""Input that is refused with neither a cloud storage nor files of the share, with the reason."""

_UNSUPPORTED = {
    "remote_files": "This server downloads nothing from other addresses; upload the files.",
}
"""Input that is refused rather than ignored, with the reason."""


class Parameters(msgspec.Struct, frozen=True, kw_only=True):
    """Checked parameters, as they are handed to the background work."""

    image_quality: int = DEFAULT_IMAGE_QUALITY
    """JPEG quality of compressed frames, 1 to 100."""
    chunk_size: int | None = None
    """Frames in a chunk; None: as many as suit the size of the frames."""
    start_frame: int = 0
    """First frame to take, in the numbering of the media."""
    stop_frame: int | None = None
    """Last frame to take; None: the last one."""
    frame_filter: str = ""
    """Empty or ``step=N``."""
    sorting_method: str = "lexicographical"
    upload_file_order: list[str] = []
    """With ``predefined`` sorting: all uploads in the order wanted."""
    use_zip_chunks: bool = False
    """Compressed chunks of a video are zip archives of JPEG."""
    job_file_mapping: list[list[str]] | None = None
    """The files of each job, in the order wanted."""
    cloud_storage_id: int | None = None
    """Storage that the files are fetched from; None: they were uploaded."""
    from_share: bool = False
    """The files are copied from the file share."""
    server_files: list[str] = []
    """Keys in the storage or share, and folders of it (with a slash at the end); empty: all of it."""
    server_files_exclude: list[str] = []
    """Keys and folders that are left out."""
    filename_pattern: str | None = None
    """Keys have to match it (``*``, ``?`` and ``[]``)."""
    validation: FrameChoice | None = None
    """How the frames of the ground truth job are chosen; None: there is none."""
    validation_pool: bool = False
    """They are a pool of honeypots."""
    validation_files: list[str] = []
    """The files that are its frames, when they are chosen by hand."""

    def to_json(self) -> dict[str, Any]:
        """Plain values that `from_json` reads."""
        plain: dict[str, Any] = msgspec.to_builtins(self)
        return plain

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Parameters:
        """Parameters from what `to_json` gave."""
        return msgspec.convert(values, cls)


# Made before there are threads: two that decode to a class for the first time crash the process.
msgspec.json.Decoder(Parameters)


def check(values: dict[str, Any], *, share: bool = False) -> Parameters:
    """The parameters in a request.

    Accepted without effect: ``use_cache``, ``storage_method`` (chunks are always made when they are
    asked for), and ``upload_file_order`` with other than ``predefined`` sorting.

    Args:
        values: Fields of a ``DataRequest``, their types and limits checked.
        share: Whether this server has a file share.

    Raises:
        ApiError: 400 for values that are wrong or exclude each other, or name a source of files that this
            server does not have.
    """
    refused = dict(_UNSUPPORTED)
    from_cloud = values.get("cloud_storage_id") is not None
    from_share = share and not from_cloud and bool(values.get("server_files"))
    if not (from_cloud or from_share):
        refused |= _OF_SERVER
    elif values.get("client_files"):
        raise list_error(
            "Media come either from uploads or from this server's side, not from both."
        )
    errors = {name: text for name, text in refused.items() if values.get(name)}
    if values.get("chunk_size") == 0:
        errors["chunk_size"] = "Chunk size must be a positive integer."
    try:
        frame_step(values.get("frame_filter", ""))
    except MediaError as error:
        errors["frame_filter"] = str(error)
    repeated = repeated_file(values.get("job_file_mapping") or [])
    if repeated is not None:
        errors["job_file_mapping"] = f"The file {repeated!r} is listed more than once."
    if errors:
        raise field_errors(errors)
    if values.get("stop_frame", values.get("start_frame", 0)) < values.get("start_frame", 0):
        raise non_field_error("stop_frame must not be before start_frame.")
    known = {name: values[name] for name in Parameters.__struct_fields__ if name in values}
    validation = _validation(values.get("validation_params"))
    return Parameters(**known, **validation, from_share=from_share)


def _validation(given: Mapping[str, Any] | None) -> dict[str, Any]:
    if given is None:
        return {}
    pool = given["mode"] == GT_POOL
    try:
        check_choice(given)
        if pool:
            if given.get("frame_selection_method") == RANDOM_PER_JOB:
                raise non_field_error(f"The method {RANDOM_PER_JOB} is not for pools.")
            check_one_of(given, NUMBERS[RANDOM_PER_JOB])
    except FieldErrors as error:
        raise field_errors({"validation_params": error.errors}) from None
    files = given.get("frames", [])
    if len(set(files)) < len(files):
        raise field_errors({"validation_params": {"frames": ["A frame is listed twice."]}})
    fields = FrameChoice.__struct_fields__
    choice = FrameChoice(**{name: given[name] for name in fields if name in given})
    return {"validation": choice, "validation_files": files, "validation_pool": pool}


def mapping_conflicts(parameters: Parameters, segment_size: int) -> list[str]:
    """Names of what cannot be given together with ``job_file_mapping`` but was."""
    conflicts = {
        "segment_size": segment_size != 0,
        "sorting_method": parameters.sorting_method != "lexicographical",
        "start_frame": parameters.start_frame != 0,
        "stop_frame": parameters.stop_frame is not None,
        "frame_filter": parameters.frame_filter != "",
    }
    return [name for name, given in conflicts.items() if given]
