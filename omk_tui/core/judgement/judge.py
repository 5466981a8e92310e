"""The judgement of one goal: checklist, oracle, wall, warnings, and the one word for the list."""

from __future__ import annotations

from omk_tui.core.judgement.integrator_warning import IntegratorWarning
from omk_tui.core.judgement.known_gaps import news_among
from omk_tui.core.judgement.oracle import Oracle, consult
from omk_tui.core.judgement.requirements import Evidence, Requirement, build_requirements, missing, unwaived
from omk_tui.core.judgement.review_wall import Pass, build_wall
from omk_tui.core.judgement.verdict import Verdict, verdict_on
from omk_tui.core.judgement.warnings import warnings_of
from omk_tui.core.records.facts import Facts
from omk_tui.core.records.goal import Goal
from omk_tui.core.records.task_names import REVIEW as REVIEW_TASK
from omk_tui.core.records.task_names import SECURITY_REVIEW as SECURITY_REVIEW_TASK
from omk_tui.core.records.verb import Verb
from omk_tui.light.dataclass import dataclass
from omk_tui.light.late import shlex


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the records of one goal mean.

    `guard` is omk's sentence when the status forbids a decision, else empty. `requirements` and `oracle` are empty
    when proof or graph could not be read. `dropped_gaps` are the known gaps that an accept would drop,
    `gap_news` those of them that nothing else says.
    """

    verdict: Verdict
    guard: str
    requirements: tuple[Requirement, ...]
    oracle: Oracle | None
    wall: tuple[Pass, ...]
    warnings: tuple[IntegratorWarning, ...]
    dropped_gaps: tuple[str, ...]
    gap_news: tuple[str, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """Omk's sentences for what is missing by omk's own rules, in order: what an accept records."""
        return missing(self.requirements)

    @property
    def unwaived(self) -> tuple[str, ...]:
        """Those of them that no policy waives."""
        return unwaived(self.requirements)

    @property
    def waived(self) -> int:
        """How many requirements are waived."""
        return sum(requirement.waived for requirement in self.requirements)

    @property
    def ready(self) -> bool:
        """Whether nothing stands in the way of an accept: everything is met, or waived by the project's policy."""
        return bool(self.requirements) and not self.unwaived and not self.guard

    @property
    def news(self) -> int:
        """How many warnings there are that neither the verdict says itself nor the requirements."""
        covered = {self.verdict.says, "" if self.gap_news else "dropped_gap"}
        return sum(warning.code not in covered for warning in self.warnings)

    @property
    def conflict_open(self) -> bool:
        """Whether a slice has an unsettled conflict."""
        return any(warning.code == "open_conflict" for warning in self.warnings)


@dataclass(frozen=True, slots=True)
class LaterWork:
    """Why a branch's goal cannot be accepted any more, what to do instead in words, and the full command for that.

    There is no command for a branch that is gone.
    """

    reason: str
    advice: str
    command: str


def decide_command(facts: Facts, judgement: Judgement, verb: Verb, snapshot: str = "") -> str:
    """The full command that decides a goal as it was judged, with every option that it needs; TEXT stands for words.

    `snapshot` binds it to a snapshot digest.
    """
    options = ["--snapshot " + snapshot] if snapshot else []
    options.append("--summary TEXT" if verb == "accept" else "--reason TEXT")
    if verb == "accept" and judgement.unwaived:
        options.append("--record-not-ready")
    if verb == "accept" and judgement.conflict_open:
        options.append("--despite-conflicts")
    return facts.call.desk(verb, facts.goal_id, *options)


def later_work(facts: Facts) -> LaterWork | None:
    """How a branch has left the judged commit behind, and what to do; None where it has not, or is not known to."""
    intake, branch = facts.intake, facts.branch
    if intake is None or (branch is not None and branch.merged):
        return None
    if facts.superseded_by:
        advice = f"decide {facts.superseded_by}, which has its later work"
        return LaterWork("the branch has gone on", advice, facts.call.desk("check", facts.superseded_by))
    if branch is None or branch.state not in ("moved", "gone"):
        return None
    if branch.state == "gone":
        return LaterWork(branch.text, "bring the branch back to that commit, or reject the goal", "")
    again = facts.call.desk("open", intake.branch_name)
    advice = f"open it again (O in the list, or `{again}`), then decide that goal"
    where = [] if facts.call.project_dir else [f"--project-dir {shlex.quote(intake.project_dir)}"]
    return LaterWork(branch.text, advice, facts.call.desk("open", intake.branch_name, *where))


