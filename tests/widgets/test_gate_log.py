"""The log of a gate: its two streams apart."""

from __future__ import annotations

from omk_tui.widgets.gate_log_windows import GateLogWindows, Streams
from omk_tui.widgets.log_view import LogView
from tests.pilots import settled, widget_lines
from tests.widgets.bench import Bench
from tests.widgets.test_log_view import Bytes, numbered


async def test_the_two_streams_of_a_gate_stand_apart_and_an_empty_one_is_no_ending() -> None:
    view = LogView()
    app = Bench(view)
    async with app.run_test(size=(60, 8)) as pilot:

        async def show(stdout: bytes, stderr: bytes, *, at_failure: bool = False, size: int | None = None) -> list[str]:
            log = b"[stdout]\n" + stdout + b"\n\n[stderr]\n" + stderr + b"\n"
            windows = GateLogWindows(Bytes(log), len(stdout) if size is None else size)
            view.show(windows, at_failure=at_failure)
            await settled(pilot)
            return [line.strip() for line in widget_lines(view)]

        lines = await show(numbered(50).rstrip(), b"", at_failure=True)
        assert lines[-2:] == ["line 50 of the gate log", "stderr is empty   line 51 of 51"]
        view.action_hunk(1)
        await settled(pilot)
        assert app.said[-1] == "stderr is empty"

        for size in (None, 7):  # the length that the proof tells, and one that does not fit the log
            lines = await show(numbered(50).rstrip(), b"warning: slow\n[stderr]", size=size)
            assert lines[0].startswith("── stdout ─") and "] goes to stderr" in lines[-1]
            view.action_hunk(1)
            await settled(pilot)
            lines = [line.strip() for line in widget_lines(view)]
            at = next(number for number, line in enumerate(lines) if line.startswith("── stderr ─"))
            assert lines[at + 1 : at + 3] == ["warning: slow", "[stderr]"], "what a gate says is no mark"
            view.action_hunk(-1)
            await settled(pilot)
            assert view.texts[0] == "[stdout]"

        lines = await show(b"", b"boom")
        assert lines[0].startswith("── stdout: empty ─") and lines[3].startswith("── stderr ─") and lines[4] == "boom"
        assert lines[-1].startswith("stdout is empty")
        lines = await show(b"", numbered(50).rstrip())
        assert lines[0].startswith("── stderr ─"), "nothing is above it"
        said_mark = numbered(3) + b"\n[stderr]\nnot yet"
        assert (await show(said_mark, b"boom"))[5] == "[stderr]", "a mark within the length of stdout is text"
        view.show(GateLogWindows(Bytes(b"another form\n"), 3))
        await settled(pilot)
        view.action_hunk(1)
        await settled(pilot)
        assert view.streams is None and "one stream" in app.said[-1]


async def test_a_log_that_grows_is_looked_at_again() -> None:
    inner = Bytes(b"[stdout]\nso far\n\n[stderr]\n\n")
    windows = GateLogWindows(inner, 6)
    assert await windows.size() == 16 and windows.streams == Streams(17, False, True)
    inner.data = b"[stdout]\nso far\n\n[stderr]\nand more\n"
    assert await windows.size() == len(inner.data) and windows.streams == Streams(17, False, False)
