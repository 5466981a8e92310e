"""Which words of a piece of code are keywords, strings, comments, numbers and names that it defines."""

from __future__ import annotations

from pygments.lexer import Lexer
from pygments.lexers import get_lexer_for_filename
from pygments.token import Comment, Keyword, Name, Number, String, _TokenType
from pygments.util import ClassNotFound

Span = tuple[int, int, str]
"""Start and end in the line, and the class of what is there."""

_CLASSES: tuple[tuple[_TokenType, str], ...] = (
    (Comment, "comment"),
    (String, "string"),
    (Number, "number"),
    (Keyword, "keyword"),
    (Name.Function, "name"),
    (Name.Class, "name"),
    (Name.Decorator, "name"),
    (Name.Tag, "name"),
)


def spans_of(file_name: str, code: str) -> list[list[Span]]:
    """For each line of `code` the spans that have a class; none where no lexer goes by this name of a file."""
    spans: list[list[Span]] = [[] for _ in range(code.count("\n") + 1)]
    lexer = _lexer(file_name)
    if lexer is None:
        return spans
    line = column = 0
    for kind, text in lexer.get_tokens(code):
        name = next((name for token, name in _CLASSES if _is_a(kind, token)), "")
        for number, piece in enumerate(text.split("\n")):
            if number:
                line, column = line + 1, 0
            if name and piece.strip() and line < len(spans):
                spans[line].append((column, column + len(piece), name))
            column += len(piece)
    return spans


def _lexer(file_name: str) -> Lexer | None:
    try:
        # The name alone decides: a look at the code would let the code choose.
        return get_lexer_for_filename(file_name.rsplit("/", 1)[-1], stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None


def _is_a(kind: _TokenType, token: _TokenType) -> bool:
    return kind[: len(token)] == tuple(token)
