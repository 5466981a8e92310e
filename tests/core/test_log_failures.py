"""The line of a log that tells what failed, for the programs whose logs people read most."""

from __future__ import annotations

import time

import pytest

from omk_tui.core.review import log_failures
from omk_tui.core.review.log_failures import failure_excerpt, first_failure_in, tells_failure

PYTEST = """\
tests/test_errors.py::test_error_page PASSED                       [ 50%]
tests/test_log.py::test_parse FAILED                               [100%]

=================================== FAILURES ===================================
__________________________________ test_parse __________________________________

    def test_parse():
        line = "12:00 failed"
>       assert parse(line) == ("12:00", "failed!")
E       AssertionError: assert ('12:00', 'failed') == ('12:00', 'failed!')

tests/test_log.py:7: AssertionError
=========================== short test summary info ============================
FAILED tests/test_log.py::test_parse
========================= 1 failed, 1 passed in 0.03s ==========================
"""
CARGO = """\
running 2 tests
test error_is_shown ... ok
test adds ... FAILED

failures:

---- adds stdout ----
thread 'adds' panicked at src/lib.rs:9:5:
assertion `left == right` failed
  left: 3
 right: 4
"""
GO = """\
=== RUN   TestErrors
--- PASS: TestErrors (0.00s)
=== RUN   TestAdd
    add_test.go:9: got 3, want 4
--- FAIL: TestAdd (0.00s)
FAIL
"""
JEST = """\
FAIL src/add.test.js
  \u2715 adds (3 ms)

  \u25cf adds

    expect(received).toBe(expected)
"""
TAP = "1..2\nok 1 - an error is told\nnot ok 2 - adds\n  ---\n"
RUSTC = "   Compiling error v0.1.0\nwarning: unused\nerror[E0308]: mismatched types\n --> src/lib.rs:2:5\n"
GCC = "cc -c error.c\nmain.c:3:5: error: expected ';'\n"
NPM = "> build\n> vite build\n\nnpm ERR! code ELIFECYCLE\n"
TRACEBACK = "Traceback (most recent call last):\n  File \"a.py\", line 1\nKeyError: 'a'\n"
COLOURED = "\x1b[32mok\x1b[0m\n\x1b[31mE       assert 1 == 2\x1b[0m\n"
WORD = "0 errors, 0 failures in unit\nstep 2: the deploy Failed for want of a key\n"


async def line_of(log: str | bytes) -> str | None:
    """The line that is found."""
    data = log.encode() if isinstance(log, str) else log

    async def read(offset: int, length: int) -> bytes:
        return data[offset : offset + length]

    offset = await first_failure_in(read, len(data))
    if offset is None:
        return None
    return data[data.rfind(b"\n", 0, offset) + 1 :].partition(b"\n")[0].decode()


@pytest.mark.parametrize(
    ("log", "line"),
    [
        (PYTEST, '>       assert parse(line) == ("12:00", "failed!")'),
        (CARGO, "thread 'adds' panicked at src/lib.rs:9:5:"),
        (GO, "    add_test.go:9: got 3, want 4"),
        (JEST, "  \u25cf adds"),
        (TAP, "not ok 2 - adds"),
        (RUSTC, "error[E0308]: mismatched types"),
        (GCC, "main.c:3:5: error: expected ';'"),
        (NPM, "npm ERR! code ELIFECYCLE"),
        (TRACEBACK, "KeyError: 'a'"),
        (COLOURED, "\x1b[31mE       assert 1 == 2\x1b[0m"),
        (WORD, "step 2: the deploy Failed for want of a key"),
        ("all is well\n0 errors\n", None),
        ("", None),
    ],
)
async def test_the_line_that_tells_what_failed(log: str, line: str | None) -> None:
    assert await line_of(log) == line


async def test_it_is_looked_for_at_both_ends_of_a_large_log(monkeypatch: pytest.MonkeyPatch) -> None:
    searched = 1 << 20
    monkeypatch.setattr(log_failures, "SEARCHED", searched)
    rest = b"nothing to see here\n" * (searched // 20)
    assert await line_of(rest * 3 + b"E   assert 1 == 2\n") == "E   assert 1 == 2"
    assert await line_of(rest + rest[:-20] + b"E   assert 1 == 2\n" + rest * 2) is None


async def test_a_log_of_one_endless_line_ends_the_search() -> None:
    assert await line_of(b"x" * (3 << 20)) is None


@pytest.mark.parametrize("line", [b"\n", b"\r\n", b" \n", b"\t", b"\x1b[m", b"a.", b"a:1", b"_test.go", b"error"])
async def test_no_log_costs_much_more_than_another(line: bytes) -> None:
    begun = time.process_time()
    await line_of(line * (1 << 18))
    assert time.process_time() - begun < 20


def test_only_lines_that_name_what_failed_are_marked() -> None:
    assert tells_failure("E       assert 1 == 2")
    assert tells_failure("FAILED tests/test_log.py::test_parse")
    assert not tells_failure("an error may be here")
    assert not tells_failure("ok 1 - an error is told")


def test_an_excerpt_is_what_stands_around_the_best_line() -> None:
    unittest = (
        "test_a (t.T) ... ok\n" * 50
        + "\nFAIL: test_b\n\nTraceback:\n  File 1\n    self.x()\nAssertionError: 3 != 4\n\n1 ran\n"
    )
    assert failure_excerpt(["an error\n", unittest]) == [
        *("Traceback:", "  File 1", "    self.x()", "AssertionError: 3 != 4", "1 ran"),
    ]
    assert failure_excerpt(["", "all is well\n"]) == []
    assert failure_excerpt(["error: one", "error: two"]) == ["error: one"]
    assert max(map(len, failure_excerpt(["x" * 9000 + "\n" + "AssertionError: " + "y" * 9000]))) <= 4096
