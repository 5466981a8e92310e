"""How omk cuts text: white space, words, lines, lower case (STATE-FORMAT 0.3)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from omk_tui.light.pattern import pattern

# Unicode White_Space. Python's str.strip() also takes U+001C..U+001F, which omk does not.
WHITE_SPACE = (
    "\t\n\x0b\x0c\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
_RUN = pattern(f"[{WHITE_SPACE}]+")
_LOWER = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")
_NAME_PART = pattern("[A-Za-z0-9]+")


def trim(text: str) -> str:
    """`text` without White_Space at both ends."""
    return text.strip(WHITE_SPACE)


def normalise(text: str) -> str:
    """The words of `text` joined by single blanks (STATE-FORMAT 3, normalised goal text)."""
    return _RUN.sub(" ", text).strip(" ")


def ascii_lower(text: str) -> str:
    """`text` with A-Z in lower case and nothing else changed."""
    return text.translate(_LOWER)


def lines(text: str) -> list[str]:
    """The lines of `text`: split at newlines, one trailing carriage return removed, no line after a final newline."""
    parts = text.split("\n")
    if parts[-1] == "":
        parts.pop()
    return [part.removesuffix("\r") for part in parts]


def name_parts(name: str) -> list[str]:
    """The parts of a gate name: ASCII letters and digits, in lower case (STATE-FORMAT 6.4)."""
    return _NAME_PART.findall(ascii_lower(name))


def plural(number: int, noun: str, nouns: str = "") -> str:
    """`1 file`, `9 files`: a number and what is counted, whose plural is `nouns` where it does not just end in s."""
    return f"{number:,} {noun if number == 1 else nouns or noun + 's'}"


def first_few(parts: Sequence[str], most: int, separator: str = ", ", show: Callable[[str], str] = str) -> str:
    """The first parts joined, each as `show` gives it, and how many more there are: ``a, b and 3 more``."""
    shown = separator.join(map(show, parts[:most]))
    more = len(parts) - most
    return f"{shown}{separator.rstrip(', ')} and {more:,} more" if more > 0 else shown


def joined_lines(text: str) -> str:
    """The lines of a text in one, without the empty ones: ``why · more``."""
    return " · ".join(part for line in lines(text) if (part := line.strip()))


def first_line(text: str) -> str:
    """The first line of a text, with a sign that there are more."""
    line, _, more = text.partition("\n")
    return f"{line} ..." if more.strip() else line
