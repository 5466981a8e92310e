"""Section 4, Gates: what each gate did, and its log."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from textual.content import Content

from omk_tui.core.opening.gate_progress import GateProgress
from omk_tui.core.records.gate_run import never_ran
from omk_tui.core.records.proof import Gate
from omk_tui.core.review.goal_review import GateLog, Review
from omk_tui.core.text.printable import printable
from omk_tui.core.text.words import WHITE_SPACE, plural
from omk_tui.light.dataclass import dataclass
from omk_tui.sections.decision_notes import next_steps
from omk_tui.sections.gate_words import duration, exit_word, gate_state, gate_word, gates_of
from omk_tui.sections.view import (
    MOST_LINES,
    Detail,
    Fact,
    FileDetail,
    Heading,
    Item,
    Rows,
    SectionData,
    SectionView,
    TextDetail,
    fact,
    facts_of_lines,
    marked,
    text_maker,
)
from omk_tui.text import State, count, ours, outside, outside_lines, size
from omk_tui.widgets.columns import Column, Columns, TableRow

COLUMNS = Columns(
    (
        Column("GATE"),
        Column("RESULT", 11),
        Column("REQ", 3, least=50),
        Column("TIME", 7, right=True, least=50),
        Column("EXIT", 6, right=True),
        Column(" LOG", least=70),
    )
)


def build(review: Review, data: SectionData) -> SectionView:
    """The gates of a review, in the proof's order."""
    rows = Rows()
    gates = gates_of(review)
    in_run = {gate.name for gate in data.running.gates} if data.running else set()
    unrun = tuple(name for name in never_ran(review.facts.required_gates, gates) if name not in in_run)
    unrecorded = {gate.name: gate for gate in data.running.gates} if data.running else {}
    if not gates and not unrecorded:
        return _empty(review, data, rows)
    worst = live = ""
    for gate, log in zip(gates, review.gate_logs or _no_logs(gates), strict=True):
        progress = unrecorded.pop(gate.name, None)
        if progress is not None and progress.state == "running":
            live = _running_row(progress, data, rows, blocks=gate.required and not gate.passed)
            continue
        key = _gate_row(gate, log, review, data, rows)
        if not worst and not gate.passed:
            worst = key
    for progress in unrecorded.values():
        key = _running_row(progress, data, rows)
        live = key if progress.state == "running" else live
    for name in unrun:
        _never_run_row(name, review, data, rows)
    stored = review.facts.stored
    if gates and stored and not stored.proof.post_mutation_gates_ran:
        words = "these results are older than the agent's change: no gate ran after it"
        rows.rest(ours(("[~] ", "$stale"), (words, "$stale")))
    start = live or (rows.blockers[0] if rows.blockers else worst)
    return rows.view(_summary(gates, unrun, data), COLUMNS.header, start=start)


def _no_logs(gates: Iterable[Gate]) -> tuple[GateLog, ...]:
    return tuple(GateLog(gate.name, None, problem="logs were not looked for") for gate in gates)


def _summary(gates: tuple[Gate, ...], unrun: tuple[str, ...], data: SectionData) -> Content:
    running = data.running.words if data.running is not None else ""
    if not gates:
        return marked(State.NOTE, printable(running))
    required = [gate for gate in gates if gate.required]
    failed = [gate for gate in required if not gate.passed]
    state = State.FAILED if failed else State.MISSING if unrun else State.MET
    total = len(required) + len(unrun)
    parts = [marked(State.NOTE, printable(running))] if running else []
    never = f", {len(unrun)} never ran" if unrun else ""
    parts += [marked(state, f"{len(required) - len(failed)} of {total} required gates passed{never}")]
    skipped = sum(gate.skipped for gate in gates)
    optional = sum(not gate.passed and not gate.required for gate in gates)
    if skipped:
        parts.append(marked(State.SKIPPED, f"{skipped} skipped, counted as passed"))
    if optional:
        parts.append(marked(State.FAILED, plural(optional, "optional gate failed", "optional gates failed")))
    return Content("   ").join(parts)


