"""`omk-tui`: reads the arguments, then hands over to a command or to the desk; imports neither before it knows."""

from __future__ import annotations

import gc
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager
    from typing import NoReturn, TextIO

    from omk_tui.cli.console import Console
    from omk_tui.engine import Engine

DEBUG_VARIABLE = "OMK_TUI_DEBUG"


def main(argv: list[str] | None = None, console: Console | None = None) -> int:
    """Run `omk-tui` with these arguments and streams (default: the process's own) and give its exit code."""
    words = sys.argv[1:] if argv is None else argv
    try:
        from omk_tui.cli.console import Console

        return _guarded(words, console or Console.of_process())
    except KeyboardInterrupt:  # before there was anything to interrupt
        with _deaf():
            from omk_tui.cli.console import Console

            return _interrupted(words, console or Console.of_process())


def _guarded(words: list[str], console: Console) -> int:
    """Run `omk-tui`; whatever is raised becomes a sentence and an exit code."""
    try:
        return _run(words, console)
    except KeyboardInterrupt:
        with _deaf():
            return _interrupted(words, console)
    except Exception as error:  # the last resort: no traceback for a person who cannot use it
        if console.environ.get(DEBUG_VARIABLE):
            raise
        from omk_tui.cli.exit_code import Exit

        why = f"this should not have happened: {type(error).__name__}: {error}"
        _say_document(words, console, why)
        console.say(f"omk-tui: {why}", f"{DEBUG_VARIABLE}=1 shows where; please report it with that.")
        return Exit.FAILED


def _interrupted(words: list[str], console: Console) -> int:
    from omk_tui.cli.exit_code import Exit

    _say_document(words, console, "interrupted")
    console.say("", "omk-tui: interrupted")
    return Exit.INTERRUPTED


def _say_document(words: list[str], console: Console, why: str) -> None:
    """The document of a command that ended before its own, if one was asked for and can be made."""
    if "--json" not in words:
        return
    try:
        from omk_tui.cli.arguments import request_at_least
        from omk_tui.cli.document import line
        from omk_tui.cli.stopping import failure_document
        from omk_tui.core.decision.outcome import Failed

        request = request_at_least(words)
        document = failure_document(request, request.goal or "", Failed(why))
        if document is not None:
            console.exact(line(document))
    except Exception:
        if console.environ.get(DEBUG_VARIABLE):
            raise


def _deaf() -> AbstractContextManager[None]:
    """Ignore further interrupts while it is told that there was one."""
    from omk_tui.cli.interrupts import deaf

    return deaf()


def _run(words: list[str], console: Console) -> int:
    from omk_tui.cli.arguments import Answer, parse
    from omk_tui.cli.command import UsageError
    from omk_tui.cli.exit_code import Exit

    try:
        request = parse(words)
        if isinstance(request, Answer):
            console.exact(request.text)
            return console.ending()
        from omk_tui.cli.run import run

        return run(request, console, _desk)
    except UsageError as error:
        console.say(f"omk-tui: {error}", f"usage: {error.usage}", "More: omk-tui --help")
        return Exit.USAGE


FRAMES_A_SECOND = 240
"""How often the desk may paint: at Textual's 60 a key waits up to 17 ms when something else was painted before it."""


def _desk(engine: Engine, goal_id: str | None, root_label: str, welcome: Sequence[str] = ()) -> int:
    """Open the TUI."""
    os.environ.setdefault("TEXTUAL_FPS", str(FRAMES_A_SECOND))
    from omk_tui.app import run

    return run(engine, goal_id, root_label, welcome)


def main_of_process() -> NoReturn:
    """Run `omk-tui` as this process and end it, without taking apart what it has read."""
    # What is loaded and read stays until the end: looking through it for garbage again and again frees nothing.
    gc.set_threshold(50_000, 20, 100)
    code = main()
    if "omk_tui.app" in sys.modules:
        from omk_tui.app import leave

        leave(code)
    _flush(sys.stdout)
    _flush(sys.stderr)
    os._exit(code)


def _flush(stream: TextIO | None) -> None:
    try:
        if stream is not None:
            stream.flush()
    except (OSError, ValueError):  # it is gone or closed, which the console has said
        return


if __name__ == "__main__":
    main_of_process()
