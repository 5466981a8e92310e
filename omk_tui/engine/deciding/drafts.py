"""Texts of decisions that were begun: kept in omk-tui's own state folder, never in the goal directory."""

from __future__ import annotations

import os
from contextlib import suppress

from omk_tui.core.records.verb import Verb
from omk_tui.core.review.draft import LARGEST_DRAFT, Draft, encode_draft
from omk_tui.engine.files import app_state
from omk_tui.engine.files.goal_folder import GoalFolder
from omk_tui.engine.files.state_root import StateRoot

VERBS: tuple[Verb, ...] = ("accept", "reject")


def read_drafts(root: StateRoot, goal_id: str) -> dict[Verb, Draft]:
    """The drafts of a goal by verb; what cannot be read is none."""
    drafts: dict[Verb, Draft] = {}
    with suppress(OSError), GoalFolder(os.path.join(root.goals_dir, goal_id)) as folder:
        for verb in VERBS:
            with suppress(OSError):
                draft = app_state.read_draft(folder.real, verb, os.environ)
                if draft is not None:
                    drafts[verb] = draft
    return drafts


def write_draft(root: StateRoot, goal_id: str, verb: Verb, draft: Draft | None) -> str:
    """Keep a draft in the place of the one before, or none; why that cannot be done, or nothing. Raises nothing."""
    data = encode_draft(draft) if draft is not None else b""
    if len(data) > LARGEST_DRAFT:
        return f"it is longer than {LARGEST_DRAFT >> 10} KiB"
    try:
        with GoalFolder(os.path.join(root.goals_dir, goal_id)) as folder:
            if draft is not None:
                app_state.write_draft(folder.real, verb, data, os.environ)
            else:
                app_state.remove_draft(folder.real, verb, os.environ)
    except FileNotFoundError as error:
        return _why(error) if draft is not None else ""
    except OSError as error:
        return _why(error)
    return ""


def _why(error: OSError) -> str:
    return f"{app_state.drafts_folder(os.environ)}: {error.strerror or error}"
