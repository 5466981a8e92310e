"""The grammar of the command line: from words to a Request.

The first word that is no option is the command when it bears a command's name, else a GOAL. argparse reads the
options of each command; which words are goals and which belong to an option is settled before, so that the value of
an option never depends on how it looks to argparse.
"""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn

from omk_tui.cli.manual import COMMANDS, DESK, PROGRAM, version_line
from omk_tui.core.records.goal import STATUSES
from omk_tui.core.records.verb import Verb
from omk_tui.core.text.words import trim

_COMMON = ("--state-root", "--project-dir", "--version", "--help", "-h")
_WITH_VALUE = (
    "--state-root", "--project-dir", "--status", "--summary", "--reason", "--snapshot", "--show", "--into",
)  # fmt: skip
_FOLDERS = ("--state-root", "--project-dir", "--into")
_ONCE = ("--summary", "--reason", "--snapshot")
_TEXT_OPTION: dict[Verb, str] = {"accept": "--summary", "reject": "--reason"}
_SNAPSHOT = re.compile("[0-9a-fA-F]{64}")
_FROM_STDIN = "-"


class UsageError(Exception):
    """The words do not make a command; the text says why, `usage` shows how they would."""

    def __init__(self, why: str, usage: str) -> None:
        super().__init__(why)
        self.usage = usage


class _Wrong(Exception):
    """What is wrong with the words, before it is said how they should be."""


class TextError(ValueError):
    """A summary or reason that cannot be recorded; the text says why."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A text that is the whole answer: help or version."""

    text: str


@dataclass(frozen=True, slots=True)
class Request:
    """What the command line asks for.

    `command` is empty for the desk itself. `goal` is as it was given (an id or `latest`), `text` the trimmed summary
    or reason, None when it is to be read from standard input.
    """

    command: str = ""
    goal: str | None = None
    verb: Verb | None = None
    text: str | None = None
    statuses: tuple[str, ...] = ()
    json: bool = False
    show_rollback: bool = False
    snapshot: str | None = None
    record_not_ready: bool = False
    despite_conflicts: bool = False
    into: str | None = None
    verify: bool = False
    repair: bool = False
    yes: bool = False
    state_root: str | None = None
    project_dir: str | None = None

    @property
    def text_option(self) -> str:
        """The option that carries the text of the verb: `--summary` or `--reason`."""
        return _TEXT_OPTION[self.verb] if self.verb else ""


@dataclass(frozen=True, slots=True)
class _Sorted:
    """The command line taken apart: options as `--name` or `--name=value`, and words."""

    command: str
    options: list[str]
    words: list[str]


def parse(arguments: Sequence[str]) -> Request | Answer:
    """The request that the arguments (without the program's name) make. Raises UsageError."""
    manual = next((COMMANDS[word] for word in arguments if word in COMMANDS), DESK)
    try:
        found = _sort(arguments)
        manual = COMMANDS.get(found.command, DESK)
        if "--help" in found.options or "-h" in found.options:
            return Answer(manual.page)
        if "--version" in found.options:
            return Answer(version_line())
        return _request(found)
    except _Wrong as error:
        raise UsageError(str(error), manual.usage) from None


def text_of(text: str) -> str:
    """A summary or reason as it is recorded: trimmed. Raises TextError when it is blank or no Unicode text."""
    trimmed = trim(_as_utf8(text))
    if not trimmed:
        raise TextError("blank: say in a sentence why")
    return trimmed


def _as_utf8(text: str) -> str:
    """The text, taken as UTF-8 also where the locale made Python read the arguments as something else."""
    try:
        text.encode("utf-8")
        return text
    except UnicodeEncodeError:
        pass
    try:
        return os.fsencode(text).decode("utf-8")
    except UnicodeError:
        raise TextError("not valid UTF-8") from None


def _sort(arguments: Sequence[str]) -> _Sorted:
    options: list[str] = []
    words: list[str] = []
    command = ""
    waiting = list(reversed(arguments))
    while waiting:
        word = waiting.pop()
        if word == "--":
            words.extend(reversed(waiting))
            break
        if not word.startswith("-") or word == _FROM_STDIN:
            if not words and not command and word in COMMANDS:
                command = word
                _check_early(options, command)
            else:
                words.append(word)
        elif word in _WITH_VALUE:
            options.append(f"{word}={_value(word, waiting)}")
        else:
            options.append(word)
    _check_values(options)
    return _Sorted(command, options, words)


def _value(option: str, waiting: list[str]) -> str:
    if not waiting:
        raise _Wrong(f"{option} wants a value")
    value = waiting.pop()
    if value.startswith("-") and value != _FROM_STDIN:
        raise _Wrong(f"{option} wants a value, but {value} looks like an option; if it is meant: {option}={value}")
    return value


def _check_early(options: list[str], command: str) -> None:
    """Only the common options may stand before the command."""
    for option in map(_name, options):
        if option not in _COMMON:
            raise _Wrong(f"{option} goes after the command: {PROGRAM} {command} ... {option}")


