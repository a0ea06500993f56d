"""The examples of the API's documentation, and names that older documents use."""

from __future__ import annotations

import io
import json
from typing import Any
from urllib.parse import parse_qsl, urlparse

from cvat_sdk.api_client import models
from differential import samples_of_server as samples
from differential.answers import answer
from differential.arguments import named_file
from differential.case import Side, case

_TASK = answer(201, json=samples.TASK)
_LABELS: list[dict[str, Any]] = [
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
]


def _spec(how: str) -> Any:
    attribute = _LABELS[0]["attributes"][0]
    if how == "dict":
        return {"name": "example task", "labels": _LABELS}
    label = models.PatchedLabelRequest(
        name="car",
        color="#ff00ff",
        attributes=[models.AttributeRequest(**attribute) if how == "models" else attribute],
    )
    return models.TaskWriteRequest(name="example task", labels=[label])


@case(
    _TASK,
    answer(202, json={"rq_id": "action=create&target=task&id=1"}),
    answer(json={**samples.REQUEST, "status": "started"}),
    answer(json={**samples.REQUEST, "status": "finished"}),
    answer(json=samples.TASK),
    each=("dict", "models", "mixed"),
)
def main_example(side: Side, how: str) -> Any:
    with side.client(username="ann", password="secret") as client:
        task, _ = client.tasks_api.create(_spec(how))
        data = models.DataRequest(
            image_quality=75,
            client_files=[named_file("1.jpg", b"one"), named_file("2.jpg", b"two")],
        )
        result, response = client.tasks_api.create_data(
            task.id, data_request=data, _content_type="multipart/form-data", _check_status=False
        )
        seen = [response.status]
        while True:
            request, _ = client.requests_api.retrieve(result.rq_id)
            seen.append(request.status.value)
            if request.status.value in ("finished", "failed"):
                break
        task, _ = client.tasks_api.retrieve(task.id)
        return [seen, request.message, task.size]


@case(
    answer(202, json={"rq_id": "a=b&c"}),
    answer(
        json={
            **samples.REQUEST,
            "status": "finished",
            "result_url": "http://localhost/api/x?rq_id=a%3Db",
        }
    ),
    answer(body=b"x" * 20000, content_type="application/zip"),
)
def export_and_download(side: Side) -> Any:
    with side.client(username="ann", password="secret") as client:
        _, response = client.tasks_api.create_dataset_export(
            id=1, format="COCO 1.0", save_images=True, _parse_response=False
        )
        rq_id = json.loads(response.data).get("rq_id")
        request, _ = client.requests_api.retrieve(rq_id)
        finished = models.RequestStatus.allowed_values[("value",)]["FINISHED"]
        address = urlparse(request.result_url)
        _, response = client.call_api(
            address.path,
            method="GET",
            query_params=parse_qsl(address.query),
            auth_settings=client.configuration.auth_settings(),
            _parse_response=False,
        )
        file = io.BytesIO()
        while chunk := response.read(8192):
            file.write(chunk)
        return [request.status.value == finished, len(file.getvalue())]


@case(
    answer(json={"content": [{"name": "sub", "type": "DIR", "mime_type": "DIR"}], "next": "t"}),
    answer(
        json={"content": [{"name": "a.jpg", "type": "REG", "mime_type": "image"}], "next": None}
    ),
    answer(
        json={"content": [{"name": "b.jpg", "type": "REG", "mime_type": "image"}], "next": None}
    ),
)
def cloud_storage_content(side: Side) -> Any:
    files: list[str] = []
    prefixes: list[str] = []
    token, prefix = None, ""
    client = side.client()
    while True:
        data, _ = client.cloudstorages_api.retrieve_content_v2(
            5,
            **({"prefix": prefix} if prefix else {}),
            **({"next_token": token} if token else {}),
        )
        files += [prefix + f["name"] for f in data["content"] if str(f["type"]) == "REG"]
        prefixes += [prefix + f["name"] for f in data["content"] if str(f["type"]) == "DIR"]
        token = data["next"]
        if token:
            continue
        if not prefixes:
            return files
        prefix = f"{prefixes.pop()}/"


@case(answer(json={"a": 1}), each=("call_api", "request", "foreign"))
def custom_request(side: Side, how: str) -> Any:
    client = side.client(api_key={"sessionAuth": "s", "csrfAuth": "c"})
    if how == "call_api":
        return client.call_api("/x", method="GET", query_params=[("a", "b")], _parse_response=False)
    headers = client.get_common_headers()
    client.update_params_for_auth(headers=headers, queries=[], method="GET")
    if how == "request":
        return client.request("GET", f"{side.host}/x", headers=headers, _parse_response=False)
    import urllib.request

    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    request = urllib.request.Request(f"{side.host}/x", headers=headers)
    with opener.open(request) as response:
        return response.read()


@case(answer(204), each=("tasks", "projects", "jobs", "labels", "issues", "users", "webhooks"))
def delete(side: Side, tag: str) -> Any:
    return getattr(side.client(), f"{tag}_api").delete(5)


@case(answer(json=samples.TASK))
def update(side: Side) -> Any:
    api = side.client().tasks_api
    return api.update(1, task_write_request={"name": "x"}, _parse_response=False)


@case(answer(json={"count": 1, "next": None, "previous": None, "results": [samples.TASK]}))
def tasks_of_a_project(side: Side) -> Any:
    from cvat_sdk.core.helpers import get_paginated_collection

    endpoint = side.client().projects_api.list_tasks_endpoint
    return [task.name for task in get_paginated_collection(endpoint, id=5)]


@case(answer(json={"content": [], "next": None}))
def content_by_its_old_name(side: Side) -> Any:
    return side.client().cloudstorages_api.retrieve_content(5, _parse_response=False)


@case(answer(202, json={"rq_id": "x"}), answer(500, json={}), each=("good", "bad"))
def message_of_response(side: Side, which: str) -> Any:
    client = side.client()
    if which == "bad":
        client.call_api("/x", "GET")
    return client.call_api("/x", "GET", _check_status=False)[1].msg
