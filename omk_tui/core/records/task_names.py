"""The ids of the tasks that omk's rules ask for (STATE-FORMAT 4.2)."""

from __future__ import annotations

LOCAL_VERIFY = "goal-local-verify"
AGENT_EXECUTE = "goal-agent-execute"
AGENT_IMPLEMENT_PREFIX = "goal-agent-implement-"
REVIEW = "goal-review"
SECURITY_REVIEW = "goal-security-review"
