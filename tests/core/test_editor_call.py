"""Which command line opens a file in a person's editor: by the person's variables, and by what is known of editors."""

from __future__ import annotations

import pytest

from omk_tui.core.text.editor_call import SET_ONE, EditorSetting, copy_name, editor_setting, file_words, path_objection


@pytest.mark.parametrize(
    ("environ", "variable", "words"),
    [
        ({"VISUAL": "vim", "EDITOR": "ed"}, "VISUAL", ("vim",)),
        ({"VISUAL": " ", "EDITOR": "ed"}, "EDITOR", ("ed",)),
        ({"EDITOR": "code --wait"}, "EDITOR", ("code", "--wait")),
        ({"EDITOR": "'/opt/my editor/ed' -c 'set nu; q'"}, "EDITOR", ("/opt/my editor/ed", "-c", "set nu; q")),
        ({"EDITOR": "vi $(touch owned); `id` | sh"}, "EDITOR", ("vi", "$(touch", "owned);", "`id`", "|", "sh")),
    ],
)
def test_the_first_variable_that_is_not_empty_is_split_as_a_shell_splits(
    environ: dict[str, str], variable: str, words: tuple[str, ...]
) -> None:
    assert editor_setting(environ) == EditorSetting(variable, words)


def test_without_an_editor_it_says_which_variable_to_set() -> None:
    assert editor_setting({}) == SET_ONE
    assert editor_setting({"GIT_EDITOR": "ed", "EDITOR": ""}) == SET_ONE
    assert editor_setting({"VISUAL": "vim 'a"}) == "VISUAL is no command line: no closing quotation"
    assert editor_setting({"VISUAL": "''"}) == "VISUAL names no program"
    assert editor_setting({"VISUAL": "a\0b"}) == "VISUAL names no program"


@pytest.mark.parametrize(
    ("program", "words"),
    [
        ("/usr/bin/vi", ("+12", "/w/a.py")),
        ("/usr/bin/vim", ("+12", "/w/a.py")),
        ("/usr/bin/vim.basic", ("+12", "/w/a.py")),
        ("/usr/bin/nvim", ("+12", "/w/a.py")),
        ("/usr/bin/nano", ("+12", "/w/a.py")),
        ("/usr/bin/emacs-nox", ("+12", "/w/a.py")),
        ("/usr/bin/emacsclient", ("+12", "/w/a.py")),
        ("/usr/bin/emacsclient.emacs", ("+12", "/w/a.py")),
        ("/usr/bin/kak", ("+12", "/w/a.py")),
        ("/usr/bin/micro", ("/w/a.py", "+12")),
        ("/usr/bin/hx", ("/w/a.py:12",)),
        ("/usr/bin/subl", ("/w/a.py:12",)),
        ("/usr/bin/zed", ("/w/a.py:12",)),
        ("/usr/bin/code", ("--goto", "/w/a.py:12")),
        ("/usr/bin/codium", ("--goto", "/w/a.py:12")),
        ("/usr/bin/ed", ("/w/a.py",)),
        ("/opt/vimcat", ("/w/a.py",)),
    ],
)
def test_each_editor_is_sent_to_the_line_in_its_own_way(program: str, words: tuple[str, ...]) -> None:
    assert file_words(program, "/w/a.py", 12) == words
    assert file_words(program, "/w/a.py", None) == ("/w/a.py",)
    assert file_words(program, "/w/a.py", 0) == ("/w/a.py",)


def test_a_name_is_no_option_and_steers_no_terminal() -> None:
    assert path_objection("/w/-c:q") == path_objection("/w/+12") == path_objection("/w/größe.py") == ""
    assert path_objection("-c:q")
    assert path_objection("/w/a\x1b]0;owned\x07.py")
    assert path_objection("/w/a\nb")
    assert path_objection("/w/\u202egnp.exe")


def test_the_name_of_a_copy_is_plain_and_keeps_its_kind() -> None:
    assert copy_name("artifacts/gates/unit.log") == "unit.log"
    assert copy_name("artifacts/gates/-x \x1b[2J.log") == "-x___2J.log"
    assert copy_name("a/.exrc") == "exrc"
    assert copy_name("...") == "copy"
    assert len(copy_name("a" * 5000)) == 80
