"""Search, filter, sort, simple filters and pages of lists, over a list of tasks and over HTTP."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from cvat_local.http import jsonlogic
from cvat_local.http.errors import ApiError
from cvat_local.http.filters import Listing, convert
from cvat_local.http.paging import paginate
from cvat_local.storage.engine import new_session, open_engine
from cvat_local.storage.queries.accounts import username_of
from cvat_local.storage.tables import Task, User, metadata

LISTING = Listing(
    {
        "id": Task.id,
        "name": Task.name,
        "owner": username_of(Task.owner_id),
        "segment_size": Task.segment_size,
        "created_date": Task.created_date,
    },
    search=("name", "owner"),
)


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    folder: Path = tmp_path_factory.mktemp("filters")
    engine = open_engine(f"sqlite:///{folder}/db.sqlite3")
    metadata.create_all(engine)
    with new_session(engine, writes=True) as session:
        ann = User(username="ann")
        for number, (name, owner) in enumerate(
            [("Cats one", ann), ("cats two", None), ("50% dogs", ann), ("dogs_x", None)], start=1
        ):
            day = datetime(2024, 1, number, 12, tzinfo=timezone.utc)
            session.add(Task(name=name, owner=owner, segment_size=number * 10, created_date=day))
        session.commit()
        yield session
    engine.dispose()


def names(db: Session, rule: Any) -> list[str]:
    condition = jsonlogic.condition(rule, LISTING.fields, convert)
    return list(db.scalars(select(Task.name).where(condition).order_by(Task.id)))


CATS, TWO, DOGS, X = "Cats one", "cats two", "50% dogs", "dogs_x"


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({"==": [{"var": "name"}, "cats two"]}, [TWO]),
        ({"==": [{"var": "owner"}, "ann"]}, [CATS, DOGS]),
        ({"==": [{"var": "owner"}, None]}, [TWO, X]),
        ({"!": {"==": [{"var": "owner"}, "ann"]}}, [TWO, X]),
        ({"!!": {"==": [{"var": "owner"}, "ann"]}}, [CATS, DOGS]),
        ({"var": "owner"}, [CATS, DOGS]),
        ({"<": [{"var": "segment_size"}, 20]}, [CATS]),
        ({">": [{"var": "segment_size"}, "20"]}, [DOGS, X]),
        ({">=": [{"var": "segment_size"}, 30.0]}, [DOGS, X]),
        ({"<=": [20, {"var": "segment_size"}, 30]}, [TWO, DOGS]),
        ({"<=": [{"var": "created_date"}, "2024-01-02"]}, [CATS]),
        ({">": [{"var": "created_date"}, "2024-01-03T13:00:00+02:00"]}, [DOGS, X]),
        ({"in": ["cats", {"var": "name"}]}, [TWO]),
        ({"in": ["%", {"var": "name"}]}, [DOGS]),
        ({"in": ["", {"var": "owner"}]}, [CATS, DOGS]),
        ({"in": [{"var": "id"}, [1, "4", 99]]}, [CATS, X]),
        ({"in": [{"var": "owner"}, [None]]}, [TWO, X]),
        ({"and": [{"var": "owner"}, {"<": [{"var": "id"}, 3]}]}, [CATS]),
        ({"or": [{"==": [{"var": "id"}, 2]}, {"==": [{"var": "id"}, 3]}]}, [TWO, DOGS]),
        ({"==": [{"var": "id"}, 2], "and": "only the first key counts"}, [TWO]),
    ],
)
def test_rules(db: Session, rule: Any, expected: list[str]) -> None:
    assert names(db, rule) == expected


@pytest.mark.parametrize(
    "rule",
    [
        {},
        [],
        None,
        "text",
        7,
        {"!=": [{"var": "id"}, 1]},
        {"not": {"var": "id"}},
        {"<": [1, {"var": "id"}, 3]},
        {"==": [1, {"var": "id"}]},
        {"==": [{"var": "id"}]},
        {"==": [{"var": "id"}, "abc"]},
        {"==": [{"var": "created_date"}, "soon"]},
        {"==": [{"var": "password_hash"}, "x"]},
        {"==": [{"var": "name"}, "half \ud800"]},
        {"<": [{"var": "id"}, None]},
        {"!": [{"var": "id"}]},
        {"and": []},
        {"and": {"var": "id"}},
        {"in": ["a", {"var": "id"}]},
        {"in": [{"var": "id"}, 5]},
        {"in": [{"var": "id"}, "ab"]},
        {"var": ["id"]},
        {"var": "owner.password"},
        json.loads('{"!":' * 60 + '{"var":"id"}' + "}" * 60),
        json.loads('{"!":' * 20 + '{"var":"id"}' + "}" * 20),
        {"or": [{"==": [{"var": "id"}, 1]}] * 1500},
        {"in": [{"var": "id"}, list(range(20_000))]},
    ],
)
def test_rules_that_are_not_understood(db: Session, rule: Any) -> None:
    with pytest.raises(jsonlogic.RuleError):
        names(db, rule)


FIRST = '{"==":[{"var":"id"},1]}'


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        (json.loads('{"!":' * 18 + FIRST + "}" * 18), [CATS]),
        (json.loads('{"!":{"or":[' * 9 + FIRST + "]}}" * 9), [TWO, DOGS, X]),
        ({"or": [{"!": {"!": json.loads(FIRST)}}] * 160}, [CATS]),
        ({"or": [json.loads(FIRST)] * 499}, [CATS]),
        ({"in": [{"var": "id"}, [1, *range(1000, 10_000)]]}, [CATS]),
        ({"in": [{"var": "id"}, "19"]}, [CATS]),
    ],
)
def test_large_rules_are_understood(db: Session, rule: Any, found: list[str]) -> None:
    assert names(db, rule) == found


# --- pages -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "items", "following", "previous"),
    [
        ("", list(range(10)), "page=2", None),
        ("page=2", list(range(10, 20)), "page=3", ""),
        ("page=last", list(range(20, 25)), None, "page=2"),
        ("page=&page_size=20", list(range(20)), "page=2&page_size=20", None),
        ("page_size=all", list(range(25)), None, None),
        ("page_size=99999999999999999999", list(range(25)), None, None),
        ("page_size=0", list(range(10)), "page=2&page_size=0", None),
        ("page_size=-1", list(range(10)), "page=2&page_size=-1", None),
        (
            "sort=name&page=2&a=b%20c",
            list(range(10, 20)),
            "a=b+c&page=3&sort=name",
            "a=b+c&sort=name",
        ),
    ],
)
def test_pages(
    db: Session, query: str, items: list[int], following: str | None, previous: str | None
) -> None:
    page = paginate(list(range(25)), db, query)
    assert (list(page.items), page.next, page.previous) == (items, following, previous)
    assert page.count == 25


@pytest.mark.parametrize("number", ["0", "-1", "abc", "4", "99999999999999999999", "1.0"])
def test_pages_that_do_not_exist(db: Session, number: str) -> None:
    with pytest.raises(ApiError) as caught:
        paginate(list(range(25)), db, f"page={number}")
    assert caught.value.status == 404


def test_the_first_page_of_nothing(db: Session) -> None:
    page = paginate(select(Task).where(Task.id < 0), db, "page=last")
    assert (page.items, page.count, page.next, page.previous) == ([], 0, None, None)


# --- over HTTP -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def people(api: Callable[..., Any]) -> Any:
    """The administrator's client on a server with five accounts."""
    for name, first, last in [
        ("berta", "Berta", "Blue"),
        ("carl", "Carl", "Blue"),
        ("dora", "Dora", "Dark Green"),
        ("emil", "", ""),
    ]:
        client = api(name)
        client.patch(f"/api/users/{client.user_id}", json={"first_name": first, "last_name": last})
    return api()


