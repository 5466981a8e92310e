"""The pictures in screenshots/ are what the program draws today, and name nothing of the machine that drew them."""

from __future__ import annotations

import re
import time

import pytest

from tests.looks.shots import FOLDER, SHOTS, Shot, draw


@pytest.mark.parametrize("shot", SHOTS, ids=lambda shot: shot.name)
async def test_a_picture_is_what_the_program_draws(shot: Shot) -> None:
    drawn = await draw(shot)
    kept = (FOLDER / f"{shot.name}.svg").read_text(encoding="utf-8")
    assert drawn == kept, f"screenshots/{shot.name}.svg is stale: run `make shots`, look at it, and commit it"


async def test_no_wish_of_a_person_changes_a_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    monkeypatch.setenv("NO_COLOR", "1")
    time.tzset()
    assert await draw(SHOTS[0]) == (FOLDER / f"{SHOTS[0].name}.svg").read_text(encoding="utf-8")
    monkeypatch.undo()
    time.tzset()


def test_there_is_no_other_picture() -> None:
    assert {path.stem for path in FOLDER.glob("*.svg")} == {shot.name for shot in SHOTS}


@pytest.mark.parametrize("shot", SHOTS, ids=lambda shot: shot.name)
def test_no_picture_asks_the_network_for_anything(shot: Shot) -> None:
    kept = (FOLDER / f"{shot.name}.svg").read_text(encoding="utf-8")
    addresses = set(re.findall(r"https?://[^\s\"'<>)]+", kept))
    assert addresses <= {"http://www.w3.org/2000/svg", "https://www.textualize.io"}
    assert "/tmp" not in kept and "@font-face" not in kept
