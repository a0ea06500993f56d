"""What a caller of a client sees: classes, methods, parameters, models and fields, compared with the published package.

``python surface.py facts PACKAGE`` prints the facts of an importable client as JSON; in an environment with a
published ``cvat-sdk``, with ``cvat_sdk.api_client`` as PACKAGE, it makes a file of ``fixtures/published``.
``python tests/codegen/surface.py page`` writes ``docs/schemas.md``.
"""

from __future__ import annotations

import gzip
import importlib
import inspect
import json
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

Json = dict[str, Any]

FIXTURES = Path(__file__).parent / "fixtures"
ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "schemas.md"
PAIRS = {"2.15.0": "2.15.0", "2.54.1": "2.54.0", "2.73.0": "2.73.0"}
"""Versions of schemas, each with that of the published package that comes nearest to it."""
ALL = ("2.5", "2.15.0", "2.31.1", "2.37.1", "2.54.1", "2.73.0")
ANYTHING = "bool | date | datetime | dict | float | int | list | str | NoneType"


# -- facts of a client, read by whichever interpreter has it ------------------------------------------------------


def facts(package: str) -> Json:
    """Facts of an importable client."""
    apis = importlib.import_module(f"{package}.apis")
    models = importlib.import_module(f"{package}.models")
    found: Json = {"apis": {}, "models": {}}
    for name in dir(apis):
        cls = getattr(apis, name)
        if inspect.isclass(cls) and name.endswith("Api"):
            found["apis"][name] = dict(_methods(cls()))
    for name in dir(models):
        cls = getattr(models, name)
        if inspect.isclass(cls) and hasattr(cls, "openapi_types"):
            found["models"][name] = _model(cls)
    return found


def _methods(api: Any) -> Iterator[tuple[str, Json]]:
    for name in dir(api):
        if not name.endswith("_endpoint"):
            continue
        endpoint = getattr(api, name)
        types = endpoint.openapi_types
        settings = endpoint.settings
        yield (
            name[: -len("_endpoint")],
            {
                "request": f"{settings['http_method']} {settings['endpoint_path']}",
                "parameters": {
                    key: [endpoint.location_map[key], _text(types[key])]
                    for key in sorted(endpoint.params_map["all"])
                    if not key.startswith("_")
                },
                "required": sorted(endpoint.params_map["required"]),
                "result": _text(settings["response_schema"] or ()),
            },
        )


def _model(cls: Any) -> Json:
    values = sorted(
        value for entry in _get(cls, "allowed_values").values() for value in entry.values()
    )
    if "value" in _get(cls, "openapi_types") and values:
        return {"values": values}
    return {
        "fields": {
            name: [_get(cls, "attribute_map")[name], _text(types)]
            for name, types in sorted(_get(cls, "openapi_types").items())
        },
        "required": sorted(_required(cls)),
        "read_only": sorted(_get(cls, "read_only_vars") or ()),
    }


def _required(cls: Any) -> Any:
    if hasattr(cls, "required_properties"):
        found = _get(cls, "required_properties")
        if not isinstance(found, set) or not any(str(name).startswith("_") for name in found):
            return found
    signature = inspect.signature(cls._from_openapi_data)
    return [
        name
        for name, parameter in signature.parameters.items()
        if name != "self" and parameter.kind is parameter.POSITIONAL_OR_KEYWORD
    ]


def _get(cls: Any, name: str) -> Any:
    found = getattr(cls, name)
    return found() if callable(found) else found


def _text(types: Any) -> str:
    if isinstance(types, (tuple, list)):
        return " | ".join(_one(entry) for entry in types)
    return _one(types)


def _one(entry: Any) -> str:
    if isinstance(entry, list):
        return f"list[{_text(entry)}]"
    if isinstance(entry, dict):
        return f"dict[{_text(next(iter(entry.values())))}]"
    if isinstance(entry, tuple):
        return _text(entry)
    name = getattr(entry, "__name__", str(entry))
    return "file" if name == "IOBase" else name


# -- the comparison -------------------------------------------------------------------------------------------------


class Difference(NamedTuple):
    """Where a generated client is not like the published one."""

    what: str
    published: str
    generated: str


class Reason(NamedTuple):
    """Why a difference is as it is."""

    pattern: str
    text: str
    holds: Callable[[Difference], bool] = lambda difference: True


REASONS = (
    Reason(
        r"field \w+\.\w+: type",
        "An enumeration behind `allOf`: the published package takes and gives any value there; here it has its class.",
        lambda difference: difference.published == ANYTHING,
    ),
    Reason(
        r"field FunctionCallRequest\.convMaskToPoly",
        "Two properties whose names become one in Python. The published package keeps the last; here the older one "
        "can be set by its own spelling, as it can there as an additional field.",
    ),
    Reason(
        r"model CloudstoragesRetrieveStatusResponse200|method CloudstoragesApi\.retrieve_status: result",
        "An enumeration in an answer has a class, whose members are `str`.",
    ),
    Reason(
        r"model AssetWriteRequest",
        "A schema of the description that is only sent as a form; the published package leaves it out.",
    ),
    Reason(
        r"method QualityApi\.retrieve_report_data: (parameters|result)",
        "The server changed between 2.54.0, of the package, and 2.54.1, of the schema.",
    ),
    Reason(
        r"model \w+: required",
        "What every member of a choice requires. The published package does not say so, but refuses a model without it.",
        lambda difference: difference.published == "[]",
    ),
)


