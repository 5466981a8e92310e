"""The policy of a project for opened goals: `.omk/desk.toml`, read from the base commit only."""

from __future__ import annotations

from collections.abc import Mapping

from omk_tui.core.judgement.oracle import CHECK_NAMES
from omk_tui.core.judgement.review_wall import PASS_NAMES
from omk_tui.light.late import tomllib

MOST_WAIVERS = 100
LONGEST_REASON = 2_000

REQUIREMENT_KEYS = (
    "gates",
    "local_verification",
    "agent_execution",
    "review",
    "security_review",
    "changed_files",
    "post_mutation",
    "review_wall",
    "oracle",
)
"""The nine requirements by their keys, in omk's order."""


class BadPolicy(ValueError):
    """Why a policy cannot be used, in a clause."""


def read_policy(text: str) -> Mapping[str, str]:
    """The waivers of a policy, by key with the reason. Raises BadPolicy.

    A key is that of a requirement, `wall.` and a pass of the wall, or `oracle.` and a check. Keys that nothing is
    called are refused: a waiver that is misspelt must not look like one.
    """
    if not text.strip():
        return {}
    try:
        document = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise BadPolicy(f"it is not valid TOML: {error}") from None
    waive = document.get("waive", {})
    if not isinstance(waive, dict) or len(waive) > MOST_WAIVERS:
        raise BadPolicy("[waive] is no table of at most 100 keys")
    known = waivable()
    for key, reason in waive.items():
        if key not in known:
            names = ", ".join(sorted(known))
            raise BadPolicy(f'there is nothing called "{key}" to waive; there are: {names}')
        if not isinstance(reason, str) or not reason.strip() or len(reason) > LONGEST_REASON:
            raise BadPolicy(f'the reason for waiving "{key}" is missing')
    return dict(waive)


def waivable() -> frozenset[str]:
    """Every key that can be waived."""
    walls = (f"wall.{name}" for name in PASS_NAMES)
    oracles = (f"oracle.{name}" for name in CHECK_NAMES)
    return frozenset((*REQUIREMENT_KEYS, *walls, *oracles))
