"""What is wrong with a description: values, collected over a whole run and shown together."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One fault of the description."""

    pointer: str
    """JSON pointer (RFC 6901) to the place."""
    message: str

    def __str__(self) -> str:
        return f"{self.pointer or '/'}: {self.message}"


@dataclass(frozen=True)
class Problems:
    """What a build step returns in place of a result that it could not make."""

    items: tuple[Problem, ...]

    @classmethod
    def at(cls, pointer: str, message: str) -> Problems:
        """A single problem."""
        return cls((Problem(pointer, message),))


class BadDescription(Exception):
    """The description cannot be generated from; carries every problem that was found."""

    def __init__(self, problems: Problems) -> None:
        super().__init__("\n".join(str(problem) for problem in problems.items))
        self.problems = problems
