"""Whatever is pasted, in brackets or not, whole or in pieces: it is text, and no decision."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator

import pytest

from omk_tui.app.input_stream import PASTE_END, PASTE_START, InputStream, Pasted, Typed
from omk_tui.core.text.pasted import pasted_text, without_sequences
from tests.depth import DEEP
from tests.terminal.desk import Desk, digest
from tests.terminal.pseudo import Terminal

START, END = PASTE_START.encode(), PASTE_END.encode()
PASTES = 10_000 if DEEP else 100

# -- what a paste is ---------------------------------------------------------------------------------------------------


def parts(*reads: tuple[str, float]) -> list[Typed | Pasted]:
    """What the stream makes of reads at certain seconds, and of the silence after them."""
    stream, given = InputStream(), list[Typed | Pasted]()
    for data, at in reads:
        given += stream.feed(data, at)
    given += stream.silence(reads[-1][1] + 10.0)
    return given


def test_keys_are_keys() -> None:
    assert parts(("a", 0.0), ("\x1b[A", 0.5), ("\x13", 1.0)) == [
        Typed("a", alone=True),
        Typed("\x1b[A", alone=True),
        Typed("\x13", alone=True),
    ]


@pytest.mark.parametrize("cut", range(1, len("x\x1b[200~a\x13b\x1b[201~")))
def test_a_paste_is_one_wherever_it_was_cut(cut: int) -> None:
    text = "x\x1b[200~a\x13b\x1b[201~"
    given = parts((text[:cut], 0.0), (text[cut:], 0.01))
    assert given[-1] == Pasted("a\x13b")
    assert "".join(one.text for one in given if isinstance(one, Typed)) == "x"


def test_an_end_mark_inside_ends_nothing() -> None:
    assert parts((f"{PASTE_START}a{PASTE_END}\x13b", 0.0), (f"c{PASTE_END}", 0.5)) == [Pasted("a\x13bc")]


def test_a_paste_that_is_cut_off_is_over_after_a_second_of_silence() -> None:
    stream = InputStream()
    assert list(stream.feed(f"{PASTE_START}a\x1b", 0.0)) == []
    assert list(stream.silence(0.9)) == []
    assert list(stream.silence(1.0)) == [Pasted("a\x1b")]
    assert list(stream.feed("\x13", 1.1)) == [Typed("\x13", alone=True)]


def test_a_lone_escape_is_a_key_after_a_moment() -> None:
    stream = InputStream()
    assert list(stream.feed("\x1b", 0.0)) == []
    assert list(stream.silence(0.05)) == []
    assert list(stream.silence(0.1)) == [Typed("\x1b", alone=True)]


def test_a_huge_paste_is_cut() -> None:
    (paste,) = parts((PASTE_START, 0.0), *[("x" * 4096, 0.0)] * 300, (PASTE_END, 0.0))
    assert len(paste.text) == 1 << 20


@pytest.mark.parametrize(
    ("pasted", "text"),
    [
        ("\x1b[31mred\x1b[0m and \x1b[1;38;5;9mbold\x1b[m", "red and bold"),
        ("aa \x1b[31mred \x1b[0m \n\t indented \x13 \n", "aa red  \n\t indented  \n"),
        ("a\r\nb\rc\n", "a\nb\nc\n"),
        ("\x1b]0;title\x07after \x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\ end", "after link end"),
        ("\x1b]52;c;never ended\nnext line", "\nnext line"),
        ("\x1b(B\x1b=\x1bMx\x9b31my", "xy"),
        ("a\x00b\x7fc\x85d\x1b", "abcd"),
        ("\x1b[200~inner\x1b[201~", "inner"),
        ("na\u00efve \u2028 \U0001f600", "na\u00efve \u2028 \U0001f600"),
    ],
)
def test_what_of_a_paste_is_text(pasted: str, text: str) -> None:
    assert pasted_text(pasted) == text
    assert "\x1b[" not in without_sequences(pasted)


# -- in a terminal -----------------------------------------------------------------------------------------------------


def test_coloured_text_is_pasted_in_order_without_its_escapes(desk: Desk) -> None:
    before = digest(desk.root)
    with dialog(desk) as there:
        time.sleep(1.0)
        there.send(START + b"aa \x1b[31mred \x1b[0m \n\t indented \x13 \n" + END)
        there.until("indented")
        there.settle()
        assert "aa red" in there.text
        assert "ctrl+s  records" in there.text
        there.send(START + b"then \x13 cut off")
        there.until("cut off")
        there.send(START + b"inner " + END + b"\x13 end" + END)
        there.until("inner  end")
        assert digest(desk.root) == before
        there.press("ctrl+s")
        there.until("rejected and recorded")


def test_the_commit_key_counts_only_by_itself(desk: Desk) -> None:
    before = digest(desk.root)
    with dialog(desk) as there:
        time.sleep(1.0)
        there.send(b"why\x13")
        there.until("press ctrl+s again")
        there.settle()
        there.send(b"x")
        time.sleep(0.05)
        there.send(b"\x13")
        time.sleep(0.1)
        there.send(b"\x13")
        there.settle()
        assert "whyx" in there.text
        assert digest(desk.root) == before
        time.sleep(0.2)
        there.send(b"\x13")
        there.until("rejected and recorded")


def dialog(desk: Desk) -> Terminal:
    """The reject dialog on the sample in conflict."""
    terminal = desk.open(desk.goal("conflicts").name)
    terminal.until("snap ")
    terminal.press("R")
    terminal.until("rollback plan, live")
    return terminal


class Chance:
    """Random pastes, each in random pieces."""

    ATOMS = (b"\x13", b"\x1b", b"\x1b[31m", b"\x1b[0m", b"\n", b"\r", b"\t", b"why", b"A", b"R", b"y", b" ", b"\xff",
             b"\xc3", b"\x00", b"\x1b[115;5u", b"\x1b[27;5;115~", b"\x1b\x13", b"\x9b", b"\x1b]0;x\x07",
             b"\xe2\x80\xae", b"\x10", b"\x1b[200", b"words " * 9)  # fmt: skip

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def paste(self, *, bracketed: bool) -> bytes:
        """The bytes of a paste; one without brackets begins with a letter, as a lone ctrl+s would be a key."""
        atoms = self.random.choices((*self.ATOMS, END) if bracketed else self.ATOMS, k=self.random.randint(1, 30))
        text = b"".join(atoms)
        return START + text + END if bracketed else b"w" + text

    def pieces(self, data: bytes) -> Iterator[tuple[bytes, float]]:
        """The reads in which it arrives, and the seconds after each; one with an end mark inside arrives whole."""
        if data.count(END) > 1:
            yield data, 0.0
            return
        first = 3 if data.startswith(START) else 1  # what is shorter is the Esc key, when the rest is late
        while data:
            size = max(first, self.random.choice((1, 3, 7, 40, 4096, len(data))))
            first = 1
            yield data[:size], self.random.choice((0.0, 0.0, 0.0, 0.001, 0.004))
            data = data[size:]


@pytest.mark.parametrize("bracketed", [True, False])
def test_no_paste_records_a_decision(desk: Desk, bracketed: bool) -> None:
    chance, before = Chance(2026 + bracketed), digest(desk.root / "goals")
    there = dialog(desk)
    dialogs = 1
    try:
        for number in range(PASTES // 2):
            if number % 20 == 0:
                there.settle(0.05)
                if not there.running or "ctrl+s" not in there.text or "REJECT" not in there.text:
                    there.end()
                    there = dialog(desk)
                    dialogs += 1
                if bracketed or number % 40 == 0:
                    there.press("w", "h", "y")
                time.sleep(0.5)  # the dialog listens
            for piece, pause in chance.pieces(chance.paste(bracketed=bracketed)):
                there.send(piece)
                time.sleep(pause)
            assert digest(desk.root / "goals") == before, f"paste {number} recorded a decision"
        there.settle()
        assert digest(desk.root / "goals") == before
        assert b"Traceback" not in there.arrived
    finally:
        there.end()
    if bracketed:
        assert dialogs == 1, "a paste in brackets closes nothing and presses no key"
