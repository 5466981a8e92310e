"""Sections 5 and 8: the diff by file, and the events with the decisions among them."""

from __future__ import annotations

from dataclasses import replace

from omk_tui.core.format.omk_json import Json
from omk_tui.core.format.timestamp import Timestamp
from omk_tui.core.records.event_log import Timeline, read_timeline
from omk_tui.core.records.goal import Failure
from omk_tui.core.records.ledger_entries import LedgerEntry
from omk_tui.core.review.diff import NO_CHANGES, NO_TRACKED_DIFF, DiffText, RunDiff, read_diff
from omk_tui.core.review.diff_stream import stream_lines
from omk_tui.core.review.file_now import FileNow, whole_file
from omk_tui.core.review.goal_review import Review
from omk_tui.core.review.last_look import Look
from omk_tui.core.review.read_marks import ReadProgress, changed_files
from omk_tui.core.text.printable import printable_lines
from omk_tui.sections.diff import MOST_UNDIFFED
from omk_tui.sections.diff_rows import with_marks
from omk_tui.sections.timeline import verdicts
from omk_tui.sections.view import FileDetail, SectionView, StreamDetail
from omk_tui.widgets.diff_lines import changed_span, plain_text
from tests.core.test_timeline import checkpoint, line
from tests.sections.samples import Samples, build, header, rows, told, with_facts

RUN = "goal-agent-execute"


def shown(samples: Samples, *runs: RunDiff, raw: bool = False) -> SectionView:
    """Section 5 of the ready goal with these diffs instead of its own."""
    review = samples.review("ready")
    return build("5", review, replace(samples.data(review, raw=raw), diff=DiffText(runs)))


def test_files_with_their_counts_and_what_no_diff_shows(samples: Samples) -> None:
    view = samples.section("failing-gate", "5")
    assert header(view).split() == ["2", "files", "+13", "-2", "+", "-", "WHAT"], "the totals need no row of their own"
    assert [line.split() for line in rows(view)] == [
        ["run", RUN, "2", "files", "+13", "-2"],
        ["bucket/limiter.py", "7", "2"],
        ["tests/regression/test_issue_41.py", "6", "0"],
        ["CHANGES.md", "no", "diff"],
    ]
    assert view.summary.plain == ""
    assert view.start == "file bucket/limiter.py"
    assert "plain git diff" in told(view.details["file CHANGES.md"])


def test_of_very_many_files_without_a_diff_the_first_have_rows_and_the_others_are_counted(samples: Samples) -> None:
    review = samples.review("failing-gate")
    stored = review.facts.stored
    assert stored is not None
    names = tuple(f"src/{number}.py" for number in range(100_000))
    review = with_facts(review, stored=replace(stored, proof=replace(stored.proof, changed_files=names)))
    view = build("5", review, samples.data(review))
    assert len(view.details) == 3 + MOST_UNDIFFED
    assert "and 98,000 more files without a diff" in rows(view)[-1]


def test_every_file_is_a_part_of_one_stream(samples: Samples) -> None:
    view = samples.section("failing-gate", "5")
    details = list(view.details.values())
    assert all(isinstance(detail, StreamDetail) for detail in details)
    assert len({id(detail.stream) for detail in details if isinstance(detail, StreamDetail)}) == 1
    lines = told(view.details["file bucket/limiter.py"]).splitlines()
    assert lines[:3] == ["bucket/limiter.py", "~~~~ 7 unchanged lines ~~~~", "@@ -8,8 +8,13 @@ class Limiter:"]
    assert lines[-1] == "~~~~ the rest of the file ~~~~"


def test_every_line_of_a_diff_is_in_the_stream_in_order(samples: Samples) -> None:
    file = samples.engine.open_file(samples.review("ready").goal_id, samples.review("ready").diffs[0].path)
    assert not isinstance(file, str)
    with file:
        text = file.read().decode()
    diff = read_diff(RUN, "p", text)
    drawn = [plain_text(line) for patch in diff.files for line in stream_lines(patch) if line.kind != "fold"]
    repeated = ("diff --git ", "index ", "--- ", "+++ ")
    assert drawn == [line for line in printable_lines(text) if not line.startswith(repeated)]


def test_replaced_words_are_brighter() -> None:
    assert changed_span("-    return total", "+    return total + 1") == (0, 0), "nothing of the old line is gone"
    assert changed_span("+    return total + 1", "-    return total") == (17, 21)
    assert changed_span("-    limit = old_value", "+    limit = new_value") == (13, 22)
    assert changed_span("-abc", "+xyz") == (0, 0)
    assert changed_span("-" + "a" * 1000, "+" + "a" * 1000 + "b") == (0, 0)