def compare(published: Json, generated: Json) -> list[Difference]:
    """All differences, apart from the order of anything."""
    found: list[Difference] = []

    def note(what: str, one: Any, other: Any) -> None:
        if one != other:
            found.append(Difference(what, _shown(one), _shown(other)))

    for name in sorted(published["apis"].keys() | generated["apis"].keys()):
        one, other = published["apis"].get(name, {}), generated["apis"].get(name, {})
        note(f"class {name}", name in published["apis"], name in generated["apis"])
        for method in sorted(one.keys() | other.keys()):
            place = f"method {name}.{method}"
            note(place, method in one, method in other)
            for key in ("request", "parameters", "required", "result"):
                if method in one and method in other:
                    note(f"{place}: {key}", one[method][key], other[method][key])
    for name in sorted(published["models"].keys() | generated["models"].keys()):
        note(f"model {name}", name in published["models"], name in generated["models"])
        if name in published["models"] and name in generated["models"]:
            _compare_models(name, published["models"][name], generated["models"][name], note)
    return found


def _compare_models(name: str, one: Json, other: Json, note: Callable[..., None]) -> None:
    for key in ("values", "required", "read_only"):
        note(f"model {name}: {key}", one.get(key), other.get(key))
    fields, others = one.get("fields", {}), other.get("fields", {})
    for field in sorted(fields.keys() | others.keys()):
        place = f"field {name}.{field}"
        note(place, field in fields, field in others)
        if field in fields and field in others:
            note(f"{place}: name in JSON", fields[field][0], others[field][0])
            note(f"{place}: type", fields[field][1], others[field][1])


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "there" if value else "missing"
    return value if isinstance(value, str) else json.dumps(value)


def reason_of(difference: Difference) -> str | None:
    """Why a difference is as it is; None for one that nobody has explained."""
    for reason in REASONS:
        if re.fullmatch(reason.pattern, difference.what) and reason.holds(difference):
            return reason.text
    return None


def published_facts(version: str) -> Json:
    """Facts of the published package of a version."""
    data = (FIXTURES / "published" / f"{version}.json.gz").read_bytes()
    found: Json = json.loads(gzip.decompress(data))
    return found


def write_schema(version: str, folder: Path) -> Path:
    """The schema of a version of CVAT as a file."""
    data = (FIXTURES / "schemas" / f"cvat-{version}.json.gz").read_bytes()
    path = folder / f"cvat-{version}.json"
    path.write_bytes(gzip.decompress(data))
    return path


def generate(version: str, folder: Path, name: str = "cvat") -> str:
    """Generates the client of a version below a folder; returns the name of the package.

    Args:
        version: One of `ALL`.
        folder: Where the package goes.
        name: How its name begins. One process imports a package of a name once: what is imported in several tests
            needs a name for each.
    """
    from cvat_codegen.cli import main

    package = f"{name}_{version.replace('.', '_')}"
    code = main(
        [
            "generate",
            str(write_schema(version, folder)),
            f"--package={package}",
            f"--output={folder}",
        ]
    )
    assert code == 0
    return package


def generated_facts(version: str, folder: Path) -> Json:
    """Facts of the client that is generated from the schema of a version."""
    package = generate(version, folder)
    sys.path.insert(0, str(folder))
    try:
        return facts(package)
    finally:
        sys.path.remove(str(folder))


# -- the page --------------------------------------------------------------------------------------------------------


def page(differences: dict[str, list[Difference]], counts: dict[str, tuple[int, ...]]) -> str:
    """Text of ``docs/schemas.md``."""
    lines = [
        "# Clients of released CVAT servers",
        "",
        "`cvat-codegen generate` makes a client of the schema of each of these servers as it is. The table compares",
        "each client with the `cvat-sdk` package that was published for that server: its classes, methods, parameters",
        "and what is required of them, its models, their fields, names in JSON, types, required and read-only marks.",
        "`python tests/codegen/surface.py page` writes this page; the tests fail when it is out of date or when a",
        "difference has no reason.",
        "",
        "| schema | package | classes | methods | models | fields | differences |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for version, package in PAIRS.items():
        numbers = " | ".join(map(str, counts[version]))
        lines.append(f"| {version} | {package} | {numbers} | {len(differences[version])} |")
    others = ", ".join(version for version in ALL if version not in PAIRS)
    lines += [
        "",
        f"With those of {others}, for which no package is compared, they are generated and imported in the tests,",
        "strict mypy finds nothing in them, and each works with the local server: list, create, upload, annotate,",
        "jobs, a frame, delete.",
    ]
    for reason in REASONS:
        rows = {
            difference.what: version
            for version, found in differences.items()
            for difference in found
            if reason_of(difference) == reason.text
        }
        if not rows:
            continue
        lines += ["", f"## {reason.text}", ""]
        for what in sorted(rows):
            where = [
                version
                for version, found in differences.items()
                if any(difference.what == what for difference in found)
            ]
            lines.append(
                f"- {what.partition(' ')[0]} `{what.partition(' ')[2]}` ({', '.join(where)})"
            )
    return "\n".join(lines) + "\n"


def counts_of(found: Json) -> tuple[int, ...]:
    """How many classes, methods, models and fields a client has."""
    return (
        len(found["apis"]),
        sum(map(len, found["apis"].values())),
        len(found["models"]),
        sum(len(model.get("fields", ())) for model in found["models"].values()),
    )


def current_page() -> str:
    """The page as it should be."""
    differences, counts = {}, {}
    for version, package in PAIRS.items():
        with tempfile.TemporaryDirectory() as folder:
            found = generated_facts(version, Path(folder))
        differences[version] = compare(published_facts(package), found)
        counts[version] = counts_of(found)
    return page(differences, counts)


if __name__ == "__main__":
    if sys.argv[1] == "facts":
        json.dump(facts(sys.argv[2]), sys.stdout, separators=(",", ":"), sort_keys=True)
    else:
        PAGE.write_text(current_page(), "utf-8")
