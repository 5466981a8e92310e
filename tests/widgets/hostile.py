"""Texts that agents could write to reach the terminal or the app."""

ATTACKS = (
    "\x1b]52;c;cm0gLXJmIC8=\x07 clipboard",
    "\x1b]0;title\x07\x1b[21t",
    "\x1b]8;;http://evil.example/\x1b\\link\x1b]8;;\x1b\\",
    "\x1b[2J\x1b[H wiped",
    "\x1bc reset",
    "\x9b31m one byte",
    "\x9d0;title\x9c",
    "\x1bPq dcs \x1b\\",
    "nul \x00 bell \x07 del \x7f so \x0e",
    "right \u202e to left \u2066 isolate",
    "zero\u200bwidth\u200djoin\ufeffbom",
    "[red]markup[/] [/] [@click=app.quit]click[/] [link=http://evil.example]x[/link]",
    "surrogate \ud800 alone",
    "a" + "\u0301" * 3000,
    "tab\tand\rreturn\x0bvt\x0cff",
    "long " + "x" * 20_000,
    "\U000e0041 tag characters",
)
FORBIDDEN = [chr(code) for code in (*range(0x20), 0x7F, *range(0x80, 0xA0))] + [
    "\u202e", "\u2066", "\u200b", "\u200d", "\ufeff", "\ud800", "\U000e0041",
]  # fmt: skip
