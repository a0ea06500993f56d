"""An organization with a member of each role, and who is none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.local.conftest import Client

from cvat_local.embedded import LocalServer
from cvat_local.storage.engine import writing
from cvat_local.storage.tables import Data, Job, Membership
from cvat_local.storage.types import utc_now

Api = Callable[..., Client]
Json = dict[str, Any]


@dataclass
class Workplace:
    """An organization that the tests of a module share.

    Attributes:
        id: Its id.
        slug: Its slug.
        people: Clients by role, and ``helper``: a member with the role worker whose account is in the
            group ``worker`` only; ``stranger``: no member, with an account like everybody's.
        members: Ids of the memberships, by the same names.
    """

    server: LocalServer
    id: int
    slug: str
    people: dict[str, Client]
    members: dict[str, int] = field(default_factory=dict)

    @property
    def org(self) -> Json:
        """Query that names it."""
        return {"org": self.slug}

    def create(self, who: str, kind: str, **fields: Any) -> Json:
        """A project or task in it (``kind`` is in the plural, as in the path)."""
        answer = self.people[who].post(f"/api/{kind}", query=self.org, json={"name": "n", **fields})
        assert answer.status == 201, answer.data
        created: Json = answer.json()
        return created

    def job(self, task_id: int, assignee: str | None = None) -> int:
        """Id of a job of the task, which gets data as a finished upload leaves them."""
        user_id = None if assignee is None else self.people[assignee].user_id
        with writing(self.server.application.engine) as db:
            db.add(Data(task_id=task_id, size=2, chunk_size=72, stop_frame=1))
            job = Job(task_id=task_id, start_frame=0, stop_frame=1, assignee_id=user_id)
            db.add(job)
            db.flush()
            return job.id


def workplace(server: LocalServer, api: Api, slug: str) -> Workplace:
    """A new organization. Its owner is ``<slug>-owner``, and so on."""
    names = ("owner", "maintainer", "supervisor", "worker", "stranger")
    people = {name: api(f"{slug}-{name}") for name in names}
    people["helper"] = api(f"{slug}-helper", groups=("worker",))
    answer = people["owner"].post("/api/organizations", json={"slug": slug})
    assert answer.status == 201, answer.data
    place = Workplace(server, answer.json()["id"], slug, people)
    for name in ("maintainer", "supervisor", "worker", "helper"):
        place.members[name] = join(place, people[name], "worker" if name == "helper" else name)
    listed = people["owner"].get("/api/memberships", query={**place.org, "role": "owner"}).json()
    place.members["owner"] = listed["results"][0]["id"]
    return place


def join(place: Workplace, client: Client, role: str, *, active: bool = True) -> int:
    """Make somebody a member without asking them; the id of the membership."""
    with writing(place.server.application.engine) as db:
        membership = Membership(
            organization_id=place.id,
            user_id=client.user_id,
            role=role,
            is_active=active,
            joined_date=utc_now() if active else None,
        )
        db.add(membership)
        db.flush()
        return membership.id
