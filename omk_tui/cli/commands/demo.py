"""`omk-tui demo`: the sample goals in a place of their own, and the desk on them, or the whole journey as text."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import chdir, contextmanager
from pathlib import Path
from types import FrameType

from omk_tui.cli.arguments import parse
from omk_tui.cli.call import project_dir
from omk_tui.cli.command import Action, Call, Request
from omk_tui.cli.command_table import INTO
from omk_tui.cli.commands import action
from omk_tui.cli.console import Console
from omk_tui.cli.exit_code import Exit
from omk_tui.cli.interrupts import handled
from omk_tui.cli.page import Page, Piece
from omk_tui.core.decision.outcome import Failed
from omk_tui.core.text.printed_commands import CommandLine
from omk_tui.demo import DemoError, goal_id, lay_out
from omk_tui.demo.branch import open_branch
from omk_tui.engine import Engine, RootError, StateRoot
from omk_tui.engine.files.state_root import VARIABLE

_THE_MOMENT = "An agent says that this work is done. Its gates pass, but one slice does not merge: take it?"
_WHAT_TO_TRY = "Enter goes to the evidence, R tries a reject: only ctrl+s writes"
_WHAT_ELSE = "Esc: other samples; the harmless-looking page attacks you."
_ENDING_SIGNALS = (signal.SIGTERM, signal.SIGHUP)


def run(call: Call) -> int:
    """Lay the samples out, show them, and remove them again unless a place for them was named."""
    console, into = call.console, call.request.value(INTO)
    try:
        with _place(into) as (root, own_project):
            named = project_dir(call.request)
            lay_out(root, own_project if named is None else Path(named), with_projects=named is None)
            if named is None:
                open_branch(root, own_project / "branch")
            own = StateRoot(str(root), "the demo's own", exists=True)
            engine = Engine(own, named, call=CommandLine(str(root), named or ""))
            here = own_project / "branch" if named is None else Path(named)
            return _show(engine, call, here, kept=into is not None)
    except RootError as error:
        console.say(f"omk-tui: {error}")
        return Exit.FAILED
    except (DemoError, OSError, subprocess.SubprocessError) as error:
        console.say(f"omk-tui: the samples cannot be laid out: {error}")
        return Exit.FAILED


@contextmanager
def _place(into: str | None) -> Iterator[tuple[Path, Path]]:
    """The state root and the project directory to be; a private place is gone afterwards, whatever ended the demo."""
    if into is not None:
        root = Path(os.path.abspath(into))
        yield root, root / "project"
        return
    with handled(_end, _ENDING_SIGNALS):
        private = tempfile.mkdtemp(prefix="omk-tui-demo-")
        try:
            yield Path(private, "state"), Path(private, "project")
        finally:
            shutil.rmtree(private, ignore_errors=True)


def _end(number: int, _: FrameType | None) -> None:
    """Let a signal unwind the process, so that what must be removed is removed."""
    sys.exit(128 + number)


def _show(engine: Engine, call: Call, here: Path, *, kept: bool) -> int:
    """Show the samples. The desk stands in `here`, a project of theirs: what it offers to open is no work of yours."""
    console = call.console
    if console.is_terminal:
        with chdir(here):
            ending = call.open_desk(engine, goal_id("conflicts"), engine.root.path, _welcome(kept))
    else:
        ending = _journey(engine, console, kept=kept)
    if kept:
        console.say(f"Kept: {engine.root.path}; to look again: {engine.call.desk('')}")
    return ending


def _welcome(kept: bool) -> tuple[str, ...]:
    """Three lines that name the moment; on forty columns they fit a screen of ten rows."""
    return _THE_MOMENT, f"{_WHAT_TO_TRY}." if kept else f"{_WHAT_TO_TRY}, and all is removed at the end.", _WHAT_ELSE


def _journey(engine: Engine, console: Console, *, kept: bool) -> int:
    """Tell the whole journey: each command as a person would type it, and what it answers."""
    conflicts, ready = goal_id("conflicts"), goal_id("ready")
    reason = "slices 1 and 2 conflict with the integrator branch"
    tell = _teller(engine, console)
    tell("The samples lie here, each with a small git project.", ["export", f"{VARIABLE}={engine.root.path}"])
    if engine.project_dir:
        tell("", ["cd", engine.project_dir])
    endings = [
        tell("Which goals wait for a decision?", ["omk-tui", "list"]),
        tell("The evidence of this one is complete, but is it free of conflicts?", ["omk-tui", "check", conflicts]),
        tell("It is not. What would a reject write?", ["omk-tui", "plan", conflicts, "reject", "--reason", reason]),
    ]
    seen = engine.review(conflicts)
    bound = [] if isinstance(seen, Failed) else ["--snapshot", seen.snapshot]
    endings.append(
        tell("Reject it, exactly as it was seen.", ["omk-tui", "reject", conflicts, *bound, "--reason", reason])
    )
    seen = engine.review(ready)
    bound = [] if isinstance(seen, Failed) else ["--snapshot", seen.snapshot]
    summary = "reviewed: gates, oracle and wall are complete"
    endings += [
        tell("Nothing is missing here: accept it.", ["omk-tui", "accept", ready, *bound, "--summary", summary]),
        tell("Both decisions are in the list.", ["omk-tui", "list"]),
    ]
    if not kept:
        console.say("The samples are removed now; `omk-tui demo --into DIR` keeps them.")
    return Exit.DONE if all(ending == Exit.DONE for ending in endings) else Exit.FAILED


def _teller(engine: Engine, console: Console) -> Callable[[str, Sequence[str]], int]:
    """Something that says a sentence, shows a command and carries it out; its narration is part of the story."""
    story = Console(None, console.stdout, console.stdout, console.environ)

    def tell(sentence: str, words: Sequence[str]) -> int:
        page = Page()
        if sentence:
            page.gap()
            page.add(f"# {sentence}")
        page.add(Piece(f"$ {shlex.join(words)}", "command"), fit="whole")
        story.show(page)
        if words[0] != "omk-tui":
            return Exit.DONE
        request = parse(words[1:])
        assert isinstance(request, Request)
        return action(request.command).run(Call(request, story, _no_desk, lambda: engine))

    return tell


def _no_desk(*_: object) -> int:
    raise AssertionError("the journey opens no desk")


ACTION = Action(run)
