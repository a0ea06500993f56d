"""Names of a description that clash with each other, with Python or with the output: nothing is lost or hidden."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

import pytest

from cvat_codegen import names

Json = dict[str, Any]
Make = Callable[..., Json]

TEXT: Json = {"type": "string"}
TAKEN = [
    *("self", "dicts", "additional", "UNSET", "Maybe", "openapi_types", "attribute_map", "get"),
    *("allowed_values", "validations", "read_only_vars", "required_properties", "discriminator"),
    *("additional_properties_type", "to_dict", "to_str", "mro", "class", "int", "str", "list"),
    *("dict", "float", "bool", "datetime", "_extra", "_nullable", "_positional", "_composed"),
    *("_read_only", "_secret", "_fields", "_configuration", "_check_type", "__init__", "__slots__"),
    *("_path_to_item", "_spec_property_naming", "__class__", "__dict__", "Any", "kwargs", "None"),
    *("naïve", "日本", "+", "1st", "🙂", "a b", "a-b", "a_b", "aB", "AB"),
]


@pytest.mark.parametrize("required", [True, False])
def test_any_property_can_be_set_read_and_sent(
    describe: Make, generate_models: Callable[[Json], Any], required: bool
) -> None:
    thing = {"type": "object", "properties": dict.fromkeys(TAKEN, TEXT)}
    if required:
        thing["required"] = TAKEN
    models = generate_models(describe({"Thing": thing}))
    wires = models.Thing.attribute_map
    assert sorted(wires.values()) == sorted(TAKEN)
    thing = models.Thing(**{name: wire.upper() for name, wire in wires.items()})
    assert {name: getattr(thing, name) for name in wires} == {
        name: wire.upper() for name, wire in wires.items()
    }
    codec = importlib.import_module("cvat_sdk.api_client.runtime.codec")
    package = models.__name__.rpartition(".")[0]
    assert codec.decode(codec.encode(thing), "Thing", package=package) == thing


def test_a_clash_is_decided_by_spelling() -> None:
    wires = ["convMaskToPoly", "conv_mask_to_poly", "A-b", "a.b"]
    assert names.field_names(wires) == ["convMaskToPoly", "conv_mask_to_poly", "a_b", "a_b_2"]
    assert names.member_names(["jpeg", "JPEG", "a b", "a-b"]) == ["jpeg", "JPEG", "A_B", "A_B_2"]


def test_both_spellings_of_a_property_are_sent(
    describe: Make, generate_models: Callable[[Json], Any]
) -> None:
    properties = {"convMaskToPoly": {"type": "boolean"}, "conv_mask_to_poly": {"type": "boolean"}}
    models = generate_models(describe({"Call": {"type": "object", "properties": properties}}))
    codec = importlib.import_module("cvat_sdk.api_client.runtime.codec")
    assert codec.encode(models.Call(conv_mask_to_poly=True)) == b'{"conv_mask_to_poly":true}'
    assert codec.encode(models.Call(convMaskToPoly=True)) == b'{"convMaskToPoly":true}'


MODELS = [
    *(
        "Image",
        "IImage",
        "ImageDict",
        "image",
        "i-mage",
        "UNSET",
        "Maybe",
        "Any",
        "None",
        "O",
        "str",
    ),
    *("ModelData", "Typed", "Exception", "AttributeError", "object", "Ab_c", "AbC", "Abc", "файл"),
    *("+", "-", "Model", "class", "List", "Endpoint", "__init__", "models", "Api", "Annotated"),
]


def test_any_schemas_can_stand_beside_each_other(
    describe: Make, operation: Make, generate: Callable[[Json], str]
) -> None:
    fields = {
        f"field{number}": {"$ref": f"#/components/schemas/{name}"}
        for number, name in enumerate(MODELS)
    }
    schemas = {name: {"type": "object", "properties": fields} for name in MODELS}
    paths = {}
    for number, name in enumerate(MODELS):
        content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}
        responses = {"200": {"description": "", "content": content}}
        paths[f"/{number}"] = {
            "post": operation(
                operationId=f"call {number}", requestBody={"content": content}, responses=responses
            )
        }
    package = generate(describe(schemas, paths))
    models = importlib.import_module(f"{package}.models")
    exported = [getattr(models, name) for name in models.__all__]
    classes = [cls for cls in exported if len(getattr(cls, "attribute_map", ())) == len(MODELS)]
    assert len(classes) == len(MODELS)
    assert len(exported) == 3 * len(MODELS)  # with interfaces and typed dictionaries
    for cls in classes:
        thing = cls(field1={"field2": {}})
        assert thing.to_dict() == {"field1": {"field2": {}}}
    with pytest.raises(AttributeError):
        _ = models.not_there


METHODS = [
    *("api_client", "overload", "deprecated", "list", "dict", "int", "str", "tuple", "builtins"),
    *("datetime", "import", "things_list", "list_endpoint", "_call", "_tag", "__init__", "mro"),
    *("List", "LIST", "li-st", "файлы", "+", "self", "bytes"),
]


def test_any_operations_can_stand_beside_each_other(
    describe: Make, operation: Make, generate: Callable[[Json], str]
) -> None:
    paths = {
        f"/{number}": {"get": operation(operationId=name)} for number, name in enumerate(METHODS)
    }
    package = generate(describe({}, paths))
    table = importlib.import_module(f"{package}.operations").load("things")
    assert sorted(operation.path for operation in table.values()) == sorted(paths)
    api = importlib.import_module(f"{package}.apis").ThingsApi()
    for name, entry in table.items():
        assert callable(getattr(api, name))
        assert getattr(api, f"{name}_endpoint").path == entry.path
    assert api.api_client.configuration.host


def test_tags_that_differ_in_case_or_signs_are_one_group(
    describe: Make, operation: Make, generate: Callable[[Json], str]
) -> None:
    tags = ["Big things", "big-things", "big_things", "BIG THINGS"]
    paths = {
        f"/{number}": {"get": operation(operationId="list", tags=[tag])}
        for number, tag in enumerate(tags)
    }
    package = generate(describe({}, paths))
    operations = importlib.import_module(f"{package}.operations")
    assert operations.TAGS == ("Big things",)
    assert [entry.path for entry in operations.all_operations()] == ["/0", "/1", "/2", "/3"]
    assert [entry.name for entry in operations.all_operations()] == [
        *("list", "list_2", "list_3", "list_4")
    ]


def test_operations_without_tag_and_id_have_names_of_their_own(
    describe: Make, generate: Callable[[Json], str]
) -> None:
    answers = {"responses": {"200": {"description": ""}}}
    package = generate(describe({}, {"/api/big-things": {"get": answers, "post": answers}}))
    api = importlib.import_module(f"{package}.apis").DefaultApi()
    assert api.get_api_big_things_endpoint.path == "/api/big-things"
    assert api.post_api_big_things_endpoint.operation.method == "POST"


def test_tags_without_a_letter_and_taken_names(
    describe: Make, operation: Make, generate: Callable[[Json], str]
) -> None:
    tags = ["call", "задачи", "+", "", "attributes", "__init__", "class"]
    paths = {
        f"/{number}": {"get": operation(operationId="get", tags=[tag])}
        for number, tag in enumerate(tags)
    }
    package = generate(describe({}, paths))
    operations = importlib.import_module(f"{package}.operations")
    assert {entry.path for entry in operations.all_operations()} == set(paths)
    attributes = importlib.import_module(f"{package}.apis.attributes").ATTRIBUTES
    client = importlib.import_module("cvat_sdk.api_client").ApiClient
    assert not [name for name in attributes if hasattr(client, name)]


def test_arguments_that_clash(
    describe: Make, operation: Make, generate: Callable[[Json], str]
) -> None:
    parameters = [
        {"name": name, "in": place, "required": place == "path", "schema": TEXT}
        for name, place in (
            *(("id", "path"), ("id", "query"), ("Id", "query"), ("ID", "header")),
            *(("self", "query"), ("options", "query"), ("class", "query"), ("+", "query")),
            *(("_parse_response", "query"), ("UNSET", "query"), ("body", "query"), ("é", "query")),
        )
    ]
    body = {"content": {"application/json": {"schema": {"type": "object"}}}, "required": True}
    call = operation(parameters=parameters, requestBody=body)
    package = generate(describe({}, {"/things/{id}": {"put": call}}))
    endpoint = importlib.import_module(f"{package}.apis").ThingsApi().get_endpoint
    assert sorted(endpoint.attribute_map.values()) == sorted(p["name"] for p in parameters)
    assert endpoint.params_map["required"] == ["body_2", "id"]
