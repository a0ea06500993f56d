"""A description of several files: what stands in the others becomes a part of the first.

A local reference such as ``schemas.yaml#/components/schemas/Pet`` or ``parameters/limit.yaml`` is followed from the
file that it stands in, as long as it stays in the folder of the description. What it leads to becomes a component, once
for all references to it, so that later steps meet one document.
"""

from __future__ import annotations

import copy
import urllib.parse
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from cvat_codegen import reading
from cvat_codegen.document import Copier, JsonObject, find, pointer, split_pointer
from cvat_codegen.positions import Group, Part, parts_of
from cvat_codegen.problems import Problem, Problems

# A description of more files is none that somebody wrote.
_MOST_FILES = 2000
_SUFFIXES = (".json", ".yaml", ".yml")


class _Target(NamedTuple):
    """What a reference leads to."""

    file: str
    """Path from the folder of the description; empty: the description itself."""
    place: str

    @property
    def text(self) -> str:
        """A pointer, with its file where that is another one."""
        return f"{self.file}#{self.place}" if self.file else self.place


class _Link(NamedTuple):
    """A reference."""

    owner: dict[str, Any]
    key: str
    """``$ref``, or the value that a discriminator gives a schema."""
    part: Part
    """What it stands for."""
    target: _Target


@dataclass
class Assembled:
    """What has become of a description."""

    origins: dict[str, str] = field(default_factory=dict)
    """Where parts came from that stand elsewhere now: their pointers -> the old ones."""
    problems: list[Problem] = field(default_factory=list)


def assemble(document: JsonObject, main: Path | None) -> Assembled:
    """Takes what stands in other files into a description, in place.

    Args:
        document: The description, a tree in which nothing stands twice.
        main: Its file; None: it has none, and references to files are problems.
    """
    assembler = _Assembler(document, main)
    assembler.follow()
    assembler.move()
    assembler.paths()
    return assembler.result


class _Assembler:
    def __init__(self, document: JsonObject, main: Path | None) -> None:
        self.result = Assembled()
        self.files = _Files(document, main)
        self.document = document
        self.links: list[_Link] = []
        self.parts: dict[_Target, Part] = {}
        """The parts that were seen, by where they stand."""

    def follow(self) -> None:
        """Finds all references, in the description and in what they lead to."""
        waiting = deque([(_Target("", ""), Part({"": self.document}, "", "", "description"))])
        begun = {waiting[0][0]}
        while waiting:
            start, top = waiting.popleft()
            for part in (top, *parts_of(top.owner[top.key], top.group, top.place)):
                here = _Target(start.file, part.place)
                if part is not top:
                    if here in self.parts:
                        continue
                    self.parts[here] = part
                for owner, key, where in _references(part):
                    target = self.locate(owner[key], _Target(start.file, where), part.group)
                    if target is None:
                        continue
                    self.links.append(_Link(owner, key, part, target))
                    if target.file and target not in begun:
                        begun.add(target)
                        content = {"": self.files.at(target)}
                        waiting.append((target, Part(content, "", target.place, part.group)))

    def locate(self, ref: Any, here: _Target, group: Group) -> _Target | None:
        """What a reference leads to; None: a problem, of this step or of a later one."""
        found = self.files.locate(ref, here.file)
        seen: set[_Target] = set()
        while isinstance(found, _Target) and found.file and found not in seen:
            seen.add(found)
            content = self.files.at(found)
            # A file may do nothing but name what others hold.
            if not isinstance(content, dict) or list(content) != ["$ref"]:
                break
            following = self.files.locate(content["$ref"], found.file)
            if not isinstance(following, _Target):
                break  # reported there
            found = following
        if isinstance(found, _Target):
            return found
        # What leads to nothing in the description itself is reported where it is used; paths are used here.
        if not isinstance(ref, str) or (
            ref.startswith("#") and not here.file and group != "pathItems"
        ):
            return None
        self.problem(here, f"$ref {ref!r} {found}")
        return None

    def problem(self, here: _Target, message: str) -> None:
        """Notes what is wrong at a place."""
        self.result.problems.append(Problem(here.text, message))

    def move(self) -> None:
        """Makes what stands in other files components, and points the references there."""
        components = self.document.setdefault("components", {})
        names = self._names(components)
        for owner, key, part, target in self.links:
            name = names.get((part.group, target))
            if name is not None:
                owner[key] = "#" + pointer("components", part.group, name)
            elif not target.file and part.group != "pathItems":
                owner[key] = f"#{target.place}"
        contents = [self.files.at(target) for _, target in names]
        for ((group, target), name), content in zip(names.items(), contents, strict=True):
            place = pointer("components", group, name)
            components[group][name] = content
            self.result.origins[place] = target.text
            inner = self.parts.get(target)
            if inner is not None and inner.group == group:
                # What holds it holds a reference from now on.
                inner.owner[inner.key] = {"$ref": f"#{place}"}

    def _names(self, components: dict[str, Any]) -> dict[tuple[Group, _Target], str]:
        """Names among the components for what stands in other files."""
        names: dict[tuple[Group, _Target], str] = {}
        links = [link for link in self.links if link.target.file and link.part.group != "pathItems"]
        for owner, _, part, target in links:
            # A component that says no more than where it stands is what stands there.
            if part.owner is components.get(part.group) and list(owner) == ["$ref"]:
                names.setdefault((part.group, target), str(part.key))
        for _, _, part, target in links:
            entries = components.setdefault(part.group, {})
            if (part.group, target) not in names and isinstance(entries, dict):
                name = names[part.group, target] = _free_name(entries, target)
                entries[name] = {}
        return names

    def paths(self) -> None:
        """Puts paths that stand elsewhere in their place: no later step follows references of paths."""
        targets = {id(link.owner): link.target for link in self.links if link.key == "$ref"}
        items = self.document.get("paths", {})
        for path, item in items.items():
            here = _Target("", pointer("paths", path))
            found: dict[str, Any] = {}
            seen = {here}
            place = here
            while isinstance(item, dict) and "$ref" in item:
                self._take(item, place, found, here)
                target = targets.get(id(item))
                if target is None:
                    break  # reported already
                if target in seen:
                    self.problem(here, f"$ref {item['$ref']!r} leads back to itself")
                    break
                seen.add(target)
                place, item = target, self.files.at(target)
            else:
                if place != here:
                    if isinstance(item, dict):
                        self._take(item, place, found, here)
                    else:
                        self.problem(place, "must be an object")
                    items[path] = copy.deepcopy(found)
                continue
            items[path] = found

    def _take(
        self, item: dict[str, Any], place: _Target, found: dict[str, Any], here: _Target
    ) -> None:
        """Takes from a path what is not known yet."""
        for key, value in item.items():
            if key != "$ref" and key not in found:
                found[key] = value
                if place != here:
                    self.result.origins[here.place + pointer(key)] = place.text + pointer(key)


