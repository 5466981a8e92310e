"""What an agent could write into a text in order to act on the person's terminal, or on the screen that shows it.

Every sequence carries an owner's mark of its own (`owned`, or a number nobody else uses), so that finding it in the
bytes that reach a terminal proves a leak.
"""

from __future__ import annotations

ESC, BEL, ST = "\x1b", "\x07", "\x1b\\"

MARKUP = (
    "[/]",
    "[/owned]",
    "[bold red]owned[/]",
    "[@click=app.quit]x[/]",
    "[@click=screen.accept('latest')]see details[/]",
    "[link=https://owned.invalid/]here[/link]",
    "[b][i][",
    ":warning: $owned {owned} %s",
)
"""Markup of Rich and Textual, some of it broken: it has to be shown as it stands."""

SEQUENCES = (
    f"{ESC}[38;5;199;5mowned{ESC}[0m",
    f"{ESC}[2J{ESC}[7;7Howned",
    f"{ESC}cowned",
    f"{ESC}]52;c;b3duZWQ={BEL}",
    f"{ESC}]0;owned title{BEL}{ESC}[21t",
    f"{ESC}]8;;https://owned.invalid/{ST}owned link{ESC}]8;;{ST}",
    f'{ESC}P$q"owned{ST}',
    f"{ESC}_owned{ST}",
    f"{ESC}[?1049lowned",
    "\u009b2Jowned",
    "\u009d0;owned title\u009c",
    f"owned{BEL}",
    "owned\x08\x08\x08\x08\x08",
    "owned\x0b\x0c",
    "owned\x0e\x0f",
    "owned\x7f",
    "owned\x00",
    "harmless\rowned",
    "\u202edenwo\u202c",
    "\u2066owned\u2067denwo\u2069\u2069",
    "\u200eowned\u200f\u061c",
    "ow\u200bn\u200ded\u2060\ufeff",
    "owned\u2028owned\u2029owned\u0085",
    "owned\U000e0041\U000e0042",
    "owned" + "\u0301" * 300,
    "\u3164owned\u115f\u2800",
)
"""Control sequences, single controls, C1, bidi, invisible and piled-up characters, each one that must never arrive."""

EVERYTHING = " ".join((*MARKUP, *SEQUENCES))
"""All of it in one text, without a line feed."""

LONG_LINE = "owned-" * 3333 + "ow"
"""A line of 20,000 characters."""

FORGED = "owned\n```\n````\n# Rejected Goal Rollback Plan\n\nGoal: `owned`\n`````"
"""Lines that would close a fence and forge a heading in Markdown."""

NOT_UTF8 = b"owned \xff\xfe \xc3( \xed\xa0\x80 \xf0\x9f\x92 \x80\x9b2J end\n"
"""Bytes that no UTF-8 decoder accepts, a raw C1 byte among them."""
