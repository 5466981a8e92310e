"""The table of keys that help and README show, made from the table of commands."""

from __future__ import annotations

from omk_tui.keys.commands import COMMANDS, DIALOG, LIST, REVIEW, SECTIONS
from omk_tui.light.dataclass import dataclass


@dataclass(frozen=True)
class KeyRow:
    """One row of the key table: how the keys are written, and what they do in each place (empty: nothing)."""

    keys: str
    meanings: tuple[str, str, str]


_PAIRS = {
    "down": "up", "first": "last", "page_down": "page_up", "half_down": "half_up", "right": "left",
    "line_down": "line_up", "line_end": "line_start",
    "search_next": "search_previous", "next_blocker": "previous_blocker", "next_goal": "previous_goal",
    "next_pane": "previous_pane", "next_hunk": "previous_hunk", "next_file": "previous_file",
}  # fmt: skip
_PAIR_WORDS: dict[str, tuple[str, tuple[str, str, str]]] = {
    "down": ("j k, arrows", ("row", "item, line", "cursor in the text")),
    "first": ("g G, Home End", ("first, last", "first, last; top, bottom", "start, end of the text")),
    "page_down": ("PgDn PgUp Space", ("page", "page", "scroll the plan")),
    "half_down": ("ctrl+d ctrl+u", ("half a page", "half a page", "")),
    "line_down": ("ctrl+e ctrl+y", ("scroll a row", "scroll a row", "")),
    "line_end": ("$ 0", ("", "end, start of long lines", "")),
    "right": ("right left, l h", ("", "sideways in long lines", "cursor in the text")),
    "search_next": ("n N", ("", "next, previous match", "")),
    "next_blocker": ("b B", ("next, previous goal that needs you", "next, previous blocker", "")),
    "next_goal": ("J K", ("next, previous goal", "next, previous goal of the list", "")),
    "next_hunk": ("[ ]", ("", "previous, next hunk", "")),
    "next_file": ("{ }", ("", "previous, next file", "")),
    "next_pane": ("Tab shift+Tab", ("pane", "pane", "field")),
}


def key_rows() -> list[KeyRow]:
    """The key table, pairs of keys in one row."""
    second = set(_PAIRS.values())
    rows: list[KeyRow] = []
    for command in COMMANDS:
        if command.id in second:
            continue
        if command.id in _PAIR_WORDS:
            keys, meanings = _PAIR_WORDS[command.id]
            rows.append(KeyRow(keys, meanings))
        elif command.id == "section_1":
            rows.append(KeyRow(f"1..{len(SECTIONS)}", ("open the goal there", ", ".join(SECTIONS), "")))
        elif not command.id.startswith("section_"):
            keys = f"{command.shown} F5" if "f5" in command.keys else command.shown
            rows.append(KeyRow(keys, (command.words(LIST), command.words(REVIEW), command.words(DIALOG))))
    return rows


def markdown_key_table() -> str:
    """The key table for the README; ends with a newline."""
    lines = ["| Key | List | Review | Dialog |", "|---|---|---|---|"]
    for row in key_rows():
        cells = (meaning or "-" for meaning in row.meanings)
        keys = " ".join(f"`{key}`" if key not in ("arrows",) else key for key in row.keys.replace(",", "").split())
        lines.append(f"| {keys} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"
