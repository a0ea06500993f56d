"""Dicts in place of models are checked to the last nested name."""

from cvat_sdk.api_client import ApiClient, models


def literals(client: ApiClient, label: models.PatchedLabelRequest) -> None:
    client.tasks_api.create({"name": "a name", "labels": [label, {"name": "bus"}]}, org="team")
    client.tasks_api.create(models.TaskWriteRequest("a name", labels=[label, {"name": "bus"}]))
    client.tasks_api.create({"name": "a", "labels": [{"name": "b", "attributes": [{"name": "c", "mutable": True, "input_type": "number", "values": ["4"]}]}]})
    client.tasks_api.create({"nam": "a name"})  # error
    client.tasks_api.create({"name": "a name", "labels": [{"nam": "bus"}]})  # error
    client.tasks_api.create({"name": "a", "labels": [{"name": "b", "attributes": [{"name": "c", "mutabel": True, "input_type": "number", "values": ["4"]}]}]})  # error
    client.tasks_api.create({"name": "a", "labels": [{"name": "b", "attributes": [{"name": "c", "mutable": "yes", "input_type": "number", "values": ["4"]}]}]})  # error
    client.tasks_api.create({"name": "a", "labels": [{"name": "b", "attributes": [{"name": "c", "mutable": True, "input_type": "numbr", "values": ["4"]}]}]})  # error
    models.TaskWriteRequest("a name", labels=[{"nam": "bus"}])  # error
    client.projects_api.partial_update(1, patched_project_write_request={"labels": [{"delete": True}]})  # error
    client.tasks_api.update_annotations(1, labeled_data_request={"shapes": [{"type": "mask", "frame": 0, "label": 4}]})  # error


def in_variables(client: ApiClient) -> None:
    annotated: models.TaskWriteRequestDict = {
        "name": "example task",
        "labels": [
            {
                "name": "car",
                "color": "#ff00ff",
                "attributes": [
                    {
                        "name": "a",
                        "mutable": True,
                        "input_type": "number",
                        "default_value": "5",
                        "values": ["4", "5", "6"],
                    }
                ],
            }
        ],
    }
    client.tasks_api.create(annotated)
    client.tasks_api.create(task_write_request=annotated)
    plain = {"name": "example task", "labels": [{"name": "car"}]}
    client.tasks_api.create(plain)  # error