def _empty(review: Review, data: SectionData, rows: Rows) -> SectionView:
    readable = review.facts.stored is not None
    words = "the proof has no gate result" if readable else "proof.json cannot be read"

    def items() -> Iterable[Item]:
        if readable:
            maker = review.facts.maker.name
            yield Fact("WHY", ours(f"proof.json holds no gate result: {maker} has not verified this goal yet"))
            yield from next_steps(review.facts.step("verify"))
            if review.facts.intake is not None:
                yield Fact("", ours(("x", "bold $accent"), "  runs the gates that the base defines, after asking"))
        for problem in review.facts.problems:
            yield fact("WHY", problem.sentence)

    state = State.MISSING if readable else State.UNREADABLE
    key = rows.add("no gates", marked(state, words), text_maker(Content("gates"), data, items), blocks=True)
    rows.passing.append(key)
    return rows.view(marked(state, words))


@dataclass(frozen=True, slots=True)
class _GateRow:
    """A gate's row, made when it comes on screen: there may be ten thousand."""

    gate: Gate
    log: GateLog

    def __call__(self, width: int) -> Content:
        gate = self.gate
        cells = (
            outside(gate.name),
            marked(gate_state(gate), gate_word(gate)),
            "yes" if gate.required else ("no", "$label"),
            duration(gate.duration_ms),
            exit_word(gate),
            ours(" ", _log_cell(gate, self.log)),
        )
        return COLUMNS.row(cells, width)


def _gate_row(gate: Gate, log: GateLog, review: Review, data: SectionData, rows: Rows) -> str:
    search = f"{gate.name} {gate_word(gate)} {gate.command_line}"
    blocks = gate.required and not gate.passed
    detail = _detail(gate, log, review, data)
    key = rows.add(f"gate {gate.name}", _GateRow(gate, log), detail, search=search, blocks=blocks)
    if log.path is not None and not log.problem:
        rows.logs[key] = log.path
    return key


def _never_run_row(name: str, review: Review, data: SectionData, rows: Rows) -> str:
    """The row of a required gate of which there is no record."""
    cells = (outside(name), marked(State.MISSING, "not run"), "yes", "", "-", ours((" no record", "$label")))

    def make() -> Detail:
        title = ours("gate ", outside(name), ": ", ("never ran", State.MISSING.style))
        words = "it has to pass, and there is no record of it: the run of gates was narrowed or ended before it"
        items = (fact("WHY", words), *next_steps(review.facts.step("verify")))
        return TextDetail(title, items, data.width)

    return rows.add(f"gate {name}", TableRow(COLUMNS, cells), make, search=name, blocks=True)


def _running_row(gate: GateProgress, data: SectionData, rows: Rows, *, blocks: bool = False) -> str:
    """The row of a gate of which nothing is recorded yet: it runs, has just ended, or waits for those before it."""
    runs = gate.state == "running"
    result = marked(State.NOTE, gate.state) if runs else ours((gate.state, "$label"))
    time = f"{gate.seconds}s" if runs else ""
    log = ours((f" {size(gate.size)} so far" if runs else "", "$label"))
    row = TableRow(COLUMNS, (outside(gate.name), result, "", time, "", log))

    def make() -> Detail:
        title = ours("gate ", outside(gate.name), ": ", (gate.state, "$accent"))
        items: list[Item] = []
        if runs:
            words = f"it runs for {gate.seconds} s of at most {count(gate.limit)} s, and has said {size(gate.size)}"
            items.append(Fact("RUNS", ours(words, ("  f follows, x ends", "$label"))))
        items.append(fact("RUN", gate.command_line))
        if gate.state == "ended":
            items.append(Fact("NOTE", ours(("it has ended; what it recorded is being read", "$label"))))
            return TextDetail(title, tuple(items), data.width)
        if not runs:
            items.append(Fact("WAITS", ours("for the gates before it; nothing of it is recorded yet")))
            return TextDetail(title, tuple(items), data.width)
        items.append(Fact("NOTE", ours(("this is no record: it is made when the gate ends", "$label"))))
        return FileDetail(title, gate.log, items=tuple(items), width=data.width, live=True)

    key = rows.add(f"gate {gate.name}", row, make, search=gate.name, blocks=blocks)
    rows.passing.append(key)
    return key


