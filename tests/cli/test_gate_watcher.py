"""What `omk-tui gate` shows of a gate that runs: its output on a terminal, as it comes; nothing of it elsewhere."""

from __future__ import annotations

import io

import pytest

from omk_tui.cli.commands import gate
from omk_tui.cli.console import Console
from omk_tui.core.opening.gate_definitions import GateDefinition


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
    watcher.said(0, b"\x1b[31mred\x1b[0m \x1b]0;title\x07 10%\r 90%\rdone\nghp_" + b"a" * 30)
    assert watcher.wanted() and "[1/2] unit: make test" in shown(terminal)
    assert shown(terminal).endswith("\r\x1b[K      unit 0 s"), "what may be a secret waits"
    watcher.said(1, b"\n....")
    assert watcher.wanted() and shown(terminal).endswith("\r\x1b[K      unit 0 s  ....")
    watcher.said(1, b"\n1\n2\n3\n")
    text = shown(terminal)
    assert "      | done\n" in text and "      | [REDACTED]\n" in text and "\x1b]0" not in text and "ghp_" not in text
    assert "| 1\n" not in text, "only so many lines are shown"
    watcher.wanted()
    assert "... 3 more lines; the gate's log has them" in shown(terminal)


def test_elsewhere_only_begin_and_end_are_told() -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    watcher = gate._Watcher(Console(None, None, stream, {"TERM": "xterm"}))
    watcher.began(GateDefinition("unit", "make"), 1, 1)
    watcher.said(0, b"a line\n")
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
