"""What `omk-tui gate` shows of a gate that runs: its output on a terminal, as it comes; nothing of it elsewhere."""

from __future__ import annotations

import io

import pytest

from omk_tui.cli.commands import gate
from omk_tui.cli.console import Console
from omk_tui.cli.goals_progress import GoalsProgress
from omk_tui.core.opening.gate_definitions import GateDefinition
from omk_tui.core.records.gate_run import GateNote
from omk_tui.core.records.proof import Gate

NOTE = GateNote("last", "base", "4" * 40, False, "none", 1)


class Terminal(io.TextIOWrapper):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def shown(stream: io.TextIOWrapper) -> str:
    assert isinstance(stream.buffer, io.BytesIO)
    return stream.buffer.getvalue().decode()


@pytest.fixture
def terminal() -> Terminal:
    return Terminal(io.BytesIO(), encoding="utf-8")


def test_on_a_terminal_the_output_is_shown_clean_and_without_secrets(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate, "_MOST_LINES", 3)
    monkeypatch.setattr(gate, "_TELL_EVERY", 0.0)
    watcher = gate._Watcher(Console(None, None, terminal, {"TERM": "xterm"}))
    watcher.began(GateDefinition("unit", "make", ("test",)), 1, 2)
    watcher.wrote(0, b"\x1b[31mred\x1b[0m \x1b]0;title\x07 10%\r 90%\rdone\nghp_" + b"a" * 30)
    assert watcher.wanted() and "[1/2] unit: make test" in shown(terminal)
    assert shown(terminal).endswith("\r\x1b[K      unit 0 s"), "what may be a secret waits"
    watcher.wrote(0, b"\n")
    watcher.wrote(1, b"....")
    assert watcher.wanted() and shown(terminal).endswith("\r\x1b[K      unit 0 s  ....")
    watcher.wrote(1, b"\n1\n2\n3\n")
    text = shown(terminal)
    assert "      | done\n" in text and "      | [REDACTED]\n" in text and "\x1b]0" not in text and "ghp_" not in text
    assert "| 1\n" not in text, "only so many lines are shown"
    watcher.wanted()
    assert "... 3 more lines; the gate's log has them" in shown(terminal)
    watcher.began(GateDefinition("last", "make"), 2, 2)
    watcher.wrote(0, b"no line feed ghp_" + b"a" * 30)
    watcher.ended(Gate("last", True, "", "", 1, True, "make", 0, False, None, None, None, 0), NOTE)
    assert "      | no line feed [REDACTED]\n      pass in 0.0 s\n" in shown(terminal)


def test_elsewhere_only_begin_and_end_are_told() -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    watcher = gate._Watcher(Console(None, None, stream, {"TERM": "xterm"}))
    watcher.began(GateDefinition("unit", "make"), 1, 1)
    watcher.wrote(0, b"a line\n")
    watcher.wanted()
    assert shown(stream) == "[1/1] unit: make\n"


def test_a_narrow_or_unknown_terminal_keeps_the_status_in_one_line(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    console = Console(None, None, terminal, {"TERM": "xterm"})
    console.show_status("寛" * 100)
    assert shown(terminal).count("寛") == 39
    console.say("next")
    assert shown(terminal).endswith("\r\x1b[Knext\n")
    console.show_status("")
    assert shown(terminal).endswith("next\n")


def test_a_long_list_shows_how_far_it_is_where_somebody_watches(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = iter([0.0, 0.1, 0.7, 0.7, 9.0, 9.0, 10.0, 11.0])
    monkeypatch.setattr("omk_tui.cli.goals_progress.monotonic", lambda: next(seconds))
    with GoalsProgress(Console(None, None, terminal, {"TERM": "xterm"})) as progress:
        progress(99, 99)
        progress(10, 10_000)
        assert shown(terminal) == ""
        progress(2_500, 10_000)
        assert shown(terminal).endswith("[######------------------] 2,500 of 10,000 goals")
        progress(20_000, 10_000)
        assert f"[{'#' * 24}]" in shown(terminal)
    assert shown(terminal).endswith("\r\x1b[K")
    stream = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    with GoalsProgress(Console(None, None, stream, {"TERM": "xterm"})) as progress:
        progress(5, 10)
    assert shown(stream) == ""
