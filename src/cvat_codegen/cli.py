"""Command line.

``generate`` writes a client, ``check`` compares it with the description, ``problems`` only reads that, and ``diff``
compares two descriptions.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple, TextIO, TypeVar

from cvat_codegen import fetching, ir, output, report
from cvat_codegen import settings as settings_
from cvat_codegen.build import read_api
from cvat_codegen.changes import changes
from cvat_codegen.emit import emit, project, reference
from cvat_codegen.emit.package import FOLDERS
from cvat_codegen.problems import BadDescription, Problem, Problems
from cvat_codegen.settings import FILE_NAME, Settings
from cvat_codegen.source import printable
from cvat_codegen.verify import verify

_Result = TypeVar("_Result")

OK, DRIFT, BAD_SPEC, INTERRUPTED = 0, 1, 2, 130
BREAKING = 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line; returns the exit code."""
    options = _parser().parse_args(arguments)
    shown, nothing = "the command line", "nothing written"
    try:
        if options.command == "diff":
            nothing = "nothing compared"
            return _diff(options)
        choices = _choices(options)
        shown = _shown(choices.get("spec") or shown)
        return _run(options, _settings(choices))
    except BadDescription as error:
        for problem in error.problems.items:
            _say(f"error: {problem}", sys.stderr)
        count = len(error.problems.items)
        _say(f"{shown}: {count} problem{'s' * (count != 1)}, {nothing}", sys.stderr)
        return BAD_SPEC
    except OSError as error:
        _say(f"error: {error}", sys.stderr)
        return BAD_SPEC
    except KeyboardInterrupt:
        print("interrupted; run the command again to finish", file=sys.stderr)
        return INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="cvat-codegen",
        description="Generates a typed client package from an OpenAPI description, 3.0 or 3.1.",
        epilog="Exit codes: 0 done, up to date or nothing breaks, 1 out of date (check) or something breaks "
        "(diff), 2 a description or the command line is faulty, 130 interrupted.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, text in (
        ("generate", "write the generated files; only those that differ are touched"),
        ("check", "compare the generated files with the description; nothing is written"),
        ("problems", "read the description and report what is wrong with it; nothing is written"),
    ):
        command = commands.add_parser(name, help=text, description=text.capitalize() + ".")
        command.add_argument(
            "spec",
            nargs="?",
            metavar="SPEC",
            help="path or http(s) address of the description, YAML or JSON (default: that of the "
            "configuration file)",
        )
        command.add_argument("--spec", dest="spec_option", metavar="SPEC", help="the same")
        command.add_argument(
            "--config",
            type=Path,
            metavar="FILE",
            help=f"configuration file: the choices below, and more, as TOML (default: {FILE_NAME} in "
            "this folder, if SPEC is the one that it names)",
        )
        command.add_argument(
            "--header",
            action="append",
            default=[],
            metavar="'NAME: VALUE'",
            help="send a header when the description is fetched; may be repeated",
        )
        command.add_argument(
            "--corrections", type=Path, metavar="FILE", help="corrections of the description"
        )
        command.add_argument(
            "--aliases", type=Path, metavar="FILE", help="method names of older versions"
        )
        if name == "problems":
            continue
        if name == "generate":
            command.add_argument(
                "--project",
                action="store_true",
                help="also write what makes DIR a project that installs: pyproject.toml, README.md and "
                f"{FILE_NAME}; those that are there already are left alone",
            )
        command.add_argument(
            "--package", metavar="NAME", help="name that the generated client is imported by"
        )
        command.add_argument(
            "--output",
            type=Path,
            metavar="DIR",
            help="folder that the package is imported from: its modules go into DIR/NAME",
        )
        command.add_argument(
            "--profile",
            choices=["cvat"],
            help="what the servers do beyond the description: forms, truth values and CSRF tokens of CVAT",
        )
        command.add_argument(
            "--reference", type=Path, metavar="DIR", help="folder of the reference pages"
        )
    text = "compare two versions of an API: what changes for those who call it, and what breaks their programs"
    _add_diff(commands.add_parser("diff", help=text, description=text.capitalize() + "."))
    return parser


def _add_diff(command: argparse.ArgumentParser) -> None:
    for name, text in (("old", "the version that is used"), ("new", "the other version")):
        help_ = f"path or http(s) address of the description of {text}, YAML or JSON"
        command.add_argument(name, metavar=name.upper(), help=help_)
    command.add_argument("--json", action="store_true", help="print JSON")
    command.add_argument("--breaking", action="store_true", help="leave out what breaks nobody")
    command.add_argument(
        "--header",
        action="append",
        default=[],
        metavar="'NAME: VALUE'",
        help="send a header when a description is fetched; may be repeated",
    )


def _diff(options: argparse.Namespace) -> int:
    headers = _headers(options.header)
    old, new = (_api_of(spec, headers) for spec in (options.old, options.new))
    found = changes(old, new)
    breaks = any(change.is_breaking for change in found)
    if options.breaking:
        found = tuple(change for change in found if change.is_breaking)
    _say((report.as_json if options.json else report.as_text)(old, new, found))
    return BREAKING if breaks else OK


