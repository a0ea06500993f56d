"""Names of older versions, called on a server."""

from __future__ import annotations

import pytest

from cvat_local.embedded import LocalServer
from cvat_sdk.api_client import ApiClient, Configuration, models
from cvat_sdk.core.helpers import get_paginated_collection


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_older_names_against_a_server() -> None:
    with LocalServer() as server:
        configuration = Configuration(
            server.url, username=server.username, password=server.password
        )
        with ApiClient(configuration) as client:
            first, second = (client.projects_api.create({"name": name})[0] for name in "ab")
            names = [f"task {number}" for number in range(5)]
            for name in names:
                client.tasks_api.create({"name": name, "project_id": first.id})
            other, _ = client.tasks_api.create({"name": "other", "project_id": second.id})

            tasks = get_paginated_collection(
                client.projects_api.list_tasks_endpoint, id=first.id, page_size=2, sort="id"
            )
            assert [task.name for task in tasks] == names
            page, _ = client.projects_api.list_tasks(second.id)
            assert [task.id for task in page.results] == [other.id]

            body = models.TaskWriteRequest("renamed", subset="train")
            task, _ = client.tasks_api.update(other.id, body)
            assert (task.name, task.subset) == ("renamed", "train")
            project, _ = client.projects_api.update(first.id, {"bug_tracker": "http://bugs/1"})
            assert (project.name, project.bug_tracker) == ("a", "http://bugs/1")

            client.tasks_api.delete(other.id)
            client.projects_api.delete(first.id)
            page, _ = client.tasks_api.list()
            assert page.results == []
