"""What a terminal sends, taken apart into keys and pastes before anybody looks for keys in it.

A paste is text, whatever it holds. It begins with the start mark and is over when nothing more comes: soon after an
end mark, or after a second of silence where the end mark was lost. What arrives before that is still the paste: a text
that holds an end mark of its own cannot end it, and neither can the moment at which a read was cut.
"""

from __future__ import annotations

from collections.abc import Iterator

from omk_tui.light.dataclass import dataclass, field

PASTE_START, PASTE_END = "\x1b[200~", "\x1b[201~"
QUIET_AFTER_END = 0.002
"""Seconds without input behind an end mark after which the paste is over."""
QUIET_WITHOUT_END = 1.0
"""Seconds without input after which a paste is over whose end mark did not come."""
START_MAY_COME = 0.1
"""Seconds for which a start mark is waited for whose beginning may also be a key of its own."""
KEYS_LIKE_START = ("\x1b", "\x1b[")
"""Esc, and Alt with a bracket."""
LARGEST_PASTE = 1 << 20
"""Characters of one paste that are taken; what goes beyond is dropped."""


@dataclass(frozen=True, slots=True)
class Typed:
    """Keys, mouse and reports of the terminal, as they were sent. `alone` is false next to a paste in one read."""

    text: str
    alone: bool


@dataclass(frozen=True, slots=True)
class Pasted:
    """A whole paste, as it was sent but for its marks."""

    text: str


@dataclass(slots=True)
class InputStream:
    """Takes what is read, with the time at which it was, and gives out what it was. Times are seconds of one clock."""

    _paste: list[str] | None = None
    _size: int = 0
    _tail: str = ""
    _waiting: str = ""
    _last: float = field(default=0.0)

    @property
    def patience(self) -> float | None:
        """Seconds of silence after which there is something to give out; None while nothing is waited for."""
        if self._paste is not None:
            return QUIET_AFTER_END if self._tail.endswith(PASTE_END) else QUIET_WITHOUT_END
        if self._waiting:
            return START_MAY_COME if self._waiting in KEYS_LIKE_START else QUIET_WITHOUT_END
        return None

    def feed(self, data: str, now: float) -> Iterator[Typed | Pasted]:
        """What one read brought."""
        self._last = now
        if self._paste is not None:
            self._add(data)
            return
        text = self._waiting + data
        self._waiting = ""
        before, start, after = text.partition(PASTE_START)
        if start:
            if before:
                yield Typed(before, alone=False)
            self._paste, self._size, self._tail = [], 0, ""
            self._add(after)
            return
        length = _beginning_of_start(text)
        self._waiting = text[len(text) - length :]
        if len(text) > length:
            yield Typed(text[: len(text) - length], alone=not length)

    def silence(self, now: float) -> Iterator[Typed | Pasted]:
        """What is over by now, when there is nothing more to be read."""
        if self.patience is None or now - self._last < self.patience:
            return
        if self._paste is not None:
            text, self._paste = "".join(self._paste).replace(PASTE_END, ""), None
            yield Pasted(text)
        else:
            text, self._waiting = self._waiting, ""
            yield Typed(text, alone=True)

    def _add(self, data: str) -> None:
        assert self._paste is not None
        self._tail = (self._tail + data)[-len(PASTE_END) :]
        if self._size <= LARGEST_PASTE:
            self._paste.append(data[: LARGEST_PASTE - self._size])
        self._size += len(data)


def _beginning_of_start(text: str) -> int:
    """How many characters at the end of a text may be the beginning of a start mark."""
    return next((n for n in range(len(PASTE_START) - 1, 0, -1) if text.endswith(PASTE_START[:n])), 0)
