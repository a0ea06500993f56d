"""What calls give, by their keywords."""

from typing import Any

from typing_extensions import reveal_type

from cvat_sdk.api_client import ApiClient, apis


def results(client: ApiClient, flag: bool) -> None:
    reveal_type(client.tasks_api.retrieve(1))  # tuple[TaskRead, HTTPResponse]
    reveal_type(client.tasks_api.retrieve(1, _parse_response=False))  # tuple[None, HTTPResponse]
    reveal_type(client.tasks_api.destroy(1))  # tuple[None, HTTPResponse]
    reveal_type(client.tasks_api.destroy(1, _parse_response=flag))  # tuple[None, HTTPResponse]
    reveal_type(client.requests_api.retrieve("x")[0].status)  # RequestStatus
    reveal_type(client.jobs_api.retrieve_data(1, "chunk"))  # tuple[IO[bytes], HTTPResponse]
    reveal_type(apis.LabelsApi(client).list(task_id=1)[0].results)  # list[Label]


def asynchronous(client: ApiClient) -> None:
    handle = client.tasks_api.retrieve(1, _async_call=True)
    reveal_type(handle)  # ApplyResult[tuple[TaskRead, HTTPResponse]]
    reveal_type(handle.get(timeout=3)[0].name)  # str
    reveal_type(client.tasks_api.retrieve(1, _async_call=True, _parse_response=False).get())  # tuple[None, HTTPResponse]
    reveal_type(client.tasks_api.destroy(1, _async_call=True).get())  # tuple[None, HTTPResponse]
    client.tasks_api.retrieve(1, _async_call=True)[0]  # error
    client.tasks_api.retrieve(1).get()  # error


def keywords(client: ApiClient, flag: bool, options: dict[str, Any]) -> None:
    client.tasks_api.list(name="a", page_size=100, org="", x_organization=None, _request_timeout=(3, 60))
    client.tasks_api.list(**options)
    client.tasks_api.list(_request_auths=[{"type": "apiKey", "in": "header", "key": "A", "value": "b"}])
    task, response = client.tasks_api.retrieve(1, _parse_response=flag)
    assert task is None or task.id == 1 or response.status == 200
    client.tasks_api.retrieve("1")  # error
    client.tasks_api.retrieve()  # error
    client.tasks_api.retrieve(1, _parse_respons=False)  # error
    client.tasks_api.list(page_siz=100)  # error
    client.tasks_api.list(page="2")  # error
    client.tasks_api.delet(1)  # error
