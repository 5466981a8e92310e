"""What a LogView has on screen: rows of a file from one place on, wrapped or not, and a last row that says where."""

from __future__ import annotations

from textual.content import Content
from textual.strip import Strip

from omk_tui.core.review.log_failures import tells_failure
from omk_tui.core.text.search import Search
from omk_tui.light.dataclass import dataclass
from omk_tui.text import count as in_words
from omk_tui.text import cut_left, marked_spans, ours, wrap_points
from omk_tui.widgets.file_lines import FileLines, Place, Row
from omk_tui.widgets.file_windows import Windows
from omk_tui.widgets.gate_log_windows import GateLogWindows, Streams
from omk_tui.widgets.panes import rule
from omk_tui.widgets.surface import LEFT_GUTTER, Surface


@dataclass(frozen=True, slots=True)
class _Piece:
    """One row of the screen: a part of a row of the file, from a character to another."""

    place: Place
    row: Row
    start: int
    end: int | None


class LogSurface(Surface):
    """Rows of a file on screen.

    The place at the top is the truth; the scroll bar follows it, judged by the bytes until every line is counted.
    """

    def __init__(self, *, classes: str | None = None) -> None:
        super().__init__(classes=classes)
        self._file: FileLines | None = None
        self._windows: Windows | None = None
        self._top = Place()
        self._rows: list[tuple[Place, Row]] = []
        self._trouble: tuple[Content, ...] = ()
        self._column = 0
        self._search_for = Search()
        self._hit: Place | None = None
        self._wants_end = False
        self._wraps = self._prose = False
        self._placing = False
        self._progress = ""

    # What it shows

    @property
    def file(self) -> FileLines | None:
        """The lines behind the view; None while nothing is shown."""
        return self._file

    @property
    def texts(self) -> list[str]:
        """The clean texts of the rows on screen."""
        return [row.text for _, row in self._rows]

    @property
    def streams(self) -> Streams | None:
        """Where the two streams of a gate are in its log; None in any other file."""
        return self._windows.streams if isinstance(self._windows, GateLogWindows) else None

    @property
    def status(self) -> str:
        """Where one is: `line 123 of 4,812`, or a percentage while lines are being counted; of which stream."""
        words, streams = self._place_words(), self.streams
        if streams is None or not self._rows:
            return words
        if streams.stderr_empty:
            return f"stderr is empty   {words}"
        if streams.stdout_empty:
            return f"stdout is empty   {words}"
        first = self._rows[0][1].start
        return f"{'stderr' if first >= streams.stderr_at else 'stdout, ] goes to stderr'}   {words}"

    def _place_words(self) -> str:
        if self._file is None or not self._rows:
            return self._progress
        last = self._last_shown
        number = self._file.line_number(last)
        if self._file.complete and number is not None:
            place = f"line {in_words(number)} of {in_words(self._file.line_count)}"
        else:
            done = self._file.counted_cells * 100 // max(self._file.cells, 1)
            place = f"{(last.cell + 1) * 100 // max(self._file.cells, 1)} % of the file, lines counted: {done} %"
        return f"{self._progress}   {place}" if self._progress else place

    async def _place(self, file: FileLines, top: Place, *, is_end: bool = False) -> None:
        """Show the page that begins at `top`, or the last whole one."""
        self._wants_end = is_end
        height = max(self._height, 1)
        rows = await file.page(top, height)
        filled = len(self._pieces_of(rows))
        if top > Place() and (filled < height or (is_end and filled > height)):
            rows = await file.page(await file.moved(await file.last(), 1 - height), height)
            while len(rows) > 1 and len(self._pieces_of(rows)) > height:
                rows.pop(0)
            top = rows[0][0] if rows else Place()
        if self._file is not file:
            return
        self._top, self._rows = top, rows
        self._resize_content()
        self._placing = True
        self.scroll_to(y=file.row_number(top), animate=False)
        self._placing = False
        self.refresh()

    # Size and scroll bar

    @property
    def _height(self) -> int:
        """Rows of the file on screen; the last one of the screen says where one is."""
        return max(self.view.height - 1, 0)

    def _resize_content(self) -> None:
        rows = self._file.row_count + 1 if self._file is not None else 0
        if max(rows, 1) != self.virtual_size.height:
            self._placing = True
            self.extend_to(max(rows, 1))
            self._placing = False

    @property
    def _pieces(self) -> list[_Piece]:
        """The rows of the file as rows of the screen; the last ones may be beyond its foot."""
        return self._pieces_of(self._rows)

    def _pieces_of(self, rows: list[tuple[Place, Row]]) -> list[_Piece]:
        if not self._wraps:
            return [_Piece(place, row, 0, None) for place, row in rows]
        pieces: list[_Piece] = []
        for place, row in rows:
            points = wrap_points(row.text, self.room)
            ends = [*points[1:], None]
            pieces += [_Piece(place, row, start, end) for start, end in zip(points, ends, strict=True)]
        return pieces

    @property
    def _last_shown(self) -> Place:
        """The last row of the file that is on screen."""
        return self._rows[max(self._shown_rows - 1, 0)][0]

    @property
    def _shown_rows(self) -> int:
        """How many rows of the file are on screen whole or in part."""
        return len({piece.place for piece in self._pieces[: self._height]})

    # Painting

    def _refresh_status(self) -> None:
        self.repaint_row(self.view.height - 1)

    def render_line(self, y: int) -> Strip:
        """One row of the screen: a row of the file, trouble, or where one is."""
        width = self.view.width
        base = self.visual_style
        room = max(width - 2 * LEFT_GUTTER, 1)
        column = 0
        if self._trouble:
            content = self._trouble[y - 1] if 1 <= y <= len(self._trouble) else ours("")
        elif y == self.view.height - 1:
            status = cut_left(ours((self.status, "$label")), room)
            content = status.pad_left(max(room - status.cell_length, 0))
        elif y < len(pieces := self._pieces):
            piece = pieces[y]
            text, column = piece.row.text, self._column
            content = ours(text)
            if (stream := self._stream_of(piece.row)) is not None:
                content = rule(stream, room).stylize("$accent")
            elif self._prose:
                content = _as_prose(content)
            elif tells_failure(text):
                content = content.stylize("$failed")
            is_hit = piece.place == self._hit
            if stream is None:
                content = marked_spans(content, self._search_for.spans(text), self.found_style(is_hit))
                content = content[piece.start : piece.end]
            else:
                column = 0
        elif y == 1 and self._file is not None and not self._rows and self._file.size == 0:
            content = ours(("the file is empty", "$label"))
        else:
            content = ours("")
        gutter = Strip.blank(LEFT_GUTTER, base.rich_style)
        strip = self.paint_cut(content, room, base, column)
        return Strip.join([gutter, strip, gutter]).adjust_cell_length(width, base.rich_style)

    def _stream_of(self, row: Row) -> str | None:
        """The stream that begins with a row; None where none does."""
        streams = self.streams
        if streams is None or row.start not in (0, streams.stderr_at):
            return None
        if row.start:
            return "stderr"
        return "stdout: empty" if streams.stdout_empty else "stdout"


def _as_prose(line: Content) -> Content:
    """A line of Markdown with its structure shown: the same characters, headings bold, marks dim."""
    plain = line.plain.lstrip()
    if plain.startswith("#"):
        return line.stylize("bold $accent")
    if plain.startswith(("- ", "* ", "> ", "```", "|")):
        return line.stylize("$label", 0, len(line.plain) - len(plain) + 1)
    return line
