"""What the command palette offers: our commands for the place it was opened from, the themes, and leaving."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider

from omk_tui.commands import Level, Where, palette_commands
from omk_tui.theme import PALETTES


class DeskCommands(Provider):
    """Our commands and nothing else; a command of the palette does what its key does."""

    def _offered(self) -> Iterator[tuple[str, Callable[[], object]]]:
        where = getattr(self.screen, "where", None)
        if isinstance(where, Where):
            for command in palette_commands(where):
                action = f"app.{command.action}" if command.level is Level.APP else command.action
                yield f"{command.words(where)}  ({command.shown})", partial(self.screen.run_action, action)
        for palette in PALETTES:
            yield (
                f"theme: {palette.name.removeprefix('omk-')}",
                partial(self.app.run_action, f"app.use_theme({palette.name!r})"),
            )
        yield "leave omk-tui  (ctrl+q)", partial(self.app.run_action, "app.leave_app")

    async def discover(self) -> Hits:
        """Everything, before a letter is typed."""
        for words, run in self._offered():
            yield DiscoveryHit(words, run)

    async def search(self, query: str) -> Hits:
        """What matches the letters typed."""
        matcher = self.matcher(query)
        for words, run in self._offered():
            score = matcher.match(words)
            if score > 0:
                yield Hit(score, matcher.highlight(words), run)
