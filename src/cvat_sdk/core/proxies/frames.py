"""Frames of tasks and jobs: as files, as streams, and what is known of them."""

from __future__ import annotations

import io
import mimetypes
import urllib.parse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cvat_sdk.api_client import models
from cvat_sdk.api_client.runtime import files, types
from cvat_sdk.core.downloading import PathLike

__all__ = ["FramesMixin"]

# Extensions that the table of the system may have for these types as well.
_EXTENSIONS = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "image/tiff": ".tif",
}


def file_of(api: Any, response: types.HTTPResponse) -> types.HTTPResponse:
    """The answer to a GET, unless a page came in place of a file.

    Raises:
        ApiTypeError: One did.
    """
    host = api.api_client.configuration.host
    return files.refuse_page(response, "GET", urllib.parse.urljoin(host, response.url or ""))


class FramesMixin:
    """Reads frames."""

    def get_frame(self: Any, frame_id: int, *, quality: str | None = None) -> io.BytesIO:
        """One frame as the server has it.

        Args:
            frame_id: Its number, from 0.
            quality: ``original`` or ``compressed``. Default: as the server does.
        """
        options = {} if quality is None else {"quality": quality}
        _, response = self.api.retrieve_data(
            self.id, number=frame_id, type="frame", _parse_response=False, **options
        )
        return io.BytesIO(file_of(self.api, response).data)

    def get_preview(self: Any) -> io.BytesIO:
        """A small image of the first frame."""
        _, response = self.api.retrieve_preview(self.id, _parse_response=False)
        return io.BytesIO(file_of(self.api, response).data)

    def download_frames(
        self: Any,
        frame_ids: Sequence[int],
        *,
        image_extension: str | None = None,
        outdir: PathLike = ".",
        quality: str = "original",
        filename_pattern: str = "frame_{frame_id:06d}{frame_ext}",
    ) -> list[Path]:
        """Write frames to files.

        A frame is written as it comes, unless another kind of image is asked for.

        Args:
            frame_ids: Their numbers, from 0.
            image_extension: Kind of the files, such as ``png``. Default: that of each frame.
            outdir: Folder, which is made if it is not there.
            quality: ``original`` or ``compressed``.
            filename_pattern: Names of the files; ``frame_id`` and ``frame_ext`` (with its dot) are filled in.

        Returns:
            The files.
        """
        from PIL import Image

        folder = Path(outdir)
        folder.mkdir(parents=True, exist_ok=True)
        paths = []
        for frame_id in frame_ids:
            content = self.get_frame(frame_id, quality=quality)
            with Image.open(content) as image:
                kind = Image.MIME.get(image.format or "", "")
                own = _EXTENSIONS.get(kind) or mimetypes.guess_extension(kind) or ".jpg"
                wanted = own if image_extension is None else "." + image_extension.strip(".")
                path = folder / filename_pattern.format(frame_id=frame_id, frame_ext=wanted)
                if _kind_of(wanted) == kind:
                    path.write_bytes(content.getvalue())
                else:
                    image.save(path)
            paths.append(path)
        return paths

    def get_meta(self: Any) -> models.DataMetaRead:
        """What is known of the data: size, quality, frames."""
        meta: models.DataMetaRead = self.api.retrieve_data_meta(self.id)[0]
        return meta

    def get_frames_info(self: Any) -> list[models.FrameMeta]:
        """Name and size of each frame."""
        frames: list[models.FrameMeta] = self.get_meta().frames
        return frames


def _kind_of(extension: str) -> str | None:
    return mimetypes.guess_type(f"x{extension.lower()}")[0]
