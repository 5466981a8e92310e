"""The ledger line of a decision: who decided what, when, on which evidence, and what was written."""

from __future__ import annotations

from omk_tui.core.decision.plan import AppendLine, DecisionPlan
from omk_tui.core.format import omk_json
from omk_tui.core.format.omk_json import Json
from omk_tui.core.format.redaction import redact_text
from omk_tui.core.records.file_names import LEDGER_FILE
from omk_tui.core.records.ledger_line import LEDGER_SCHEMA, sealed
from omk_tui.core.review.goal_review import SNAPSHOT_VERSION, Review
from omk_tui.light.dataclass import dataclass, replace


@dataclass(frozen=True, slots=True)
class Signature:
    """Who decides (``user@host``), with which tool, and which sections were looked at before."""

    who: str
    tool: str
    looked_at: tuple[str, ...] = ()


def with_ledger(plan: DecisionPlan, review: Review, text: str, signature: Signature) -> DecisionPlan:
    """The plan with its ledger line as the last step. The text is scrubbed of secrets, as in proof.json.

    Of an opened goal the line also says how many requirements its policy waived.
    """
    waived = review.judgement.waived
    entry: dict[str, Json] = {
        "schema": LEDGER_SCHEMA,
        "goal_id": review.ledger.goal_id or plan.goal_id,
        "decided_at": plan.proof.generated_at.text(),
        "who": signature.who,
        "tool": signature.tool,
        "verb": plan.verb,
        "status": plan.status,
        **({"waived": waived} if waived else {}),
        "text": redact_text(text),
        "snapshot": plan.snapshot,
        "snapshot_version": SNAPSHOT_VERSION,
        "head": review.facts.head.project,
        "requirements": [
            {"text": requirement.text, "met": requirement.met, **({"waived": True} if requirement.waived else {})}
            for requirement in review.judgement.requirements
        ],
        "warnings": [
            {"code": warning.code, "text": redact_text(warning.text)} for warning in review.judgement.warnings
        ],
        "looked_at": list(signature.looked_at),
        "read": {part.name: part.sha256 for part in review.parts},
        "written": {change.path: change.sha256 for change in plan.files if change.action != "mkdir"},
        "previous": review.ledger.previous,
    }
    line = sealed(omk_json.compact(entry).encode("utf-8", "replace")) + b"\n"
    step = AppendLine(LEDGER_FILE, b"\n" * review.ledger.torn + line, review.ledger.exists, private=True)
    return replace(plan, steps=(*plan.steps, step))
