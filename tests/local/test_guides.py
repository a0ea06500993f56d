"""Guides of projects and tasks, and the files that they show: written, served, deleted, by whom."""

from __future__ import annotations

import io
from typing import Any
from uuid import uuid4

import pytest
from PIL import Image
from tests.local.conftest import Client
from tests.local.workplaces import Api, Workplace, workplace

from cvat_local.embedded import LocalServer
from cvat_local.resources.guides.files import MOST
from cvat_local.storage.engine import writing
from cvat_local.storage.tables import Asset

Json = dict[str, Any]


def picture(kind: str = "png", size: tuple[int, int] = (8, 6)) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, (200, 9, 9)).save(file, kind)
    return file.getvalue()


def upload(client: Client, guide: Any, name: str, content: bytes, kind: str, **query: str) -> Any:
    fields = {"guide_id": str(guide), "file": (name, content, kind)}
    return client.post("/api/assets", fields=fields, query=query)


def shown(client: Client, guide: int, name: str = "a.png", **query: str) -> Json:
    answer = upload(client, guide, name, picture(), "image/png", **query)
    assert answer.status == 201, answer.data
    asset: Json = answer.json()
    return asset


def write(client: Client, query: Json | None = None, **fields: Any) -> Json:
    answer = client.post("/api/guides", json=fields, query=query)
    assert answer.status == 201, answer.data
    guide: Json = answer.json()
    return guide


def new(client: Client, kind: str = "tasks", **fields: Any) -> int:
    answer = client.post(f"/api/{kind}", json={"name": "n", **fields})
    assert answer.status == 201, answer.data
    number: int = answer.json()["id"]
    return number


def path_of(asset: Json) -> str:
    return f"/api/assets/{asset['uuid']}"


def has_file(server: LocalServer, asset: Json) -> bool:
    return server.application.files.asset(asset["uuid"]).exists()


@pytest.fixture(scope="module")
def ann(api: Api) -> Client:
    return api("ann")


def test_a_guide_is_written_changed_and_deleted(ann: Client) -> None:
    task = new(ann)
    before = ann.get(f"/api/tasks/{task}").json()
    assert before["guide_id"] is None
    guide = write(ann, task_id=task, markdown="# Hi")
    assert set(guide) == {
        *("id", "task_id", "project_id"),
        *("created_date", "updated_date", "markdown"),
    }
    assert (guide["task_id"], guide["project_id"], guide["markdown"]) == (task, None, "# Hi")
    after = ann.get(f"/api/tasks/{task}").json()
    assert after["guide_id"] == guide["id"]
    assert after["updated_date"] > before["updated_date"]
    path = f"/api/guides/{guide['id']}"
    assert ann.get(path).json() == guide
    changed = ann.patch(path, json={"markdown": "new", "task_id": 99999, "zzz": 1}).json()
    assert (changed["markdown"], changed["task_id"]) == ("new", task)
    assert changed["updated_date"] > guide["updated_date"]
    assert ann.patch(path, json={}).json()["markdown"] == "new"
    assert ann.delete(path).status == 204
    assert ann.get(path).status == 404
    assert ann.get(f"/api/tasks/{task}").json()["guide_id"] is None
    assert ann.get("/api/guides").status == 405


def test_a_job_has_the_guide_of_its_task_or_else_of_the_project(
    api: Api, server: LocalServer
) -> None:
    place = workplace(server, api, "inherit")
    owner = place.people["owner"]
    project = place.create("owner", "projects")["id"]
    task = place.create("owner", "tasks", project_id=project)["id"]
    job = place.job(task)
    of_project = write(owner, project_id=project)
    assert owner.get(f"/api/projects/{project}").json()["guide_id"] == of_project["id"]
    assert owner.get(f"/api/tasks/{task}").json()["guide_id"] is None
    assert owner.get(f"/api/jobs/{job}").json()["guide_id"] == of_project["id"]
    of_task = write(owner, task_id=task)
    assert owner.get(f"/api/jobs/{job}").json()["guide_id"] == of_task["id"]


def test_a_guide_is_for_one_thing_that_there_is(ann: Client, api: Api) -> None:
    project, task = new(ann, "projects"), new(ann)
    assert ann.post("/api/guides", json={"markdown": "x"}).status == 403
    for client, body in (
        (api(), {"markdown": "x"}),
        (ann, {"project_id": project, "task_id": task}),
        (ann, {"project_id": 99999}),
        (ann, {"task_id": 99999}),
    ):
        answer = client.post("/api/guides", json=body)
        assert (answer.status, type(answer.json())) == (400, list), body
    write(ann, project_id=project)
    assert ann.post("/api/guides", json={"project_id": project}).status == 400


