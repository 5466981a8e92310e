"""What a diff does to the tests that grade it."""

from __future__ import annotations

import time

import pytest

from omk_tui.core.opening.self_grading import ChangesOfTests, changes_of_tests


def patch(name: str, lines: str, *header: str) -> str:
    """The part of a diff that is about one file; `lines` are divided by bars."""
    head = [f"diff --git a/{name} b/{name}", *header, f"--- a/{name}", f"+++ b/{name}", "@@ -1,9 +1,9 @@ def test_x():"]
    return "\n".join([*head, *lines.split("|"), ""])


def changes(*patches: str) -> ChangesOfTests:
    return changes_of_tests("".join(patches).encode())


def test_an_existing_test_that_loses_lines_is_named_with_how_many() -> None:
    gutted = patch("tests/test_core.py", " x|-    assertEqual(parse(s), 8)|+    assertTrue(True)")
    grown = patch("tests/test_more.py", " x|+def test_more():|+    pass")
    fresh = patch("tests/test_new.py", "-odd|+def test_new():", "new file mode 100644")
    gone = patch("spec/a b_spec.rb", "-it (1)|-end", "deleted file mode 100644").replace(
        "+++ b/spec/a b_spec.rb", "+++ /dev/null"
    )
    code = patch("src/core.py", "-a|+b")
    assert changes(grown, fresh, code) == ChangesOfTests(0, 0, ())
    assert changes(code, gutted, grown, gone, code).changed == (
        "tests/test_core.py (-1 +1)",
        "spec/a b_spec.rb (-2 +0)",
    )
    quoted = patch("x", "-a|+b").replace("a/x", '"a/tests/\\303\\244"').replace("b/x", '"b/tests/\\303\\244"')
    assert changes(quoted).changed == ("tests/\u00e4 (-1 +1)",)


@pytest.mark.parametrize(
    ("name", "is_test"),
    [
        *(
            (name, True)
            for name in ("test_a.py", "a/test_a.py", "a_test.go", "src/a.test.ts", "a.spec.js", "a_spec.rb")
        ),
        *(
            (name, True)
            for name in ("src/__tests__/a.js", "spec/a.rb", "Tests/A.swift", "src/AppTest.java", "src/tests.rs")
        ),
        *(
            (name, False)
            for name in ("a.py", "latest.py", "src/contest/a.py", "attest_a.py", "src/Latest.java", "testy.md")
        ),
    ],
)
def test_which_files_are_tests(name: str, is_test: bool) -> None:
    assert changes(patch(name, "-a|+b")).changed == ((f"{name} (-1 +1)",) if is_test else ())


def test_tests_and_skips_are_counted_once() -> None:
    lines = (
        "-def test_a():|-  it (1)|+async def test_b():|+@pytest.mark.skip  # .skip t.Skip( #[ignore|-@Ignore| @Ignore"
    )
    assert changes(patch("a.py", lines)) == ChangesOfTests(1, 1, ())
    assert changes_of_tests(b"") == ChangesOfTests(0, 0, ())
    assert changes_of_tests(b"+@Ignore") == ChangesOfTests(0, 1, ())


def test_a_diff_of_many_megabytes_takes_well_under_a_second() -> None:
    diff = patch("tests/a.txt", "-gone|" + "+    value = compute(alpha, beta) + other.thing|" * 200_000).encode()
    began = time.process_time()
    assert changes_of_tests(diff).changed == ("tests/a.txt (-1 +200000)",)
    assert time.process_time() - began < 1, f"{len(diff):,} bytes"