def _log_cell(gate: Gate, log: GateLog) -> Content:
    if gate.skipped:
        return ours(("skipped by config", "$skipped"))
    if log.path is None:
        return ours(("none", "$label"))
    name = outside(log.path.rsplit("/", 1)[-1])
    return ours(name, ("  unreadable" if log.problem else "", "$failed"))


def _detail(gate: Gate, log: GateLog, review: Review, data: SectionData) -> Callable[[], Detail]:
    def make() -> Detail:
        title = ours("gate ", outside(gate.name), ": ", (gate_word(gate), gate_state(gate).style))
        if log.path is not None and not log.problem:
            title = ours(title, "  ", outside(log.path.rsplit("/", 1)[-1]), f"  {size(log.size)}")
        items = tuple(_items(gate, log, review))
        if log.path is not None and not log.problem:
            stdout_size = len(gate.stdout.rstrip(WHITE_SPACE).encode("utf-8", "surrogatepass"))
            return FileDetail(title, log.path, not gate.passed, items, data.width, stdout_size=stdout_size)
        return TextDetail(title, (*items, *_stored_output(gate)), data.width)

    return make


def _items(gate: Gate, log: GateLog, review: Review) -> Iterable[Item]:
    """What the proof says of the gate; little for one whose log can be read, so that the log has the room."""
    ended = "" if gate.exit_code is None else f", exit {gate.exit_code}"
    limit = f", limit {count(gate.timeout_secs)} s" if gate.timeout_secs else ""
    required = "required" if gate.required else "optional"
    words = f"{required}, took {duration(gate.duration_ms)}{ended}{limit}"
    yield Fact("RESULT", ours(marked(gate_state(gate), gate_word(gate)), "  ", words))
    yield fact("RUN", gate.command_line)
    if gate.skipped:
        yield Fact("RISK", ours(("skipped by configuration; omk counts it as passed, for the oracle too", "$skipped")))
    if not gate.passed and gate.exit_code == 0:
        words = "it failed with exit 0: exit code and log may be those of an earlier run that omk merged"
        yield Fact("RISK", ours((words, "$stale")))
    if log.path is not None and not log.problem:
        return
    yield Fact("FILE", ours(outside(log.path or "no log"), ("  " + log.problem if log.problem else "", "$failed")))
    if not gate.passed:
        yield from next_steps(review.facts.step("verify"))


def _stored_output(gate: Gate) -> Iterable[Item]:
    """The output that the proof itself holds, for a gate without a log; the ends of long ones."""
    outputs = ((name, text) for name, text in (("stdout", gate.stdout), ("stderr", gate.stderr)) if text.strip())
    is_stored = False
    for name, text in outputs:
        is_stored = True
        yield Heading(f"{name}, as the proof holds it")
        before, *last = text.removesuffix("\n").rsplit("\n", MOST_LINES)
        if len(last) == MOST_LINES:
            yield ours((f"… {plural(before.count(chr(10)) + 1, 'line')} before these", "$label"))
        else:
            last.insert(0, before)
        yield from outside_lines("\n".join(last))
    if is_stored:
        return
    for name, summary in (("stdout", gate.stdout_summary), ("stderr", gate.stderr_summary)):
        if summary:
            yield from facts_of_lines(name.upper(), summary)
            is_stored = True
    if not is_stored:
        yield ours(("the proof holds no output of this gate", "$label"))