def _api_of(spec: str, headers: dict[str, str]) -> ir.Api:
    try:
        return read_api(Settings(spec, "client", Path()), headers)
    except BadDescription as error:
        named = (
            Problem(problem.pointer, f"{_shown(spec)}: {problem.message}")
            for problem in error.problems.items
        )
        raise BadDescription(Problems(tuple(named))) from None


def _choices(options: argparse.Namespace) -> dict[str, Any]:
    """What the command line says, over what the configuration file says."""
    given = {
        name: getattr(options, name, None)
        for name in ("package", "output", "corrections", "aliases", "reference", "profile")
    }
    given["spec"] = options.spec or options.spec_option
    if options.command == "problems":
        given |= {"package": "client", "output": Path()}
    file = options.config
    if file is None and Path(FILE_NAME).is_file():
        choices = _good(settings_.load(Path(FILE_NAME)))
        if given["spec"] is None or _is_same(given["spec"], choices.get("spec")):
            file = Path(FILE_NAME)
    choices = _good(settings_.load(file)) if file is not None else {}
    if given["output"] is not None or given["package"] is not None:
        choices.pop("reference", None)  # they are those of the other output
    return {**choices, **{name: value for name, value in given.items() if value is not None}}


def _is_same(spec: str, other: Any) -> bool:
    if other is None or settings_.is_address(spec) or settings_.is_address(other):
        return bool(spec == other)
    return Path(spec).resolve() == Path(other).resolve()


def _settings(choices: dict[str, Any]) -> Settings:
    return _good(settings_.make(choices))


def _good(result: _Result | Problems) -> _Result:
    if isinstance(result, Problems):
        raise BadDescription(result)
    return result


def _run(options: argparse.Namespace, settings: Settings) -> int:
    api = read_api(settings, _headers(options.header))
    for warning in api.warnings:
        _say(f"warning: {warning}", sys.stderr)
    source = _source_name(settings.spec)
    files = emit(api, source, settings.package, client=settings.client, profile=settings.profile)
    problems = verify(api, files, settings.package)
    if problems is not None:
        raise BadDescription(problems)
    if options.command == "problems":
        _say(f"{_summary(api)}: no problems, {len(api.warnings)} warnings")
        return OK
    targets = [_Target(settings.folder, files, FOLDERS)]
    if settings.reference is not None:
        pages = reference(api, source, settings.package)
        targets.append(_Target(settings.reference, pages, (".",)))
    if options.command == "check":
        return max(_check(target) for target in targets)
    for target in targets:
        _write(target, _summary(api))
    if options.project:
        _write_project(project(api, settings, _from_project(settings)), settings.output)
    return OK


def _write_project(files: dict[str, str], folder: Path) -> None:
    for name, text in files.items():
        path = folder / name
        if path.exists():
            _say(f"left alone: {path}")
        else:
            path.write_bytes(text.encode("utf-8"))
            _say(f"written: {path}")


def _from_project(settings: Settings) -> str:
    """The description as the folder of the project sees it."""
    if settings_.is_address(settings.spec):
        return settings.spec
    try:
        return Path(os.path.relpath(settings.spec, settings.output)).as_posix()
    except ValueError:  # on another drive
        return Path(settings.spec).resolve().as_posix()


def _headers(lines: list[str]) -> dict[str, str]:
    headers = {}
    for line in lines:
        name, separator, value = line.partition(":")
        if not separator or not name.strip() or "\n" in line or "\r" in line:
            raise BadDescription(Problems.at("", "--header: expected 'NAME: VALUE'"))
        headers[name.strip()] = value.strip()
    return headers


class _Target(NamedTuple):
    """Files to generate into the folders of one place."""

    output: Path
    files: dict[str, str]
    folders: tuple[str, ...]


def _write(target: _Target, summary: str) -> None:
    difference, foreign = output.write(*target)
    for name in foreign:
        _say(f"left alone, not a generated file: {target.output / name}", sys.stderr)
    _say(
        f"{summary} -> {target.output}: {len(target.files)} files, "
        f"{len(difference.missing)} new, {len(difference.changed)} changed, "
        f"{len(difference.surplus) - len(foreign)} deleted"
    )


def _check(target: _Target) -> int:
    difference = output.compare(*target)
    for kind in ("missing", "changed", "surplus"):
        for name in getattr(difference, kind):
            _say(f"{kind}: {target.output / name}")
    if difference:
        print(f"{target.output} is out of date; run cvat-codegen generate", file=sys.stderr)
        return DRIFT
    _say(f"{target.output} is up to date: {len(target.files)} files")
    return OK


def _say(line: str, file: TextIO | None = None) -> None:
    """Prints a line in which a text of the description cannot give orders to a terminal."""
    print("\n".join(map(printable, line.split("\n"))), file=file or sys.stdout)


def _summary(api: ir.Api) -> str:
    operations = sum(len(tag.operations) for tag in api.tags)
    return f"{api.title} {api.version}: {len(api.models)} models, {operations} operations"


def _shown(spec: str) -> str:
    return fetching.name_of(spec) if settings_.is_address(spec) else spec


def _source_name(spec: str) -> str:
    """The end of the path: enough to find the file, and the same on every machine."""
    if settings_.is_address(spec):
        return fetching.name_of(spec)
    return "/".join(Path(spec).resolve().parts[-2:])
