"""The generated files on disk: written, or compared with what they should be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cvat_codegen.emit.environment import MARK
from cvat_codegen.emit.package import FOLDERS


@dataclass(frozen=True)
class Difference:
    """How the files on disk differ from the generated ones; paths below the output folder, sorted."""

    missing: tuple[str, ...]
    changed: tuple[str, ...]
    surplus: tuple[str, ...]
    unchanged: int

    def __bool__(self) -> bool:
        return bool(self.missing or self.changed or self.surplus)


def compare(output: Path, files: Mapping[str, str], folders: Sequence[str] = FOLDERS) -> Difference:
    """Compares the folders that hold nothing but generated files with the text of these."""
    present = {
        path.relative_to(output).as_posix(): path
        for folder in folders
        for path in (output / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    # Beside these folders there may be other files as well.
    present.update({name: output / name for name in files if (output / name).is_file()})
    changed = [
        name
        for name, text in files.items()
        if name in present and present[name].read_bytes() != text.encode("utf-8")
    ]
    return Difference(
        missing=tuple(sorted(set(files) - set(present))),
        changed=tuple(sorted(changed)),
        surplus=tuple(sorted(set(present) - set(files))),
        unchanged=len(set(files) & set(present)) - len(changed),
    )


def write(
    output: Path, files: Mapping[str, str], folders: Sequence[str] = FOLDERS
) -> tuple[Difference, tuple[str, ...]]:
    """Makes the folders hold just the generated files.

    Returns:
        What differed before, and the surplus files that were left alone because they do not begin with
        such a line as every generated file begins with.
    """
    difference = compare(output, files, folders)
    for name in (*difference.missing, *difference.changed):
        path = output / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(files[name].encode("utf-8"))
    foreign = []
    for name in difference.surplus:
        path = output / name
        if MARK.encode() in path.read_bytes().partition(b"\n")[0]:
            path.unlink()
        else:
            foreign.append(name)
    return difference, tuple(foreign)
