"""How a client says which frames of a task are its ground truth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cvat_local.http.errors import field_errors, non_field_error
from cvat_local.media.validation import MANUAL, RANDOM_PER_JOB, RANDOM_UNIFORM

NUMBERS = {
    RANDOM_UNIFORM: ("frame_count", "frame_share"),
    RANDOM_PER_JOB: ("frames_per_job_count", "frames_per_job_share"),
}
"""Method -> the fields of which it needs one."""


def check_choice(values: Mapping[str, Any]) -> None:
    """Make sure that the fields of a choice of frames go together.

    Args:
        values: Checked input: a choice with its method, if it has one.

    Raises:
        ApiError: 400.
    """
    method = values.get("frame_selection_method")
    shares = ("frame_share", "frames_per_job_share")
    wrong = [name for name in shares if not 0 <= (values.get(name) or 0) <= 1]
    if wrong:
        raise field_errors(dict.fromkeys(wrong, "A share is a number in [0; 1]."))
    if method in NUMBERS:
        check_one_of(values, NUMBERS[method])
    if method == MANUAL and "frames" not in values:
        raise non_field_error("The method manual needs the field frames.")
    if method != MANUAL and "frames" in values:
        raise non_field_error("The field frames goes with the method manual only.")


def check_one_of(values: Mapping[str, Any], names: Sequence[str]) -> None:
    """Make sure that exactly one of two fields is given.

    Raises:
        ApiError: 400.
    """
    given = [name for name in names if name in values]
    if len(given) != 1:
        raise non_field_error(f"Exactly one of {' and '.join(names)} is needed.")
