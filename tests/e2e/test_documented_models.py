"""Models, dicts and mixtures of them, as input and as output."""

from __future__ import annotations

import inspect
import json
import typing
from typing import Any

import pytest
from tests.e2e.work import CAR, DOORS, annotated_task

from cvat_sdk.api_client import ApiClient, ApiTypeError, model_utils, models


def spec_of_models() -> models.TaskWriteRequest:
    return models.TaskWriteRequest(
        name="a task of models",
        labels=[
            models.PatchedLabelRequest(
                name="car",
                color="#ff00ff",
                attributes=[
                    models.AttributeRequest(
                        name="doors",
                        mutable=True,
                        input_type="number",
                        default_value="5",
                        values=["3", "5", "1"],
                    )
                ],
            )
        ],
    )


SPECS: dict[str, Any] = {
    "models": spec_of_models(),
    "dicts": {"name": "a task of models", "labels": [CAR]},
    "models in dicts": {
        "name": "a task of models",
        "labels": [{**CAR, "attributes": [models.AttributeRequest(**DOORS)]}],
    },
    "dicts in models": models.TaskWriteRequest(name="a task of models", labels=[CAR]),
}


def test_models_dicts_and_mixtures_are_equivalent(client: ApiClient) -> None:
    made = []
    for spec in SPECS.values():
        task, _ = client.tasks_api.create(spec)
        (label,) = client.labels_api.list(task_id=task.id)[0].results
        attribute = label.attributes[0]
        assert attribute.values == ["3", "5", "1"]
        fields = attribute.to_dict()
        del fields["id"]
        made.append((task.name, label.name, label.color, fields))
    assert made == made[:1] * len(SPECS)


def test_data_are_checked_before_anything_is_sent(client: ApiClient) -> None:
    before = client.tasks_api.list(page_size=1)[0].count
    wrong: list[Any] = [
        {"name": 5},
        {"name": "x", "labels": [{"name": "car", "color": 3}]},
        {"labels": []},
        models.PatchedTaskWriteRequest(name="another model"),
    ]
    for spec in wrong:
        with pytest.raises(ApiTypeError):
            client.tasks_api.create(spec)
    assert client.tasks_api.list(page_size=1)[0].count == before


def test_models_are_made_like_any_object() -> None:
    user = models.User(username="ann", groups=["user"], email="ann@example.com")
    assert (user.username, user["email"]) == ("ann", "ann@example.com")
    with pytest.raises(TypeError, match="groups"):
        models.User(username="ann")  # type: ignore[call-arg]  # the point of the test


def test_request_models_end_in_request_and_the_others_do_not(client: ApiClient) -> None:
    for api in (client.tasks_api, client.projects_api, client.labels_api):
        for name in dir(api):
            if not name.endswith("_endpoint"):
                continue
            operation = getattr(api, name).operation
            if operation.body is not None:
                assert operation.body.type.removesuffix("]").endswith("Request")
            assert not (operation.response or "").endswith("Request")


def test_interfaces_carry_annotations_and_descriptions() -> None:
    """Most models have an interface to implement, or to describe an API with."""
    interfaces = [
        name for name in models.__all__ if name.startswith("I") and name[1:] in models.__all__
    ]
    assert len(interfaces) == 220
    for name in interfaces:
        interface, model = getattr(models, name), getattr(models, name[1:])
        assert issubclass(model, interface)
        members = typing.get_type_hints(interface)
        assert members or "value" in interface.__annotations__

    class Rectangle(models.ILabeledShape):
        def __init__(self) -> None:
            self.label_id = 3

    def label_of(shape: models.ILabeledShape) -> int:
        return shape.label_id

    assert label_of(Rectangle()) == 3
    assert inspect.getdoc(models.ITaskWriteRequest)


def test_plain_data_of_a_model_from_the_server(client: ApiClient) -> None:
    task = annotated_task(client, ["one.jpg"])
    stored, response = client.tasks_api.retrieve_annotations(task.id)
    plain = stored.to_dict()
    assert plain["shapes"][0]["type"] == "rectangle"
    assert type(plain["shapes"][0]["type"]) is str
    assert plain is not stored.to_dict()

    task, response = client.tasks_api.retrieve(task.id)
    assert task.to_dict()["created_date"] == task.created_date
    as_json = model_utils.to_json(task)
    assert as_json["created_date"] == task.created_date.isoformat()
    assert json.loads(json.dumps(as_json)) == as_json
    assert as_json.keys() == response.json().keys()


def test_names_of_the_wire_are_those_of_the_server(client: ApiClient) -> None:
    plugins, response = client.server_api.retrieve_plugins()
    assert plugins.to_dict().keys() != response.json().keys()
    assert model_utils.to_json(plugins) == response.json()
