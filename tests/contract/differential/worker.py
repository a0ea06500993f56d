"""One side of the comparison: runs cases by name and answers with descriptions of what happened.

Started as ``python -m differential.worker`` by the interpreter whose ``cvat_sdk`` is meant. Reads one
JSON object a line from standard input and writes one for each to standard output.
"""

from __future__ import annotations

import json
import os
import sys
import warnings
from typing import Any

from differential import describe
from differential.case import NOTHING, Case, Side, load


def main() -> None:
    channel = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what a case prints must not end up in the conversation
    warnings.simplefilter("ignore")
    cases = load()
    for line in sys.stdin:
        message = json.loads(line)
        channel.write(json.dumps(_run(cases, message)) + "\n")
        channel.flush()


def _run(cases: dict[str, Case], message: dict[str, Any]) -> dict[str, Any]:
    side = Side(message["host"], message["other"], message.get("local", {}))
    found = cases[message["case"]]
    # Generated cases are declared by the parent alone; their argument comes with the message.
    argument = message.get("argument", found.argument)
    try:
        value = found.run(side) if argument is NOTHING else found.run(side, argument)
        return {"returned": describe.describe(value)}
    except BaseException as error:
        return {"raised": describe.describe_error(error)}
    finally:
        side.clean_up()


if __name__ == "__main__":
    main()
