"""Fingers that hit anything: keys, pastes, clicks, sizes and hang-ups, chosen by a seed."""

from __future__ import annotations

import random
from collections.abc import Callable

from omk_tui.keys.commands import COMMANDS
from tests.terminal.desk import Desk
from tests.terminal.pseudo import KEYS, Terminal

COMMIT = "ctrl+s"
LEAVING = {"q", "ctrl+q"}
POOL = sorted(
    {key for command in COMMANDS for key in command.keys if key in KEYS or len(key) == 1} - LEAVING - {COMMIT}
    | set("aysdx0 .") | {"backspace", "delete", "ctrl+j", "ctrl+a", "ctrl+x", "ctrl+v", "f1"}
    | {"\x1b[I", "\x1b[O"}
)  # fmt: skip
PASTES = ("A\nR\ny\n", "accept\n" * 50, "[27;5;115~\x13\r\n\x13", "[/]", "q" * 500, "y\x13\x13")
SIZES = ((80, 24), (40, 10), (120, 30), (140, 40))
ROOMY = ((80, 24), (120, 30), (140, 40))


class Fingers:
    """Does random things to a desk, and opens it again when it has been left, hung up or killed."""

    def __init__(
        self,
        desk: Desk,
        seed: int,
        sizes: tuple[tuple[int, int], ...] = SIZES,
        watch: Callable[[list[str]], None] | None = None,
    ) -> None:
        self.chance = random.Random(seed)
        self.opened = 0
        self._desk = desk
        self._sizes = sizes
        self._watch = watch
        self.terminal = self._open()

    def _open(self) -> Terminal:
        self.opened += 1
        terminal = self._desk.open(size=self.chance.choice(self._sizes))
        terminal.on_frame = self._watch
        terminal.until("NEEDS YOU")
        return terminal

    def there(self) -> Terminal:
        """The terminal with the program in it."""
        if not self.terminal.running:
            self.terminal.end()
            self.terminal = self._open()
        return self.terminal

    def hit(self) -> None:
        """One random thing, never ctrl+s."""
        chance, terminal = self.chance, self.there()
        kind = chance.random()
        if kind < 0.04:
            terminal.paste(chance.choice(PASTES))
        elif kind < 0.10:
            terminal.click(chance.randrange(terminal.picture.width), chance.randrange(terminal.picture.height))
        elif kind < 0.12:
            terminal.resize(*chance.choice(self._sizes))
        elif kind < 0.122:
            terminal.hang_up()
        elif kind < 0.124:
            terminal.kill()
        elif kind < 0.128:
            terminal.press(chance.choice(sorted(LEAVING)))
        elif kind < 0.25:
            terminal.press(chance.choice(("A", "R", "enter")))
        elif kind < 0.30:
            terminal.press("escape")
        else:
            terminal.press(*chance.choices([key for key in POOL if key != "escape"], k=chance.randint(1, 3)))
        if chance.random() < 0.05:
            terminal.settle(0.02)
