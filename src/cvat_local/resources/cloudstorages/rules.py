"""What may be written to a cloud storage, and the question to the bucket whether it is true."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from cvat_local.resources.cloudstorages import attributes
from cvat_local.resources.cloudstorages.bucket import (
    ANONYMOUS,
    KEY_PAIR,
    Bucket,
    BucketError,
    BucketForbidden,
    BucketUnavailable,
)
from cvat_local.storage.tables import CloudStorage

S3 = "AWS_S3_BUCKET"
MOST_MANIFESTS = 100
"""Each of them is asked for when a storage is stored."""

_BUCKET_NAME = re.compile(r"[a-z0-9.-]+")


class Refused(Exception):
    """Input that cannot be stored.

    Attributes:
        field: What is wrong.
        text: Why.
    """

    def __init__(self, field: str, text: str) -> None:
        super().__init__(f"{field}: {text}")
        self.field = field
        self.text = text


@dataclass(frozen=True)
class Draft:
    """The columns of a storage that clients choose; not stored yet, and without a session."""

    resource: str
    display_name: str
    credentials_type: str
    key: str = field(default="", repr=False)
    secret_key: str = field(default="", repr=False)
    specific_attributes: str = ""
    description: str = ""
    manifests: list[str] = field(default_factory=list)

    def write(self, storage: CloudStorage) -> None:
        """Set the columns of a row."""
        for name, value in asdict(self).items():
            setattr(storage, name, value)


def new(values: Mapping[str, Any]) -> Draft:
    """The draft of a new storage out of checked input (``CloudStorageWriteRequest``).

    Raises:
        Refused: Something in it cannot be used.
    """
    if values["provider_type"] != S3:
        raise Refused(
            "provider_type",
            f"This server supports S3-compatible buckets only ({S3}), not {values['provider_type']}.",
        )
    return _checked(Draft(**_columns(values)))


def changed(storage: CloudStorage, values: Mapping[str, Any]) -> Draft:
    """The draft of a stored one with checked changes (``PatchedCloudStorageWriteRequest``).

    Manifests that are not in the changes are removed. The provider does not change.

    Raises:
        Refused: The result cannot be used.
    """
    stored = {name: getattr(storage, name) for name in Draft.__dataclass_fields__}
    return _checked(Draft(**{**stored, "manifests": [], **_columns(values)}))


def ask(draft: Draft) -> None:
    """Make sure that the bucket and the manifests can be used. This takes its time.

    Raises:
        Refused: They cannot.
    """
    try:
        bucket = Bucket(
            draft.resource,
            attributes.parse(draft.specific_attributes),
            key=draft.key or None,
            secret_key=draft.secret_key or None,
        )
        bucket.check()
        for path in draft.manifests:
            if not bucket.has(path):
                raise Refused("manifests", f"There is no file {path!r} in the bucket.")
    except BucketForbidden as error:
        raise Refused("credentials", str(error)) from error
    except BucketUnavailable as error:
        raise Refused("specific_attributes", str(error)) from error
    except BucketError as error:
        raise Refused("resource", str(error)) from error


def _columns(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: values[name] for name in Draft.__dataclass_fields__ if name in values}


def _checked(draft: Draft) -> Draft:
    if not _BUCKET_NAME.fullmatch(draft.resource):
        raise Refused("resource", "Use lower-case letters, digits, dots and hyphens only.")
    try:
        attributes.parse(draft.specific_attributes)
    except attributes.BadAttributes as error:
        raise Refused("specific_attributes", str(error)) from None
    if len(draft.manifests) > MOST_MANIFESTS:
        raise Refused("manifests", f"No more than {MOST_MANIFESTS} manifests are allowed.")
    if not all(draft.manifests):
        raise Refused("manifests", "A manifest without a name cannot be found.")
    if draft.credentials_type == ANONYMOUS:
        return replace(draft, key="", secret_key="")
    if draft.credentials_type != KEY_PAIR:
        raise Refused("credentials_type", f"S3-compatible buckets need {KEY_PAIR} or {ANONYMOUS}.")
    for name in ("key", "secret_key"):
        if not getattr(draft, name):
            raise Refused(name, f"The credentials {KEY_PAIR} need it.")
    return draft
