"""Completion for shells: a few lines for each of them, which ask this program for the words."""

from __future__ import annotations

from collections.abc import Sequence

from cvat_sdk.api_client.operations import TAGS
from cvat_sdk.cli import commands, failures, jobs, operations
from cvat_sdk.cli.failures import UsageError
from cvat_sdk.cli.parsing import Parser

_SCRIPTS = {
    "bash": """\
_cvat_api() {
    local IFS=$'\\n'
    COMPREPLY=($(cvat-api __complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null | cut -f1))
}
complete -o default -F _cvat_api cvat-api
""",
    "zsh": """\
#compdef cvat-api
_cvat_api() {
    local -a found
    found=("${(@f)$(cvat-api __complete "${(@)words[2,CURRENT]}" 2>/dev/null | cut -f1)}")
    [[ -n "$found" ]] && compadd -a found || _files
}
compdef _cvat_api cvat-api
""",
    "fish": """\
complete -c cvat-api -a '(cvat-api __complete (commandline -opc)[2..-1] (commandline -ct) 2>/dev/null)'
""",
}


def script(given: Sequence[str]) -> int:
    """Print what a shell has to read."""
    if len(given) != 1 or given[0] not in _SCRIPTS:
        raise UsageError(f"completion: expected one of {', '.join(_SCRIPTS)}")
    print(_SCRIPTS[given[0]], end="")
    return failures.OK


def propose(words: Sequence[str]) -> int:
    """Print what the last of the words may become, each with its meaning after a tab."""
    current = words[-1] if words else ""
    for word, text in sorted(_known(list(words[:-1]), current).items()):
        if word.startswith(current):
            print(f"{word}\t{text}" if text else word)
    return failures.OK


def _known(before: list[str], current: str) -> dict[str, str]:
    _, words = commands.split(before)
    if not words:
        return {**dict.fromkeys(TAGS, ""), **commands.OTHERS}
    if words == ["completion"]:
        return dict.fromkeys(_SCRIPTS, "")
    if len(words) == 1 and words[0] in TAGS:
        found = {name: o.summary for name, o in operations.names_of(words[0]).items()}
        return {**found, **{name: job.about for name, job in jobs.of(words[0]).items()}}
    parser = _parser(words)
    if parser is None:
        return {}
    if current.startswith("-"):
        return dict.fromkeys(parser.option_names(), "")
    return dict.fromkeys(parser.choices_of(words[-1]), "")


def _parser(words: Sequence[str]) -> Parser | None:
    if words[0] == "upload":
        return jobs.upload_parser()
    if words[0] == "call":
        return commands.call_parser()
    if words[0] not in TAGS:
        return None
    own, known = jobs.of(words[0]), operations.names_of(words[0])
    if words[1] in own:
        return own[words[1]].parser(words[0])
    return operations.parser_of(known[words[1]]) if words[1] in known else None
