"""What a dialog says about a decision before it is taken. Pure: review and plan in, facts out."""

from __future__ import annotations

from collections.abc import Iterable

from textual.content import Content

from omk_tui.core.decision.outcome import Failed, Refused
from omk_tui.core.decision.plan import DecisionPlan, FileChange
from omk_tui.core.judgement.integrator_warning import IntegratorWarning
from omk_tui.core.judgement.judge import verdict_after
from omk_tui.core.judgement.known_gaps import is_mere_note
from omk_tui.core.records.verb import Verb
from omk_tui.core.review.goal_review import Review
from omk_tui.core.review.read_marks import ReadProgress
from omk_tui.core.text.words import joined_lines, plural
from omk_tui.text import State, ours, outside, sign, size
from omk_tui.widgets.fact_sheet import Heading, Item
from omk_tui.widgets.panes import Fact

TEXT_NAME: dict[Verb, str] = {"accept": "summary", "reject": "reason"}
"""What the text of a decision is called."""
_SHORT = 300
"""How many characters of an earlier decision are shown."""
_MOST_GAPS = 200
"""How many gaps are listed."""
_STAYS = "Esc goes back, O opens a branch again; your text stays with this goal: F7 selects it, ctrl+c copies it"
"""What to do where the new facts allow no decision."""
ENDING = 8
"""How many characters of the goal id are typed where more than ctrl+s is asked for."""


def asks_for_id(verb: Verb, review: Review) -> bool:
    """Whether the end of the id has to be typed: to accept against the evidence, or to overrule a decision."""
    return bool(why_id(verb, review))


def why_id(verb: Verb, review: Review) -> str:
    """Why the end of the id is asked for, in few words; empty where it is not."""
    words = []
    if verb == "accept" and review.judgement.unwaived:
        words.append("not ready")
    if verb == "accept" and review.judgement.conflict_open:
        words.append("conflict open")
    if review.facts.decision is not None and review.facts.decision.verdict:
        words.append(f"overrules: {review.facts.decision.what}")
    return ", ".join(words)


def decision_facts(
    verb: Verb,
    review: Review,
    plan: DecisionPlan | Refused | Failed | None,
    progress: ReadProgress | None = None,
) -> list[Item]:
    """What would be recorded, what would be lost, what omk would let pass, and which files would be written.

    Of an accept also how far the reading of the changed files is, once that has begun.
    """
    items: list[Item] = [*_readiness(verb, review), *_result(verb, review, plan), *_before(review)]
    if isinstance(plan, DecisionPlan):
        items += _gaps(verb, plan, review)
    if verb == "accept" and progress is not None and (words := progress.decision_words):
        items.append(Fact("READ", ours((words, "$label"))))
    items += _labelled("WARN", (ours(sign(State.FAILED), " ", outside(one.text)) for one in _warnings(review)))
    if isinstance(plan, DecisionPlan):
        items += _labelled("FILES", map(file_words, plan.files))
    items.append(Fact("REPO", outside(review.facts.head.text)))
    items.append(Fact("SNAP", ours(review.snapshot)))
    return items


def _readiness(verb: Verb, review: Review) -> list[Item]:
    """What speaks against an accept, before anything else."""
    missing, conflicts = review.judgement.unwaived, [one for one in review.conflicts if one.open]
    if verb == "reject":
        return []
    items: list[Item] = []
    if missing:
        words = f"{len(missing)} of 9 requirements {'is' if len(missing) == 1 else 'are'} not met"
        items.append(_against("NOT READY", f"{words}; omk records this all the same"))
        items += [Fact("", ours(sign(State.MISSING), " ", outside(gap))) for gap in missing]
    if conflicts:
        words = f"{plural(len(conflicts), 'slice is', 'slices are')} in conflict; omk would accept all the same"
        items.append(_against("CONFLICT", words))
    return items


def _against(word: str, words: str) -> Fact:
    return Fact("", ours(sign(State.FAILED), (f" {word}  ", "bold $failed"), words))


