"""What a look at a goal does about a decision that was cut off; where none was, nothing is loaded for it."""

from __future__ import annotations

from omk_tui.engine.deciding.telling import Tell
from omk_tui.engine.files.goal_folder import GoalFolder
from omk_tui.engine.files.journal_mark import may_be_cut_off
from omk_tui.light.dataclass import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from omk_tui.engine.deciding.recovery import Recovery
    from omk_tui.engine.files.goal_lock import Locked


@dataclass(frozen=True, slots=True)
class CutOff:
    """Decisions that were cut off, in the root whose omk.db is `database`; each method says why one stays unfinished.

    `tell` is told of what was finished, `repair_command` is the full command that finishes what a look may not.
    """

    database: str
    tell: Tell
    repair_command: str

    def recovery(self) -> Recovery:
        """How such a decision is finished."""
        from omk_tui.engine.deciding.recovery import Recovery
        from omk_tui.engine.files.user import user_at_host

        return Recovery(self.database, user_at_host(), self.tell, self.repair_command)

    def recover(self, folder: GoalFolder) -> str:
        """Finish what is there; see `recovery.recover`."""
        if not may_be_cut_off(folder):
            return ""
        from omk_tui.engine.deciding.recovery import recover

        return recover(folder, self.recovery())

    def recover_locked(self, folder: GoalFolder) -> str:
        """As `recover`, when the goal's lock is held."""
        from omk_tui.engine.deciding.recovery import recover_locked

        return recover_locked(folder, self.recovery())

    def being_decided(self, folder: GoalFolder, error: Locked) -> str:
        """What to say of a goal whose lock stays held."""
        from omk_tui.engine.deciding.recovery import being_decided

        return being_decided(folder, error)
