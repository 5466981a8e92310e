"""Whatever is pressed, clicked, resized or replaced, no widget falls."""

from __future__ import annotations

import random

import pytest
from textual.containers import Vertical
from textual.events import Key

from omk_tui.core.text.search import Search
from omk_tui.text import outside
from omk_tui.widgets.document import Document
from omk_tui.widgets.line_list import Line, LineList
from omk_tui.widgets.log_view import LogView
from tests.pilots import settled
from tests.widgets.bench import Bench
from tests.widgets.hostile import ATTACKS, FORBIDDEN
from tests.widgets.test_log_view import Bytes, numbered

KEYS = (
    *("j", "k", "g", "G", "n", "N", "home", "end", "up", "down", "left", "right"),
    *("pageup", "pagedown", "ctrl+d", "ctrl+u", "enter", "tab"),
)
SIZES = ((80, 24), (40, 10), (1, 1), (3, 2), (140, 40), (20, 5))


@pytest.mark.parametrize("seed", [1, 2])
async def test_random_keys_sizes_and_contents(seed: int) -> None:
    dice = random.Random(seed)
    rows, page, flat, log = LineList(), Document(), Document(wrap=False), LogView()
    app = Bench(Vertical(rows), Vertical(page), Vertical(flat), Vertical(log))
    async with app.run_test(size=(80, 24)) as pilot:
        for _ in range(40):
            texts = [dice.choice([*ATTACKS, "plain", ""]) for _ in range(dice.choice([0, 1, 3, 40]))]
            match dice.randrange(8):
                case 0:
                    rows.set_lines(
                        [Line(f"k{dice.randrange(60)}", outside(text), dice.random() < 0.8) for text in texts]
                    )
                case 1:
                    page.set_lines(texts)
                    flat.set_lines(texts, home=dice.random() < 0.5)
                case 2:
                    log.show(Bytes("\n".join(texts).encode("utf-8", "surrogatepass")), at_end=dice.random() < 0.5)
                case 3:
                    log.show(Bytes(numbered(dice.randrange(9000))))
                case 4:
                    await pilot.resize_terminal(*dice.choice(SIZES))
                case 5:
                    word = dice.choice(["", "line", "[", "zzz", "x"])
                    rows.find(word)
                    for widget in (page, flat, log):
                        widget.find(Search(word))
                    rows.filter(dice.choice(["", "", word]))
                case 6:
                    dice.choice([rows, page, flat, log]).focus()
                case _:
                    log.look_again()
            for key in dice.choices(KEYS, k=6):
                app.post_message(Key(key, key if len(key) == 1 else None))
            await pilot.pause()
        await settled(pilot)
        await pilot.resize_terminal(80, 24)
        await settled(pilot)
        strips = app.screen._compositor.render_strips(app.size)
        assert not [character for character in FORBIDDEN if any(character in strip.text for strip in strips)]
        assert all(strip.cell_length == 80 for strip in strips)
