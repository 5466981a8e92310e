"""Single values: texts of every plane, secrets, instants and numbers in every spelling that omk accepts or refuses."""

from __future__ import annotations

import random

from tests.differential.json_text import Raw, Record, nested

WORDS = (
    "parser", "tidy", "command", "retry", "loop", "import", "export", "report", "portal", "perfect", "prefix", "suffix",
    "fix", "bugfix", "audit", "auditor", "docs", "README", "rewrite", "migrate", "migration", "refactor", "benchmark",
    "performance", "build", "create", "implement", "add", "greenfield", "documentation", "airport",
)  # fmt: skip

GOAL_TEXTS = (
    "Build a log parser with a tidy command line",
    "Audit the permission checks",
    "Fix lost wakeups in the retry loop",
    "Document the limiter in the README",
    "Give the importer a fix",
    "Migrate the docs",
    "Make the tokenizer faster: benchmark it",
    "Refactor the scheduler",
    "Add a report page",
    "Rewrite the config loader",
    "Migration of the store",
    "A greenfield thing",
    "Fix  the\tprefix   table",
    "PERFORMANCE of the PERFect READme",
    "Tune it",
    "",
    " \u2003 ",
)

SECRETS = (
    "ghp_" + "a1B2" * 6,
    "gho_" + "Z" * 19,
    "AKIA" + "ABCDEFGH12345678",
    "xoxb-1234567890-abc",
    "xoxz-1234567890",
    "sk_live_" + "abcdef0123456789",
    "sk_test_short",
    "Bearer " + "abc.DEF~ghi+jkl/mno=-pq",
    "bEaReR\u2003" + "ſK" * 12,
    "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----",
    "-----BEGIN PRIVATE KEY-----",
    "éghp_" + "a" * 24,
    "ghp_" + "a" * 24 + "\u0301",
    "\u200dAKIA" + "0" * 16 + "²",
    "_AKIA" + "0" * 16,
)

SECRET_KEYS = ("token", "API_KEY", "apikey", "password", "Secret", "my_token", "x-token", "a_secret", "b-secret",
               "proxy-Authorization-x", "tokens", "passwd", "api-key", "private_key", "to\u212aen",
               "access_key")  # fmt: skip

_ODD = (
    "\u0000", "\u0001", "\u0007", "\u0008", "\t", "\n",
    "\u000b", "\u000c", "\r", "\r\n", "\u001b[31m", "\u001c", "\u001f",
    " ", '"', "\\", "/", "`", "```", "<b>", "[/]",
    "\u007f", "\u0080", "\u0085", "\u009b", "\u00a0", "\u00ad", "é", "e\u0301",
    "ß", "ı", "İ", "ſ", "\u0600", "\u061c", "\u1680",
    "\u180e", "\u200b", "\u200d", "\u200e", "\u2003", "\u2028", "\u2029",
    "\u202e", "\u2060", "\u2066", "\u212a", "Ⓐ", "漢", "\ud7ff",
    "\ue000", "\ufeff", "\ufffd", "\uffff", "𐀀", "🄰", "👩\u200d🚀",
    "\U000e0001", "\U000f0000", "\U0010ffff",
)  # fmt: skip


def words(rng: random.Random) -> str:
    return " ".join(rng.choice(WORDS) for _ in range(rng.randint(1, 6)))


def text(rng: random.Random, *, nul: bool = True) -> str:
    """Any text: plain, of every plane, with controls, with secrets, long."""
    kind = rng.random()
    if kind < 0.5:
        return words(rng)
    if kind < 0.62:
        return rng.choice(GOAL_TEXTS)
    if kind < 0.72:
        return rng.choice(["", "x ", "(", "é"]) + rng.choice(SECRETS) + rng.choice(["", " y", ")", "_"])
    if kind < 0.75:
        return words(rng) * rng.randint(20, 200)
    parts = [rng.choice(_ODD) if rng.random() < 0.6 else rng.choice(WORDS) for _ in range(rng.randint(1, 12))]
    if rng.random() < 0.2:
        parts.append(chr(rng.choice([rng.randint(1, 0xD7FF), rng.randint(0xE000, 0x10FFFF)])))
    joined = "".join(parts)
    return joined if nul else joined.replace("\0", "")


def file_name(rng: random.Random) -> str:
    """A changed file as git prints it, now and then an odd one."""
    if rng.random() < 0.7:
        return rng.choice(["src/main.rs", "README.md", "a b.txt", "docs/x.md", "agent-output.txt", "src/naïve.py"])
    return text(rng)


_CLOCKS = ("00:00:00", "23:59:59", "08:30:05", "12:00:60", "7:5:9", "23:59:60")
_DATES = ("2026-06-11", "2026-1-2", "1970-01-01", "1969-12-31", "2000-02-29", "0001-01-01", "0000-12-31",
          "9999-12-31",
          "+12026-03-04", "-0044-03-15", "+0002026-05-06", "12-1-1", "-0-1-1", "2199-07-04")  # fmt: skip
_FRACTIONS = (
    "",
    ".5",
    ".123",
    ".500000",
    ".123456",
    ".120456000",
    ".123456789",
    ".000000000",
    ".1234567891234",
    ".000001",
)
_OFFSETS = ("Z", "z", "UTC", "utc", "+00:00", "-00:00", "+05:30", "+0530", "+05 : 30", "\u22120130", "+23:59",
            "-12:00",
            " Z", "+05::30")  # fmt: skip
