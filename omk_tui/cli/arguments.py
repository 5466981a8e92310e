"""The grammar of the command line: from words to a Request.

The first word that is no option is the command when it bears a command's name, else a GOAL. Which words are goals and
which belong to an option is settled by the options' names alone: never by how a value looks.
"""

from __future__ import annotations

from omk_tui.cli.command import (
    COMMON,
    FROM_STDIN,
    HELP,
    PROGRAM,
    VERSION,
    Command,
    Request,
    UsageError,
    WrongWords,
)
from omk_tui.cli.command_table import TABLE, command
from omk_tui.light.dataclass import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_SHORT_HELP = "-h"


@dataclass(frozen=True, slots=True)
class Answer:
    """A text that is the whole answer: help or version."""

    text: str


@dataclass(frozen=True, slots=True)
class _Sorted:
    """The command line taken apart: options with their values as they were given, and words."""

    command: str
    options: list[tuple[str, str | None]]
    words: list[str]

    def has(self, *names: str) -> bool:
        return any(name in names for name, _ in self.options)


def parse(arguments: Sequence[str]) -> Request | Answer:
    """The request that the arguments (without the program's name) make. Raises UsageError."""
    named = next((word for word in arguments if word in TABLE), "")
    try:
        given = _sort(arguments)
        named = given.command
        if given.has(HELP.name, _SHORT_HELP):
            return Answer(command(named).page)
        if given.has(VERSION.name):
            return Answer(version_line())
        return _request(given, command(named))
    except WrongWords as error:
        raise UsageError(str(error), command(named).usage) from None


def version_line() -> str:
    """The program's name and version; ends with a newline."""
    from omk_tui import __version__

    return f"{PROGRAM} {__version__}\n"


def request_at_least(arguments: Sequence[str]) -> Request:
    """What can be told of a request without reading it in full: for a command that ended where none should end."""
    named = next((word for word in arguments if word in TABLE), "list")
    after = arguments[arguments.index(named) + 1 :] if named in arguments else ()
    words = tuple(word for word in after if not word.startswith("-"))
    return Request(named, words[0] if words else "", words[1:2], {word: () for word in after if word.startswith("--")})


def _sort(arguments: Sequence[str]) -> _Sorted:
    """The words apart from the options. Raises WrongWords for an option without its value, or at a wrong place."""
    given = _Sorted("", [], [])
    waiting = list(reversed(arguments))
    while waiting:
        word = waiting.pop()
        if word == "--":
            given.words.extend(reversed(waiting))
            break
        if not word.startswith("-") or word == FROM_STDIN:
            if not given.words and not given.command and word in TABLE:
                _check_early(given, word)
                given = _Sorted(word, given.options, given.words)
            else:
                given.words.append(word)
        else:
            given.options.append(_option(word, waiting, given.command))
    return given


def _option(word: str, waiting: list[str], named: str) -> tuple[str, str | None]:
    """The option that `word` begins, with its value: behind `=`, or the next word."""
    name, sign, value = word.partition("=")
    if sign:
        return name, value
    if not _wants_value(name, named):
        return name, None
    if not waiting:
        raise WrongWords(f"{name} wants a value")
    value = waiting.pop()
    if value.startswith("-") and value != FROM_STDIN:
        raise WrongWords(f"{name} wants a value, but {value} looks like an option; if it is meant: {name}={value}")
    return name, value


def _wants_value(name: str, named: str) -> bool:
    """Whether an option of the named command has a value; before any command is named, one of any command."""
    if any(option.name == name for option in COMMON):
        return any(option.name == name and option.value for option in COMMON)
    commands = [named] if named else TABLE
    return any(option.name == name and option.value for each in commands for option in command(each).options)


def _check_early(given: _Sorted, named: str) -> None:
    """Only the common options may stand before the command."""
    common = {_SHORT_HELP, *(option.name for option in COMMON)}
    for name, _ in given.options:
        if name not in common:
            raise WrongWords(f"{name} goes after the command: {PROGRAM} {named} ... {name}")


def _request(given: _Sorted, asked: Command) -> Request:
    options = _read_options(given, asked)
    words = list(given.words)
    goal: str | None = None
    if asked.goal == "required" and not words:
        raise WrongWords(f"{asked.name} wants a GOAL: an id that `{PROGRAM} list` shows, or latest")
    if asked.goal != "none" and words:
        from omk_tui.core.text.words import trim

        goal = words.pop(0)
        if not trim(goal):
            raise WrongWords("the goal's id is blank")
    if len(words) > asked.words:
        raise WrongWords(f"there is one word too many: {words[asked.words]}")
    from omk_tui.cli.commands import action

    request = Request(given.command, goal, tuple(words), options)
    action(asked.name).examine(request)
    return request


def _read_options(given: _Sorted, asked: Command) -> dict[str, tuple[str, ...]]:
    """The values of each option that was given. Raises WrongWords for what the command does not take."""
    known = {option.name: option for option in (*COMMON, *asked.options)}
    values: dict[str, tuple[str, ...]] = {}
    for name, value in given.options:
        option = known.get(name)
        if option is None:
            raise WrongWords(_unknown_option(asked, name))
        if option.value and value is None:
            raise WrongWords(f"{name} wants a value")
        if not option.value and value is not None:
            raise WrongWords(f"{name} takes no value")
        if option.folder and not value:
            raise WrongWords(f"{name} is empty: it wants a folder")
        if name in values and option.value and not option.many and option not in COMMON:
            raise WrongWords(f"{name} was given twice")
        values[name] = (*values.get(name, ()), value) if value is not None else ()
    return values


def _unknown_option(asked: Command, name: str) -> str:
    takers = [each for each in TABLE if any(option.name == name for option in command(each).options)]
    if takers:
        place = f"{asked.name} does not take {name}" if asked.name else f"{name} wants a command before it"
        return f"{place}; {', '.join(takers)} {'does' if len(takers) == 1 else 'do'}"
    return f"there is no option {name}"
