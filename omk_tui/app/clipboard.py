"""The clipboard: by the terminal where that can be, else by a program of the desktop, else into a file."""

from __future__ import annotations

import base64
import os
import subprocess
import tempfile
from collections.abc import Callable, Mapping

from omk_tui.core.text.words import plural
from omk_tui.engine.files.programs import find_program

LARGEST_FOR_TERMINAL = 74_994
"""Characters of an encoded text that common terminals take; a longer one they drop without a word."""
_SCREEN_PIECE = 700
_PROGRAMS = (
    ("wl-copy", (), "WAYLAND_DISPLAY"),
    ("xclip", ("-selection", "clipboard"), "DISPLAY"),
    ("pbcopy", (), ""),
)
"""Program, its options, and the variable without which it cannot work."""
_WITHOUT_CLIPBOARD = ("dumb", "linux")


def copy(text: str, write: Callable[[str], None], environ: Mapping[str, str]) -> str:
    """Copy a clean text; `write` sends an escape sequence to the terminal. A sentence says what happened."""
    amount = plural(len(text), "character")
    encoded = base64.b64encode(text.encode("utf-8", "replace")).decode("ascii")
    if len(encoded) <= LARGEST_FOR_TERMINAL and environ.get("TERM", "") not in _WITHOUT_CLIPBOARD:
        write(wrapped(f"\x1b]52;c;{encoded}\x07", environ))
        return f"{amount} sent to the terminal (OSC 52; it gives no answer)"
    for name, options, needed in _PROGRAMS:
        program = find_program(name, environ)
        if program and (not needed or environ.get(needed)):
            try:
                subprocess.run(
                    [program, *options],
                    input=text.encode("utf-8", "replace"),
                    check=True,
                    timeout=3,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                )
            except (OSError, subprocess.SubprocessError):
                continue
            return f"{amount} copied by {name}"
    try:
        descriptor, path = tempfile.mkstemp(prefix="omk-tui-copied-", suffix=".txt")
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="replace") as file:
            file.write(text)
    except OSError as error:
        return f"nothing was copied: too long for the terminal, and no file could be written ({error.strerror})"
    return f"{amount} written to {path}: too much for the terminal's clipboard"


def wrapped(sequence: str, environ: Mapping[str, str]) -> str:
    """An escape sequence as the terminal round this one must get it: tmux and screen pass on only what is wrapped."""
    if environ.get("TMUX"):
        return "\x1bPtmux;" + sequence.replace("\x1b", "\x1b\x1b") + "\x1b\\"
    if environ.get("STY"):
        pieces = (sequence[at : at + _SCREEN_PIECE] for at in range(0, len(sequence), _SCREEN_PIECE))
        return "".join(f"\x1bP{piece}\x1b\\" for piece in pieces)
    return sequence
