"""Nothing of a description is run: each of its texts holds each dangerous sequence, one after the other.

A description then either has a problem, or gives modules that differ from those of a harmless description in nothing
but names and literals, and that run none of the texts when they are imported.
"""

from __future__ import annotations

import ast
import builtins
import copy
import importlib
import re
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from cvat_codegen import ir
from cvat_codegen.build import build_api
from cvat_codegen.document import find, split_pointer
from cvat_codegen.emit import emit, reference
from cvat_codegen.problems import BadDescription
from cvat_codegen.verify import verify

Json = dict[str, Any]

RUN = "import builtins; builtins.HOSTILE = 1"
EXPRESSION = '__import__("builtins").__dict__.__setitem__("HOSTILE", 1)'

SEQUENCES = {
    "double quotes": f'"""\n{RUN}\n"""',
    "single quotes": f"'''\n{RUN}\n'''",
    "end of a literal": f'" + {EXPRESSION} + "',
    "end of a docstring line": 'ends with """',
    "one quote at the end": 'ends with "',
    "backslash at the end": "ends with \\",
    "backslashes and quotes": f'\\"""\n{RUN}\n\\\\"""',
    "named character": "\\N{nothing} \\x \\u12 \\777",
    "line break": f"text\n{RUN}\n",
    "carriage return": f"text\r{RUN}\r",
    "form feed": f"text\x0c\n{RUN}\x0b\x1c\x85\u2028\u2029{RUN}",
    "null": f"\x00{RUN}",
    "direction": "\u202e\u2066 text \ufeff",
    "escape": "\x1b[2J \x7f \x9b",
    "template": "{{ 7 * 7 }} {% for x in y %} {# note #} {0} {text!r} %s ${HOME} $(x)",
    "encoding": "coding: utf-7 coding=rot13 -*- coding: x -*-",
    "markup": "--> <script>alert(1)</script> <!-- [x](javascript:alert) ![y](z) | ` `` | \\|<b> &lt;",
    "closed bracket": f"), {EXPRESSION}, (",
    "comment": f"# noqa\n# type: ignore\n{RUN}",
    "names of Python": "None",
    "names of the output": "UNSET",
    "path": "../../../../etc/passwd",
    "nothing": "",
    "other letters": "\u0416\u0443\u043a \u00df\u0130 \U0001f600 \u0301",
    "long": "x" * 3000,
}

DOCUMENT: Json = {
    "openapi": "3.0.3",
    "info": {"title": "T", "version": "1", "description": "D", "contact": {"name": "N"}},
    "servers": [],
    "tags": [{"name": "things", "description": "D"}],
    "security": [{"key": []}],
    "paths": {
        "/things/{id}": {
            "summary": "S",
            "description": "D",
            "post": {
                "operationId": "things_create",
                "tags": ["things"],
                "summary": "S",
                "description": "D",
                "externalDocs": {"url": "U", "description": "D"},
                "parameters": [
                    {
                        "name": "id",
                        "in": "path",
                        "required": True,
                        "description": "D",
                        "schema": {"type": "string", "pattern": "a", "example": "e"},
                    },
                    {
                        "name": "mode",
                        "in": "query",
                        "schema": {"type": "string", "enum": ["fast"], "default": "fast"},
                    },
                    {"name": "X-Head", "in": "header", "schema": {"type": "string"}},
                ],
                "requestBody": {
                    "description": "D",
                    "content": {
                        "application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}
                    },
                },
                "responses": {
                    "200": {
                        "description": "D",
                        "content": {
                            "application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}
                        },
                    }
                },
            },
        }
    },
    "components": {
        "schemas": {
            "Thing": {
                "title": "T",
                "description": "D",
                "type": "object",
                "required": ["name"],
                "properties": {
                    "name": {"type": "string", "description": "D", "pattern": "^a", "default": "b"},
                    "kind": {"$ref": "#/components/schemas/Kind"},
                    "size": {"type": "integer", "format": "int32", "x-python-name": "extent"},
                    "parts": {"type": "object", "properties": {"inner": {"enum": ["x", "y"]}}},
                    "note": {"type": "string", "example": "E", "title": "T"},
                },
            },
            "Kind": {
                "type": "string",
                "description": "D",
                "enum": ["small", "large"],
                "x-enum-names": ["S", "L"],
            },
        },
        "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}},
    },
}

