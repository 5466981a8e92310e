"""What may never reach a terminal, whatever the goals say."""

from __future__ import annotations

from collections import Counter

from omk_tui.demo.attacks import SEQUENCES
from tests.terminal.pseudo import Terminal
from tests.terminal.stream import CLOSING, DRAWING, OPENING, Token, hidden, tokens, wrong

MARK = "owned"


def assert_screens_harmless(terminal: Terminal) -> None:
    """Every byte of a TUI that has ended was text a person can see, or something that Textual itself needs."""
    found = terminal.tokens
    strange = [token for token in found if wrong(token, modes=True)]
    assert not strange, strange[:5]
    assert_no_sequence("".join(token.text for token in found), found)
    last = max(at for at, token in enumerate(found) if token.text in DRAWING - {"\x1b[?25h"})
    given_back = [at for at, token in enumerate(found) if token.text in CLOSING]
    times = Counter(token.text for token in found if token.text in OPENING | CLOSING)
    assert times["\x1b[?1049h"] == times["\x1b[?1049l"] == 1
    assert all(number <= 2 for number in times.values()), times
    assert min(given_back) > last
    # What is written after the terminal was given back is plain lines.
    assert all(token.kind != "escape" or token.text in CLOSING | {"\x1b[?25h"} for token in found[last + 1 :])


def assert_output_harmless(output: bytes) -> None:
    """Every byte that a command wrote to a terminal was text a person can see, a line's end, or a plain attribute."""
    text = output.decode("utf-8", "strict")
    found = tokens(text)
    strange = [t for t in found if wrong(t, modes=False) or (t.kind == "escape" and not t.text.endswith("m"))]
    assert not strange, strange[:5]
    assert text.replace("\r\n", "").count("\r") == 0
    assert_no_sequence(text, found)


def assert_no_sequence(text: str, found: list[Token]) -> None:
    """No attack of the hostile goal stands in the stream as it was written, nor its mark inside an escape sequence."""
    assert not [sequence for sequence in SEQUENCES if sequence in text]
    assert not [token for token in found if token.kind == "escape" and MARK in token.text]
    assert not hidden("".join(token.text for token in found if token.kind == "text"))
