"""What a case is, and how the modules in `cases` declare them."""

from __future__ import annotations

import importlib
import pkgutil
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from differential.answers import Answer

NOTHING: Any = object()

Answers = Sequence[Answer] | Callable[[Any], Sequence[Answer]]


@dataclass(frozen=True)
class Case:
    """One script with one argument."""

    id: str
    """``<module>.<function>`` or ``<module>.<function>[<key>]``."""
    run: Callable[..., Any]
    argument: Any = NOTHING
    answers: tuple[Answer, ...] = ()
    """For the first, second... request; the last one again for all that follow."""
    unordered: bool = False
    """Requests are sent by several threads: their order means nothing."""
    template: bool = False
    """Not a case itself: `generated` makes cases of it, called ``<id>#<name>``."""
    real: bool = False
    """Runs against a local server, of which each side has its own."""

    @property
    def section(self) -> str:
        return self.id.partition(".")[0]


@dataclass
class Side:
    """What a case gets: the server's addresses and short ways to the usual objects."""

    host: str
    other: str
    """The same server on another port."""
    local: Mapping[str, str] = field(default_factory=dict)
    """Address, ``username`` and ``password`` of a local server, for cases that ask for it."""
    _folders: list[tempfile.TemporaryDirectory[str]] = field(default_factory=list)

    def configuration(self, **options: Any) -> Any:
        """A configuration for the recording server that does not retry and does not bend responses."""
        from cvat_sdk.api_client import Configuration

        attributes = {
            name: options.pop(name)
            for name in list(options)
            if name in ("retries", "temp_folder_path", "response_validation", "proxy", "no_proxy")
        }
        configuration = Configuration(host=options.pop("host", self.host), **options)
        configuration.retries = attributes.pop("retries", False)
        for name, value in attributes.items():
            setattr(configuration, name, value)
        return configuration

    def client(self, *, headers: Any = None, cookies: Any = None, **options: Any) -> Any:
        """A client for the recording server."""
        from cvat_sdk.api_client import ApiClient

        return ApiClient(self.configuration(**options), headers=headers, cookies=cookies)

    def folder(self) -> Path:
        """An empty folder that lives as long as the case."""
        self._folders.append(tempfile.TemporaryDirectory())
        return Path(self._folders[-1].name).resolve()

    def attempt(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """What a call returns, or the exception that it raises."""
        try:
            return function(*args, **kwargs)
        except Exception as error:
            return error

    def clean_up(self) -> None:
        while self._folders:
            self._folders.pop().cleanup()


_cases: dict[str, Case] = {}


def case(
    *answers: Answer,
    each: Mapping[str, Any] | Iterable[str] | None = None,
    answering: Callable[[Any], Sequence[Answer]] | None = None,
    unordered: bool = False,
    template: bool = False,
    real: bool = False,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare a function as a case.

    Args:
        answers: Answers of the server.
        each: Arguments by key: one case for each. A list of words stands for itself.
        answering: Makes the answers from the argument.
        unordered: The order of the requests means nothing.
        template: The arguments are generated.
        real: It runs against a local server.
    """

    def declare(function: Callable[..., Any]) -> Callable[..., Any]:
        name = f"{function.__module__.rpartition('.')[2]}.{function.__name__}"
        if each is None:
            add(Case(name, function, NOTHING, answers, unordered, template, real))
            return function
        arguments = each if isinstance(each, Mapping) else {word: word for word in each}
        for key, argument in arguments.items():
            made = tuple(answering(argument)) if answering else answers
            add(Case(f"{name}[{key}]", function, argument, made, unordered, real=real))
        return function

    return declare


def add(new: Case) -> None:
    if new.id in _cases:
        raise ValueError(f"two cases are called {new.id}")
    _cases[new.id] = new


def load() -> dict[str, Case]:
    """All declared cases by id."""
    package = importlib.import_module("differential.cases")
    for module in sorted(info.name for info in pkgutil.iter_modules(package.__path__)):
        importlib.import_module(f"differential.cases.{module}")
    return dict(_cases)
