"""The options that all commands share, and a parser that says what may have been meant."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from cvat_sdk.api_client.runtime.suggest import did_you_mean
from cvat_sdk.cli import connection
from cvat_sdk.cli.failures import EXIT_CODES, UsageError


class Parser(argparse.ArgumentParser):
    """A parser whose mistakes are exceptions."""

    def __init__(self, name: str, description: str, *, has_fields: bool = True) -> None:
        super().__init__(
            prog=f"cvat-api {name}".rstrip(),
            description=description.replace("%", "%%"),
            epilog=f"{connection.CREDENTIALS}\n{EXIT_CODES}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        connection.add_options(self)
        group = self.add_argument_group("output")
        group.add_argument(
            "--output", choices=("table", "json", "jsonl"), help="form of the answer"
        )
        if has_fields:
            group.add_argument(
                "--fields", metavar="A,B.C", help="these fields only; a dot leads into an object"
            )
        group.add_argument(
            "-o", "--save-to", type=Path, metavar="FILE", help="write the answer to a file"
        )
        group.add_argument(
            "--dry-run", action="store_true", help="print the request for curl, and send nothing"
        )

        self.known: dict[str, Sequence[str]] = {}
        """What values may be, by the names of options that check them later."""

    def error(self, message: str) -> NoReturn:
        """Raise what argparse would exit with."""
        raise UsageError(f"{message}; see {self.prog} --help")

    def read(self, given: Sequence[str]) -> argparse.Namespace:
        """The options, all of which have to be known.

        Raises:
            UsageError: One of them is not, or has no value that it may have.
        """
        options, unknown = self.parse_known_args(given)
        if unknown:
            name = next((text for text in unknown if text.startswith("-")), unknown[0])
            name = name.partition("=")[0]
            hint = did_you_mean(name, self.option_names()) if name.startswith("--") else ""
            what = "option" if name.startswith("-") else "argument"
            self.error(f"unknown {what} {name!r}{hint}")
        return options

    def option_names(self) -> list[str]:
        """All options, in their long form where they have one."""
        return [action.option_strings[-1] for action in self._actions if action.option_strings]

    def choices_of(self, option: str) -> list[str]:
        """What the value of an option may be; empty for anything."""
        for action in self._actions:
            if option in action.option_strings:
                return list(map(str, action.choices or self.known.get(action.dest, ())))
        return []