def test_raw_is_the_file_itself(samples: Samples) -> None:
    view = samples.section("ready", "5", raw=True)
    path = "artifacts/agent-runs/goal-agent-execute/mutation.diff"
    for key in (f"run {RUN}", "file demo.sh"):
        detail = view.details[key]
        assert isinstance(detail, FileDetail) and detail.path == path


def test_the_plain_forms_and_unreadable_runs(samples: Samples) -> None:
    view = shown(
        samples,
        read_diff("one", "1", NO_CHANGES + "\n"),
        read_diff("two", "2", f"{NO_TRACKED_DIFF}\n- a.py\n"),
        RunDiff("three", "3", problem="3: Permission denied"),
        read_diff("four", "4", "prose\n"),
        read_diff("five", "5", "", cut=True),
    )
    said = rows(view, 138)
    assert said[0] == f"run one  {NO_CHANGES}"
    assert said[1] == f"run two  {NO_TRACKED_DIFF}" and said[2].split() == ["a.py", "no", "diff"]
    assert said[3] == "run three  [?] unreadable" and "Permission denied" in told(view.details["run three"])
    assert said[4] == "run four  no diff in it" and "prose" in told(view.details["run four"])
    assert said[5] == "run five  an empty file" and "in 5 runs" in view.summary.plain and "cut" in view.summary.plain


def test_no_run_left_a_diff(samples: Samples) -> None:
    view = samples.section("paused", "5")
    assert rows(view) == ["[ ] no agent run left a diff"]
    assert "artifacts/agent-runs/*/mutation.diff" in told(view.details["no diff"])


def test_a_huge_file_is_whole_and_a_lying_hunk_is_told(samples: Samples) -> None:
    header = "diff --git a/x b/x\n--- a/x\n+++ b/x\n"
    huge = read_diff("r", "p", f"{header}@@ -0,0 +1,90000 @@\n" + "+x\n" * 90_000)
    assert told(shown(samples, huge).details["file x"]).count("+x") == 90_000
    lying = read_diff("r", "p", f"{header}@@ -1 +1 @@\n-a\n+b\n+evil\n")
    text = told(shown(samples, lying).details["file x"])
    assert "? marks lines outside" in text and "+evil" in text


def test_what_the_project_has_of_the_files(samples: Samples) -> None:
    review = samples.review("failing-gate")
    files = {
        "bucket/limiter.py": FileNow("differs"),
        "tests/regression/test_issue_41.py": FileNow("same"),
        "CHANGES.md": FileNow("not_compared", whole_file("CHANGES.md", "one\ntwo\n")),
    }
    view = build("5", review, replace(samples.data(review), files=files))
    assert rows(view)[1].split()[-2:] == ["differs", "now"]
    assert rows(view)[-1] == "[~] 1 file differs from the working tree now: bucket/limiter.py"
    assert "as the working tree has it now" in told(view.details["file CHANGES.md"])
    assert told(view.details["file CHANGES.md"]).endswith("+one\n+two")


def test_a_symlink_says_so_and_where_it_points(samples: Samples) -> None:
    header = "diff --git a/l b/l\n{}\n--- a/l\n+++ b/l\n@@ -1 +1 @@\n"
    texts = {
        "a symlink, new target ../etc/passwd": header.format("new file mode 120000") + "+../etc/passwd\n",
        "a symlink, its target was old": header.format("deleted file mode 120000") + "-old\n",
        "a symlink: its target was old, and is new": header.format("index abc1..abc2 120000") + "-old\n+new\n",
        "a symlink, whose target is the same": "diff --git a/l b/m\nold mode 100644\nnew mode 120000\n",
    }
    for words, text in texts.items():
        view = shown(samples, read_diff("r", "p", text))
        (key,) = view.patches
        assert words in told(view.details[key]).splitlines()
        assert "symlink" in rows(view)[1]


def progress_of(diff: DiffText, *read: int, changed: tuple[int, ...] = ()) -> ReadProgress:
    files = changed_files(diff)
    marks = {files[at].key: files[at].digest for at in read} | {files[at].key: "0" * 64 for at in changed}
    return ReadProgress("goal", files, marks)