def verdict_after(judgement: Judgement, verb: Verb) -> Verdict:
    """The verdict that a decision would give, in the words of the list."""
    if verb == "reject":
        return Verdict("rejected")
    return Verdict("accepted!" if judgement.unwaived else "accepted", waived_count=judgement.waived)


def after_decision(facts: Facts) -> tuple[str, ...]:
    """What comes after the decision that a goal records: what to do, and the full command for it; empty without one."""
    decision = facts.decision
    if facts.intake is not None:
        return after_branch_decision(facts, decision.verdict if decision else "")
    match decision.verdict if decision else "":
        case "rejected":
            how = "revert or repair the changes as the rollback plan says, then let omk verify them anew:"
            return how, facts.step("verify")
        case "accepted":
            return "merge the goal's branch, if that is not done yet; its proof:", facts.step("proof")
        case "accepted!":
            return "get the evidence that is missing, then decide anew:", facts.call.desk("check", facts.goal_id)
        case _:
            return ()


def after_branch_decision(facts: Facts, verdict: str) -> tuple[str, ...]:
    """What comes after a decision on a branch: git's command bound to the judged commit, or the brief.

    Empty for a goal that was not opened from one.
    """
    intake = facts.intake
    if intake is None:
        return ()
    if verdict == "rejected" and facts.branch is not None and facts.branch.merged:
        stays = "its commit is in the base already, and stays there until it is reverted"
        return f"{stays}; then give the agent what it needs to know:", facts.call.desk("brief", facts.goal_id)
    if verdict == "rejected":
        return "give the agent what it needs to know:", facts.call.desk("brief", facts.goal_id)
    if not verdict.startswith("accepted"):
        return ()
    if facts.branch is not None and facts.branch.merged:
        return "it is merged; nothing is left to do", facts.call.desk("check", facts.goal_id)
    moved = facts.branch.base_text if facts.branch is not None else ""
    first = f"{moved}, so the merge has another tree than the one that was judged; then:" if moved else "merge it:"
    return first, f"git merge --no-ff {intake.head}"


def judge(facts: Facts) -> Judgement:
    """The judgement of what was read of one goal."""
    proof = facts.stored.proof if facts.stored else None
    oracle = consult(facts.goal.normalized_goal, proof.gates) if facts.goal and proof else None
    wall: tuple[Pass, ...] = ()
    requirements: tuple[Requirement, ...] = ()
    if proof and facts.graph:
        wall = build_wall(
            reviewed=facts.graph.is_done(REVIEW_TASK),
            security_reviewed=facts.graph.is_done(SECURITY_REVIEW_TASK),
            gates=proof.gates,
            changed_files=proof.changed_files,
        )
        if oracle:
            waivers = facts.intake.waivers if facts.intake else {}
            evidence = Evidence(
                facts.goal_id, proof, facts.graph, oracle, wall, facts.maker, waivers, facts.required_gates
            )
            requirements = build_requirements(evidence)
    gaps = missing(requirements)
    dropped = tuple(gap for gap in proof.known_gaps if gap not in gaps) if proof else ()
    return Judgement(
        verdict=verdict_on(facts, requirements),
        guard=guard(facts.goal) if facts.goal else "",
        requirements=requirements,
        oracle=oracle,
        wall=wall,
        warnings=tuple(warnings_of(facts, dropped)),
        dropped_gaps=dropped,
        gap_news=tuple(gap for gap in news_among(dropped) if gap != _reason(facts)),
    )


def _reason(facts: Facts) -> str:
    """Why the goal was rejected: a reject records that as the one known gap too."""
    return facts.goal.failure.reason if facts.goal and facts.goal.failure else ""


def guard(goal: Goal) -> str:
    """Omk's sentence when the goal's status forbids a decision, else empty (STATE-FORMAT 6.1)."""
    name = goal.goal_id
    return {
        "paused": f"Goal '{name}' is paused; run `omk goal resume {name}` before integrator review",
        "blocked_on_human": f"Goal '{name}' is blocked_on_human and needs testable success criteria first",
        "cancelled": f"Goal '{name}' is cancelled",
    }.get(goal.status, "")
