"""Issues and their comments: opened, listed, changed, by whom."""

from __future__ import annotations

from typing import Any

import pytest
from tests.local.conftest import Client
from tests.local.workplaces import Api, Workplace, workplace

from cvat_local.embedded import LocalServer

Json = dict[str, Any]
ISSUE: Json = {"frame": 1, "position": [1, 2.5, 3, 4], "message": "Too wide."}


class Team:
    """A task of the supervisor with a job of the helper."""

    def __init__(self, place: Workplace) -> None:
        self.place = place
        self.task = place.create("supervisor", "tasks")["id"]
        self.job = place.job(self.task, "helper")

    def open(self, who: str, **fields: Any) -> Json:
        answer = self.place.people[who].post(
            "/api/issues", json={**ISSUE, "job": self.job} | fields
        )
        assert answer.status == 201, answer.data
        opened: Json = answer.json()
        return opened


@pytest.fixture(scope="module")
def place(server: LocalServer, api: Api) -> Workplace:
    return workplace(server, api, "review")


@pytest.fixture
def team(place: Workplace) -> Team:
    return Team(place)


def ids(client: Client, path: str, **query: Any) -> list[int]:
    body = client.get(path, query=query).json()
    assert body["count"] == len(body["results"])
    return [entry["id"] for entry in body["results"]]


def test_an_issue_is_opened_with_its_first_comment(team: Team) -> None:
    helper = team.place.people["helper"]
    issue = team.open("helper", assignee=helper.user_id)
    assert issue.pop("owner")["username"] == "review-helper"
    assert issue.pop("assignee")["id"] == helper.user_id
    assert issue.pop("created_date").endswith("Z")
    assert issue.pop("updated_date").endswith("Z")
    number = issue.pop("id")
    comments = {"count": 1, "url": f"{helper.url}/api/comments?issue_id={number}"}
    assert issue == {
        "frame": 1,
        "position": [1, 2.5, 3, 4],
        "job": team.job,
        "resolved": False,
        "comments": comments,
    }
    (comment,) = helper.get("/api/comments", query={"issue_id": number}).json()["results"]
    assert (comment["message"], comment["issue"]) == ("Too wide.", number)
    assert comment["owner"]["username"] == "review-helper"
    job = helper.get(f"/api/jobs/{team.job}").json()
    assert job["issues"] == {"count": 1, "url": f"{helper.url}/api/issues?job_id={team.job}"}


def test_an_issue_is_changed(team: Team) -> None:
    helper, issue = team.place.people["helper"], team.open("helper")
    path = f"/api/issues/{issue['id']}"
    body = {"resolved": True, "position": [9.0], "frame": 5, "message": "ignored", "job": 99999}
    changed = helper.patch(path, json=body).json()
    assert (changed["resolved"], changed["position"], changed["frame"]) == (True, [9.0], 1)
    assert changed["updated_date"] > issue["updated_date"]
    assigned = helper.patch(path, json={"assignee": helper.user_id}).json()
    assert assigned["assignee"]["id"] == helper.user_id
    assert helper.patch(path, json={"assignee": None}).json()["assignee"] is None


def test_deleting_an_issue_deletes_its_comments(team: Team) -> None:
    supervisor, issue = team.place.people["supervisor"], team.open("helper")
    comment = supervisor.post("/api/comments", json={"issue": issue["id"], "message": "Yes."})
    assert comment.status == 201
    assert supervisor.get(f"/api/issues/{issue['id']}").json()["comments"]["count"] == 2
    assert supervisor.delete(f"/api/issues/{issue['id']}").status == 204
    assert supervisor.get(f"/api/issues/{issue['id']}").status == 404
    assert supervisor.get(f"/api/comments/{comment.json()['id']}").status == 404


def test_a_comment_is_changed_and_deleted(team: Team) -> None:
    helper, issue = team.place.people["helper"], team.open("helper")
    silent = helper.post("/api/comments", json={"issue": issue["id"]}).json()
    assert silent["message"] == ""
    path = f"/api/comments/{silent['id']}"
    changed = helper.patch(path, json={"message": "Now.", "issue": 99999}).json()
    assert (changed["message"], changed["issue"]) == ("Now.", issue["id"])
    assert helper.patch(path, json={"message": " "}).status == 400
    assert helper.delete(path).status == 204
    assert helper.get(path).status == 404


