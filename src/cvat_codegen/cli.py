"""Command line: ``generate`` writes the generated modules, ``check`` tells whether they are up to date."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from cvat_codegen import ir, output
from cvat_codegen.build import read_api
from cvat_codegen.emit import emit, reference
from cvat_codegen.emit.package import FOLDERS
from cvat_codegen.problems import BadDescription
from cvat_codegen.verify import verify

OK, DRIFT, BAD_SPEC, INTERRUPTED = 0, 1, 2, 130

_SPEC = Path("spec/openapi.yaml")
_CORRECTIONS = Path("spec/corrections.toml")
_ALIASES = Path("spec/aliases.toml")
_OUTPUT = Path("src/cvat_sdk/api_client")
_REFERENCE = Path("docs/reference")
_PACKAGE = "cvat_sdk.api_client"


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line; returns the exit code."""
    options = _parser().parse_args(arguments)
    try:
        return _run(options)
    except BadDescription as error:
        for problem in error.problems.items:
            print(f"error: {problem}", file=sys.stderr)
        count = len(error.problems.items)
        print(
            f"{options.spec}: {count} problem{'s' * (count != 1)}, nothing written", file=sys.stderr
        )
        return BAD_SPEC
    except OSError as error:
        print(f"error: {error}", file=sys.stderr)
        return BAD_SPEC
    except KeyboardInterrupt:
        print("interrupted; run the command again to finish", file=sys.stderr)
        return INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m cvat_codegen",
        description="Generates the low-level CVAT client from an OpenAPI 3.0 description.",
        epilog="Exit codes: 0 done or up to date, 1 out of date (check), 2 the description or the "
        "command line is faulty, 130 interrupted.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, text in (
        ("generate", "write the generated files; only those that differ are touched"),
        ("check", "compare the generated files with the description; nothing is written"),
    ):
        command = commands.add_parser(name, help=text, description=text.capitalize() + ".")
        command.add_argument(
            "--spec",
            type=Path,
            default=_SPEC,
            metavar="FILE",
            help="API description, YAML or JSON (default: %(default)s)",
        )
        command.add_argument(
            "--corrections",
            type=Path,
            metavar="FILE",
            help=f"corrections of the description (default: {_CORRECTIONS} with the default --spec, "
            "otherwise none)",
        )
        command.add_argument(
            "--aliases",
            type=Path,
            metavar="FILE",
            help=f"method names of older versions (default: {_ALIASES} with the default --spec, "
            "otherwise none)",
        )
        command.add_argument(
            "--output",
            type=Path,
            default=_OUTPUT,
            metavar="FOLDER",
            help="folder of the generated packages (default: %(default)s)",
        )
        command.add_argument(
            "--reference",
            type=Path,
            metavar="FOLDER",
            help=f"folder of the reference pages (default: {_REFERENCE} with the default --spec and "
            "--output, otherwise none)",
        )
        command.add_argument(
            "--package",
            default=_PACKAGE,
            metavar="NAME",
            help="name that this folder is imported by (default: %(default)s)",
        )
    return parser


def _run(options: argparse.Namespace) -> int:
    own = options.spec == _SPEC
    corrections = options.corrections or (_CORRECTIONS if own else None)
    aliases = options.aliases or (_ALIASES if own else None)
    api = read_api(options.spec, corrections, aliases)
    source = _source_name(options.spec)
    files = emit(api, source, options.package)
    problems = verify(api, files, options.package)
    if problems is not None:
        raise BadDescription(problems)
    targets = [_Target(options.output, files, FOLDERS)]
    pages = options.reference
    if pages is None and own and options.output == _OUTPUT:
        pages = _REFERENCE
    if pages is not None:
        targets.append(_Target(pages, reference(api, source, options.package), (".",)))
    if options.command == "check":
        return max(_check(target) for target in targets)
    for target in targets:
        _write(target, _summary(api))
    return OK


class _Target(NamedTuple):
    """Files to generate into the folders of one place."""

    output: Path
    files: dict[str, str]
    folders: tuple[str, ...]


def _write(target: _Target, summary: str) -> None:
    difference, foreign = output.write(*target)
    for name in foreign:
        print(f"left alone, not a generated file: {target.output / name}", file=sys.stderr)
    print(
        f"{summary} -> {target.output}: {len(target.files)} files, "
        f"{len(difference.missing)} new, {len(difference.changed)} changed, "
        f"{len(difference.surplus) - len(foreign)} deleted"
    )


def _check(target: _Target) -> int:
    difference = output.compare(*target)
    for kind in ("missing", "changed", "surplus"):
        for name in getattr(difference, kind):
            print(f"{kind}: {target.output / name}")
    if difference:
        print(
            f"{target.output} is out of date; run python -m cvat_codegen generate", file=sys.stderr
        )
        return DRIFT
    print(f"{target.output} is up to date: {len(target.files)} files")
    return OK


def _summary(api: ir.Api) -> str:
    operations = sum(len(tag.operations) for tag in api.tags)
    return f"{api.title} {api.version}: {len(api.models)} models, {operations} operations"


def _source_name(spec: Path) -> str:
    """The end of the path: enough to find the file, and the same on every machine."""
    return "/".join(spec.resolve().parts[-2:])
