"""Entry of ``cvat-api``: finds the command, and turns what goes wrong into one line and an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from cvat_sdk.version import __version__

# Everything else is imported when it is needed: --version and completion should be there at once.


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        arguments: Arguments after the command's name; None: those of the process.

    Returns:
        The exit code; `failures.EXIT_CODES` says what it means.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given == ["--version"]:
        print(f"cvat-api {__version__}")
        return 0
    from cvat_sdk.cli import failures

    try:
        if given[:1] in (["completion"], ["__complete"]):
            from cvat_sdk.cli import completion

            act = completion.script if given[0] == "completion" else completion.propose
            code = act(given[1:])
        else:
            from cvat_sdk.cli import commands

            code = commands.run(given)
        sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        print("cvat-api: interrupted", file=sys.stderr)
        return failures.INTERRUPTED
    except BrokenPipeError:
        # Python flushes once more at its end, which must not fail as well.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return failures.BROKEN_PIPE
    except Exception as error:
        found = failures.explain(error)
        if found is None:
            raise
        code, line = found
        print(f"cvat-api: {line}", file=sys.stderr)
        return code
