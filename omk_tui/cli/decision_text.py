"""The text of a decision on the command line: a summary or a reason, given as an option or on standard input."""

from __future__ import annotations

import os

from omk_tui.cli.command import FROM_STDIN, Call, Request, UsageError, WrongWords
from omk_tui.cli.command_table import TEXT_OPTION, command
from omk_tui.cli.console import StdinError
from omk_tui.core.records.verb import Verb
from omk_tui.core.text.words import trim


class TextError(ValueError):
    """A summary or reason that cannot be recorded; the text says why."""


def examine_text(request: Request, verb: Verb) -> None:
    """Raise WrongWords when the request has no text for the verb, or one that cannot be recorded."""
    wanted = TEXT_OPTION[verb]
    for other in TEXT_OPTION.values():
        if other != wanted and other in request.options:
            raise WrongWords(f"{verb} takes {wanted}, not {other}")
    values = request.options.get(wanted)
    if not values:
        raise WrongWords(f"{verb} wants {wanted} TEXT (or - to read it from standard input)")
    if values[0] == FROM_STDIN:
        return
    try:
        text_of(values[0])
    except TextError as error:
        raise WrongWords(f"{wanted} is {error}") from None


def decision_text(call: Call, verb: Verb) -> str:
    """The trimmed summary or reason, from standard input if that was asked for. Raises UsageError."""
    (given,) = call.request.options[TEXT_OPTION[verb]]
    if given != FROM_STDIN:
        return text_of(given)
    try:
        return text_of(call.console.read_text())
    except (StdinError, TextError) as error:
        usage = command(call.request.command).usage
        raise UsageError(f"the {TEXT_OPTION[verb][2:]} on standard input is {error}", usage) from None


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
