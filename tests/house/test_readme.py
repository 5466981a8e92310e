"""The README tells the truth: its key table is the program's, its links and pictures are there, its commands exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from omk_tui.cli.command_table import TABLE
from omk_tui.demo import lay_out
from omk_tui.keys.key_table import markdown_key_table

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_key_table_is_made_from_the_commands() -> None:
    assert f"omk_tui/keys/key_table.py -->\n{markdown_key_table().rstrip()}\n<!-- end of keys -->" in README


def test_every_link_and_picture_is_there() -> None:
    targets = re.findall(r"\]\(([^)#]+)\)", README)
    assert targets
    for target in targets:
        assert (ROOT / target).exists(), target


def test_every_command_is_named() -> None:
    named = set(re.findall(r"^omk-tui ([a-z]+) ", README, re.MULTILINE))
    assert set(TABLE) <= named


def test_its_two_commands_are_targets() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"^make ([a-z]+) ", README, re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)


def test_the_library_is_used_as_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (shown,) = re.findall(r"^```python\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    lay_out(tmp_path / "state", tmp_path)
    monkeypatch.chdir(tmp_path)
    exec(compile(shown.replace("/path/to/state", str(tmp_path / "state")), "README.md", "exec"), {})
    assert "evidence is missing" in capsys.readouterr().out