def test_marks_are_a_sign_and_a_word_beside_their_files(samples: Samples) -> None:
    review = samples.review("failing-gate")
    data = samples.data(review)
    assert data.diff is not None
    plain = build("5", review, data)
    assert with_marks(plain, progress_of(data.diff)) == replace(plain, rows=plain.rows), "nothing for who marks nothing"
    view = with_marks(plain, progress_of(data.diff, 1, changed=(0,)))
    assert header(view).split() == ["1", "of", "2", "files", "read", "+13", "-2", "+", "-", "WHAT", "MARK"]
    assert [line.split() for line in rows(view)[1:]] == [
        ["bucket/limiter.py", "7", "2", "[~]", "changed"],
        ["tests/regression/test_issue_41.py", "6", "0", "[x]", "read"],
        ["CHANGES.md", "no", "diff"],
    ]
    assert rows(view)[2].endswith("6      0                [x] read")
    assert rows(view, 120)[1].endswith("[~] changed since you read it")
    assert rows(view, 38)[1].split() == ["bucket/limiter.py", "[~]", "changed"], "counts give way"
    assert view.notes["file bucket/limiter.py"].plain == "[~] changed since you read it ─ 1 of 2 files read"
    assert view.notes["file CHANGES.md"].plain == "1 of 2 files read"
    assert view.details is plain.details, "the diffs are not made anew by a mark"
    assert header(with_marks(view, progress_of(data.diff, 0, 1))).startswith("all 2 files read  +13 -2")
    assert header(with_marks(view, progress_of(data.diff, 0, 1)), 30).split() == ["all", "2", "files", "read", "MARK"]
    assert rows(with_marks(view, None)) == rows(plain) and header(with_marks(view, None)) == header(plain)


def test_marks_of_another_diff_are_not_shown_and_sections_without_files_have_none(samples: Samples) -> None:
    view = samples.section("failing-gate", "5")
    one = read_diff(RUN, "p", "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n")
    progress = progress_of(DiffText((one,)), 0)
    assert rows(with_marks(view, progress)) == rows(view)
    empty = samples.section("paused", "5")
    assert rows(with_marks(empty, progress)) == rows(empty) and with_marks(empty, progress).header is None


def test_what_is_cut_says_so_also_while_it_is_read(samples: Samples) -> None:
    text = "".join(f"diff --git a/{name} b/{name}\n--- a/{name}\n+++ b/{name}\n@@ -1 +1 @@\n-a\n+b\n" for name in "xy")
    cut = read_diff("r", "p", text, cut=True)
    view = shown(samples, cut)
    assert header(view).split() == ["FILE", "+", "-", "WHAT"]
    view = with_marks(view, progress_of(DiffText((cut,)), 0))
    assert view.summary.plain == "2 files  +2 -2   cut: the file is longer than what was read"
    assert header(view).split()[:5] == ["1", "of", "2", "files", "read"] and "+2" not in header(view)


def test_raw_files_are_marked_too(samples: Samples) -> None:
    assert list(samples.section("failing-gate", "5", raw=True).patches) == list(
        samples.section("failing-gate", "5").patches
    )


def test_the_newest_event_is_on_top_below_its_day(samples: Samples) -> None:
    view = samples.section("failing-gate", "8")
    assert header(view).split() == ["TIME", "EVENT", "WHAT", "IS", "SAID"]
    assert rows(view)[:5] == [
        "task graph  4 of 6 tasks done",
        "budget  4 checkpoints",
        "── 2026-11-22 UTC",
        "20:55:57 proof_written         status=not_ready",
        "20:55:57 task_completed        task_id=goal-security-review, worker_id=goal-c…",
    ]
    assert view.summary.plain.startswith("59 events in ")
    assert not any("heartbeat" in line or "checkpoint" in line or "task_started" in line for line in rows(view)[2:])
    newest = told(view.details[view.start])
    assert "ALSO" in newest and "budget_checkpoint" in newest
    text = "\n".join(told(view.details[line.key]) for line in view.rows if line.selectable)
    assert "run_started" in text
    text = told(view.details[view.rows[-1].key])
    assert "WHEN   2026-11-22 20:55:52.677985956 UTC   4m ago" in text and "KIND   task_completed" in text
    assert "goal-controller" in rows(view, 138)[4]


def test_a_lease_deadline_is_not_to_be_believed(samples: Samples) -> None:
    view = samples.section("failing-gate", "8")
    claimed = next(line.key for line in view.rows if "task_claimed" in line.search)
    assert "wrong by decades" in told(view.details[claimed])


