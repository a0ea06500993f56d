"""What makes a generated package a project that installs: pyproject.toml, a README, and the choices of the run."""

from __future__ import annotations

import json
import re

from cvat_codegen import ir
from cvat_codegen.emit.environment import render
from cvat_codegen.emit.markdown import code, inline
from cvat_codegen.settings import FILE_NAME, Settings
from cvat_sdk.version import __version__


def project(api: ir.Api, settings: Settings, spec: str) -> dict[str, str]:
    """Text of each file by its name.

    Args:
        api: What the package is a client of.
        settings: The choices of the run.
        spec: Path of the description from the folder of the project, or its address.
    """
    top, name = settings.package.partition(".")[0], settings.package.replace(".", "-")
    distribution = name.replace("_", "-").strip("-")
    choices = {"spec": spec, "package": settings.package, "output": "."}
    if settings.profile is not None:
        choices["profile"] = settings.profile
    return {
        "pyproject.toml": "\n".join(
            [
                "[build-system]",
                'requires = ["hatchling"]',
                'build-backend = "hatchling.build"',
                "",
                "[project]",
                f"name = {_text(distribution)}",
                f"version = {_text(_version(api.version))}",
                f"description = {_text('A client of ' + ' '.join(api.title.split()))}",
                'readme = "README.md"',
                'requires-python = ">=3.10"',
                f"dependencies = [{_text('cvat-sdk>=' + __version__)}]",
                "",
                "[tool.hatch.build.targets.wheel]",
                f"packages = [{_text(top)}]",
                "",
            ]
        ),
        "README.md": render(
            "project.md.jinja",
            title=inline(f"A client of {api.title} {api.version}"),
            package=code(settings.package),
            script=code(f"from {settings.package} import ApiClient, Configuration, models"),
        ),
        FILE_NAME: "".join(f"{key} = {_text(value)}\n" for key, value in choices.items()),
    }


def _version(text: str) -> str:
    """The numbers that a version begins with: the rest may be what no package can have."""
    found = re.match(r"\s*v?(\d{1,9}(?:\.\d{1,9}){0,5})", text, re.ASCII)
    return found[1] if found else "0"


def _text(text: str) -> str:
    """A string of TOML: the escapes of JSON, and what else does not show as ``\\u``."""
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(sign if sign.isprintable() else f"\\U{ord(sign):08x}" for sign in quoted)