def test_an_asset_is_served_as_it_came(ann: Client, api: Api) -> None:
    guide = write(ann, task_id=new(ann))["id"]
    asset = shown(ann, guide, "Käse.png")
    assert (asset["filename"], asset["guide_id"]) == ("Käse.png", guide)
    assert asset["owner"]["username"] == "ann"
    for accept in ("*/*", "application/vnd.cvat+json", "image/webp"):
        answer = ann.get(path_of(asset), headers={"Accept": accept})
        assert (answer.status, answer.data) == (200, picture())
        assert answer.headers["Content-Type"] == "image/png"
        assert answer.headers["Content-Disposition"].startswith('inline; filename="K')
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["ETag"]
        assert answer.headers["Last-Modified"]
    part = ann.get(path_of(asset), headers={"Range": "bytes=1-3"})
    assert (part.status, part.data) == (206, b"PNG")
    assert api(None).get(path_of(asset)).status == 401
    assert ann.delete(path_of(asset)).status == 204
    assert ann.get(path_of(asset)).status == 404
    for missing in ("zzz", "00000000-0000-4000-8000-000000000000"):
        assert ann.get(f"/api/assets/{missing}").status == 404


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.txt", b"text", "text/plain"),
        ("a.svg", b"<svg/>", "image/svg+xml"),
        ("a.html", picture(), "image/png"),
        ("a.png", picture(), "image/jpeg"),
        ("a.png", picture(), "application/octet-stream"),
        ("a.png", b"", "image/png"),
        ("a.png", b"no picture", "image/png"),
        ("a.jpg", picture("jpeg")[:-200], "image/jpeg"),
        ("a.pdf", bytes(10 * 1024 * 1024 + 1), "application/pdf"),
        (f"{'a' * 1021}.png", picture(), "image/png"),
    ],
)
def test_files_that_cannot_be_shown_are_refused(
    ann: Client, name: str, content: bytes, kind: str
) -> None:
    guide = write(ann, task_id=new(ann))["id"]
    answer = upload(ann, guide, name, content, kind)
    assert (answer.status, list(answer.json())) == (400, ["file"])


@pytest.mark.parametrize("kind", ["png", "jpeg"])
def test_large_pictures_are_made_smaller(ann: Client, kind: str) -> None:
    guide = write(ann, task_id=new(ann))["id"]
    content = picture(kind, (2400, 600))
    asset = upload(ann, guide, f"a.{kind}", content, f"image/{kind}").json()
    with Image.open(io.BytesIO(ann.get(path_of(asset)).data)) as image:
        assert (image.size, image.format) == ((1920, 480), kind.upper())


def test_what_an_upload_needs(ann: Client, api: Api) -> None:
    guide = write(ann, task_id=new(ann))["id"]
    answer = ann.post("/api/assets", fields={"guide_id": str(guide)})
    assert (answer.status, list(answer.json())) == (400, ["file"])
    for number in ("99999", "abc", "", "9" * 30):
        answer = upload(ann, number, "a.png", picture(), "image/png")
        assert (answer.status, type(answer.json())) == (400, list), number
    answer = ann.post("/api/assets", fields={"file": ("a.png", picture(), "image/png")})
    assert answer.status == 400
    assert ann.post("/api/assets", json={"guide_id": guide}).status == 415
    assert upload(api("bea"), guide, "a.png", picture(), "image/png").status == 403


def test_a_guide_has_so_many_assets_and_no_more(ann: Client, server: LocalServer) -> None:
    guide = write(ann, task_id=new(ann))["id"]
    with writing(server.application.engine) as db:
        for _ in range(MOST):
            uuid = str(uuid4())
            db.add(Asset(uuid=uuid, guide_id=guide, filename="a.pdf", content_type="x"))
    answer = upload(ann, guide, "a.png", picture(), "image/png")
    assert (answer.status, list(answer.json())) == (400, ["file"])


def test_files_of_a_change_that_fails_are_gone(ann: Client, server: LocalServer) -> None:
    first, second = (write(ann, task_id=new(ann))["id"] for _ in range(2))
    links = " ".join(f"![]({path_of(shown(ann, first))})" for _ in range(2))
    with writing(server.application.engine) as db:
        for _ in range(MOST - 1):
            uuid = str(uuid4())
            db.add(Asset(uuid=uuid, guide_id=second, filename="a.pdf", content_type="x"))
    folder = server.application.files.root / "assets"
    before = set(folder.iterdir())
    # The first of the two is copied before there is no room for the other.
    answer = ann.patch(f"/api/guides/{second}", json={"markdown": links})
    assert (answer.status, list(answer.json())) == (400, ["markdown"])
    assert set(folder.iterdir()) == before


