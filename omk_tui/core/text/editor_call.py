"""Which command line opens a file in a person's own editor, by what VISUAL and EDITOR say. Nothing is run here."""

from __future__ import annotations

from collections.abc import Mapping

from omk_tui.core.text.printable import printable
from omk_tui.light.dataclass import dataclass
from omk_tui.light.late import shlex
from omk_tui.light.pattern import pattern

VARIABLES = ("VISUAL", "EDITOR")
"""The variables that name a person's editor; the first that is not empty counts."""
SET_ONE = "no editor is named: set VISUAL or EDITOR, as in export EDITOR=vi"

_PLUS_FIRST = frozenset(
    (
        "vi",
        "vim",
        "nvim",
        "gvim",
        "view",
        "nvi",
        "elvis",
        "nano",
        "pico",
        "emacs",
        "emacsclient",
        "kak",
        "joe",
        "mg",
    )
)
"""``+LINE PATH``."""
_PLUS_LAST = frozenset(("micro",))
"""``PATH +LINE``."""
_COLON = frozenset(("hx", "helix", "subl", "zed", "zeditor"))
"""``PATH:LINE``."""
_GOTO = frozenset(("code", "code-insiders", "codium", "vscodium", "cursor"))
"""``--goto PATH:LINE``."""
_UNUSUAL = pattern(r"[^A-Za-z0-9._-]")
_LONGEST_NAME = 80
_VARIANT = pattern(r"(vim|emacs|emacsclient)([.-](basic|tiny|emacs|nox|gtk|gtk3|athena|lucid|pgtk|x|[0-9.]+))+")
"""How distributions name the same editor, built in several ways."""


@dataclass(frozen=True, slots=True)
class EditorSetting:
    """The words of the command that a variable of the environment names; the first is the program."""

    variable: str
    words: tuple[str, ...]


def editor_setting(environ: Mapping[str, str]) -> EditorSetting | str:
    """The editor that the environment names, split as a shell splits; a sentence where it names none."""
    for variable in VARIABLES:
        value = environ.get(variable, "").strip()
        if not value:
            continue
        try:
            words = shlex.split(value)
        except ValueError as error:
            return f"{variable} is no command line: {str(error).lower()}"
        if not words or not words[0] or any("\0" in word for word in words):
            return f"{variable} names no program"
        return EditorSetting(variable, tuple(words))
    return SET_ONE


def file_words(program: str, path: str, line: int | None) -> tuple[str, ...]:
    """The words behind a program that open a file at a line (from 1; None: wherever it opens).

    `path` is absolute, so that none of it is taken for an option. An editor that is not known gets the path alone.
    """
    name = program.rpartition("/")[2]
    variant = _VARIANT.fullmatch(name)
    name = variant[1] if variant else name
    if line is None or line < 1:
        return (path,)
    if name in _PLUS_FIRST:
        return (f"+{line}", path)
    if name in _PLUS_LAST:
        return (path, f"+{line}")
    if name in _COLON:
        return (f"{path}:{line}",)
    if name in _GOTO:
        return ("--goto", f"{path}:{line}")
    return (path,)


def copy_name(path: str) -> str:
    """A name for a copy of a file: its own, without what is no plain letter, so that the editor knows its kind."""
    return _UNUSUAL.sub("_", path.rpartition("/")[2])[-_LONGEST_NAME:].lstrip(".") or "copy"


def path_objection(path: str) -> str:
    """Why a path is not handed to an editor, in a clause; empty where it can be.

    An editor draws the name of its file: one that would steer the terminal stays here.
    """
    if not path.startswith("/"):
        return "its path is not absolute"
    if printable(path) != path:
        return "its name has characters that would steer a terminal"
    return ""
