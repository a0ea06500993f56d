"""Endpoints know what their operations answer."""

from typing import Any

from typing_extensions import reveal_type

from cvat_sdk.api_client import ApiClient
from cvat_sdk.core.helpers import get_paginated_collection


def pages(client: ApiClient, flag: bool) -> None:
    reveal_type(get_paginated_collection(client.tasks_api.list_endpoint))  # list[TaskRead]
    reveal_type(get_paginated_collection(client.jobs_api.list_endpoint, task_id=1, org_id=None)[0].stage)  # JobStage
    reveal_type(get_paginated_collection(client.tasks_api.list_endpoint, return_json=True))  # list[dict[str, Any]]
    reveal_type(get_paginated_collection(client.tasks_api.list_endpoint, return_json=False))  # list[TaskRead]
    reveal_type(get_paginated_collection(client.tasks_api.list_endpoint, return_json=flag))  # list[TaskRead] | list[dict[str, Any]]
    get_paginated_collection(client.tasks_api.list)  # error
    get_paginated_collection(client.tasks_api.retrieve_endpoint)  # error


def endpoints(client: ApiClient, options: dict[str, Any]) -> None:
    endpoint = client.tasks_api.retrieve_endpoint
    reveal_type(endpoint.call_with_http_info(id=1))  # tuple[TaskRead, HTTPResponse]
    reveal_type(endpoint.call_with_http_info(id=1, _parse_response=False))  # tuple[None, HTTPResponse]
    reveal_type(endpoint.call_with_http_info(id=1, _async_call=True).get()[0])  # TaskRead
    endpoint.call_with_http_info(**options)
    reveal_type(endpoint.path)  # str