_SEPARATORS = ("T", "t", " ", "T ", " \u2003")

CANONICAL = ("2026-11-22T20:19:13Z", "2026-11-22T20:19:17.360343067Z", "2026-06-11T10:15:20.048213377Z",
             "2026-01-02T03:04:05.678Z",
             "2026-03-04T05:06:07.123456Z")  # fmt: skip


def instant(rng: random.Random) -> str:
    """An instant that omk reads, in its own spelling mostly."""
    if rng.random() < 0.75:
        return rng.choice(CANONICAL)
    date, clock = rng.choice(_DATES), rng.choice(_CLOCKS)
    return date + rng.choice(_SEPARATORS) + clock + rng.choice(_FRACTIONS) + rng.choice(_OFFSETS)


BAD_INSTANTS = ("", "2026-06-11", "2026-06-11T10:15:20", "2026-06-11T10:15Z", "2026-02-30T00:00:00Z",
                "2026-06-11T24:00:00Z",
                "2026-06-11T10:15:61Z", "2026-06-11 T10:15:20Z", "2026-06-11T10:15:20.Z", "2026-06-11T10:15:20,5Z",
                "+262143-01-01T00:00:00Z",
                "2026-06-11T10:15:20+24:00", "2026-06-11T10:15:20+5:30", "2026-06-11T10:15:20 Zulu",
                "12026-06-11T10:15:20Z", "now",
                "2026-06-11T10:15:20+05:60", "２026-06-11T10:15:20Z")  # fmt: skip


def digits(rng: random.Random, count: int) -> str:
    return "".join(rng.choice("0123456789") for _ in range(count))


def float_literal(rng: random.Random) -> str:
    """A number that fits a double, in any spelling of JSON."""
    kind = rng.random()
    if kind < 0.3:
        return f"{rng.randint(0, 999)}.{rng.randint(0, 99):02d}"
    if kind < 0.4:
        return rng.choice(["0", "-0", "0.0", "-0.0", "5", "1e0", "1E+2", "5e-324", "1.7976931348623157e308",
                           "0e999999999",
                           "1e-999999999", "1e16", "1e15", "0.00001", "0.000001", "123456789.12345679"])  # fmt: skip
    sign, whole = rng.choice(["", "-"]), rng.choice(["0", str(rng.randint(1, 9)) + digits(rng, rng.randint(0, 24))])
    fraction = "." + digits(rng, rng.randint(1, 25)) if rng.random() < 0.8 else ""
    exponent = f"{rng.choice('eE')}{rng.choice(['', '+', '-'])}{rng.randint(0, 280)}" if rng.random() < 0.4 else ""
    return sign + whole + fraction + exponent


def whole_number(rng: random.Random, bits: int) -> int:
    """An unsigned number of up to `bits` bits, often at an edge."""
    top = (1 << bits) - 1
    edges: list[int] = [0, 1, 2, 10, 3600, 1 << bits // 2, (1 << bits - 1) - 1, 1 << bits - 1, top - 1, top]
    return rng.choice([*edges, rng.randint(0, top)])


def bad_number(rng: random.Random, bits: int) -> object:
    """What an unsigned field of `bits` bits refuses."""
    return rng.choice(
        [Raw("-1"), Raw("-0"), Raw("1.0"), Raw("1e2"), Raw(str(2**bits)), Raw("1e999"), "1", True, [], None]
    )


def any_json(rng: random.Random, depth: int = 3) -> object:
    """Any JSON value that a raw read accepts: numbers of every spelling, secret keys, repeated keys."""
    kind = rng.random()
    if depth == 0 or kind < 0.45:
        return rng.choice([None, True, False, Raw(float_literal(rng)), rng.randint(-5, 5),
                           Raw(digits_of_any_size(rng)),
                           text(rng), words(rng)])  # fmt: skip
    if kind < 0.65:
        return [any_json(rng, depth - 1) for _ in range(rng.randint(0, 3))]
    record = Record()
    for _ in range(rng.randint(0, 4)):
        key = rng.choice([rng.choice(SECRET_KEYS), rng.choice(WORDS), text(rng)])
        record.members.append((key, any_json(rng, depth - 1)))
        if rng.random() < 0.1:
            record.members.append((key, any_json(rng, 0)))
    return record


def digits_of_any_size(rng: random.Random) -> str:
    """A whole number of JSON, also beyond 64 bits."""
    return rng.choice(["", "-"]) + rng.choice(["0", str(rng.randint(1, 9)) + digits(rng, rng.randint(0, 30))])


def raw_only_trouble(rng: random.Random) -> object:
    """What a typed read skips inside an unknown key and a raw read refuses (STATE-FORMAT 0.1)."""
    return rng.choice(
        [Raw("1e999"), Raw('"\\ud800"'), Raw('"\\udc00x"'), Raw("[-1e400]"), Raw('{"a":"\\ud83d\\u0041"}')]
    )


def deep(rng: random.Random) -> Raw:
    """Nesting that is far beyond the limit of a raw read."""
    return nested(rng.randint(200, 400))
