"""The documents of `--json` and the page that describes them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pydantic import BaseModel

from omk_tui.cli.document import line
from omk_tui.cli.json_manual import documents, example, manual
from omk_tui.cli.list_document import document
from omk_tui.demo import goal_id
from tests.cli.commands import Desk

BY_NAME = {example(model)["schema"].split("/")[1]: model for model in documents()}


def test_the_page_is_the_one_the_models_make() -> None:
    page = Path(__file__).parents[2] / "docs" / "JSON.md"
    assert page.read_text("utf-8") == manual(), "run: python -m omk_tui.cli.json_manual > docs/JSON.md"


@pytest.mark.parametrize("model", documents())
def test_the_examples_of_the_page_are_documents(model: type[BaseModel]) -> None:
    shown = example(model)
    assert model.model_validate_json(json.dumps(shown)).model_dump(mode="json", by_alias=True) == shown
    assert next(iter(shown)) == "schema"


@pytest.mark.parametrize(
    "words",
    [
        ("list",),
        *(("check", goal_id(name)) for name in ("ready", "conflicts", "missing-evidence", "running", "hostile")),
        ("check", "unknown"),
        ("plan", goal_id("hostile"), "reject", "--reason=x"),
        ("plan", goal_id("hostile"), "accept", "--summary=x"),
        ("plan", goal_id("paused"), "accept", "--summary=x"),
        ("accept", goal_id("paused"), "--summary=x"),
        ("accept", goal_id("missing-evidence"), "--summary=x"),
        ("reject", goal_id("paused"), "--reason=x"),
        ("list", "--state-root=/absent"),
        ("check", "x", "--state-root=/absent"),
        ("plan", "x", "reject", "--reason=x", "--state-root=/absent"),
        ("accept", "x", "--summary=x", "--state-root=/absent"),
        ("reject", "x", "--reason=x", "--state-root=/absent"),
    ],
)
def test_every_answer_is_a_document_of_its_model(samples: Desk, words: tuple[str, ...]) -> None:
    ended = samples.run(*words, "--json")
    shown = BY_NAME[words[0]].model_validate_json(ended.out)
    assert line(shown.model_dump(mode="json", by_alias=True)) == ended.out
    assert (ended.document["why"] is None) is not ended.err.startswith("omk-tui: ")


def test_a_line_is_ascii_whatever_it_says() -> None:
    text = line(document([], ["\x7f \x1b \u2028 \U0001f600 \udcff \ud800"], "/root"))
    assert text.isascii()
    assert r"\u007f \u001b \u2028 \ud83d\ude00 \ufffd \ufffd" in text
    assert not set(text[:-1]) & {chr(code) for code in (*range(32), 127)}


def test_a_crash_is_a_document_too(samples: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("lost \x1b[2J")

    monkeypatch.setattr("omk_tui.engine.Engine.review", broken)
    ended = samples.run("check", goal_id("ready"), "--json")
    assert ended.code == 1
    BY_NAME["check"].model_validate_json(ended.out)
    assert ended.document["goal_id"] == goal_id("ready")
    assert "RuntimeError: lost" in ended.document["why"]
    assert "\x1b" not in ended.err
    assert "OMK_TUI_DEBUG=1" in ended.err
    with pytest.raises(RuntimeError):
        samples.run("check", goal_id("ready"), environ={"OMK_TUI_STATE_ROOT": str(samples.root), "OMK_TUI_DEBUG": "1"})
