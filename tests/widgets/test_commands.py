from __future__ import annotations

import pytest
from textual.binding import Binding

from omk_tui.keys.commands import (
    BY_ID,
    COMMANDS,
    SECTIONS,
    Level,
    Where,
    bindings,
    elsewhere,
    elsewhere_words,
    palette_commands,
    screen_bindings,
)
from omk_tui.keys.footer import Scene, footer_items, footer_lines
from omk_tui.keys.key_table import key_rows, markdown_key_table
from omk_tui.screens.palette import offers

NEVER = {"ctrl+j", "ctrl+i", "ctrl+m", "ctrl+h", "ctrl+a", "ctrl+b"}


def test_a_key_has_one_meaning_in_a_place() -> None:
    assert len(BY_ID) == len(COMMANDS)
    for where in Where:
        keys = [key for command in COMMANDS if command.words(where) for key in command.keys]
        assert len(keys) == len(set(keys))
        assert not NEVER & set(keys)


def test_only_one_chord_commits_and_only_in_a_dialog() -> None:
    assert [(command.keys, list(command.meaning)) for command in COMMANDS if command.action == "commit"] == [
        (("ctrl+s",), [Where.DIALOG])
    ]
    dialog = [key for command in COMMANDS if command.words(Where.DIALOG) for key in command.keys]
    assert all(len(key) > 1 for key in dialog), "letters are text in a dialog"


def test_only_the_app_s_own_keys_have_priority() -> None:
    for level in Level:
        for binding in bindings(level):
            assert isinstance(binding, Binding)
            assert binding.priority == (binding.key in ("ctrl+q", "ctrl+p", "ctrl+z"))


def test_sections_have_the_digits_in_order() -> None:
    assert SECTIONS == ("Checklist", "Oracle", "Wall", "Gates", "Diff", "Conflicts", "Rollback", "Timeline")
    assert [BY_ID[f"section_{number}"].keys for number in range(1, 9)] == [(str(number),) for number in range(1, 9)]


@pytest.mark.parametrize("where", list(Where))
@pytest.mark.parametrize("width", [1, 10, 38, 78, 118, 200])
def test_footer_lines_fit_and_lead_to_the_help(where: Where, width: int) -> None:
    lines = footer_lines(where, width)
    assert len(lines) <= 2 and all(len(line) <= width for line in lines)
    shown = [item for line in lines for item in line.split("  ") if item]
    assert set(shown) <= set(footer_items(where))
    if where is not Where.DIALOG and width >= 10:
        assert "? help" in shown
    if width >= 118:
        assert set(shown) == set(footer_items(where))


def test_the_table_for_the_readme_names_every_key() -> None:
    table = markdown_key_table()
    assert table.startswith("| Key | List | Review | Dialog |\n|---|---|---|---|\n")
    cells = " ".join(row.keys for row in key_rows()).replace(",", "").split()
    for command in COMMANDS:
        if not command.id.startswith("section_") and command.shown not in ("right", "left"):
            assert command.shown in cells, command.id
    assert all(line.count("|") == 5 for line in table.splitlines())


def test_the_palette_never_records_a_decision() -> None:
    for where in Where:
        assert all(command.action != "commit" for command in palette_commands(where))
    assert "accept" in {command.id for command in palette_commands(Where.REVIEW)}


def test_a_key_that_means_nothing_here_says_where_it_works() -> None:
    here = {command.shown for command in elsewhere(Where.LIST)}
    assert {"x", "V", "f", "S", "r", "["} <= here and not {"J", "K", "4", "5", "E"} & here, "those act in the list too"
    assert {command.shown for command in elsewhere(Where.REVIEW)} == {"m", "O"}
    assert elsewhere_words("two_sides") == "S works in an opened goal: side by side, old and new"
    assert elsewhere_words("fold") == "m works in the list: show or fold merged and superseded goals"
    for place in (Where.LIST, Where.REVIEW):
        keys = [key for binding in screen_bindings(place) for key in binding.key.split(",")]
        assert len(keys) == len(set(keys))


def test_the_foot_offers_what_an_opened_goal_has() -> None:
    rows = footer_lines(Where.REVIEW, 78, scene=Scene.OPENED)
    assert all(words in "  ".join(rows) for words in ("x merges", "V review", "E brief", "? help", "q back"))
    assert "V review" not in footer_items(Where.REVIEW) and "x run gates" in footer_items(Where.REVIEW, Scene.GATES)


def test_the_palette_finds_what_people_call_things() -> None:
    """Each has to be an offer in the list as well as in a review, under these words too."""
    for word in ("wrap", "side by side", "split", "prompt", "approve", "clipboard", "rerun"):
        for place in (Where.LIST, Where.REVIEW):
            assert any(all(part in f"{one.words} {one.also}" for part in word.split()) for one in offers(place)), word