def test_raw_is_the_line_as_omk_would_write_it(samples: Samples) -> None:
    text = told(samples.section("paused", "8", raw=True, width=10_000).details["event 2"])
    assert text.startswith('{"id":"') and text.count('{"id":"') == 2, "what began it, and what ended it"
    assert '"actor":"goal-controller","payload":{"task_id":"goal-intake"' in text


def test_the_reject_of_the_past_is_named_with_its_reason(samples: Samples) -> None:
    view = samples.section("rejected-before", "8")
    assert view.summary.plain == "71 events in 37 rows   1 decision"
    row = next(line for line in rows(view) if "DECISION" in line)
    assert row == "20:56:05 DECISION rejected     status=not_ready"
    key = next(line.key for line in view.rows if "DECISION" in line.search)
    assert "REASON The README omits factor and ceiling" in told(view.details[key])


def events(*lines: bytes) -> Timeline:
    return read_timeline(lines)


def ledger_line(number: int, at: str, verb: str = "reject", **members: Json) -> LedgerEntry:
    told: dict[str, Json] = {"decided_at": at, "verb": verb, "status": "not_ready", "who": "kim@desk", "text": "why so"}
    return LedgerEntry(number, told | {"snapshot": "ab" * 32, "looked_at": ["gates", "diff"]} | members)


def test_a_decision_is_told_with_who_why_and_on_what(samples: Samples) -> None:
    review = samples.review("ready")
    timeline = events(
        line(number=1), line("proof_written", 5), checkpoint(6, "integration_decision"),
        line("proof_written", 15), checkpoint(16, "integration_decision"),
    )  # fmt: skip
    ledger = (
        ledger_line(1, "2026-01-02T03:04:04Z"),
        ledger_line(2, "2026-01-02T03:04:14Z", "accept", status="ready", text="fine now"),
        ledger_line(3, "2026-01-02T03:04:30Z", text="not in the log", fault="the line was changed"),
    )
    view = build("8", review, replace(samples.data(review), timeline=timeline, ledger=ledger))
    decisions = [row for row in rows(view, 138) if "DECISION" in row]
    assert [" ".join(row.split()) for row in decisions] == [
        "03:04:30 DECISION rejected not in the log kim@desk",
        "03:04:15 DECISION accepted fine now kim@desk",
        "03:04:05 DECISION rejected why so kim@desk",
    ]
    text = told(view.details[next(line.key for line in view.rows if "fine now" in line.search)])
    for words in ("WHO    kim@desk", "WHY    fine now", "SNAP   abab", "SAW    gates, diff", "KIND   proof_written"):
        assert words in text
    assert view.summary.plain.endswith("3 decisions")


def test_what_happened_after_a_decision_does_not_become_it(samples: Samples) -> None:
    review = samples.review("ready")
    timeline = events(line("gate_passed", 5), line("proof_written", 7), checkpoint(8, "integration_decision"))
    view = build(
        "8", review, replace(samples.data(review), timeline=timeline, ledger=(ledger_line(1, "2026-01-02T03:04:04Z"),))
    )
    assert [row[:26] for row in rows(view) if "DECISION" in row] == [
        "03:04:07 DECISION recorded",
        "03:04:04 DECISION rejected",
    ]


def test_a_decision_is_named_only_by_what_proves_it(samples: Samples) -> None:
    review = samples.review("ready")
    stored, goal = review.facts.stored, review.facts.goal
    assert stored is not None and goal is not None
    timeline = events(line(number=1), line("proof_written", 5), checkpoint(6, "integration_decision"))

    def decided(second: int, status: str) -> Review:
        at = Timestamp.parse(f"2026-01-02T03:04:{second:02}Z")
        evidence: Json = {"status": status, "decided_at": at.text()}
        proof = replace(stored.proof, generated_at=at)
        changed = replace(stored, proof=proof, sidecars=replace(stored.sidecars, integration_evidence=(evidence,)))
        return with_facts(review, stored=changed)

    assert verdicts(review, timeline) == {1: "recorded"}
    assert verdicts(decided(5, "accepted"), timeline) == {1: "accepted!"}
    assert verdicts(decided(4, "rejected"), timeline) == {1: "rejected"}
    cut = read_timeline([line("proof_written", 5), checkpoint(6, "integration_decision")], skipped=1)
    assert verdicts(decided(4, "rejected"), cut) == {0: "recorded"}, "what came before it was not read"
    assert verdicts(decided(6, "rejected"), timeline) == {1: "recorded"}, "the proof is younger than the event"
    assert verdicts(decided(1, "rejected"), timeline) == {1: "recorded"}, "another event came in between"

    def failed(second: int) -> Review:
        at = Timestamp.parse(f"2026-01-02T03:04:{second:02}Z")
        return with_facts(review, goal=replace(goal, failure=Failure("bad", at)))

    assert verdicts(failed(4), timeline) == {1: "rejected"}
    assert verdicts(failed(1), timeline) == {1: "recorded"}


