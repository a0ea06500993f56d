"""What webhooks send: again when it did not arrive, after a restart, and not everywhere."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select
from tests.local.receiver import Receiver

from cvat_local.app import Application
from cvat_local.background import posting
from cvat_local.background.courier import RETRIES, Courier
from cvat_local.background.posting import NO_ANSWER, TOO_LATE, is_public, post
from cvat_local.resources.webhooks.kinds import sending
from cvat_local.settings import Settings
from cvat_local.storage.engine import reading, writing
from cvat_local.storage.tables import Project, Webhook, WebhookDelivery, WebhookSending

URL = "http://reader"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    running = Receiver()
    yield running
    running.close()


class Server:
    """A server without threads, with a clock that only moves when it is told to."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        self.app = Application(Settings(data_dir=folder, workers=0, **settings))
        self.app.prepare()
        self.time = datetime(2100, 1, 1, tzinfo=timezone.utc)
        self.courier = Courier(self.app.settings, self.app.engine, clock=lambda: self.time)

    def hook(self, target: str, **fields: Any) -> int:
        """A webhook on a new project, which its id is too."""
        with writing(self.app.engine) as db:
            project = Project(name="p")
            db.add(project)
            db.flush()
            hook = Webhook(
                type="project",
                project_id=project.id,
                target_url=target,
                events=["update:project", "delete:project"],
                server_url=URL,
                **fields,
            )
            db.add(hook)
            db.flush()
            assert hook.id == project.id
            return hook.id

    def rename(self, number: int, name: str) -> None:
        with writing(self.app.engine) as db:
            db.get_one(Project, number).name = name

    def all(self, table: type[Any]) -> list[Any]:
        with reading(self.app.engine) as db:
            return list(db.scalars(select(table).order_by(table.id)))


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    running = Server(tmp_path)
    yield running
    running.app.stop()


def test_a_temporary_failure_is_tried_again_and_given_up(
    server: Server, receiver: Receiver
) -> None:
    server.rename(server.hook(f"{receiver.url}/503"), "q")
    for pause in (*RETRIES, None):
        assert server.courier.send_next()
        assert not server.courier.send_next()
        if pause is not None:
            server.time += timedelta(seconds=pause - 1)
            assert not server.courier.send_next()
            server.time += timedelta(seconds=1)
    records = server.all(WebhookDelivery)
    assert [record.attempt for record in records] == list(range(1, 10))
    assert {record.status_code for record in records} == {503}
    assert len({received.raw for received in receiver.got("/503")}) == 1
    assert server.all(WebhookSending) == []


@pytest.mark.parametrize(("status", "left"), [(400, 0), (408, 1), (429, 1), (302, 0)])
def test_which_answers_are_tried_again(
    server: Server, receiver: Receiver, status: int, left: int
) -> None:
    server.rename(server.hook(f"{receiver.url}/{status}"), "q")
    assert server.courier.send_next()
    assert len(server.all(WebhookSending)) == left


def test_a_retry_goes_where_the_webhook_points_by_then(server: Server, receiver: Receiver) -> None:
    number = server.hook(f"{receiver.url}/500")
    server.rename(number, "q")
    server.courier.send_next()
    with writing(server.app.engine) as db:
        db.get_one(Webhook, number).target_url = f"{receiver.url}/200"
    server.time += timedelta(seconds=5)
    assert server.courier.send_next()
    assert len(receiver.got("/200")) == 1
    assert server.all(WebhookSending) == []


def test_what_waits_is_not_sent_once_the_webhook_is_off(server: Server, receiver: Receiver) -> None:
    number = server.hook(f"{receiver.url}/200")
    server.rename(number, "q")
    with writing(server.app.engine) as db:
        db.get_one(Webhook, number).is_active = False
    assert server.courier.send_next()
    assert receiver.got("/200") == []
    assert server.all(WebhookDelivery) == server.all(WebhookSending) == []


def test_what_was_not_sent_is_sent_after_a_restart(tmp_path: Path, receiver: Receiver) -> None:
    first = Server(tmp_path)
    first.rename(first.hook(f"{receiver.url}/200"), "q")
    first.app.stop()
    second = Server(tmp_path)
    assert second.courier.send_next()
    assert receiver.wait("/200")[0].body["project"]["url"] == f"{URL}/api/projects/1"
    second.app.stop()


def test_things_happen_and_arrive_in_one_order(server: Server, receiver: Receiver) -> None:
    number = server.hook(f"{receiver.url}/200")
    for name in ("q", "r", "s"):
        server.rename(number, name)
    while server.courier.send_next():
        pass
    assert [one.body["project"]["name"] for one in receiver.got("/200")] == ["q", "r", "s"]


def test_a_rollback_is_not_told(server: Server, receiver: Receiver) -> None:
    number = server.hook(f"{receiver.url}/200")
    with pytest.raises(ZeroDivisionError), writing(server.app.engine) as db:
        db.get_one(Project, number).name = "q"
        db.flush()
        raise ZeroDivisionError
    assert server.all(WebhookSending) == []


def test_the_end_of_a_project_is_told_by_its_own_webhook(
    server: Server, receiver: Receiver
) -> None:
    number = server.hook(f"{receiver.url}/200", secret="s")
    with writing(server.app.engine) as db:
        db.execute(delete(Project).where(Project.id == number))
    assert server.all(Webhook) == []
    assert server.courier.send_next()
    (received,) = receiver.wait("/200")
    assert received.body["event"] == "delete:project"
    assert received.body["project"]["name"] == "p"
    assert "x-signature-256" in received.headers
    assert server.all(WebhookDelivery) == server.all(WebhookSending) == []


def test_private_addresses_can_be_forbidden(tmp_path: Path, receiver: Receiver) -> None:
    server = Server(tmp_path, private_webhook_targets=False)
    for target in (receiver.url, receiver.url.replace("127.0.0.1", "localhost")):
        server.rename(server.hook(f"{target}/200"), "q")
        assert server.courier.send_next()
    assert {record.status_code for record in server.all(WebhookDelivery)} == {NO_ANSWER}
    assert receiver.got("/200") == []
    server.app.stop()


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2606:4700::1111", True),
        ("127.0.0.1", False),
        ("10.0.0.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:127.0.0.1", False),
        ("2002:7f00:1::", False),
    ],
)
def test_which_addresses_are_public(address: str, public: bool) -> None:
    assert is_public(address) is public


def test_an_answer_that_does_not_come(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting, "TIMEOUT", 0.3)
    outcome = post(f"{receiver.url}/slow", b"{}", secret="", verify=True, private=True)
    assert (outcome.status, outcome.text) == (TOO_LATE, "")


def test_user_and_password_of_an_address_are_sent(receiver: Receiver) -> None:
    url = receiver.url.replace("//", "//us%40er:pass@")
    assert post(f"{url}/200?x=1", b"{}", secret="", verify=True, private=True).status == 200
    (received,) = receiver.got("/200?x=1")
    assert received.headers["authorization"] == "Basic dXNAZXI6cGFzcw=="
    assert "@" not in received.headers["host"]


def test_a_webhook_that_is_deleted_while_it_sends_leaves_nothing(
    server: Server, receiver: Receiver
) -> None:
    number = server.hook(f"{receiver.url}/200")
    with writing(server.app.engine) as db:
        db.add(sending(db.get_one(Webhook, number), "ping", {"event": "ping"}))
        db.execute(delete(Webhook))
    assert server.courier.send_next()
    assert server.all(WebhookDelivery) == []