class _Files:
    """The description and the files beside it."""

    def __init__(self, document: JsonObject, main: Path | None) -> None:
        self.main = main.resolve() if main is not None else None
        self.folder = main.parent.resolve() if main is not None else None
        self.contents: dict[str, Any] = {"": document}
        self.copier = Copier()
        self.faults: dict[str, str] = {}
        """What is wrong with files that cannot be read."""

    def at(self, target: _Target) -> Any:
        """What stands at a place that is there."""
        return find(self.contents[target.file], split_pointer(target.place) or [])

    def locate(self, ref: Any, file: str) -> _Target | str:
        """Where a reference in a file leads to, or what is wrong with it."""
        if not isinstance(ref, str):
            return "must be text"
        address, _, fragment = ref.partition("#")
        if address:
            path = self._path(address, file)
            if isinstance(path, str):
                return path
            if path == self.main:
                file = ""
            else:
                file = path.relative_to(self.folder or path).as_posix()
                fault = self._read(path, file)
                if fault is not None:
                    return fault
        keys = _keys(self.contents[file], fragment)
        return "points to nothing" if keys is None else _Target(file, pointer(*keys))

    def _path(self, address: str, file: str) -> Path | str:
        """A file that may be read, or why it may not."""
        try:
            parts = urllib.parse.urlsplit(address)
            if parts.scheme or parts.netloc:
                return (
                    "leads to another server: only files in the folder of the description are read"
                )
            if self.folder is None:
                return "leads to a file, and none stands beside this description"
            path = ((self.folder / file).parent if file else self.folder) / urllib.parse.unquote(
                address
            )
            path = path.resolve()
        except (ValueError, OSError, RuntimeError) as error:
            return f"is no address: {error}"
        if not path.is_relative_to(self.folder):
            return "leads out of the folder of the description"
        return path

    def _read(self, path: Path, file: str) -> str | None:
        """Reads a file unless it has been; gives what is wrong with it."""
        if file in self.contents or file in self.faults:
            return self.faults.get(file)
        if len(self.contents) >= _MOST_FILES:
            return f"leads to one file too many: no more than {_MOST_FILES} are read"
        if not path.is_file():  # a pipe would be waited for
            self.faults[file] = f"leads to {file}, and there is no such file"
            return self.faults[file]
        content = reading.load_part(path, file)
        if not isinstance(content, Problems):
            content = self.copier.plain(content)
        if isinstance(content, Problems):
            first = content.items[0]
            self.faults[file] = f"leads to a file with a fault: {first}"
            return self.faults[file]
        self.contents[file] = content
        return None


def _references(part: Part) -> Iterator[tuple[dict[str, Any], str, str]]:
    """The references of a part: what holds each, its key there, and its place."""
    value = part.owner[part.key]
    if not isinstance(value, dict):
        return
    if "$ref" in value:
        yield value, "$ref", part.place
    if part.group == "schemas" and isinstance(value.get("discriminator"), dict):
        mapping = value["discriminator"].get("mapping")
        for key, target in mapping.items() if isinstance(mapping, dict) else ():
            if isinstance(target, str) and ("#" in target or target.endswith(_SUFFIXES)):
                yield mapping, key, part.place + pointer("discriminator", "mapping", key)


def _keys(document: Any, fragment: str) -> list[str] | None:
    """The way to what a fragment of an address names; None: nothing is there."""
    for text in dict.fromkeys((fragment, urllib.parse.unquote(fragment))):
        keys = split_pointer(text)
        try:
            if keys is not None:
                find(document, keys)
                return keys
        except KeyError:
            continue
    return None


def _free_name(entries: dict[str, Any], target: _Target) -> str:
    """A name for a component: the one that it has in its file, or that of the file."""
    keys = split_pointer(target.place)
    name = keys[-1] if keys else Path(target.file).stem
    number = 2
    free = name
    while free in entries:
        free, number = f"{name}{number}", number + 1
    return free
