"""What an account has seen of prompts: its one record."""

from __future__ import annotations

import pytest
from tests.local.workplaces import Api


def test_the_record_of_an_account_is_read_and_changed(api: Api) -> None:
    ann = api("ann")
    listed = ann.get("/api/growth").json()
    (record,) = listed.pop("results")
    assert listed == {"count": 1, "next": None, "previous": None}
    assert record.pop("owner")["username"] == "ann"
    assert record == {
        "id": ann.user_id,
        "github_prompt_shown": False,
        "github_prompt_support_clicked": False,
        "promotion_notifications_allowed": False,
        "github_prompt_enabled": False,
    }
    path = f"/api/growth/{ann.user_id}"
    body = {"github_prompt_shown": True, "github_prompt_enabled": True, "id": 99}
    changed = ann.patch(path, json=body).json()
    assert changed["github_prompt_shown"] is True
    assert changed["github_prompt_enabled"] is False
    assert ann.get(path).json() == changed
    wanted = '{"==": [{"var": "github_prompt_shown"}, false]}'
    assert ann.get("/api/growth", query={"filter": wanted}).json()["count"] == 0
    assert api("bea").get("/api/growth").json()["results"][0]["github_prompt_shown"] is False


@pytest.mark.parametrize("number", ["abc", "99999", "-1", "9" * 40])
def test_records_that_there_are_not(api: Api, number: str) -> None:
    assert api("ann").get(f"/api/growth/{number}").status == 404


def test_records_of_others(api: Api) -> None:
    path = f"/api/growth/{api('bea').user_id}"
    for client in (api("ann"), api()):
        assert client.get(path).status == 403
        assert client.patch(path, json={}).status == 403
    assert api(None).get("/api/growth").status == 401
    answer = api("bea").patch(path, json={"github_prompt_shown": "perhaps"})
    assert (answer.status, list(answer.json())) == (400, ["github_prompt_shown"])