def _check_values(options: list[str]) -> None:
    """What may be given once is not given twice, and no folder is the empty text."""
    names = [_name(option) for option in options]
    for name in _FOLDERS:
        if f"{name}=" in options:
            raise _Wrong(f"{name} is empty: it wants a folder")
    for name in _ONCE:
        if names.count(name) > 1:
            raise _Wrong(f"{name} was given twice")


def _name(option: str) -> str:
    return option.partition("=")[0]


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise _Wrong(message)


def _options_of(command: str) -> argparse.ArgumentParser:
    parser = _Parser(prog=PROGRAM, add_help=False, allow_abbrev=False)
    parser.add_argument("--state-root")
    parser.add_argument("--project-dir")
    if command not in ("", "demo"):
        parser.add_argument("--json", action="store_true")
    if command == "list":
        parser.add_argument("--status", action="append", default=[])
    if command == "plan":
        parser.add_argument("--show")
    if command in ("plan", "accept"):
        parser.add_argument("--summary")
    if command in ("plan", "reject"):
        parser.add_argument("--reason")
    if command in ("accept", "reject"):
        parser.add_argument("--snapshot")
    if command == "accept":
        parser.add_argument("--record-not-ready", action="store_true")
        parser.add_argument("--despite-conflicts", action="store_true")
    if command == "history":
        parser.add_argument("--verify", action="store_true")
    if command == "doctor":
        parser.add_argument("--repair", action="store_true")
        parser.add_argument("--yes", action="store_true")
    if command == "demo":
        parser.add_argument("--into")
    return parser


def _request(found: _Sorted) -> Request:
    options, unknown = _options_of(found.command).parse_known_args(found.options)
    if unknown:
        raise _Wrong(_unknown_option(found, _name(unknown[0])))
    goal, verb = _bind(found)
    text = None
    if verb:
        text = _text(vars(options), verb)
    snapshot = getattr(options, "snapshot", None)
    if snapshot is not None and not _SNAPSHOT.fullmatch(snapshot):
        raise _Wrong("--snapshot wants the 64 hexadecimal digits that `check` shows")
    show = getattr(options, "show", None)
    if show not in (None, "rollback"):
        raise _Wrong(f"--show knows rollback, not {show}")
    if show and verb == "accept":
        raise _Wrong("--show rollback goes with reject; an accept writes no rollback plan")
    if getattr(options, "yes", False) and not options.repair:
        raise _Wrong("--yes goes with --repair")
    for status in getattr(options, "status", ()):
        if status not in STATUSES:
            raise _Wrong(f"--status wants one of {', '.join(STATUSES)}; not {status or 'an empty word'}")
    return Request(
        command=found.command,
        goal=goal,
        verb=verb,
        text=text,
        statuses=tuple(getattr(options, "status", ())),
        json=getattr(options, "json", False),
        show_rollback=bool(show),
        snapshot=snapshot.lower() if snapshot else None,
        record_not_ready=getattr(options, "record_not_ready", False),
        despite_conflicts=getattr(options, "despite_conflicts", False),
        into=getattr(options, "into", None),
        verify=getattr(options, "verify", False),
        repair=getattr(options, "repair", False),
        yes=getattr(options, "yes", False),
        state_root=options.state_root,
        project_dir=options.project_dir,
    )


def _bind(found: _Sorted) -> tuple[str | None, Verb | None]:
    """The goal and the verb among the words."""
    words = list(found.words)
    goal: str | None = None
    verb: Verb | None = None
    if found.command not in ("", "list", "doctor", "demo"):
        if not words:
            raise _Wrong(f"{found.command} wants a GOAL: an id that `{PROGRAM} list` shows, or latest")
        goal = words.pop(0)
    elif found.command == "" and words:
        goal = words.pop(0)
    if goal is not None and not trim(goal):
        raise _Wrong("the goal's id is blank")
    if found.command == "plan":
        asked = words.pop(0) if words else ""
        if asked not in ("accept", "reject"):
            raise _Wrong("plan wants accept or reject after the GOAL" + (f", not {asked}" if asked else ""))
        verb = "accept" if asked == "accept" else "reject"
    elif found.command in ("accept", "reject"):
        verb = "accept" if found.command == "accept" else "reject"
    if words:
        raise _Wrong(f"there is one word too many: {words[0]}")
    return goal, verb


def _text(options: dict[str, str | None], verb: Verb) -> str | None:
    wanted, other = ("summary", "reason") if verb == "accept" else ("reason", "summary")
    if options.get(other) is not None:
        raise _Wrong(f"{verb} takes --{wanted}, not --{other}")
    text = options[wanted]
    if text is None:
        raise _Wrong(f"{verb} wants --{wanted} TEXT (or - to read it from standard input)")
    if text == _FROM_STDIN:
        return None
    try:
        return text_of(text)
    except TextError as error:
        raise _Wrong(f"--{wanted} is {error}") from None


def _unknown_option(found: _Sorted, option: str) -> str:
    takers = [name for name, manual in COMMANDS.items() if re.search(rf"{re.escape(option)}\b", manual.usage)]
    if takers:
        place = f"{found.command} does not take {option}" if found.command else f"{option} wants a command before it"
        return f"{place}; {', '.join(takers)} {'does' if len(takers) == 1 else 'do'}"
    return f"there is no option {option}"