THING = "/components/schemas/Thing"
OPERATION = "/paths/~1things~1{id}/post"
VALUES = [
    "/openapi",
    *(f"/info/{key}" for key in ("title", "version", "description", "contact/name")),
    *(f"/tags/0/{key}" for key in ("name", "description")),
    *(f"/paths/~1things~1{{id}}/{key}" for key in ("summary", "description")),
    *(
        OPERATION + place
        for place in (
            *("/operationId", "/tags/0", "/summary", "/description", "/externalDocs/url"),
            *("/parameters/0/name", "/parameters/0/in", "/parameters/0/description"),
            *("/parameters/0/schema/pattern", "/parameters/0/schema/example"),
            *("/parameters/0/schema/type", "/parameters/1/name", "/parameters/1/schema/enum/0"),
            *("/parameters/1/schema/default", "/parameters/2/name", "/requestBody/description"),
            *("/responses/200/description",),
            "/requestBody/content/application~1json/schema/$ref",
        )
    ),
    *(
        THING + place
        for place in (
            *("/title", "/description", "/type", "/required/0", "/properties/name/description"),
            *("/properties/name/pattern", "/properties/name/default", "/properties/kind/$ref"),
            *("/properties/size/format", "/properties/size/x-python-name"),
            *("/properties/parts/properties/inner/enum/0", "/properties/note/example"),
        )
    ),
    *(
        f"/components/schemas/Kind/{key}"
        for key in ("description", "enum/0", "x-enum-names/0", "type")
    ),
    *(f"/components/securitySchemes/key/{key}" for key in ("type", "in", "name")),
]
KEYS = [
    "/paths/~1things~1{id}",
    OPERATION,
    f"{OPERATION}/requestBody/content/application~1json",
    f"{OPERATION}/responses/200",
    f"{OPERATION}/responses/200/content/application~1json",
    THING,
    "/components/schemas/Kind",
    f"{THING}/properties/kind",
    f"{THING}/properties/parts",
    f"{THING}/properties/note",
    f"{THING}/properties/note/example",
    "/components/securitySchemes/key",
    "/security/0/key",
]


def with_value(document: Json, place: str, text: str) -> Json:
    changed = copy.deepcopy(document)
    *parents, last = split_pointer(place) or []
    parent = find(changed, parents)
    parent[int(last) if isinstance(parent, list) else last] = text
    return changed


def with_key(document: Json, place: str, text: str) -> Json:
    changed = copy.deepcopy(document)
    *parents, last = split_pointer(place) or []
    parent = find(changed, parents)
    entries = [(text if key == last else key, value) for key, value in parent.items()]
    parent.clear()
    parent.update(entries)
    return changed


CHANGES: list[tuple[Callable[[Json, str, str], Json], str]] = [
    *((with_value, place) for place in VALUES),
    *((with_key, place) for place in KEYS),
]


def shape(files: Mapping[str, str]) -> Counter[str]:
    """What modules are made of, apart from names and literals."""
    return Counter(
        type(node).__name__ for text in files.values() for node in ast.walk(ast.parse(text))
    )


def generated(document: Json) -> tuple[ir.Api, dict[str, str]] | None:
    """Modules of a description; None when it has problems."""
    try:
        api = build_api(document)
    except BadDescription as error:
        assert error.problems.items
        return None
    files = emit(api, "hostile.yaml", "hostile")
    return api, files


@pytest.mark.parametrize("name", SEQUENCES)
def test_no_text_of_a_description_is_run(name: str, generate: Callable[[Json], str]) -> None:
    text = SEQUENCES[name]
    harmless = generated(DOCUMENT)
    assert harmless is not None
    everything = DOCUMENT
    for change, place in CHANGES:
        alone = generated(change(DOCUMENT, place, text))
        if alone is None:
            continue
        api, files = alone
        if verify(api, files, "hostile") is not None:
            assert place.endswith(("x-python-name", "x-enum-names/0")), place  # asked for by name
            continue
        assert_harmless_pages(reference(api, "hostile.yaml", "hostile"))
        try:
            together = change(everything, place, text)
        except KeyError:
            continue  # the place is below another one that has a new name
        if generated(together) is not None:
            everything = together
    assert everything != DOCUMENT
    package = generate(everything)
    for folder in ("models", "apis"):
        module = importlib.import_module(f"{package}.{folder}")
        for exported in module.__all__:
            getattr(module, exported)
    list(importlib.import_module(f"{package}.operations").all_operations())
    assert not hasattr(builtins, "HOSTILE")


@pytest.mark.parametrize("name", [name for name, text in SEQUENCES.items() if text])
def test_texts_change_names_and_literals_only(name: str) -> None:
    harmless = generated(DOCUMENT)
    assert harmless is not None
    expected = shape(harmless[1])
    for place in (
        *("/info/title", "/info/version", "/tags/0/description", f"{OPERATION}/summary"),
        *(
            f"{OPERATION}/description",
            f"{THING}/description",
            f"{THING}/properties/name/description",
        ),
        *(f"{OPERATION}/parameters/0/description", "/components/schemas/Kind/enum/0"),
    ):
        changed = generated(with_value(DOCUMENT, place, SEQUENCES[name]))
        assert changed is not None, place
        assert shape(changed[1]) == expected, place


def assert_harmless_pages(pages: Mapping[str, str]) -> None:
    for text in pages.values():
        assert text.startswith("<!-- Generated by")
        first, _, text = text.partition("\n")
        assert first.endswith("-->") and first.count("-->") == 1
        outside = "".join(part for index, part in enumerate(code_parts(text)) if index % 2 == 0)
        assert not re.search(r"(?<!\\)<(?!/?code>)", outside)
        assert "](" not in outside.replace("\\]", "").replace("\\[", "")


def code_parts(text: str) -> list[str]:
    return re.split(r"(?<![\\`])(`+)(?!`).*?(?<!`)\1(?!`)", text)


@pytest.mark.parametrize("half", ["\ud800", "x\udfffy"])
def test_half_a_character_is_a_problem(half: str) -> None:
    for change, place in CHANGES:
        with pytest.raises(BadDescription) as caught:
            build_api(change(DOCUMENT, place, half))
        assert "half a character" in str(caught.value), place
