"""What the generator refuses: every fault is named by its place, and all of them in one run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cvat_codegen.build import build_api
from cvat_codegen.problems import BadDescription

Json = dict[str, Any]
Make = Callable[..., Json]

TEXT: Json = {"type": "string"}
TEXTS: Json = {"type": "array", "items": TEXT}
OBJECT: Json = {"type": "object", "properties": {"a": TEXT}}


def ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def problems(description: Json) -> dict[str, str]:
    """Message of each problem by its pointer."""
    with pytest.raises(BadDescription) as caught:
        build_api(description)
    return {problem.pointer: problem.message for problem in caught.value.problems.items}


@pytest.mark.parametrize(
    ("schema", "place", "message"),
    [
        ({"notes": TEXT}, "/notes", "'notes' is not supported"),
        ({"type": ["string", "null"]}, "/type", "type ['string', 'null'] is not supported"),
        ({"type": "null"}, "/type", "type 'null' is not supported"),
        ({"type": "array"}, "", "needs items"),
        ({"type": "array", "items": {"type": "thing"}}, "/items/type", "type 'thing'"),
        (
            {"type": "object", "additionalProperties": {"type": "thing"}},
            "/additionalProperties/type",
            "type 'thing'",
        ),
        ({"type": "string", "format": {}}, "/format", "must be text"),
        ({"type": "string", "pattern": "("}, "/pattern", "not a regular expression"),
        ({"type": "string", "minLength": -1}, "/minLength", "whole number from 0"),
        ({"type": "integer", "maximum": "5"}, "/maximum", "must be a number"),
        ({"type": "integer", "maxLength": 5}, "/maxLength", "no meaning for type 'int'"),
        (
            {"type": "string", "format": "date", "pattern": "x"},
            "/pattern",
            "no meaning for type 'date'",
        ),
        ({"enum": []}, "/enum", "list of values"),
        ({"type": "integer", "enum": []}, "/enum", "list of values"),
        ({"type": "integer", "enum": [1, 2, 1]}, "/enum", "names a value twice"),
        ({"type": "integer", "enum": [1, "2"]}, "/enum", "'2' is not of type 'integer'"),
        ({"type": "integer", "enum": [1, True]}, "/enum", "True is not of type 'integer'"),
        ({"type": "string", "enum": ["a", 1]}, "/enum", "other values than texts"),
        ({"enum": ["a", "a"]}, "/enum", "names a value twice"),
        ({"type": "number", "minimum": float("nan")}, "/minimum", "must be a finite number"),
        ({"type": "number", "maximum": float("inf")}, "/maximum", "must be a finite number"),
        ({"type": "number", "multipleOf": 0}, "/multipleOf", "must be more than 0"),
        (
            {"enum": ["a", "b"], "x-enum-names": ["X", "X"]},
            "/x-enum-names",
            "'X' names several values",
        ),
        ({"enum": ["a"], "default": "b"}, "/default", "'b' is not one of the values"),
        ({"enum": ["a"], "x-enum-names": ["1"]}, "", "'1' for value 'a' is not a name in Python"),
        ({"enum": ["a"], "x-quoted": "yes"}, "/x-quoted", "must be true or false"),
        ({"enum": ["a"], "x-enum-names": []}, "/x-enum-names", "one name for each value"),
        ({"type": "object", "properties": []}, "/properties", "must be an object"),
        ({**OBJECT, "required": "a"}, "/required", "must be a list"),
        ({**OBJECT, "required": ["b"]}, "/required", "'b', which is no property"),
        (
            {"type": "object", "properties": {"a": TEXT, "b": {**TEXT, "x-python-name": "a"}}},
            "/properties/b/x-python-name",
            "Python name 'a' too",
        ),
        ({"type": "object", "properties": {'"': TEXT}}, '/properties/"', "with quotes"),
        ({"type": "object", "properties": {"a": TEXT}, "required": [{}]}, "/required", "of names"),
        (
            {"type": "object", "properties": {"a": {**TEXT, "x-python-name": "a b"}}},
            "/properties/a/x-python-name",
            "'a b' is not a name for a field",
        ),
        ({"type": "object", "properties": {"a/b": {"no": {}}}}, "/properties/a~1b/no", "'no'"),
        (
            {"type": "object", "properties": {"a": "string"}},
            "/properties/a",
            "a schema is an object",
        ),
        ({"oneOf": []}, "/oneOf", "list of schemas"),
        ({"oneOf": [ref("A"), {"type": "thing"}]}, "/oneOf/1/type", "type 'thing'"),
        ({"allOf": [ref("A"), ref("Kind")]}, "", "'Kind' is neither an object"),
        ({"allOf": [ref("A"), {"type": "string", "format": "binary"}]}, "/allOf", "binary body"),
        ({"allOf": [ref("A"), ref("C")]}, "/allOf", "'a' different types"),
        ({"allOf": [ref("A"), ref("Thing")]}, "", "composed of each other"),
        (
            {"oneOf": [ref("A"), ref("B")], "discriminator": {"mapping": {}}},
            "/discriminator",
            "'propertyName' must be text",
        ),
        (
            {"oneOf": [ref("A")], "discriminator": {"propertyName": "a", "mapping": []}},
            "/discriminator",
            "'mapping' must be an object",
        ),
        (
            {"type": "object", "properties": {"a": ref("Lost")}},
            "/properties/a",
            "points to nothing",
        ),
        ({"$ref": "other.yaml#/A"}, "", "none stands beside this description"),
        (ref("Thing"), "", "defined by each other only"),
        ({"type": "array", "items": ref("Thing")}, "/items", "defined by each other only"),
        ("string", "", "a schema is an object"),
    ],
)
def test_a_schema_is_refused(describe: Make, schema: Any, place: str, message: str) -> None:
    other = {"type": "object", "properties": {"a": {"type": "integer"}}}
    schemas = {"Thing": schema, "A": OBJECT, "B": OBJECT, "C": other, "Kind": {"enum": ["x"]}}
    found = problems(describe(schemas))
    assert list(found) == [f"/components/schemas/Thing{place}"]
    assert message in found[f"/components/schemas/Thing{place}"]


def test_a_reference_to_what_is_no_schema_is_refused_where_it_points_to(describe: Make) -> None:
    thing = {"type": "object", "properties": {"a": {"$ref": "#/info"}}}
    found = problems(describe({"Thing": thing}))
    assert found == {"/info/version": "'version' is not supported in a schema of kind 'any'"}


PLACE = "/paths/~1things~1{id}/get"
ID: Json = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}


def test_a_parameter_with_odd_properties_is_a_problem(describe: Make, operation: Make) -> None:
    odd = {"name": "at", "in": "query", "schema": {"type": "object", "properties": [1]}}
    found = problems(describe({}, {"/things": {"get": operation(parameters=[odd])}}))
    assert list(found) == ["/paths/~1things/get/parameters/0/schema/properties"]


@pytest.mark.parametrize(
    ("changes", "place", "message"),
    [
        ({"x": {}}, "/x", "'x' is not supported"),
        ({"tags": [1]}, "/tags", "list of names"),
        ({"operationId": None}, "/operationId", "must be text"),
        ({"x-python-method": "1st"}, "/x-python-method", "not a name for a method"),
        ({"x-python-method": "api_client"}, "/x-python-method", "not a name for a method"),
        ({"security": [{"magic": []}]}, "/security", "'magic' is no security scheme"),
        ({"security": "none"}, "/security", "must be a list"),
        ({"responses": {}}, "/responses", "at least one response"),
        ({"responses": {"2x0": {}}}, "/responses/2x0", "not the number of a status"),
        ({"responses": {"200": {"x": {}}}}, "/responses/200/x", "'x' is not supported"),
        ({"responses": {"200": {"$ref": "#/lost"}}}, "/responses/200", "points to nothing"),
        ({"parameters": {}}, "/parameters", "must be a list"),
        ({"parameters": []}, "", "path parameters"),
        (
            {"parameters": [ID, {"name": "s", "in": "body", "schema": TEXT}]},
            "/parameters/1/in",
            "a parameter in 'body'",
        ),
        (
            {"parameters": [ID, {"name": "s", "in": "cookie", "schema": TEXTS}]},
            "/parameters/1/explode",
            "needs 'explode: false'",
        ),
        (
            {"parameters": [ID, {"name": "s", "in": "query", "schema": TEXTS, "style": "label"}]},
            "/parameters/1/style",
            "style 'label' is not one of a query: form, spaceDelimited, pipeDelimited, deepObject",
        ),
        (
            {"parameters": [ID, {"name": "s", "in": "query", "schema": TEXTS, "explode": "no"}]},
            "/parameters/1/explode",
            "true or false",
        ),
        (
            {"parameters": [ID, {"name": "s", "in": "query"}]},
            "/parameters/1/schema",
            "needs a schema",
        ),
        (
            {
                "parameters": [
                    ID,
                    {"name": "s", "in": "query", "schema": TEXT, "style": "deepObject"},
                ]
            },
            "/parameters/1/style",
            "'deepObject' writes objects only",
        ),
        (
            {"parameters": [ID, {"name": "s", "in": "query", "content": {}, "schema": TEXT}]},
            "/parameters/1/content",
            "alone, and there is no 'schema'",
        ),
        (
            {"parameters": [{**ID, "x-python-name": "self"}]},
            "/parameters/0/x-python-name",
            "not a name for an argument",
        ),
        ({"x-positional-order": ["name"]}, "/x-positional-order", "which are id"),
        ({"requestBody": {}}, "/requestBody/content", "at least one media type"),
        (
            {"requestBody": {"content": {"application/json": {}}}},
            "/requestBody/content/application~1json/schema",
            "is missing",
        ),
        (
            {
                "requestBody": {
                    "content": {
                        "multipart/form-data": {"schema": OBJECT},
                        "application/x-www-form-urlencoded": {"schema": {**OBJECT, "title": "x"}},
                    }
                }
            },
            "/requestBody/content",
            "different schemas of forms",
        ),
        (
            {"requestBody": {"content": {"multipart/form-data": {"schema": TEXT}}}},
            "/requestBody/content/multipart~1form-data/schema",
            "form must be an object",
        ),
    ],
)
def test_an_operation_is_refused(
    describe: Make, operation: Make, changes: Json, place: str, message: str
) -> None:
    get = operation(**{"parameters": [ID], **changes})
    found = problems(describe({}, {"/things/{id}": {"get": get}}))
    assert list(found) == [PLACE + place]
    assert message in found[PLACE + place]


@pytest.mark.parametrize(
    ("encoding", "place", "message"),
    [
        ([], "", "must be an object"),
        ({"a": 1}, "/a", "must be an object"),
        ({"a": {"x": 1}}, "/a/x", "not supported"),
        ({"a": {"contentType": 1}}, "/a/contentType", "must be text"),
        ({"a": {"contentType": "a\nb"}}, "/a/contentType", "must be text"),
        ({"a": {"style": "label"}}, "/a/style", "'label' is not one of form"),
        ({"a": {"explode": "no"}}, "/a/explode", "true or false"),
        ({"a": {"headers": []}}, "/a/headers", "must be an object"),
        ({"a": {"headers": {"X-A": 1}}}, "/a/headers/X-A", "must be an object"),
        ({"a": {"headers": {"a b": {}}}}, "/a/headers/a b", "no name of a header"),
        ({"a": {"headers": {"A": {"$ref": "#/no"}}}}, "/a/headers/A", "points to nothing"),
        ({"a": {"headers": {"A": {"schema": 1}}}}, "/a/headers/A/schema", "is an object"),
    ],
)
def test_an_encoding_is_refused(
    describe: Make, operation: Make, encoding: Any, place: str, message: str
) -> None:
    content = {"multipart/form-data": {"schema": OBJECT, "encoding": encoding}}
    post = operation(requestBody={"content": content})
    found = problems(describe({}, {"/things": {"post": post}}))
    where = "/paths/~1things/post/requestBody/content/multipart~1form-data/encoding"
    assert list(found) == [where + place]
    assert message in found[where + place]


def test_all_problems_are_found_in_one_run(describe: Make, operation: Make) -> None:
    inner = {
        "type": "object",
        "properties": {"b": {"type": "no"}, "c": {"type": "integer", "enum": ["1"]}},
    }
    schemas = {
        "A": {"type": "object", "required": ["z"], "properties": {"x": {"no": {}}, "y": ref("Z")}},
        "B": {"type": "object", "properties": {"list": {"type": "array", "items": inner}}},
    }
    paths = {"/a": {"get": operation(unknown={}, security=[{"no": []}]), "head": 1, "query": {}}}
    assert set(problems(describe(schemas, paths))) == {
        "/components/schemas/A/properties/x/no",
        "/components/schemas/A/properties/y",
        "/components/schemas/A/required",
        "/components/schemas/B/properties/list/items/properties/b/type",
        "/components/schemas/B/properties/list/items/properties/c/enum",
        "/paths/~1a/get/security",
        "/paths/~1a/get/unknown",
        "/paths/~1a/head",
        "/paths/~1a/query",
    }


@pytest.mark.parametrize(
    ("description", "place"),
    [
        ([], ""),
        ({}, "/openapi"),
        ({"swagger": "2.0"}, "/openapi"),
        ({"openapi": "3.2.0", "info": {"title": "T", "version": "1"}}, "/openapi"),
        ({"openapi": "3.0.3", "info": {"version": "1"}}, "/info/title"),
        ({"openapi": "3.0.3", "info": {"title": "T", "version": 1}}, "/info/version"),
        ({"openapi": "3.0.3", "info": {"title": "T", "version": "1"}, "paths": []}, "/paths"),
        ({"openapi": "3.0.3", "info": {"title": "T", "version": "1"}, "webhook": {}}, "/webhook"),
        (
            {"openapi": "3.0.3", "info": {"title": "T", "version": "1"}, "paths": {"/a": 1}},
            "/paths/~1a",
        ),
        (
            {
                "openapi": "3.0.3",
                "info": {"title": "T", "version": "1"},
                "components": {"schemas": []},
            },
            "/components/schemas",
        ),
    ],
)
def test_a_document_that_is_no_description(description: Any, place: str) -> None:
    assert list(problems(description)) == [place]
