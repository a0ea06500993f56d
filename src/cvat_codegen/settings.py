"""The choices of a run: from a configuration file, and from the command line over it."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from cvat_codegen.names import is_package_name
from cvat_codegen.problems import Problem, Problems

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

FILE_NAME = "cvat-codegen.toml"
"""Name of the configuration file that is read when it stands in the current folder."""

Profile = Literal["cvat"]

_PATHS = ("output", "corrections", "aliases", "reference")
_TEXTS = ("spec", "package", "profile", *_PATHS)
_FLAGS = ("client", "wrappers")


@dataclass(frozen=True)
class Settings:
    """The choices of a run."""

    spec: str
    """Path or address of the description."""
    package: str
    """Name that the generated package is imported by."""
    output: Path
    """Folder from which the package is imported."""
    corrections: Path | None = None
    aliases: Path | None = None
    reference: Path | None = None
    """Folder of the reference pages."""
    client: bool = True
    """Whether the package has a client, a configuration and exceptions; False where they are written by hand."""
    wrappers: bool = True
    """Whether a property that says more of a model than its name gets a model of its own."""
    profile: Profile | None = None
    """``cvat``: what CVAT servers do beyond their description: numbered fields of forms, truth values as Python writes
    them, CSRF tokens."""

    @property
    def folder(self) -> Path:
        """Folder of the package itself."""
        return self.output.joinpath(*self.package.split("."))


def load(path: Path) -> dict[str, Any] | Problems:
    """Choices of a configuration file; its paths are relative to its folder."""
    try:
        content: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        return Problems.at("", f"{path} cannot be read: {error}")
    problems = [
        Problem(f"/{key}", f"{path}: {key!r} is no setting; there are {', '.join(_TEXTS + _FLAGS)}")
        for key in content
        if key not in _TEXTS + _FLAGS
    ]
    for key, kind in (*((name, str) for name in _TEXTS), *((name, bool) for name in _FLAGS)):
        if not isinstance(content.get(key, kind()), kind):
            message = f"{path}: must be {'text' if kind is str else 'true or false'}"
            problems.append(Problem(f"/{key}", message))
    if content.get("profile", "cvat") != "cvat":
        problems.append(Problem("/profile", f"{path}: the only profile is 'cvat'"))
    if problems:
        return Problems(tuple(problems))
    for key in _PATHS:
        if key in content:
            content[key] = path.parent / content[key]
    if "spec" in content and not is_address(content["spec"]):
        content["spec"] = str(path.parent / content["spec"])
    return content


def make(choices: dict[str, Any]) -> Settings | Problems:
    """Settings of the choices that were made."""
    for key, text in (
        ("spec", f"no description is named: give SPEC, or a {FILE_NAME} in this folder"),
        ("package", "give --package NAME, the name that the client is imported by"),
        ("output", "give --output DIR, the folder that the package is written to"),
    ):
        if choices.get(key) is None:
            return Problems.at("", text)
    if not is_package_name(choices["package"]):
        return Problems.at("", f"--package: {choices['package']!r} is not a name in Python")
    return Settings(**{key: value for key, value in choices.items() if value is not None})


def read(path: Path) -> Settings | Problems:
    """Settings that are all in a configuration file."""
    choices = load(path)
    return choices if isinstance(choices, Problems) else make(choices)


def is_address(spec: str) -> bool:
    """Whether a description is fetched from a server."""
    return spec.lower().startswith(("http://", "https://"))
