"""Secrets: told by key, told by look, with omk's own idea of a word."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omk_tui.core.format.omk_json import Json, compact
from omk_tui.core.format.redaction import StreamRedaction, redact, redact_text

TWENTY = "aB3" * 7
GITHUB, AMAZON, SLACK = f"ghp_{TWENTY}", "AKIA0123456789ABCDEF", "xoxb-0123456789"
STRIPE, BEARER, KEY = "sk_live_0123456789abcdef", f"Bearer {TWENTY}", "-----BEGIN RSA PRIVATE KEY-----"
SECRETS = (GITHUB, AMAZON, SLACK, STRIPE, BEARER, KEY)


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("around", ["", " ", "\n", '"', " é ", "—", "²", "\U0001f600"])
def test_each_sort_of_secret_goes(secret: str, around: str) -> None:
    assert redact_text(f"{around}{secret}{around}") == f"{around}[REDACTED]{around}"


@pytest.mark.parametrize("secret", SECRETS[:5])
@pytest.mark.parametrize(
    "neighbour",
    ["x", "_", "é", "\u0301", "\u200c", "\u200d", "\u24b6", "\U0001f130", "\U0001f189", "\u203f", "\u0661", "\u2160"],
)
def test_a_secret_within_a_word_stays(secret: str, neighbour: str) -> None:
    assert redact_text(neighbour + secret) == neighbour + secret


@pytest.mark.parametrize(
    "text",
    [
        f"ghx_{TWENTY}",
        "ghp_" + "a" * 19,
        f"{GITHUB}_",
        f"{GITHUB}é",
        "AKIA0123456789ABCDE",
        "AKIA0123456789ABCDEF0",
        "AKIA0123456789abcdef",
        "xoxc-0123456789",
        "xoxb-012345678",
        "sk_dead_0123456789abcdef",
        "sk_live_0123456789abcde",
        f"Bearer{TWENTY}",
        "Bearer " + "a" * 19,
        f"Bearer\x1c{TWENTY}",
        f"Bearer\u200b{TWENTY}",
        "Bearer " + "=" * 40,
        f"Be\u0101rer {TWENTY}",
        "-----BEGIN CERTIFICATE-----",
        "-----BEGIN rsa PRIVATE KEY-----",
        "",
        "token",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert redact_text(text) == text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (f"bEARER \t\n\x0b\x85\xa0\u3000{TWENTY}", "[REDACTED]"),
        ("Bearer " + "a" * 20 + "==", "[REDACTED]=="),
        ("Bearer " + "a" * 19 + "\u017f\u212a.x", "[REDACTED]"),
        (f"Bearer {TWENTY}\u0130", f"Bearer {TWENTY}\u0130"),
        (f"Bearer {TWENTY}.\u0130", "[REDACTED]\u0130"),
        ("xoxb-0123456789-é", "[REDACTED]é"),
        ("xoxb-0123456789--", "[REDACTED]--"),
        ("xoxb-012345678--", "xoxb-012345678--"),
        (f"{GITHUB} {GITHUB},é{AMAZON} {AMAZON}", f"[REDACTED] [REDACTED],é{AMAZON} [REDACTED]"),
        (f"Bearer {GITHUB}", "Bearer [REDACTED]"),
        (f"{KEY}\nMIIB\n-----END RSA PRIVATE KEY-----", "[REDACTED]\nMIIB\n-----END RSA PRIVATE KEY-----"),
        ("x-----BEGIN PRIVATE KEY-----x", "x[REDACTED]x"),
        (f"Bearer Bearer {TWENTY}", "Bearer [REDACTED]"),
    ],
)
def test_what_is_left(text: str, left: str) -> None:
    assert redact_text(text) == left


@pytest.mark.parametrize("before", ["\u017f", "\u212a", "\u0301", "é", "\U0001f600", "\u2003"])
def test_a_secret_is_found_behind_any_character(before: str) -> None:
    assert redact(f"{before} ghp_{'a' * 36} {before}") == f"{before} [REDACTED] {before}"


@pytest.mark.parametrize(
    "key",
    [
        *("api_key", "ApiKey", "TOKEN", "authorization", "Password", "secret"),
        *("x_token", "-Token", "_token", "A_SECRET", "b-secret", "Proxy-Authorization-2", "authorizations"),
    ],
)
def test_the_whole_value_of_a_secret_key_goes(key: str) -> None:
    values: list[Json] = ["x", None, 1, {"a": [1]}]
    for value in values:
        assert redact({"a": 1, key: value}) == {"a": 1, key: "[REDACTED]"}


@pytest.mark.parametrize(
    "key",
    ["passwd", "api-key", "private_key", "access_key", "credentials", "tokens", "secrets", "xtoken", "to\u212aen", ""],
)
def test_other_keys_stay(key: str) -> None:
    assert redact({key: "x"}) == {key: "x"}


def test_order_nesting_and_other_values_are_kept() -> None:
    value: Json = {"z": [1, 2.5, None, True, {"b": GITHUB, GITHUB: "k"}], "a": "x"}
    assert compact(redact({"z": 1, "token": 2, "a": 3})) == '{"z":1,"token":"[REDACTED]","a":3}'
    assert redact(value) == {"z": [1, 2.5, None, True, {"b": "[REDACTED]", GITHUB: "k"}], "a": "x"}
    assert value == {"z": [1, 2.5, None, True, {"b": GITHUB, GITHUB: "k"}], "a": "x"}


pieces = st.sampled_from(
    [*SECRETS, "Bearer ", "xoxb-", "ghp_", "a" * 20, "-", "_", "=", " ", "\n", "é", "\u0301", "\u017f", "²", "0", "."]
)


@given(st.lists(pieces, max_size=12).map("".join))
def test_redacting_twice_changes_nothing_more(text: str) -> None:
    once = redact_text(text)
    assert redact_text(once) == once


@pytest.mark.parametrize(
    "text",
    [
        "Bearer " * 100_000,
        "bearer" + " " * 500_000,
        "Bearer " + "=" * 500_000,
        "xoxb-" * 100_000 + "_",
        "ghp_" * 100_000,
        "-----BEGIN " * 50_000,
        "-----BEGIN " + "PRIVATE KEY" * 50_000,
        "AKIA" * 100_000,
        "é sk_live_" * 50_000,
    ],
)
def test_hostile_text_takes_no_long_time(text: str) -> None:
    start = time.process_time()
    redact_text(text)
    assert time.process_time() - start < 5


_APART = st.tuples(
    st.sampled_from([*SECRETS, "word", "gh", "-", "B", "bearer", "-----BEGIN"]), st.sampled_from([" ", "\n", ". ", '"'])
).map("".join)


@given(st.lists(_APART, max_size=12).map("".join), st.integers(1, 9))
def test_in_pieces_no_secret_comes_through_that_the_whole_text_would_hide(text: str, length: int) -> None:
    stream, whole = StreamRedaction(), redact_text(text)
    pieces = [stream.take(text[at : at + length]) for at in range(0, len(text), length)]
    told = "".join([*pieces, stream.end()])
    assert all(told.count(secret) <= whole.count(secret) for secret in SECRETS)


def test_dots_of_a_test_run_do_not_wait() -> None:
    stream = StreamRedaction()
    assert stream.take("tests/test_a.py ....") == "tests/test_a.py ...."
    assert stream.take("token ghp_aaaa") == "token "
    assert stream.take("a" * 20) == "" and stream.take("\n") == "[REDACTED]\n"
