"""`omk-tui`: reads the arguments, then hands over to a command or to the desk; imports neither before it knows."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from omk_tui.cli.console import Console
    from omk_tui.engine import Engine

DEBUG_VARIABLE = "OMK_TUI_DEBUG"


def main(argv: list[str] | None = None, console: Console | None = None) -> int:
    """Run `omk-tui` with these arguments and streams (default: the process's own) and give its exit code."""
    try:
        from omk_tui.cli.console import Console

        return _guarded(sys.argv[1:] if argv is None else argv, console or Console.of_process())
    except KeyboardInterrupt:  # before there was anything to interrupt
        return 130


def _guarded(words: list[str], console: Console) -> int:
    """Run `omk-tui`; whatever is raised becomes a sentence and an exit code."""
    from omk_tui.cli.exit_code import Exit

    try:
        return _run(words, console)
    except KeyboardInterrupt:
        if "--json" in words:
            from omk_tui.cli.answers import crash

            console.exact(crash(words, "interrupted").line())
        console.say("", "omk-tui: interrupted")
        return Exit.INTERRUPTED
    except Exception as error:  # the last resort: no traceback for a person who cannot use it
        if console.environ.get(DEBUG_VARIABLE):
            raise
        why = f"this should not have happened: {type(error).__name__}: {error}"
        if "--json" in words:
            from omk_tui.cli.answers import crash

            console.exact(crash(words, why).line())
        console.say(f"omk-tui: {why}", f"{DEBUG_VARIABLE}=1 shows where; please report it with that.")
        return Exit.FAILED


def _run(words: list[str], console: Console) -> int:
    from omk_tui.cli.arguments import Answer, UsageError, parse
    from omk_tui.cli.exit_code import Exit

    try:
        request = parse(words)
        if isinstance(request, Answer):
            console.exact(request.text)
            return Exit.DONE
        from omk_tui.cli.run import run

        return run(request, console, _desk)
    except UsageError as error:
        console.say(f"omk-tui: {error}", f"usage: {error.usage}", "More: omk-tui --help")
        return Exit.USAGE


def _desk(engine: Engine, goal_id: str | None, root_label: str) -> int:
    """Open the TUI."""
    from omk_tui.app import run

    return run(engine, goal_id, root_label)


if __name__ == "__main__":
    sys.exit(main())
