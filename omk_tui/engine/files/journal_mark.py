"""Whether the journal of an unfinished decision stands in a goal directory."""

from __future__ import annotations

import os

from omk_tui.core.decision.journal import JOURNAL_FILE
from omk_tui.engine.files.goal_folder import GoalFolder


def has_journal(folder: GoalFolder) -> bool:
    """Whether a decision was begun and not finished; also when that cannot be told."""
    try:
        os.stat(JOURNAL_FILE, dir_fd=folder.fd, follow_symlinks=False)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return True