def usernames(client: Any, **query: Any) -> list[str]:
    response = client.get("/api/users", query=query)
    assert response.status == 200, response.data
    return [user["username"] for user in response.json()["results"]]


def test_newest_first_by_default(people: Any) -> None:
    assert usernames(people) == ["emil", "dora", "carl", "berta", "admin"]


def test_sort_by_several_names(people: Any) -> None:
    assert usernames(people, sort="last_name, -username") == [
        "emil", "admin", "carl", "berta", "dora",
    ]  # fmt: skip


def test_unknown_names_to_sort_by_are_dropped(people: Any) -> None:
    assert usernames(people, sort="password_hash,username")[0] == "admin"
    assert usernames(people, sort="nonsense")[0] == "emil"


def test_search_ignores_case_and_needs_all_terms(people: Any) -> None:
    assert usernames(people, search="BLUE") == ["carl", "berta"]
    assert usernames(people, search="blue,carl") == ["carl"]
    assert usernames(people, search='"dark green"') == ["dora"]
    assert usernames(people, search='"green dark"') == []
    assert usernames(people, search="%") == []
    assert len(usernames(people, search="")) == 5


def test_simple_filters_match_exactly(people: Any) -> None:
    assert usernames(people, username="carl") == ["carl"]
    assert usernames(people, username="Carl") == []
    assert len(usernames(people, username="")) == 5
    assert usernames(people, is_active="false") == []
    assert len(usernames(people, is_active="maybe")) == 5


def test_filter_over_http(people: Any) -> None:
    rule = {"and": [{"==": [{"var": "last_name"}, "Blue"]}, {"in": ["rt", {"var": "username"}]}]}
    assert usernames(people, filter=json.dumps(rule)) == ["berta"]
    assert len(usernames(people, filter="")) == 5


@pytest.mark.parametrize("text", ["{", "{}", "null", "[]", "3", '{"==": [{"var": "x"}, 1]}', "NaN"])
def test_a_broken_filter_is_a_bare_list(people: Any, text: str) -> None:
    response = people.get("/api/users", query={"filter": text})
    assert response.status == 400
    assert isinstance(response.json(), list)


def test_links_keep_the_query_and_use_the_callers_host(people: Any) -> None:
    response = people.get(
        "/api/users",
        query={"page_size": 2, "sort": "id", "page": 2},
        headers={"X-Forwarded-Host": "cvat.example:1", "X-Forwarded-Proto": "https"},
    )
    body = response.json()
    assert body["count"] == 5
    assert body["next"] == "https://cvat.example:1/api/users?page=3&page_size=2&sort=id"
    assert body["previous"] == "https://cvat.example:1/api/users?page_size=2&sort=id"


def test_a_page_beyond_the_end(people: Any) -> None:
    response = people.get("/api/users", query={"page": 2})
    assert response.status == 404
    assert list(response.json()) == ["detail"]


def test_a_nul_character_cannot_be_searched(people: Any) -> None:
    response = people.get("/api/users?search=%00")
    assert response.status == 400
    assert isinstance(response.json(), list)
