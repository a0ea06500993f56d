"""Media of a task that lie in the file share: which files, and getting them.

They are copied, as those of a cloud storage are: the task works like any other and outlives them.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from fnmatch import fnmatchcase

from cvat_local.background.work import WorkContext
from cvat_local.http.multipart import MAX_PARTS
from cvat_local.media.errors import MediaError
from cvat_local.resources.data.cloud import is_under, only_media
from cvat_local.resources.data.folder import TaskFolder
from cvat_local.resources.data.parameters import Parameters
from cvat_local.resources.shared.share import NotShared, Share

_WILD = frozenset("*?[")


def copy_media(context: WorkContext, folder: TaskFolder, parameters: Parameters) -> None:
    """Copy the chosen files of the share among the uploads of a task, in the place of what is there.

    Args:
        context: The work.
        folder: Folder of the task.
        parameters: What the client chose.

    Raises:
        MediaError: The choice means no file, too many or what the share has not, or cannot be read.
    """
    if context.settings.share_dir is None:
        raise MediaError("This server has no file share any more.")
    share = Share(context.settings.share_dir)
    # What an attempt before this one copied may be another choice.
    folder.clear_uploads()
    left = context.settings.max_upload_bytes
    try:
        names = select_names(share, parameters)
        for number, name in enumerate(names):
            context.progress(number / len(names), "Copying the files of the share")
            path = share.find(name)
            left -= path.stat().st_size
            if left < 0:
                raise MediaError("The files of the share are larger than an upload may be.")
            with context.files.temporary_folder() as received:
                folder.add(folder.checked_name(name), shutil.copyfile(path, received / "file"))
    except NotShared as error:
        raise MediaError(str(error)) from error
    except OSError as error:
        raise MediaError(f"The share cannot be read: {error.strerror or error}.") from error


def select_names(share: Share, parameters: Parameters) -> list[str]:
    """The files to copy, in the order of the choice.

    The name of a folder stands for all media below, a name with wildcards for all media that match it.

    Args:
        share: The share.
        parameters: ``server_files``, ``filename_pattern``, ``server_files_exclude``.

    Raises:
        NotShared: There is nothing of a name.
        MediaError: Nothing is left, or too much.
    """
    names = list(_expanded(share, parameters.server_files))
    pattern = parameters.filename_pattern
    if pattern:
        names = [name for name in names if fnmatchcase(name, pattern)]
    excluded = [name.strip("/") for name in parameters.server_files_exclude]
    chosen = [name for name in dict.fromkeys(names) if not is_under(name, excluded)]
    if not chosen:
        raise MediaError("No file of the share is meant by the names and the pattern given.")
    if len(chosen) > MAX_PARTS:
        raise MediaError(f"A task is made of at most {MAX_PARTS} files, found {len(chosen)}.")
    return chosen


def _expanded(share: Share, names: Iterable[str]) -> Iterable[str]:
    for name in names:
        try:
            path = share.find(name)
        except NotShared:
            plain = name.strip("/")
            found = [one for one in share.walk() if fnmatchcase(one, plain)]
            if not (_WILD & set(name) and found):
                raise
            yield from only_media(found)
            continue
        if path.is_dir():
            yield from only_media(share.walk(name))
        else:
            yield name.strip("/")
