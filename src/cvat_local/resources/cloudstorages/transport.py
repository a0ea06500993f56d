"""Sending requests to a service that a user chose: bounded in time, answers bounded in size."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from typing import Any

CONNECT_TIMEOUT = 5.0
"""Seconds to reach the service."""
READ_TIMEOUT = 20.0
"""Seconds without a byte after which the service counts as gone."""
ANSWER_SECONDS = 60.0
"""Seconds that an answer other than a file may take in all."""
ANSWER_BYTES = 16 * 1024 * 1024
"""Largest answer other than a file; a list of a thousand files takes about one megabyte."""

_PIECE = 64 * 1024


_REGION_HEADER = "x-amz-bucket-region"


class UnusableAnswer(Exception):
    """An answer was too large, took too long, or leads to another service."""


class LimitedBody:
    """Body of an answer that is read up to the limits and no further.

    Args:
        raw: The body as urllib3 gives it.
    """

    def __init__(self, raw: Any) -> None:
        self._raw = raw
        self._left = ANSWER_BYTES
        self._until = time.monotonic() + ANSWER_SECONDS

    def stream(self) -> Iterator[bytes]:
        """The pieces of the body. Raises `UnusableAnswer`."""
        while piece := self._raw.read(_PIECE):
            self._left -= len(piece)
            if self._left < 0 or time.monotonic() > self._until:
                self._raw.close()
                raise UnusableAnswer
            yield piece


def limit_answers(client: Any, url: str) -> None:
    """Make an S3 client send its requests through here.

    Files (bodies that the operation streams) are left to whoever reads them.

    Args:
        client: A client of botocore.
        url: Address of the service, which decides about a proxy.
    """
    from botocore.awsrequest import AWSResponse
    from botocore.httpsession import URLLib3Session
    from botocore.utils import get_environ_proxies

    session = URLLib3Session(
        verify=os.environ.get("AWS_CA_BUNDLE", True),
        proxies=get_environ_proxies(url),
        timeout=(CONNECT_TIMEOUT, READ_TIMEOUT),
    )

    def send(request: Any, **_: Any) -> Any:
        streamed = request.stream_output
        request.stream_output = True
        answer = session.send(request)
        if streamed and answer.status_code < 300:
            return answer
        if 300 <= answer.status_code < 400 and _REGION_HEADER not in answer.headers:
            # Only AWS says by a redirection in which region a bucket is. Without it botocore would ask
            # again and again.
            answer.raw.close()
            raise UnusableAnswer
        limited = AWSResponse(
            answer.url, answer.status_code, answer.headers, LimitedBody(answer.raw)
        )
        limited.content  # noqa: B018  # read now, where botocore deals with errors, and kept
        return limited

    client.meta.events.register("before-send.s3", send)
