"""Syntax colour is found in a process of its own, which may be slow, wrong or dead."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from omk_tui.syntax import Highlighter
from omk_tui.syntax import highlighter as module


def test_words_of_code_have_classes() -> None:
    highlighter = Highlighter()
    try:
        (python, empty) = highlighter.spans("a/run.py", ["def f(x):\n    return 'a'  # why\n", ""])
        assert [list(span) for span in python[0]] == [[0, 3, "keyword"], [4, 5, "name"]]
        assert any(name == "comment" for _, _, name in python[1]) and empty == [[]]
        assert highlighter.spans("no-such-kind", ["def f(): pass"]) == [[[]]]
        (block,) = highlighter.spans("main.rs", ["/* one\ntwo */ fn main() {}"])
        assert {name for _, _, name in block[0]} == {"comment"} and "keyword" in {name for _, _, name in block[1]}
    finally:
        highlighter.close()


def test_too_much_code_is_not_asked_about() -> None:
    assert Highlighter(["no-such-program"]).spans("a.py", ["x" * (module.LARGEST_CODE + 1)]) == [[]]


@pytest.mark.parametrize(
    "program",
    [
        "import time; time.sleep(60)",
        "print('no answer')",
        "print('[]', flush=True); input()",
        "raise SystemExit",
    ],
)
def test_a_process_that_fails_costs_only_its_colours(program: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_SECONDS_TO_START", 0.5)
    highlighter = Highlighter([sys.executable, "-c", program])
    began = time.monotonic()
    for _ in range(5):
        assert highlighter.spans("a.py", ["x = 1"]) == [[]]
    assert time.monotonic() - began < 5
    highlighter.close()


def test_the_process_does_not_import_from_the_folder_that_one_stands_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark = tmp_path / "it-ran"
    for name in ("pygments", "json"):
        (tmp_path / f"{name}.py").write_text(f"open({str(mark)!r}, 'w')")
    monkeypatch.chdir(tmp_path)
    highlighter = Highlighter()
    assert highlighter.spans("a.py", ["x = 1"])[0]
    highlighter.close()
    assert not mark.exists()
