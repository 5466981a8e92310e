"""What tells that a decision was cut off: its journal, and what an unfinished write leaves in a goal directory."""

from __future__ import annotations

import os
from contextlib import suppress

from omk_tui.core.records.file_names import INTEGRATION_FOLDER, JOURNAL_FILE
from omk_tui.engine.files.atomic import OWN_TEMPORARY
from omk_tui.engine.files.goal_folder import GoalFolder, Unreadable


def has_journal(folder: GoalFolder) -> bool:
    """Whether a decision was begun and not finished; also when that cannot be told."""
    try:
        os.stat(JOURNAL_FILE, dir_fd=folder.fd, follow_symlinks=False)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return True


def leftovers(folder: GoalFolder) -> tuple[str, ...]:
    """Temporary files of this program in the folders that it writes to."""
    temporaries = []
    for place in ("", INTEGRATION_FOLDER):
        with suppress(Unreadable):
            above = "/".join(folder.locate(place))
            temporaries += [
                f"{above}/{name}".lstrip("/") for name in folder.names(above) if OWN_TEMPORARY.fullmatch(name)
            ]
    return tuple(temporaries)


def may_be_cut_off(folder: GoalFolder) -> bool:
    """Whether there is anything for recovery to do."""
    return has_journal(folder) or bool(leftovers(folder))