def test_assets_that_the_text_does_not_link_to_any_more_are_deleted(
    ann: Client, server: LocalServer
) -> None:
    guide = write(ann, task_id=new(ann))["id"]
    kept, dropped = shown(ann, guide), shown(ann, guide)
    text = f"![a]({path_of(kept)} 'title') <img src='{path_of(kept).upper().replace('API/ASSETS', 'api/assets')}'>"
    assert ann.patch(f"/api/guides/{guide}", json={}).status == 200
    assert ann.get(path_of(dropped)).status == 200
    assert ann.patch(f"/api/guides/{guide}", json={"markdown": text}).status == 200
    assert ann.get(path_of(kept)).status == 200
    assert ann.get(path_of(dropped)).status == 404
    assert (has_file(server, kept), has_file(server, dropped)) == (True, False)


def test_assets_of_other_guides_are_copied(ann: Client, api: Api) -> None:
    first, second = (write(ann, task_id=new(ann))["id"] for _ in range(2))
    asset = shown(ann, first)
    text = f"![a]({path_of(asset)}) ![b]({path_of(asset)})"
    changed = ann.patch(f"/api/guides/{second}", json={"markdown": text}).json()["markdown"]
    copied = {"uuid": changed[len("![a](/api/assets/") :][:36]}
    assert changed == f"![a]({path_of(copied)}) ![b]({path_of(copied)})"
    assert copied["uuid"] != asset["uuid"]
    assert ann.delete(f"/api/guides/{first}").status == 204
    assert ann.get(path_of(asset)).status == 404
    assert ann.get(path_of(copied)).data == picture()
    bea = api("bea")
    stranger = write(bea, task_id=new(bea), markdown=changed)
    assert stranger["markdown"] == changed
    assert bea.get(path_of(copied)).status == 403


@pytest.mark.parametrize("kind", ["guide", "task", "project"])
def test_the_files_of_a_guide_go_with_it(ann: Client, server: LocalServer, kind: str) -> None:
    project = new(ann, "projects")
    task = new(ann, project_id=project)
    guide = write(ann, task_id=task)["id"]
    assets = [shown(ann, guide)]
    if kind == "project":
        assets.append(shown(ann, write(ann, project_id=project)["id"]))
    number = {"guide": guide, "task": task, "project": project}[kind]
    assert all(has_file(server, asset) for asset in assets)
    assert ann.delete(f"/api/{kind}s/{number}").status == 204
    assert not any(has_file(server, asset) for asset in assets)
    assert {ann.get(path_of(asset)).status for asset in assets} == {404}


@pytest.fixture(scope="module")
def place(server: LocalServer, api: Api) -> Workplace:
    return workplace(server, api, "guided")


@pytest.mark.parametrize("kind", ["task", "project"])
@pytest.mark.parametrize(
    ("who", "view", "edit"),
    [
        ("owner", True, True),
        ("maintainer", True, True),
        ("supervisor", True, True),  # owner of the task and the project
        ("helper", True, False),  # assignee of a job
        ("worker", False, False),
        ("stranger", False, False),
    ],
)
def test_who_may_do_what(place: Workplace, kind: str, who: str, view: bool, edit: bool) -> None:
    project = place.create("supervisor", "projects")["id"]
    task = place.create("supervisor", "tasks", project_id=project)["id"]
    place.job(task, "helper")
    target = {f"{kind}_id": project if kind == "project" else task}
    owner, person = place.people["owner"], place.people[who]
    if not edit:
        assert person.post("/api/guides", json=target).status == 403
    guide = write(person if edit else owner, place.org, **target)["id"]
    asset = shown(owner, guide, **place.org)
    may_view, may_edit = 200 if view else 403, 200 if edit else 403
    assert person.get(f"/api/guides/{guide}").status == may_view
    assert person.get(path_of(asset)).status == may_view
    answer = upload(person, guide, "a.png", picture(), "image/png", **place.org)
    assert answer.status == (201 if edit else 403)
    assert person.delete(path_of(asset)).status == (204 if edit else 403)
    assert person.patch(f"/api/guides/{guide}", json={}).status == may_edit
    assert person.delete(f"/api/guides/{guide}").status == (204 if edit else 403)


def test_who_oversees_an_organization_names_it_to_write_something_new(place: Workplace) -> None:
    task = place.create("supervisor", "tasks")["id"]
    maintainer, supervisor = place.people["maintainer"], place.people["supervisor"]
    for query in ({}, {"org": ""}):
        answer = maintainer.post("/api/guides", json={"task_id": task}, query=query)
        assert answer.status == 403
    assert supervisor.post("/api/guides", json={"task_id": task}, query={"org": ""}).status == 403
    guide = write(supervisor, task_id=task)["id"]
    assert upload(maintainer, guide, "a.png", picture(), "image/png").status == 403
    shown(supervisor, guide)
    shown(maintainer, guide, **place.org)
