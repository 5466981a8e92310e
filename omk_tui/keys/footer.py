"""The foot of a screen: which keys of the table of commands it offers in what is shown now, the most needed first."""

from __future__ import annotations

from enum import Enum

from omk_tui.keys.commands import COMMANDS, DIALOG, LIST, REVIEW, SECTIONS, Where

_FOOTER_WORDS: dict[tuple[str, Where], str] = {
    ("search", LIST): "/ filter",
    ("leave", LIST): "q quit",
    ("refresh", REVIEW): "",
    ("evidence", REVIEW): "",
    ("back", LIST): "",
    ("back", REVIEW): "",
    ("next_pane", DIALOG): "Tab next field",
    ("back", DIALOG): "Esc back, text kept",
    ("refresh", DIALOG): "ctrl+r new facts",
    ("next_blocker", LIST): "b/B needs you",
    ("next_goal", LIST): "",
}
_MOVING = {LIST: "j/k move", REVIEW: "j/k item", DIALOG: ""}
_SECTION_KEYS = f"1..{len(SECTIONS)} section"


class Scene(Enum):
    """What a place shows just now, where that decides which keys mean something."""

    USUAL = "usual"
    OPENED = "a goal that was opened from a branch"
    EMPTY = "a list without a row"
    ZOOMED = "one item alone"
    DIFF = "the files and the stream of their diffs"
    DIFF_ALONE = "the stream of diffs alone"
    CONFLICTS = "the slices in conflict and what is known of one"
    CONFLICT_ALONE = "one slice in conflict alone"
    GATES = "the gates of a goal that was opened here, which can be run"


_NO_REVIEW = ("review_file",)
_NO_FILE = ("edit_file",)
_WITHOUT: dict[Scene, tuple[str, ...]] = {
    Scene.USUAL: (*_NO_REVIEW, *_NO_FILE),
    Scene.OPENED: _NO_FILE,
    Scene.EMPTY: ("choose", "accept", "reject", "next_blocker", "search", "brief"),
    Scene.ZOOMED: ("choose", "try_merges", *_NO_REVIEW),
    Scene.DIFF: ("search", "try_merges", *_NO_REVIEW),
    Scene.DIFF_ALONE: ("search", "choose", "try_merges", "accept", "reject", *_NO_REVIEW),
    Scene.CONFLICTS: ("try_merges", *_NO_REVIEW),
    Scene.CONFLICT_ALONE: ("choose", "try_merges", *_NO_REVIEW),
    Scene.GATES: ("try_merges", *_NO_REVIEW),
}
"""The commands that mean nothing in a scene."""


_MOVING_IN = {
    Scene.EMPTY: [],
    Scene.ZOOMED: ["Esc rows", "j/k line"],
    Scene.DIFF: ["j/k file", "[ ] hunk", "v read", "{ } file", "/ search"],
    Scene.CONFLICTS: ["j/k slice", "[ ] hunk", "x try merges"],
    Scene.CONFLICT_ALONE: ["Esc rows", "j/k line", "[ ] hunk", "x try merges"],
    Scene.GATES: ["j/k gate", "x run gates"],
    Scene.DIFF_ALONE: [
        "Esc rows",
        "[ ] hunk",
        "v read",
        "{ } file",
        "/ search",
        "Enter unfold",
        "A/R decide",
        "w wrap",
    ],
}
"""How one moves in a scene that has ways of its own."""
SPARING = (Scene.ZOOMED, Scene.DIFF_ALONE, Scene.CONFLICT_ALONE)
"""Scenes in which every row belongs to the evidence: keys take one line where the screen is not tall."""


def footer_items(where: Where, scene: Scene = Scene.USUAL) -> list[str]:
    """The short labels for a place, the most needed first."""
    without = _WITHOUT.get(scene, ())
    ranked = sorted(
        (command for command in COMMANDS if command.words(where) and command.id not in without),
        key=lambda command: command.rank,
    )
    labels = [_FOOTER_WORDS.get((command.id, where), command.label) for command in ranked]
    moving = _MOVING_IN.get(scene, [_MOVING[where]])
    sections = [_SECTION_KEYS] if where is REVIEW else []
    return [label for label in [*moving, *sections, *labels] if label]


def footer_lines(where: Where, width: int, lines: int = 2, scene: Scene = Scene.USUAL) -> list[str]:
    """The labels laid out in at most `lines` lines of `width` characters; what does not fit is left to the help.

    `? help` is always among them where it exists and there is room for one label at all.
    """
    items = footer_items(where, scene)
    last = [item for item in items if item == "? help"]
    rows: list[str] = []
    row = ""
    for item in items:
        longer = f"{row}  {item}" if row else item
        if len(longer) <= width:
            row = longer
            continue
        rows.append(row)
        row = item if len(item) <= width else ""
        if len(rows) == lines:
            break
    if row and len(rows) < lines:
        rows.append(row)
    if last and rows and not any(last[0] in each for each in rows):
        rows[-1] = _with_ending(rows[-1], last[0], width)
    return rows


def _with_ending(row: str, ending: str, width: int) -> str:
    parts = row.split("  ")
    while parts and len("  ".join([*parts, ending])) > width:
        parts.pop()
    return "  ".join([*parts, ending]) if len(ending) <= width else row
