from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from omk_tui.core.text.search import Search
from omk_tui.text import ours, outside
from omk_tui.widgets.file_lines import CELL, FileLines, Place, Row
from omk_tui.widgets.file_windows import FileWindows
from omk_tui.widgets.log_view import LogView
from tests.pilots import screen_text, settled, widget_lines
from tests.widgets.bench import Bench
from tests.widgets.hostile import ATTACKS, FORBIDDEN

BIG = 50 * 1024 * 1024


class Bytes:
    """Windows of bytes in memory; may be told to fail, or to hold back what is beyond an offset."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.failing = False
        self.closed = 0

    async def size(self) -> int:
        return len(self.data)

    async def read(self, offset: int, length: int) -> bytes:
        if self.failing:
            raise OSError(5, "Input/output error")
        return self.data[offset : offset + length]

    def close(self) -> None:
        self.closed += 1


def numbered(count: int) -> bytes:
    return b"".join(b"line %d of the gate log\n" % number for number in range(1, count + 1))


async def counted(data: bytes) -> FileLines:
    file = FileLines(Bytes(data))
    await file.open()
    async for _ in file.count():
        pass
    return file


async def every_row(file: FileLines) -> list[str]:
    return [row.text for _, row in await file.page(Place(), 10**9)]


async def test_rows_are_the_lines_of_the_file_wherever_cells_end() -> None:
    for lines in (
        [],
        ["one"],
        ["a", "", "", "b"],
        ["x" * (CELL - 1), "y", "z"],
        ["x" * (CELL - 2), "y", "z"],
        ["x" * CELL, "y"],
        [f"{number} " + "word " * (number % 90) for number in range(3000)],
    ):
        for ending in ("\n", ""):
            data = ("\n".join(lines) + ending).encode() if lines else b""
            file = await counted(data)
            wanted = data.decode().split("\n")
            wanted = wanted[:-1] if wanted[-1] == "" else wanted
            rows = await every_row(file)
            assert [row[:50] for row in rows] == [line.rstrip("\r")[:50] for line in wanted]
            assert file.line_count == len(wanted) and file.row_count == len(rows)
            for number in range(0, len(rows), max(len(rows) // 7, 1)):
                place = await file.place_of_row(number)
                assert (await file.page(place, 1))[0][1].text == rows[number]
                assert file.row_number(place) == number and file.line_number(place) == number + 1
                assert await file.moved(Place(), number) == place
                assert await file.moved(await file.last(), number + 1 - len(rows)) == place


async def test_a_huge_line_is_cut_and_shown_in_pieces() -> None:
    data = b"before\n" + b"z" * (3 * CELL) + b"\nafter\n"
    file = await counted(data)
    rows = await every_row(file)
    assert rows[0] == "before" and rows[-1] == "after"
    assert file.line_count == 3
    assert len(rows) == 5 and all(len(row) < 4200 and row.endswith("the line goes on") for row in rows[1:4])
    assert file.line_number(Place(1, 0)) == 2 and file.line_number(await file.last()) == 3


async def test_bytes_that_are_no_text_and_controls_are_made_visible() -> None:
    file = await counted(b"\xff\xfe bad\ncolour \x1b[31mred\x1b[0m\n\x1b]52;c;x\x07\r\n\ttab\n")
    rows = await every_row(file)
    assert rows[0] == "�� bad" and rows[1] == "colour red" and "␛]52;c;x␇" in rows[2] and rows[3] == " " * 8 + "tab"
    hostile = await every_row(await counted("\n".join(ATTACKS).encode("utf-8", "surrogatepass")))
    assert not [character for character in FORBIDDEN if any(character in row for row in hostile)]


async def test_a_log_is_read_by_keys_and_says_where_one_is() -> None:
    view = LogView()
    app = Bench(view)
    async with app.run_test(size=(60, 11)) as pilot:
        view.focus()
        view.show(Bytes(numbered(4812)))
        await settled(pilot)
        assert view.texts[0] == "line 1 of the gate log" and "line 10 of 4,812" in widget_lines(view)[-1]
        await pilot.press("j", "j", "k", "pagedown")
        assert view.texts[0] == "line 11 of the gate log"
        await pilot.press("G")
        await settled(pilot)
        assert view.texts[-1] == "line 4812 of the gate log" and "line 4,812 of 4,812" in screen_text(app)
        assert view.scroll_y == view.max_scroll_y
        await pilot.press("j")
        assert view.texts[-1] == "line 4812 of the gate log"
        await pilot.press("pageup", "ctrl+u", "ctrl+d")
        assert view.texts[-1] == "line 4803 of the gate log"
        view.scroll_to(y=2000, animate=False)
        await settled(pilot)
        assert view.texts[0] == "line 2001 of the gate log"
        await pilot.resize_terminal(40, 20)
        await settled(pilot)
        assert view.texts[0] == "line 2001 of the gate log" and len(view.texts) == 19
        await pilot.press("g")
        assert view.texts[0] == "line 1 of the gate log"


async def test_the_wheel_and_small_files_behave() -> None:
    view = LogView()
    app = Bench(view)
    async with app.run_test(size=(60, 11)) as pilot:
        view.focus()
        view.show(Bytes(numbered(3)))
        await pilot.press("j", "G", "pagedown", "k")
        await settled(pilot)
        assert view.texts == [f"line {number} of the gate log" for number in (1, 2, 3)]
        view.show(Bytes(b""))
        await settled(pilot)
        assert "the file is empty" in screen_text(app)
        await pilot.press("j", "G", "n")
        view.show(Bytes(numbered(500)), at_end=True)
        await settled(pilot)
        assert view.texts[-1] == "line 500 of the gate log" and len(view.texts) == 10


async def test_a_view_that_is_measured_while_it_opens_at_the_end_gets_there(monkeypatch: pytest.MonkeyPatch) -> None:
    page, last = FileLines.page, FileLines.last

    async def late(file: FileLines) -> Place:
        await asyncio.sleep(0.05)
        return await last(file)

    async def slow(file: FileLines, top: Place, height: int) -> list[tuple[Place, Row]]:
        if top == Place():
            await asyncio.sleep(0.2)
        return await page(file, top, height)

    monkeypatch.setattr(FileLines, "page", slow)
    monkeypatch.setattr(FileLines, "last", late)
    view = LogView()
    async with Bench(view).run_test(size=(60, 11)) as pilot:
        view.show(Bytes(numbered(500)), at_end=True)
        while view.file is None:
            await asyncio.sleep(0)
        await view.on_resize()
        await settled(pilot)
        assert view.texts[-1] == "line 500 of the gate log"


async def test_who_is_at_the_end_of_a_growing_file_stays_there() -> None:
    view = LogView()
    app = Bench(view)
    windows = Bytes(numbered(100))
    async with app.run_test(size=(60, 11)) as pilot:
        view.show(windows, at_end=True)
        await settled(pilot)
        windows.data = numbered(5000)
        view.look_again()
        await settled(pilot)
        assert view.texts[-1] == "line 5000 of the gate log" and "of 5,000" in screen_text(app)
        view.focus()
        await pilot.press("g")
        windows.data = numbered(9000)
        view.look_again()
        await settled(pilot)
        assert view.texts[0] == "line 1 of the gate log" and "of 9,000" in screen_text(app)
        windows.data = numbered(7)
        view.look_again()
        await settled(pilot)
        assert view.texts[-1] == "line 7 of the gate log" and "of 7" in screen_text(app)


async def test_search_goes_on_around_the_end_and_back() -> None:
    view = LogView()
    app = Bench(view)
    data = numbered(60_000).replace(b"line 100 of", b"ERROR one of").replace(b"line 50000 of", b"Error two of")
    async with app.run_test(size=(60, 11)) as pilot:
        view.focus()
        await pilot.press("n")
        view.show(Bytes(data))
        view.find(Search("absent"))
        await settled(pilot)
        view.find(Search("error"))
        await settled(pilot)
        assert "ERROR one of the gate log" in view.texts
        for key, hit in (("n", "Error two"), ("n", "ERROR one"), ("N", "Error two"), ("N", "ERROR one")):
            await pilot.press(key)
            await settled(pilot)
            assert any(text.startswith(hit) for text in view.texts), (key, hit)
        assert app.said[0] == "nothing is searched for; / asks for words"
        assert app.said[-4:] == [
            "found error",
            "found error, from the other end of the file",
            "found error, from the other end of the file",
            "found error",
        ]


async def test_trouble_says_what_where_and_what_to_do() -> None:
    view = LogView()
    app = Bench(view)
    windows = Bytes(numbered(100))
    async with app.run_test(size=(60, 11)) as pilot:
        view.show_trouble(ours("[?] there is no log"), outside("artifacts/[/]/gate.log"), ours("omk goal verify ID"))
        await settled(pilot)
        assert [line.strip() for line in widget_lines(view)[1:4]] == [
            "[?] there is no log",
            "artifacts/[/]/gate.log",
            "omk goal verify ID",
        ]
        windows.failing = True
        view.show(windows)
        await settled(pilot)
        assert "Input/output error" in screen_text(app) and "ctrl+r reads it again" in screen_text(app)
        windows.failing = False
        view.show(Bytes(numbered(3)))
        await settled(pilot)
        assert windows.closed == 1 and view.texts[0] == "line 1 of the gate log"


async def test_a_descriptor_is_closed_after_use(tmp_path: Path) -> None:
    path = tmp_path / "gate.log"
    path.write_bytes(numbered(10))
    descriptor = os.open(path, os.O_RDONLY)
    view = LogView()
    app = Bench(view)
    async with app.run_test(size=(60, 11)) as pilot:
        view.show(FileWindows(descriptor))
        await settled(pilot)
        assert view.texts[9] == "line 10 of the gate log"
        view.show_trouble(ours("a"), ours("b"), ours("c"))
        await settled(pilot)
        for _ in range(100):
            if not Path(f"/proc/self/fd/{descriptor}").exists():
                break
            await pilot.pause(0.01)
        assert not Path(f"/proc/self/fd/{descriptor}").exists()


PROGRAM = """
import asyncio, os, resource, sys, time
from omk_tui.core.text.search import Search
from omk_tui.widgets.file_windows import FileWindows
from omk_tui.widgets.log_view import LogView
from tests.pilots import settled
from tests.widgets.bench import Bench

