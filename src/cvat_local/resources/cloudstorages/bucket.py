"""A bucket of an S3-compatible service.

boto3 is imported when a bucket is opened: a server without cloud storages does without it.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from cvat_local.resources.cloudstorages import attributes
from cvat_local.resources.cloudstorages.transport import UnusableAnswer, limit_answers

if TYPE_CHECKING:
    from cvat_local.storage.tables import CloudStorage

ANONYMOUS = "ANONYMOUS_ACCESS"
KEY_PAIR = "KEY_SECRET_KEY_PAIR"

_PIECE = 256 * 1024
_FORBIDDEN_CODES = frozenset({"AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch"})


class BucketError(Exception):
    """A bucket did not do what it was asked for. The text is ours: nothing that came from the service,
    which may be any server that this one can reach, is passed on to a caller.
    """


class BucketMissing(BucketError):
    """There is no such bucket."""


class BucketForbidden(BucketError):
    """The credentials do not allow this."""


class FileMissing(BucketError):
    """There is no file with this key."""


class BadToken(BucketError):
    """The continuation token is none of this bucket."""


class BucketUnavailable(BucketError):
    """The service cannot be reached, or does not answer like S3."""


@dataclass(frozen=True)
class Listing:
    """A part of the keys under a prefix, in the order of the bucket."""

    folders: list[str]
    """Common beginnings of keys, up to and with the next slash after the prefix."""
    keys: list[str]
    next_token: str | None


class Bucket:
    """One bucket. An object serves one request or one piece of work.

    Args:
        name: Name of the bucket.
        settings: Where it is.
        key: Id of the access key; None for anonymous access.
        secret_key: The secret part of it.

    Attributes:
        name: Name of the bucket.
        prefix: What the keys begin with that belong to the storage.

    Raises:
        BucketUnavailable: The settings of AWS on this machine keep the client from being made.
    """

    def __init__(
        self,
        name: str,
        settings: attributes.Attributes,
        *,
        key: str | None,
        secret_key: str | None,
    ) -> None:
        import boto3
        from botocore import UNSIGNED
        from botocore.config import Config

        self.name = name
        self.prefix = settings.prefix
        self._endpoint = settings.endpoint_url
        options: dict[str, Any] = {} if key else {"signature_version": UNSIGNED}
        config = Config(
            retries={"total_max_attempts": 2, "mode": "standard"},
            # Many compatible services do not know the checksums that are the default today.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            **options,
        )
        with self._asking():
            # Keys are always given, or boto3 would look for the server's own.
            self._client: Any = boto3.session.Session().client(
                "s3",
                region_name=settings.region,
                endpoint_url=settings.endpoint_url,
                aws_access_key_id=key or ANONYMOUS,
                aws_secret_access_key=secret_key or ANONYMOUS,
                config=config,
            )
            limit_answers(self._client, self._client.meta.endpoint_url)

    # --- looking ----------------------------------------------------------------------------------

    def check(self) -> None:
        """Make sure that the bucket is there and may be used.

        Raises:
            BucketError: `BucketMissing`, `BucketForbidden` or `BucketUnavailable`.
        """
        with self._asking(not_found=BucketMissing(f"There is no bucket {self.name!r}.")):
            self._client.head_bucket(Bucket=self.name)

    def has(self, key: str) -> bool:
        """Whether there is a file with this key; raises `BucketError`."""
        try:
            with self._asking(not_found=_no_file(key)):
                self._client.head_object(Bucket=self.name, Key=key)
        except FileMissing:
            return False
        return True

    def part(
        self, prefix: str, *, token: str | None = None, size: int = 1000, recursive: bool = False
    ) -> Listing:
        """Some of the keys that begin with ``prefix``.

        Args:
            prefix: Beginning of the keys.
            token: ``next_token`` of the part before; None for the first.
            size: Most folders and keys together, up to 1000.
            recursive: Give keys in folders, and no folders.

        Raises:
            BucketError: Any of them.
        """
        options: dict[str, Any] = {} if recursive else {"Delimiter": "/"}
        if token is not None:
            options["ContinuationToken"] = token
        with self._asking(
            not_found=BucketMissing(f"There is no bucket {self.name!r}."),
            bad_request=None if token is None else BadToken("The next_token is not valid."),
        ):
            answer = self._client.list_objects_v2(
                Bucket=self.name, Prefix=prefix, MaxKeys=size, **options
            )
        return Listing(
            [folder["Prefix"] for folder in answer.get("CommonPrefixes", ())],
            [file["Key"] for file in answer.get("Contents", ())],
            answer.get("NextContinuationToken") or None,
        )

    def walk(self, prefix: str) -> Iterator[str]:
        """All keys that begin with ``prefix``, in the order of the bucket; raises `BucketError`."""
        token = None
        while True:
            part = self.part(prefix, token=token, recursive=True)
            yield from part.keys
            token = part.next_token
            if token is None:
                return

    # --- files ------------------------------------------------------------------------------------

    def download(
        self,
        key: str,
        target: IO[bytes],
        *,
        limit: int,
        seconds: float = math.inf,
    ) -> None:
        """Write a file of the bucket to ``target``.

        Args:
            key: The file.
            target: Gets its bytes.
            limit: Most bytes; a larger file is an error.
            seconds: Longest time that it may take.

        Raises:
            BucketError: Any of them.
        """
        left = limit
        until = time.monotonic() + seconds
        with self._asking(not_found=_no_file(key)):
            answer = self._client.get_object(Bucket=self.name, Key=key)
            with closing(answer["Body"]) as body:
                for piece in body.iter_chunks(_PIECE):
                    left -= len(piece)
                    if left < 0:
                        raise BucketUnavailable(
                            f"The file {key!r} is larger than the limit of {limit} bytes."
                        )
                    if time.monotonic() > until:
                        raise BucketUnavailable(f"The file {key!r} takes too long to arrive.")
                    target.write(piece)

    def upload(self, source: Path, key: str, *, on_piece: Callable[[int], None]) -> None:
        """Store a file in the bucket, in the place of one with the same key.

        Args:
            source: The file.
            key: Its key in the bucket.
            on_piece: Told of the bytes of each piece that was sent, in the calling thread; it may
                raise to give up.

        Raises:
            BucketError: Any of them.
        """
        from boto3.s3.transfer import TransferConfig

        missing = BucketMissing(f"There is no bucket {self.name!r}.")
        with source.open("rb") as file, self._asking(not_found=missing):
            self._client.upload_fileobj(
                file,
                self.name,
                key,
                Callback=on_piece,
                Config=TransferConfig(use_threads=False),
            )

    # --- errors -----------------------------------------------------------------------------------

    @contextmanager
    def _asking(
        self,
        *,
        not_found: BucketError | None = None,
        bad_request: BucketError | None = None,
    ) -> Iterator[None]:
        """Turn errors of boto3 into ours.

        Args:
            not_found: What a 404 means here.
            bad_request: What a 400 means here; by default that the credentials are no good, as answers
                to HEAD say no more than that.
        """
        from boto3.exceptions import Boto3Error
        from botocore.exceptions import BotoCoreError, ClientError
        from urllib3.exceptions import HTTPError

        try:
            yield
        except ClientError as error:
            raise self._refusal(error, not_found, bad_request) from error
        except (BotoCoreError, Boto3Error, HTTPError, UnusableAnswer, ValueError) as error:
            raise self._unavailable() from error

    def _refusal(
        self, error: Any, not_found: BucketError | None, bad_request: BucketError | None
    ) -> BucketError:
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
        code = error.response.get("Error", {}).get("Code")
        if code == "NoSuchBucket":
            return BucketMissing(f"There is no bucket {self.name!r}.")
        if status == 404 and not_found is not None:
            return not_found
        if status == 400 and bad_request is not None:
            return bad_request
        if status in (400, 401, 403) or code in _FORBIDDEN_CODES:
            return BucketForbidden(f"The credentials give no access to the bucket {self.name!r}.")
        if status in (301, 307):
            return BucketMissing(f"The bucket {self.name!r} is in another region.")
        return self._unavailable()

    def _unavailable(self) -> BucketUnavailable:
        where = self._endpoint or "AWS"
        return BucketUnavailable(
            f"{where} cannot be reached or does not answer as an S3 service does."
        )


def open_bucket(storage: CloudStorage) -> Bucket:
    """The bucket of a storage that was checked when it was stored; nothing is sent yet.

    Raises:
        BucketUnavailable: As `Bucket`.
    """
    signed = storage.credentials_type != ANONYMOUS
    return Bucket(
        storage.resource,
        attributes.parse(storage.specific_attributes),
        key=storage.key if signed else None,
        secret_key=storage.secret_key if signed else None,
    )


def _no_file(key: str) -> FileMissing:
    return FileMissing(f"There is no file {key!r} in the bucket.")
