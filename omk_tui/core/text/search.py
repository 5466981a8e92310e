"""What a person searches for: words in smart case, or a regular expression between slashes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from omk_tui.light.dataclass import dataclass

LONGEST_LINE = 4096
"""Characters of a line that are looked at: as many as are ever shown."""


class BadPattern(ValueError):
    """What was typed between slashes is no regular expression; the text says why."""


@dataclass(frozen=True)
class Search:
    """A search for `text`; nothing is searched for when it is empty.

    Small letters find both cases, a capital letter finds itself. `/like.this/` is a regular expression.
    Raises BadPattern when that cannot be understood.
    """

    text: str = ""

    def __post_init__(self) -> None:
        self._pattern  # noqa: B018  # a pattern that cannot be understood is told when it is typed

    def __bool__(self) -> bool:
        return bool(self.text)

    @property
    def is_regular(self) -> bool:
        """Whether it was typed between slashes."""
        return len(self.text) > 2 and self.text.startswith("/") and self.text.endswith("/")

    @property
    def words(self) -> str:
        """What is searched for, without the slashes."""
        return self.text[1:-1] if self.is_regular else self.text

    @property
    def any_case(self) -> bool:
        """Whether small and capital letters are the same: where none was typed as a capital."""
        return self.words == self.words.lower()

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        source = self.words if self.is_regular else re.escape(self.words)
        try:
            return re.compile(source, re.IGNORECASE if self.any_case else 0)
        except (re.error, OverflowError, RecursionError) as error:
            raise BadPattern(f"{self.text} is no regular expression: {error}") from None

    def is_in(self, line: str) -> bool:
        """Whether a line has something to show."""
        first = self._pattern.search(line[:LONGEST_LINE]) if self.text else None
        if first is None:
            return False
        return first.end() > first.start() or any(end > start for start, end in self._spans(line))

    def place_in(self, line: str) -> int:
        """Where in a line of any length it is for the first time; -1 where it is not.

        Of an expression only matches of up to half of `LONGEST_LINE` are sure to be seen: what one match may cost on a
        hostile line is bounded.
        """
        if not self.text:
            return -1
        if not self.is_regular:
            match = self._pattern.search(line)
            return match.start() if match is not None else -1
        for start in range(0, len(line), LONGEST_LINE // 2):
            end = min(start + LONGEST_LINE, len(line))
            for match in self._pattern.finditer(line, start, end):
                # What ends where the piece ends may do so only because of that.
                beyond = match.end() < end or self._pattern.match(line, match.start(), end + 1)
                if match.end() > match.start() and beyond:
                    return match.start()
        return -1

    def spans(self, line: str) -> list[tuple[int, int]]:
        """Where in a line it is, each place with its end."""
        return [span for span in self._spans(line) if span[1] > span[0]] if self.text else []

    def offset_in(self, data: bytes, *, last: bool = False) -> int:
        """Where in these bytes of a text it is for the first (or last) time, -1 where it is not.

        Without a capital only ASCII letters are the same in both cases; an expression is looked for line by line.
        """
        if not self.is_regular:
            data, words = self._in_bytes(data)
            return data.rfind(words) if last else data.find(words)
        lines = self.lines_in(data)
        return max(lines, default=-1) if last else next(lines, -1)

    def lines_in(self, data: bytes) -> Iterator[int]:
        """For each line with a match the offset of the first one in it (of an expression: of the line), in order."""
        if self.is_regular:
            at = 0
            for line in data.split(b"\n"):
                if self.is_in(line.removesuffix(b"\r").decode("utf-8", "replace")):
                    yield at
                at += len(line) + 1
            return
        data, words = self._in_bytes(data)
        at = data.find(words)
        while at >= 0:
            yield at
            end = data.find(b"\n", at)
            at = data.find(words, end) if end >= 0 else -1

    def _in_bytes(self, data: bytes) -> tuple[bytes, bytes]:
        """The text and the words as they are compared."""
        words = self.words.encode("utf-8", "replace")
        return (data.lower(), words.lower()) if self.any_case else (data, words)

    def _spans(self, line: str) -> list[tuple[int, int]]:
        return [match.span() for match in self._pattern.finditer(line[:LONGEST_LINE])]
