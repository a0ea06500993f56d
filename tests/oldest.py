"""Runs tests on the oldest dependencies that pyproject.toml allows.

::

    python tests/oldest.py                                              tests/unit, for the client
    python tests/oldest.py --extra local --tool moto tests/local        and for the server

The versions are read from the lower bounds in pyproject.toml, so a changed bound is one that is tried. An
environment below ``.oldest/`` is kept until the versions change.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).parents[1]
TOOLS = ["pytest", "pytest-xdist", "hypothesis", "numpy", "pyyaml", "truststore"]
"""What runs the tests of the client, and what these give to it: names of packages of any extra."""


def requirements(project: dict[str, Any], extras: list[str], tools: list[str]) -> list[str]:
    """What to install: everything at its lower bound.

    Args:
        project: The table ``project`` of pyproject.toml.
        extras: Names of extras whose dependencies belong to it; ``dev`` stands for its own entries only.
        tools: Names of packages of any extra that the tests need besides.

    Raises:
        SystemExit: A dependency has no lower bound, or no extra has a package of such a name.
    """
    optional = project["optional-dependencies"]
    lines = [*project["dependencies"], *(line for extra in extras for line in optional[extra])]
    named = {Requirement(line).name.lower(): line for extra in optional.values() for line in extra}
    if unknown := [tool for tool in tools if tool not in named]:
        raise SystemExit(f"pyproject.toml: no extra has {', '.join(unknown)}")
    lines += [named[tool] for tool in tools]
    return sorted({_oldest(Requirement(line)) for line in lines if _applies(line, project["name"])})


def _applies(line: str, project: str) -> bool:
    requirement = Requirement(line)
    marker = requirement.marker
    return requirement.name != project and (marker is None or marker.evaluate())


def _oldest(requirement: Requirement) -> str:
    bounds = [part.version for part in requirement.specifier if part.operator == ">="]
    if len(bounds) != 1:
        raise SystemExit(f"pyproject.toml: {requirement} needs one lower bound (>=)")
    extras = f"[{','.join(sorted(requirement.extras))}]" if requirement.extras else ""
    return f"{requirement.name}{extras}=={bounds[0]}"


def environment(wanted: list[str], name: str) -> Path:
    """The Python of an environment that has what is wanted, made when it is not there yet."""
    folder = ROOT / ".oldest" / f"{name}-py{sys.version_info[0]}.{sys.version_info[1]}"
    python, stamp = folder / "bin" / "python", folder / "installed.txt"
    text = "\n".join(wanted) + "\n"
    if not stamp.is_file() or stamp.read_text() != text:
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, *wanted], check=True)
        stamp.write_text(text)
    return python


def main() -> int:
    """Run the tests; the exit code is that of pytest."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--extra", action="append", default=[], help="an extra to add (repeatable)")
    parser.add_argument(
        "--tool", action="append", default=TOOLS, help="a package of an extra to add"
    )
    parser.add_argument("tests", nargs="*", default=["tests/unit"], help="arguments of pytest")
    arguments, options = parser.parse_known_args()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = requirements(project, arguments.extra, arguments.tool)
    print("oldest:", ", ".join(wanted), flush=True)
    python = environment(wanted, "-".join(["runtime", *arguments.extra]))
    command = [python, "-m", "pytest", "-n", "auto", *arguments.tests, *options]
    return subprocess.run(
        command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT / "src")}, check=False
    ).returncode


if __name__ == "__main__":
    sys.exit(main())