async def main():
    view = LogView()
    app = Bench(view)
    async with app.run_test(size=(120, 40)) as pilot:
        view.focus()
        await pilot.pause()
        began = time.perf_counter()
        view.show(FileWindows(os.open(sys.argv[1], os.O_RDONLY)))
        while not view.texts:
            await asyncio.sleep(0.001)
        opened = time.perf_counter() - began
        await pilot.press("G")
        await settled(pilot)
        assert "the very end" in view.texts[-1], view.texts[-1]
        view.find(Search("the very end"))
        await settled(pilot)
        await pilot.press("g", *["pagedown"] * 5)
        await settled(pilot)
        for y in range(0, view.file.row_count, view.file.row_count // 12):
            view.scroll_to(y=y, animate=False)
            await settled(pilot)
    if sys.platform == "linux":
        kib = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))
    else:
        kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(kib, opened)

asyncio.run(main())
"""


def test_a_50_mb_log_opens_at_once_in_less_than_150_mib(tmp_path: Path) -> None:
    path = tmp_path / "gate.log"
    block = b"".join(b"test exporter::csv::round_trip_%05d ... ok \xff \x1b[31m\n" % n for n in range(20_000))
    with path.open("wb") as file:
        while file.tell() < BIG - CELL * 20:
            file.write(block)
        file.write(b"w" * (CELL * 20) + b"\n" + b"the very end\n")
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(path)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    kib, opened = ran.stdout.split()
    assert int(kib) < 150 * 1024
    assert float(opened) < 1


async def test_a_failed_log_opens_at_its_failing_line_and_one_without_such_a_line_at_its_end() -> None:
    view = LogView()
    app = Bench(view)
    log = numbered(3000) + b"\nE       assert 1 == 2\n" + numbered(3000)
    async with app.run_test(size=(60, 11)) as pilot:
        view.show(Bytes(log), at_failure=True)
        await settled(pilot)
        assert "E       assert 1 == 2" in view.texts
        view.show(Bytes(numbered(500)), at_failure=True)
        await settled(pilot)
        assert view.texts[-1] == "line 500 of the gate log"


async def test_long_lines_are_wrapped_and_no_row_is_passed_over() -> None:
    view = LogView()
    app = Bench(view)
    async with app.run_test(size=(40, 12)) as pilot:
        view.focus()
        texts = [f"{number} " + "word " * (number % 30) for number in range(60)]
        view.show(Bytes("\n".join(texts).encode()))
        await settled(pilot)
        view.action_wrap()
        seen: set[str] = set()
        for _ in range(400):
            seen |= {piece.row.text.split()[0] for piece in view._pieces[: view._height]}
            before = view._top
            await pilot.press("pagedown")
            await settled(pilot)
            if view._top == before:
                break
        assert seen == {str(number) for number in range(60)}
        assert view._pieces[-1].row.text.startswith("59 ")
        seen.clear()
        for _ in range(400):
            seen |= {piece.row.text.split()[0] for piece in view._pieces[: view._height]}
            before = view._top
            await pilot.press("pageup")
            await settled(pilot)
            if view._top == before:
                break
        assert seen == {str(number) for number in range(60)}


async def test_following_keeps_the_end_on_screen_until_a_key_moves_away(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_bytes(numbered(50))
    view = LogView()
    app = Bench(view)
    async with app.run_test(size=(40, 12)) as pilot:
        view.focus()
        view.show(FileWindows(os.open(log, os.O_RDONLY)))
        await settled(pilot)
        view.action_follow()
        await settled(pilot)
        with log.open("ab") as file:
            file.write(b"grown\n")
        view.look_again()
        await settled(pilot)
        assert view.texts[-1] == "grown"
        await pilot.press("k", "k")
        with log.open("ab") as file:
            file.write(b"more\n")
        view.look_again()
        await settled(pilot)
        assert view.texts[-1] != "more"


async def test_a_second_look_does_not_end_the_way_to_the_failure() -> None:
    view = LogView()
    app = Bench(view)
    async with app.run_test(size=(60, 12)) as pilot:
        lines = [*(f"line {number}" for number in range(5000)), "E       assert 1 == 2", *(["after"] * 3000)]
        view.show(Bytes("\n".join(lines).encode()), at_failure=True)
        for _ in range(20):
            view.look_again()
            await pilot.pause()
        await settled(pilot)
        assert "E       assert 1 == 2" in view.texts
