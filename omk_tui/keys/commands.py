"""Every command once: its key, its words, where it applies. Bindings, palette, footers and key table come from here."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

from textual.binding import Binding

from omk_tui.light.dataclass import dataclass


class Where(Enum):
    """The places in which a key can mean something; the word is a column of the help and of the README."""

    LIST = "List"
    REVIEW = "Review"
    DIALOG = "Dialog"


class Level(Enum):
    """Who carries the command out: the list or text that has the focus, the screen, or the app."""

    WIDGET = "widget"
    SCREEN = "screen"
    APP = "app"


LIST, REVIEW, DIALOG = Where.LIST, Where.REVIEW, Where.DIALOG
EVERYWHERE = (LIST, REVIEW, DIALOG)
BROWSING = (LIST, REVIEW)

SECTIONS = ("Checklist", "Oracle", "Wall", "Gates", "Diff", "Conflicts", "Rollback", "Timeline")
"""The sections of a review in order: section n is on key n."""
SHORT_SECTIONS = ("Check", "Oracle", "Wall", "Gates", "Diff", "Confl", "Rollbk", "Time")
"""The same where there are fewer than about 110 columns."""


@dataclass(frozen=True)
class Command:
    """One thing that a key does.

    `keys` are Textual's names of them, `shown` how people write them. `meaning` has the words for each place in which
    the command exists; `label` is the short form for the footer, empty when the footer does not offer it.
    """

    id: str
    keys: tuple[str, ...]
    shown: str
    action: str
    level: Level
    meaning: dict[Where, str]
    label: str = ""
    rank: int = 50
    palette: bool = False

    def words(self, where: Where) -> str:
        """What the command does there; empty when it does not exist there."""
        return self.meaning.get(where, "")


def _same(words: str, places: Iterable[Where]) -> dict[Where, str]:
    return dict.fromkeys(places, words)


COMMANDS: tuple[Command, ...] = (
    Command("down", ("j", "down"), "j", "move(1)", Level.WIDGET, {LIST: "next row", REVIEW: "next item or line"}),
    Command("up", ("k", "up"), "k", "move(-1)", Level.WIDGET, {LIST: "previous row", REVIEW: "previous item or line"}),
    Command("first", ("g", "home"), "g", "first", Level.WIDGET, _same("first, top", BROWSING)),
    Command("last", ("G", "end"), "G", "last", Level.WIDGET, _same("last, bottom", BROWSING)),
    Command(
        "page_down", ("pagedown", "space", "ctrl+f"), "PgDn", "page(1)", Level.WIDGET, _same("a page down", BROWSING)
    ),
    Command("page_up", ("pageup",), "PgUp", "page(-1)", Level.WIDGET, _same("a page up", BROWSING)),
    Command("half_down", ("ctrl+d",), "ctrl+d", "half_page(1)", Level.WIDGET, _same("half a page down", BROWSING)),
    Command("half_up", ("ctrl+u",), "ctrl+u", "half_page(-1)", Level.WIDGET, _same("half a page up", BROWSING)),
    Command("line_down", ("ctrl+e",), "ctrl+e", "scroll_rows(1)", Level.WIDGET, _same("scroll a row down", BROWSING)),
    Command("line_up", ("ctrl+y",), "ctrl+y", "scroll_rows(-1)", Level.WIDGET, _same("scroll a row up", BROWSING)),
    Command("right", ("right", "l"), "right", "sideways(1)", Level.WIDGET, {REVIEW: "to the right in a long line"}),
    Command("left", ("left", "h"), "left", "sideways(-1)", Level.WIDGET, {REVIEW: "to the left in a long line"}),
    Command("line_end", ("dollar_sign",), "$", "sideways(9999)", Level.WIDGET, {REVIEW: "to the end of long lines"}),
    Command("line_start", ("0",), "0", "sideways(-9999)", Level.WIDGET, {REVIEW: "to the start of long lines"}),
    Command(
        "choose",
        ("enter",),
        "Enter",
        "choose",
        Level.WIDGET,
        {LIST: "open the goal", REVIEW: "open the item"},
        "Enter open",
        20,
    ),
    Command(
        "search",
        ("slash",),
        "/",
        "search",
        Level.SCREEN,
        {LIST: "filter the goals (!word: without it)", REVIEW: "search in what has the focus"},
        "/ search",
        40,
        True,
    ),
    Command("search_next", ("n",), "n", "find_again(1)", Level.WIDGET, {REVIEW: "next match"}),
    Command("search_previous", ("N",), "N", "find_again(-1)", Level.WIDGET, {REVIEW: "previous match"}),
    *(
        Command(
            f"section_{number}",
            (str(number),),
            str(number),
            f"section({number})",
            Level.SCREEN,
            {LIST: f"open the goal at its {name.lower()}", REVIEW: name.lower()},
            palette=True,
        )
        for number, name in enumerate(SECTIONS, 1)
    ),
    Command(
        "next_blocker",
        ("b",),
        "b",
        "blocker(1)",
        Level.SCREEN,
        {LIST: "next goal that needs you", REVIEW: "next blocker"},
        "b/B blocker",
        22,
        True,
    ),
    Command(
        "previous_blocker",
        ("B",),
        "B",
        "blocker(-1)",
        Level.SCREEN,
        {LIST: "previous goal that needs you", REVIEW: "previous blocker"},
        palette=True,
    ),
    Command("next_goal", ("J",), "J", "goal(1)", Level.SCREEN, _same("next goal", BROWSING), "J/K goal", 60, True),
    Command(
        "previous_goal",
        ("K",),
        "K",
        "goal(-1)",
        Level.SCREEN,
        _same("previous goal", BROWSING),
        palette=True,
    ),
    Command("next_hunk", ("right_square_bracket",), "]", "hunk(1)", Level.SCREEN, {REVIEW: "next hunk"}),
    Command("previous_hunk", ("left_square_bracket",), "[", "hunk(-1)", Level.SCREEN, {REVIEW: "previous hunk"}),
    Command("next_file", ("right_curly_bracket",), "}", "file(1)", Level.SCREEN, {REVIEW: "next file"}),
    Command("previous_file", ("left_curly_bracket",), "{", "file(-1)", Level.SCREEN, {REVIEW: "previous file"}),
    Command("wrap", ("w",), "w", "wrap", Level.SCREEN, {REVIEW: "wrap long lines, or not"}, palette=True),
    Command("follow", ("f",), "f", "follow", Level.SCREEN, {REVIEW: "follow a log; narrow the timeline"}, palette=True),
    Command("two_sides", ("S",), "S", "two_sides", Level.SCREEN, {REVIEW: "side by side, old and new"}, palette=True),
    Command("numbers", ("number_sign",), "#", "numbers", Level.SCREEN, {REVIEW: "line numbers"}, palette=True),
    Command(
        "mark_read",
        ("v",),
        "v",
        "mark_read",
        Level.SCREEN,
        {REVIEW: "diff: mark the file as read"},
        palette=True,
    ),
    Command(
        "try_merges",
        ("x",),
        "x",
        "again",
        Level.SCREEN,
        {REVIEW: "gates: run them; else: try the merges again"},
        "x merges",
        46,
        True,
    ),
    Command(
        "review_file",
        ("V",),
        "V",
        "review_file",
        Level.SCREEN,
        {REVIEW: "keep a review from a file"},
        "V review",
        47,
        True,
    ),
    Command(
        "brief",
        ("E",),
        "E",
        "brief",
        Level.SCREEN,
        _same("brief for the agent: read, copy", BROWSING),
        "E brief",
        48,
        True,
    ),
    Command(
        "edit_file",
        ("e",),
        "e",
        "edit",
        Level.SCREEN,
        {REVIEW: "open the file at the line in your editor"},
        "e editor",
        58,
        True,
    ),
    Command(
        "fold", ("m",), "m", "fold", Level.SCREEN, {LIST: "show or fold merged and superseded goals"}, palette=True
    ),
    Command(
        "branches", ("O",), "O", "branches", Level.SCREEN, {LIST: "open a branch as a goal"}, "O open branch", 25, True
    ),
    Command(
        "copy_menu",
        ("y",),
        "y",
        "copy_menu",
        Level.SCREEN,
        _same("copy: id, path, command, text", BROWSING),
        "y copy",
        57,
        True,
    ),
    Command("raw", ("r",), "r", "raw", Level.SCREEN, {REVIEW: "the file as it is, or parsed"}, "r raw", 55, True),
    Command(
        "accept", ("A",), "A", "accept", Level.SCREEN, _same("accept: open the dialog", BROWSING), "A accept", 30, True
    ),
    Command(
        "reject", ("R",), "R", "reject", Level.SCREEN, _same("reject: open the dialog", BROWSING), "R reject", 31, True
    ),
    Command(
        "commit", ("ctrl+s",), "ctrl+s", "commit", Level.SCREEN, {DIALOG: "record the decision"}, "ctrl+s record", 10
    ),
    Command(
        "evidence",
        ("ctrl+o",),
        "ctrl+o",
        "evidence",
        Level.SCREEN,
        {DIALOG: "look at the evidence; text and snapshot stay", REVIEW: "back to the dialog that waits"},
        "ctrl+o evidence",
        15,
    ),
    Command(
        "edit_text",
        ("ctrl+g",),
        "ctrl+g",
        "edit",
        Level.SCREEN,
        {DIALOG: "the text in your editor ($VISUAL, $EDITOR)"},
        "ctrl+g editor",
        17,
        True,
    ),
    Command(
        "refresh",
        ("ctrl+r", "f5"),
        "ctrl+r",
        "refresh_facts",
        Level.SCREEN,
        {LIST: "read again", REVIEW: "read again", DIALOG: "take the new facts; asks for the id again"},
        "ctrl+r refresh",
        70,
        True,
    ),
    Command(
        "next_pane",
        ("tab",),
        "Tab",
        "next_pane",
        Level.SCREEN,
        {LIST: "next pane", REVIEW: "next pane", DIALOG: "next field"},
        "Tab pane",
        45,
    ),
    Command(
        "previous_pane",
        ("shift+tab",),
        "shift+Tab",
        "previous_pane",
        Level.SCREEN,
        {LIST: "previous pane", REVIEW: "previous pane", DIALOG: "previous field"},
    ),
    Command(
        "back",
        ("escape",),
        "Esc",
        "back",
        Level.SCREEN,
        {LIST: "clear the filter", REVIEW: "back", DIALOG: "back; the text is kept"},
        "Esc back",
        80,
    ),
    Command("leave", ("q",), "q", "leave", Level.SCREEN, {LIST: "quit", REVIEW: "back"}, "q back", 90, True),
    Command("help", ("question_mark",), "?", "help", Level.APP, _same("this help", BROWSING), "? help", 85, True),
    Command(
        "suspend",
        ("ctrl+z",),
        "ctrl+z",
        "suspend_process",
        Level.APP,
        _same("back to the shell; fg comes back here", EVERYWHERE),
    ),
    Command("palette", ("ctrl+p",), "ctrl+p", "palette", Level.APP, _same("all commands by name", EVERYWHERE)),
    Command(
        "quit",
        ("ctrl+q",),
        "ctrl+q",
        "leave_app",
        Level.APP,
        {LIST: "quit", REVIEW: "quit", DIALOG: "close the dialog"},
    ),
)
"""In the order in which help and README show them."""

BY_ID = {command.id: command for command in COMMANDS}

_ELSEWHERE = {REVIEW: "in an opened goal", LIST: "in the list"}


def bindings(level: Level, *places: Where) -> list[Binding]:
    """The bindings of every command of a level that exists in one of the places (in any, when none is given).

    None of them has priority but the app's: a screen's key must never act through a dialog above it.
    """
    wanted = places or EVERYWHERE
    return [
        Binding(
            ",".join(command.keys),
            command.action,
            next(command.words(place) for place in wanted if command.words(place)),
            show=False,
            key_display=command.shown,
            priority=level is Level.APP and command.id in ("quit", "palette", "suspend"),
            id=command.id,
        )
        for command in COMMANDS
        if command.level is level and any(command.words(place) for place in wanted)
    ]


def elsewhere(place: Where) -> tuple[Command, ...]:
    """The screen's commands that mean nothing in a place, but something where one goes from there or comes from."""
    return tuple(
        command
        for command in COMMANDS
        if command.level is Level.SCREEN and not command.words(place) and any(map(command.words, BROWSING))
    )


def screen_bindings(place: Where) -> list[Binding]:
    """The bindings of a screen: its commands, and for keys that mean nothing there that they say where they work."""
    return bindings(Level.SCREEN, place) + [
        Binding(",".join(command.keys), f"elsewhere({command.id!r})", show=False, id=f"elsewhere_{command.id}")
        for command in elsewhere(place)
    ]


def elsewhere_words(command_id: str) -> str:
    """Where the key of a command works, and what it does there."""
    command = BY_ID[command_id]
    place = next(place for place in (REVIEW, LIST) if command.words(place))
    return f"{command.shown} works {_ELSEWHERE[place]}: {command.words(place)}"


def palette_commands(where: Where) -> tuple[Command, ...]:
    """The commands that the palette offers in a place."""
    return tuple(command for command in COMMANDS if command.palette and command.words(where))
