"""ARCHITECTURE.md is a map: what it names is there, and a newcomer's questions end at one folder."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
SERVER = ROOT / "src" / "cvat_local"


def rows(heading: str) -> list[tuple[str, list[str]]]:
    """The rows of the table below a heading: the first cell, and the paths in the second."""
    section = TEXT.split(f"### {heading}\n", 1)[1].split("\n#", 1)[0]
    cells = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("| ")]
    return [
        (first.strip(), re.findall(r"`((?:src|spec)/[\w./]*)`", second))
        for first, second in cells[1:]
    ]


def test_every_path_that_is_named_exists() -> None:
    named = set(re.findall(r"`((?:src|spec|docs|tests|tools|examples)/[\w./]+)`", TEXT))
    assert len(named) > 15
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []


ANSWERS = {
    "the permission to delete a job": "def may_manage(user: User, job: Job)",
    "where a TUS chunk is written": "target.write(remaining)",
    "how a task is written as JSON": "def _task(call: Reader, item: Task",
    "who may be an assignee": "def check_person(",
    "what makes jobs of the uploaded images": "job = Job(task_id=task.id",
    "which frames are ground truth or honeypots by a seed": "def least_used(",
    "what a validation layout may be changed to": "def update_job(",
    "how a video is decoded": "def read_frames(",
    "what becomes of an export when the server is killed": "def recover(",
    "how a password is hashed": "PasswordHasher(",
    "which part of a list a page shows": "def paginate(",
    "the order of the checks of a request": "check_accept(operation",
    "the columns of a table": "class Job(Base)",
    "what a webhook sends when a task is changed": "def _tell_change(",
    "how boxes become a COCO file": "to_xywh(",
    "what of a request follows a redirect": "_PUBLIC_HEADERS = frozenset(",
    "what a value of another type becomes": "def walk(value: Any",
    "how the pages of a list are read": "def get_paginated_collection(",
    "what becomes of a `oneOf`": '"oneOf"',
}
"""What somebody who asks would recognize as the answer."""


def test_each_question_of_a_newcomer_is_answered_in_one_folder() -> None:
    questions = dict(rows("Where is ...?"))
    assert questions.keys() == ANSWERS.keys()
    for question, answer in ANSWERS.items():
        (place,) = questions[question]
        texts = [file.read_text(encoding="utf-8") for file in (ROOT / place).rglob("*.py")]
        assert sum(answer in text for text in texts) >= 1, question


def test_the_ten_most_likely_changes_have_their_places() -> None:
    changes = rows("Where do I add ...?")
    assert len(changes) >= 10
    assert len({change for change, _ in changes}) == len(changes)


def test_every_room_of_the_server_is_in_the_picture_and_has_its_words() -> None:
    section = TEXT.split("## The local server\n", 1)[1].split("\n### ", 1)[0]
    picture, words = section.split("```")[1], section.split("```")[2]
    rooms = {
        f"{path.name}/" if path.is_dir() else path.name
        for path in SERVER.iterdir()
        if not path.name.startswith("__") and path.name != "py.typed"
    }
    assert {room for room in rooms if room not in picture} == set()
    assert {room for room in rooms if f"`{room}`" not in words} == set()
