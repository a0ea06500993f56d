"""Names of the description -> names in Python."""

from __future__ import annotations

import pytest

from cvat_codegen import names


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("id", "id"),
        ("X-Organization", "x_organization"),
        ("Upload-Start", "upload_start"),
        ("TaskWriteRequest", "task_write_request"),
        ("CVATTask", "cvat_task"),
        ("RqId", "rq_id"),
        ("ANALYTICS", "analytics"),
        ("camelCase2Name", "camel_case2_name"),
        ("a.b c--d_", "a_b_c_d"),
    ],
)
def test_snake_case(text: str, expected: str) -> None:
    assert names.snake_case(text) == expected


@pytest.mark.parametrize(
    ("function", "text", "expected"),
    [
        (names.class_name, "TaskRead", "TaskRead"),
        (names.class_name, "task-read_x", "TaskReadX"),
        (names.class_name, "3d", "_3d"),
        (names.class_name, "any", "ModelAny"),
        (names.class_name, "File", "ModelFile"),
        (names.class_name, "---", "Model"),
        (names.module_name, "TaskRead", "task_read"),
        (names.module_name, "lambda", "_lambda"),
        (names.api_class_name, "access-tokens", "AccessTokensApi"),
        (names.api_module_name, "lambda", "lambda_api"),
        (names.interface_name, "Label", "ILabel"),
        (names.dict_name, "LabelRequest", "LabelRequestDict"),
        (names.literal_name, "LabelType", "LabelTypeLiteral"),
        (names.field_name, "from", "_from"),
        (names.field_name, "type", "type"),
        (names.field_name, "str", "_str"),
        (names.field_name, "to_dict", "_to_dict"),
        (names.parameter_name, "from", "_from"),
        (names.parameter_name, "options", "_options"),
        (names.parameter_name, "str", "str"),
        (names.member_name, "in progress", "IN_PROGRESS"),
        (names.member_name, "", "EMPTY"),
        (names.member_name, "application/json", "APPLICATION_JSON"),
        (names.member_name, "2d", "_2D"),
        (names.member_name, "*", "ASTERISK"),
        (names.member_name, "<=", "LESS_THAN_SIGN_EQUALS_SIGN"),
        (names.member_name, "\n", "VALUE"),
    ],
)
def test_names(function: object, text: str, expected: str) -> None:
    assert callable(function)
    assert function(text) == expected


@pytest.mark.parametrize(
    ("operation_id", "tag", "expected"),
    [
        ("tasks_create_data", "tasks", "create_data"),
        ("tasksCreateData", "tasks", "create_data"),
        ("create", "tasks", "create"),
        ("tasks", "tasks", "tasks"),
        ("users_import", "users", "_import"),
        ("access_tokens_list", "access-tokens", "list"),
        ("things_models", "things", "_models"),  # the annotations of the class need this name
    ],
)
def test_method_names(operation_id: str, tag: str, expected: str) -> None:
    assert names.method_name(operation_id, tag) == expected