def test_a_line_says_up_to_where_somebody_has_looked(samples: Samples) -> None:
    review = samples.review("ready")
    timeline = events(line("gate_passed", 5), line("gate_failed", 7))

    def shown(second: int, snapshot: str, only: str = "") -> tuple[list[str], str]:
        look = Look(Timestamp.parse(f"2026-01-02T03:04:{second:02}Z"), snapshot)
        view = build("8", review, replace(samples.data(review), timeline=timeline, look=look, only=only))
        return [row[:30].strip() for row in rows(view)[1:]], view.summary.plain

    assert shown(6, review.snapshot) == (
        ["── 2026-01-02 UTC", "03:04:07 gate_failed", "── you looked here  2026-01-02", "03:04:05 gate_passed"],
        "2 events   1 row since you looked",
    )
    assert shown(9, "ef" * 32)[0][:2] == ["── you looked here  2026-01-02", "── 2026-01-02 UTC"]
    assert shown(1, "ef" * 32)[0][-1] == "── you looked here  2026-01-02", "all of it is news"
    assert shown(1, "ef" * 32, "decisions")[0] == ["── you looked here  2026-01-02"]
    look = Look(Timestamp.parse("2026-01-02T03:04:06Z"), "\x1b[2J" + "ef" * 32)
    view = build("8", review, replace(samples.data(review), timeline=timeline, look=look))
    assert "snap \u241b[2Jef, another than now" in "\n".join(rows(view))


def test_what_is_wrong_with_a_log_is_told(samples: Samples) -> None:
    review = samples.review("ready")

    def section(timeline: Timeline) -> SectionView:
        return build("8", review, replace(samples.data(review), timeline=timeline))

    assert rows(section(Timeline())) == ["[ ] no event is recorded", "task graph  6 of 6 tasks done"]
    assert "events.jsonl or event-log.jsonl" in told(section(Timeline()).details["no events"])
    broken = section(read_timeline([b"\xff\n", line()], source="events.jsonl"))
    assert rows(broken)[0] == "[?] omk cannot replay this log" and len(broken.rows) == 4
    assert "stream did not contain valid UTF-8" in told(broken.details["problem"])
    twice = section(events(line(), line(), b"{\n", b"}\n"))
    assert twice.summary.plain == "1 event   1 duplicate collapsed   2 malformed lines skipped"
    cut = section(replace(events(line()), cut=1200, skipped=5 << 20))
    assert rows(cut)[-1] == "… 1,200 older events and the first 5.0 MiB of the file are not shown"


def test_the_hostile_log_collapses_and_counts(samples: Samples) -> None:
    view = samples.section("hostile", "8")
    assert "1 duplicate collapsed   1 malformed line skipped" in view.summary.plain


def test_only_lines_that_repeat_the_name_are_left_out(samples: Samples) -> None:
    renamed = "diff --git a/p b/q\nsimilarity index 90%\nrename from p\nrename to q\nindex 1..2\n"
    text = f"{renamed}--- a/p\n+++ b/q\n@@ -1 +1 @@\n-- x\n+y\n"
    view = shown(samples, read_diff("r", "p", text))
    lines = told(view.details["file q"]).splitlines()
    assert lines[:6] == ["q", "from p", "similarity index 90%", "rename from p", "rename to q", "@@ -1 +1 @@"]
    assert "-- x" in lines and rows(view)[1].split() == ["q", "1", "1", "renamed"]


def test_a_payload_is_told_member_by_member(samples: Samples) -> None:
    review = samples.review("ready")

    def said(payload: Json) -> str:
        timeline = events(line(payload=payload))
        return told(build("8", review, replace(samples.data(review), timeline=timeline)).details["event 0"])

    assert 'DATA   name  [/x]\n       other  {"a":[1,2.5]}' in said({"name": "[/x]", "other": {"a": [1, 2.5]}})
    assert "DATA   [\n         1\n       ]" in said([1])
    assert "… 500 more members; r shows the line" in said({str(number): number for number in range(1000)})