def test_lists(team: Team, place: Workplace) -> None:
    helper, supervisor = place.people["helper"], place.people["supervisor"]
    first = team.open("helper")["id"]
    second = team.open("supervisor", frame=0, resolved=True, assignee=helper.user_id)["id"]
    for query, found in (
        ({"job_id": team.job}, [second, first]),
        ({"task_id": team.task, "sort": "id"}, [first, second]),
        ({"job_id": team.job, "resolved": "true"}, [second]),
        ({"job_id": team.job, "frame_id": 1}, [first]),
        ({"job_id": team.job, "owner": "review-helper"}, [first]),
        ({"job_id": team.job, "assignee": "review-helper"}, [second]),
        ({"job_id": team.job, "filter": '{"==": [{"var": "resolved"}, false]}'}, [first]),
    ):
        assert ids(supervisor, "/api/issues", **query) == found, query
    comments = helper.get("/api/comments", query={"job_id": team.job}).json()["results"]
    assert [entry["issue"] for entry in comments] == [second, first]
    assert len(ids(helper, "/api/comments", issue_id=first, frame_id=1)) == 1
    stranger = place.people["stranger"]
    assert ids(stranger, "/api/issues", job_id=team.job) == []
    assert ids(stranger, "/api/comments", job_id=team.job) == []


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"message": " "}, "message"),
        ({"message": None}, "message"),
        ({"position": []}, "position"),
        ({"position": ["a"]}, "position"),
        ({"frame": -1}, "frame"),
        ({"assignee": 99999}, "assignee"),
    ],
)
def test_wrong_values_are_named(team: Team, fields: Json, named: str) -> None:
    body = {**ISSUE, "job": team.job} | fields
    answer = team.place.people["helper"].post("/api/issues", json=body)
    assert (answer.status, list(answer.json())) == (400, [named])


def test_what_there_is_not(team: Team) -> None:
    helper = team.place.people["helper"]
    answer = helper.post("/api/issues", json={**ISSUE, "job": 99999})
    assert (answer.status, answer.json()) == (400, ["There is no job 99999."])
    answer = helper.post("/api/comments", json={"issue": 99999, "message": "a"})
    assert (answer.status, answer.json()) == (400, ["There is no issue 99999."])


@pytest.mark.parametrize(
    ("who", "view", "edit", "delete"),
    [
        ("owner", True, True, True),
        ("maintainer", True, True, True),
        ("supervisor", True, True, True),  # owner of the task
        ("helper", True, True, False),  # assignee of the job
        ("worker", False, False, False),
        ("stranger", False, False, False),
    ],
)
def test_who_may_do_what(team: Team, who: str, view: bool, edit: bool, delete: bool) -> None:
    person, issue = team.place.people[who], team.open("owner")
    path = f"/api/issues/{issue['id']}"
    (comment,) = (
        team.place.people["owner"]
        .get("/api/comments", query={"issue_id": issue["id"]})
        .json()["results"]
    )
    words = f"/api/comments/{comment['id']}"
    body = {**ISSUE, "job": team.job}
    assert person.post("/api/issues", json=body).status == (201 if edit else 403)
    assert person.get(path).status == (200 if view else 403)
    assert person.get(words).status == (200 if view else 403)
    assert person.patch(path, json={"resolved": True}).status == (200 if edit else 403)
    assert person.patch(words, json={"message": "b"}).status == (200 if edit else 403)
    remark = {"issue": issue["id"], "message": "a"}
    assert person.post("/api/comments", json=remark).status == (201 if edit else 403)
    assert person.delete(path).status == (204 if delete else 403)


def test_who_opened_it_may_delete_it(team: Team) -> None:
    issue = team.open("helper")
    assert team.place.people["helper"].delete(f"/api/issues/{issue['id']}").status == 204
