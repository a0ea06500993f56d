"""Runs the functions of `benchmarks.client` with whatever ``cvat_sdk`` this interpreter has.

Questions and answers are lines of JSON on the standard input and output.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path


def main() -> None:
    """Answer until the input ends."""
    sys.path[0] = str(Path(__file__).parents[1])
    from benchmarks import client

    for line in sys.stdin:
        question = json.loads(line)
        answer = getattr(client, question["what"])(**question["arguments"])
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
