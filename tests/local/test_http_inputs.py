"""What a request body may look like, and how its errors are told."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from cvat_local.http.errors import ApiError, FieldErrors
from cvat_local.http.inputs import from_form, validate
from cvat_local.http.multipart import UploadedFile, base_name, read_multipart


def errors(model: str, data: Any, **options: Any) -> Any:
    with pytest.raises(FieldErrors) as caught:
        validate(model, data, **options)
    assert caught.value.status == 400
    return caught.value.body


def test_values_are_converted_and_unknown_and_read_only_keys_left_out() -> None:
    data = {"name": "  cats ", "overlap": "12", "id": 7, "url": "x", "anything": [1]}
    assert validate("TaskWriteRequest", data) == {"name": "cats", "overlap": 12}


def test_numbers_become_texts_but_booleans_do_not() -> None:
    assert validate("TaskWriteRequest", {"name": 12})["name"] == "12"
    assert "name" in errors("TaskWriteRequest", {"name": True})


def test_all_errors_of_all_fields_are_told() -> None:
    found = errors("TaskWriteRequest", {"overlap": "x", "segment_size": -1, "bug_tracker": []})
    assert set(found) == {"name", "overlap", "segment_size", "bug_tracker"}
    assert all(isinstance(texts, list) and texts for texts in found.values())


@pytest.mark.parametrize("name", ["", "   ", None, "x" * 257, "nul\0", "half \ud800"])
def test_texts_that_are_not_accepted(name: Any) -> None:
    assert list(errors("TaskWriteRequest", {"name": name})) == ["name"]


def test_blank_is_accepted_where_the_description_allows_it() -> None:
    data = {"name": "a", "bug_tracker": "", "subset": ""}
    assert validate("TaskWriteRequest", data)["bug_tracker"] == ""


@pytest.mark.parametrize("number", ["abc", 1.5, True, [1], {}, 2**70, "9" * 40])
def test_what_is_not_a_whole_number(number: Any) -> None:
    assert list(errors("TaskWriteRequest", {"name": "a", "overlap": number})) == ["overlap"]


def test_a_float_without_fraction_is_a_whole_number() -> None:
    assert validate("TaskWriteRequest", {"name": "a", "overlap": 3.0})["overlap"] == 3


def test_errors_of_nested_objects_mirror_the_input() -> None:
    good = {"name": "cat", "attributes": []}
    bad = {"name": "dog", "attributes": [{"name": "age"}]}
    found = errors("TaskWriteRequest", {"name": "a", "labels": [good, bad, 3]})
    assert found["labels"][0] == {}
    assert set(found["labels"][1]["attributes"][0]) == {"mutable", "input_type", "values"}
    assert "non_field_errors" in found["labels"][2]


def test_errors_of_plain_lists_are_keyed_by_position() -> None:
    spec = {"name": "a", "mutable": False, "input_type": "select", "values": ["x", None, "y"]}
    found = errors(
        "TaskWriteRequest", {"name": "a", "labels": [{"name": "b", "attributes": [spec]}]}
    )
    assert list(found["labels"][0]["attributes"][0]["values"]) == ["1"]


def test_objects_and_lists_in_each_others_place() -> None:
    found = errors("TaskWriteRequest", {"name": "a", "labels": {}, "target_storage": [1]})
    assert list(found["labels"]) == ["non_field_errors"]
    assert list(found["target_storage"]) == ["non_field_errors"]


def test_a_body_that_is_not_an_object() -> None:
    assert list(errors("TaskWriteRequest", [1, 2])) == ["non_field_errors"]


def test_partial_input_needs_no_field_at_any_depth() -> None:
    assert validate("PatchedTaskWriteRequest", {}, partial=True) == {}
    labels = [{"id": 3, "attributes": [{"id": 4, "default_value": "x"}]}]
    data = {"labels": labels}
    assert validate("PatchedTaskWriteRequest", data, partial=True)["labels"] == labels


def test_enumerations_are_checked_and_given_as_text() -> None:
    values = validate("PatchedJobWriteRequest", {"stage": "validation"}, partial=True)
    assert values == {"stage": "validation"}
    assert type(values["stage"]) is str
    assert list(errors("PatchedJobWriteRequest", {"stage": "done"}, partial=True)) == ["stage"]


def test_null_is_accepted_where_the_description_allows_it() -> None:
    assert validate("TaskWriteRequest", {"name": "a", "assignee_id": None})["assignee_id"] is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-05-31", datetime(2024, 5, 31, tzinfo=timezone.utc)),
        ("2024-05-31T12:00:00Z", datetime(2024, 5, 31, 12, tzinfo=timezone.utc)),
        ("2024-05-31 12:00", datetime(2024, 5, 31, 12, tzinfo=timezone.utc)),
        ("2024-05-31T12:00:00.250000", datetime(2024, 5, 31, 12, 0, 0, 250000, timezone.utc)),
        ("2024-05-31T12:00:00.25Z", datetime(2024, 5, 31, 12, 0, 0, 250000, timezone.utc)),
        ("2024-05-31T12:00:00-0130", datetime(2024, 5, 31, 13, 30, tzinfo=timezone.utc)),
        ("2024-05-31T12:00:00+02:00", datetime(2024, 5, 31, 10, tzinfo=timezone.utc)),
    ],
)
def test_dates_are_read_as_utc(text: str, expected: datetime) -> None:
    values = validate("AccessTokenWriteRequest", {"name": "a", "expiry_date": text})
    assert values["expiry_date"] == expected


@pytest.mark.parametrize(
    "text", ["tomorrow", "31.05.2024", "2024-13-01", "0001-01-01T00:00+01:00", "", 5]
)
def test_what_is_not_a_date(text: Any) -> None:
    data = {"name": "a", "expiry_date": text}
    assert list(errors("AccessTokenWriteRequest", data)) == ["expiry_date"]


@pytest.mark.parametrize(
    ("word", "expected"), [("true", True), (1, True), ("No", False), (0, False)]
)
def test_booleans_may_be_words_and_numbers(word: Any, expected: bool) -> None:
    values = validate("PatchedUserRequest", {"is_active": word}, partial=True)
    assert values["is_active"] is expected


def test_a_password_keeps_its_blanks() -> None:
    values = validate("LoginSerializerExRequest", {"password": " secret "})
    assert values["password"] == " secret "


# --- forms -----------------------------------------------------------------------------------------

FORM = (
    b'--B\r\nContent-Disposition: form-data; name="image_quality"\r\n\r\n70\r\n'
    b'--B\r\nContent-Disposition: form-data; name="use_cache"\r\n\r\ntrue\r\n'
    b'--B\r\nContent-Disposition: form-data; name="client_files[1]"; filename="b.jpg"\r\n'
    b"Content-Type: image/jpeg\r\n\r\nsecond\r\n"
    b'--B\r\nContent-Disposition: form-data; name="client_files[0]"; filename="../../\xc3\xa4.jpg"\r\n'
    b"\r\nfirst\r\n--B--\r\n"
)
TYPE = "multipart/form-data; boundary=B"


@pytest.mark.parametrize("size", [1, 7, 10_000])
def test_a_multipart_form_is_read_in_pieces_of_any_size(tmp_path: Path, size: int) -> None:
    pieces = (FORM[at : at + size] for at in range(0, len(FORM), size))
    form = read_multipart(pieces, TYPE, tmp_path)
    assert form.fields == {"image_quality": "70", "use_cache": "true"}
    assert [(file.name, file.filename, file.size) for file in form.files] == [
        ("client_files[1]", "b.jpg", 6),
        ("client_files[0]", "ä.jpg", 5),
    ]
    assert form.files[0].path.read_bytes() == b"second"
    assert form.files[0].content_type == "image/jpeg"
    assert all(file.path.parent == tmp_path for file in form.files)


def test_a_form_becomes_the_fields_of_a_model_with_lists_in_order(tmp_path: Path) -> None:
    form = read_multipart(iter([FORM]), TYPE, tmp_path)
    values = validate("DataRequest", from_form("DataRequest", form.fields, form.files))
    assert values["image_quality"] == 70
    assert values["use_cache"] is True
    assert [file.filename for file in values["client_files"]] == ["ä.jpg", "b.jpg"]
    assert all(isinstance(file, UploadedFile) for file in values["client_files"])


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (FORM[:-20], TYPE),
        (FORM, "multipart/form-data"),
        (FORM, "multipart/form-data; boundary=C"),
        (FORM.replace(b'name="image_quality"', b"x=y"), TYPE),
        (b"", TYPE),
    ],
)
def test_a_broken_form_is_refused(tmp_path: Path, body: bytes, content_type: str) -> None:
    with pytest.raises(ApiError) as caught:
        read_multipart(iter([body]), content_type, tmp_path)
    assert caught.value.status == 400
    assert list(caught.value.body) == ["detail"]


@pytest.mark.parametrize(
    ("given", "kept"),
    [("a/b.jpg", "b.jpg"), ("C:\\x\\b.jpg", "b.jpg"), ("..", ""), ("a/..", ""), ("", "")],
)
def test_only_the_base_name_of_a_file_is_kept(given: str, kept: str) -> None:
    assert base_name(given) == kept
