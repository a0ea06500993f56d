"""Which operations of the API this server has."""

from __future__ import annotations

from collections.abc import Iterator

from cvat_local.catalog import path_table


def lines() -> Iterator[str]:
    """A table of all operations, with a summary in the last line."""
    targets = sorted(path_table().targets, key=lambda target: target.name)
    width = max(len(target.name) for target in targets)
    for target in targets:
        operation = target.operation
        if operation is not None:
            status = "501" if target.registered is None else "ok"
            yield f"{status:<4}{target.name:<{width}}  {operation.method:<6} {operation.path}"
    done = sum(target.registered is not None for target in targets)
    yield ""
    yield f"{done} of {len(targets)} operations are implemented; the others answer 501."
