"""What a command is: its place in the grammar, its help page, what it runs, and its document when it could not."""

from __future__ import annotations

from functools import cached_property

from omk_tui.cli.exit_code import EXPLAINED
from omk_tui.light.dataclass import dataclass, field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Literal

    from omk_tui.cli.console import Console
    from omk_tui.cli.document import Document
    from omk_tui.core.decision.outcome import Failed, Refused
    from omk_tui.engine import Engine

    OpenDesk = Callable[[Engine, str | None, str, Sequence[str]], int]
    """Opens the TUI: engine, the goal to open first or None, what the header calls the state root, lines of welcome."""

PROGRAM = "omk-tui"
FROM_STDIN = "-"
_WIDTH = 21
"""Where the meanings begin on a help page."""


class WrongWords(Exception):
    """What is wrong with the words of a command line; how they should be is said by the command's usage."""


class UsageError(Exception):
    """The words do not make a command; the text says why, `usage` shows how they would."""

    def __init__(self, why: str, usage: str) -> None:
        super().__init__(why)
        self.usage = usage


@dataclass(frozen=True, slots=True)
class Option:
    """One option: its name, what its value is called (empty for a switch), and what it means, line by line.

    `many` may be given more than once; `folder` wants a value that is not empty.
    """

    name: str
    value: str = ""
    about: str = ""
    many: bool = False
    folder: bool = False

    @property
    def help(self) -> str:
        """Its lines on a help page."""
        return help_line(f"{self.name} {self.value}".rstrip(), self.about)


def help_line(term: str, meaning: str) -> str:
    """A term and its meaning, aligned; further lines of the meaning stand below its first."""
    left = f"  {term}"
    left = left.ljust(_WIDTH) if len(left) < _WIDTH else f"{left}  "
    return left + meaning.replace("\n", f"\n{' ' * _WIDTH}")


STATE_ROOT = Option(
    "--state-root",
    "DIR",
    "the folder that holds goals/ and omk.db (else $OMK_TUI_STATE_ROOT, else omk's own place)",
    folder=True,
)
PROJECT_DIR = Option(
    "--project-dir",
    "DIR",
    "the project that the goals belong to (default: as each goal says, else the current directory)",
    folder=True,
)
VERSION = Option("--version", about="print the version")
HELP = Option("--help", about="print this page")
COMMON = (STATE_ROOT, PROJECT_DIR, VERSION, HELP)
"""The options of every command, which may also stand before it."""
JSON = Option("--json", about="one JSON document in one line (docs/JSON.md)")
GOAL_HELP = help_line(
    "GOAL",
    "an id that `omk-tui list` shows, the ending of one (4 characters to look, 8 to decide), the branch\n"
    "or commit of an opened goal, or latest; after -- also one that begins with a dash",
)


@dataclass(frozen=True, slots=True)
class Request:
    """What the command line asks for.

    `command` is empty for the desk itself. `goal` is as it was given (an id, the ending of one, or `latest`), `words`
    what stood after it. `options` holds the values of each option that was given; of a switch none.
    """

    command: str = ""
    goal: str | None = None
    words: tuple[str, ...] = ()
    options: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def has(self, option: Option) -> bool:
        """Whether the option was given."""
        return option.name in self.options

    def value(self, option: Option) -> str | None:
        """The option's value, None when it was not given; of several the last."""
        values = self.options.get(option.name)
        return values[-1] if values else None

    @property
    def json(self) -> bool:
        """Whether the answer is to be a document."""
        return self.has(JSON)


@dataclass
class Call:
    """A request with all it is carried out with. `make_engine` raises RootError when a folder is not there."""

    request: Request
    console: Console
    open_desk: OpenDesk
    make_engine: Callable[[], Engine]

    @cached_property
    def engine(self) -> Engine:
        """The engine on what the request names, made when it is first asked for. Raises RootError."""
        return self.make_engine()


@dataclass(frozen=True, slots=True)
class Command:
    """What arguments, help pages and error messages have to know of a command.

    `shown` and `short` are its line in the overview: its words, and what it does. `words` says how many words may
    follow the goal, `more` what else the help page says, before the options.
    """

    name: str
    usage: str
    about: str
    examples: str
    shown: str = ""
    short: str = ""
    goal: Literal["none", "optional", "required"] = "none"
    words: int = 0
    options: tuple[Option, ...] = ()
    more: str = ""

    @property
    def page(self) -> str:
        """The whole help page; ends with a newline."""
        goal = [GOAL_HELP] if self.goal == "required" else []
        own = [*([self.more] if self.more else []), *goal, *(option.help for option in self.options)]
        common = "\n".join(["common options, before or after the command:", *(option.help for option in COMMON)])
        parts = (f"usage: {self.usage}", self.about, "\n".join(own), common, f"examples:\n{self.examples}", EXPLAINED)
        return "\n\n".join(part for part in parts if part) + "\n"


def _no_objection(_: Request) -> None:
    """The words of most commands need no look of their own."""


@dataclass(frozen=True, slots=True)
class Action:
    """What a command does.

    `examine` raises WrongWords for a request that the command cannot carry out. `failure` makes the document of a
    command that ended early, from the request and the goal's id; without it the command knows no `--json`. `documents`
    gives the typed dictionaries that `--json` can print.
    """

    run: Callable[[Call], int]
    examine: Callable[[Request], None] = _no_objection
    failure: Callable[[Request, str, Refused | Failed], Document] | None = None
    documents: Callable[[], tuple[type, ...]] = tuple