def _result(verb: Verb, review: Review, plan: DecisionPlan | Refused | Failed | None) -> list[Item]:
    if plan is None:
        return [Fact("RESULT", ours(("working it out ...", "$label")))]
    if not isinstance(plan, DecisionPlan):
        return [Fact("RESULT", ours(sign(State.FAILED), " nothing can be written: ", outside(plan.why)))]
    if _is_its_own_word(verb, review, plan):
        verdict = verdict_after(review.judgement, verb)
        style = "bold $met" if verb == "accept" else "bold"
        return [Fact("RESULT", ours((verdict.words, style), "; ", outside(verdict.status_words(plan.status))))]
    style = "bold $met" if plan.status == "ready" else "bold $missing"
    result = ours("the goal becomes ", (plan.status, style), "  ", outside(plan.readiness))
    return [Fact("RESULT", result)]


def becomes(verb: Verb, review: Review, plan: DecisionPlan) -> str:
    """What the goal is once the decision is recorded, in a clause for one line."""
    if _is_its_own_word(verb, review, plan):
        return f"{verdict_after(review.judgement, verb).words} (goal.json says {plan.status})"
    return f"the goal becomes {plan.status}"


def _is_its_own_word(verb: Verb, review: Review, plan: DecisionPlan) -> bool:
    """Whether omk's word in goal.json is not what was decided: of a reject, and of an accept with waivers."""
    return verb == "reject" or (plan.status != "ready" and review.judgement.ready)


def _before(review: Review) -> list[Item]:
    """The decision that this one replaces."""
    before = review.facts.decision
    return [Fact("BEFORE", ours(sign(State.STALE), " ", outside(before.sentence, limit=_SHORT)))] if before else []


def _gaps(verb: Verb, plan: DecisionPlan, review: Review) -> list[Item]:
    items: list[Item] = []
    if is_mere_note(plan.dropped_gaps):
        items.append(Fact("DROPS", ours((plan.dropped_gaps[0], "$label"))))
    elif plan.dropped_gaps:
        words = "known gap would be dropped:" if len(plan.dropped_gaps) == 1 else "known gaps would be dropped:"
        state = State.FAILED if review.judgement.gap_news else State.NOTE
        items.append(Fact("DROPS", ours(sign(state), f" {len(plan.dropped_gaps):,} {words}")))
        items += [Fact("", outside(f"  {joined_lines(gap)}")) for gap in plan.dropped_gaps[:_MOST_GAPS]]
        if len(plan.dropped_gaps) > _MOST_GAPS:
            items.append(Fact("", ours((f"  and {len(plan.dropped_gaps) - _MOST_GAPS:,} more", "$label"))))
    if verb == "reject":
        items.append(Fact("GAPS", ours("the reason becomes the goal's failure text and its one known gap")))
    elif plan.known_gaps:
        items.append(Fact("GAPS", ours(f"{plural(len(plan.known_gaps), 'known gap')} recorded: the sentences above")))
    return items


def _warnings(review: Review) -> Iterable[IntegratorWarning]:
    return (one for one in review.judgement.warnings if one.code != "dropped_gap")


def _labelled(label: str, lines: Iterable[Content]) -> list[Item]:
    return [Fact(label if number == 0 else "", line) for number, line in enumerate(lines)]


def file_words(change: FileChange) -> Content:
    """`create     812 B  artifacts/integration/integrator-accept.json`: where it is wrapped, the path stays whole."""
    amount = "" if change.action == "mkdir" else size(change.size)
    return ours((f"{change.action:<8} {amount:>8}  ", "$label"), outside(change.path))


def change_facts(changed: Iterable[str], hindrance: str = "") -> list[Item]:
    """What moved under an open dialog, requirement by requirement; `hindrance` is why it cannot be decided any more."""
    lines = [ours(sign(State.STALE), " ", outside(line)) for line in changed]
    head = Fact("", ours(sign(State.STALE), ("  CHANGED  ", "bold $stale"), "the facts moved while you were writing:"))
    rest = [Fact("", line) for line in lines or [ours("files behind the review differ")]]
    after = Fact("", ours(("nothing is recorded until ctrl+r takes the new facts; your text stays", "$label")))
    if hindrance:
        against = ours(sign(State.FAILED), " it cannot be decided any more: ", outside(hindrance))
        return [head, *rest, Fact("", against), Fact("", ours((_STAYS, "$label"))), Heading("as you saw it")]
    return [head, *rest, after, Heading("as you saw it")]
