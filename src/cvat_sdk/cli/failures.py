"""What a failure is to a shell: an exit code and one line."""

from __future__ import annotations

OK, OTHER, USAGE, AUTH, NOT_FOUND, REFUSED, SERVER, NETWORK, WORK = range(9)
INTERRUPTED, BROKEN_PIPE = 130, 141

EXIT_CODES = """\
exit codes:
  0    done
  1    another failure, such as a file that cannot be written
  2    wrong arguments
  3    no credentials, or not allowed (401, 403)
  4    no such object (404)
  5    refused: a value that is not allowed, a conflict (other 4xx)
  6    the server failed or is busy (5xx, 429)
  7    no connection, a time-out, broken TLS
  8    work of the server in the background failed
  130  Ctrl-C
  141  whoever read the output has stopped reading
"""


class UsageError(Exception):
    """Arguments that cannot be understood; the text says which, and what would be."""


def of_status(status: int | None) -> int:
    """The exit code for the status of an answer; 0 or None is none at all."""
    if not status:
        return NETWORK
    if status in (401, 403):
        return AUTH
    if status == 404:
        return NOT_FOUND
    if status == 429 or status >= 500:
        return SERVER
    return REFUSED if status >= 400 else OTHER


def explain(error: Exception) -> tuple[int, str] | None:
    """Exit code and line for a failure that a user can meet; None for a mistake of this program."""
    if isinstance(error, UsageError):
        return USAGE, str(error)
    # Imported here: most of the runs have no need of them.
    from urllib3.exceptions import HTTPError

    from cvat_sdk.api_client.exceptions import ApiException, OpenApiException
    from cvat_sdk.core import exceptions

    line = (str(error).strip().splitlines() or [type(error).__name__])[0]
    if isinstance(error, ApiException):
        return of_status(error.status), line
    if isinstance(error, HTTPError):
        return NETWORK, line
    if isinstance(error, (exceptions.BackgroundRequestException, exceptions.RequestTimeout)):
        return WORK, line
    if isinstance(error, exceptions.UploadException) and isinstance(error.__cause__, Exception):
        cause = explain(error.__cause__)
        return (cause[0] if cause else OTHER), line
    if isinstance(error, exceptions.AuthStoreError):
        return AUTH, line
    if isinstance(error, exceptions.InvalidHostException):
        return USAGE, line
    if isinstance(error, OpenApiException):
        return REFUSED, line
    if isinstance(error, ModuleNotFoundError) and not str(error.name).startswith("cvat_"):
        return OTHER, f"the package {error.name} is missing; install cvat-sdk with the extra cli"
    if isinstance(error, (OSError, exceptions.CvatSdkException)):
        return OTHER, line
    return None
