"""What is to be known of a branch before it is judged: commits, diff, merge, and what of it grades itself."""

from __future__ import annotations

import time

from omk_tui.core.format.git_hash import is_git_hash
from omk_tui.core.opening.documents import Commit, Work
from omk_tui.core.opening.gate_definitions import GATES_FILE, BadGates, read_gates
from omk_tui.core.opening.policy import POLICY_FILE, BadPolicy, read_policy
from omk_tui.core.opening.self_grading import self_graded_files, tests_taken_away
from omk_tui.core.records.intake import MergeState
from omk_tui.core.text.printable import printable
from omk_tui.dataclass import dataclass
from omk_tui.engine.git.command import GitAnswer
from omk_tui.engine.git.merge_tree import MergeTree
from omk_tui.engine.opening.source import NoSource, Source, Target

LARGEST_DIFF = 64 << 20
MOST_FILES = 20_000
MOST_COMMITS = 1_000
LONGEST_TEXT = 16 << 10
_MOST_NAMED = 200
_FORMAT = "%H%x00%an <%ae>%x00%s%x00%(trailers:only,unfold,separator=%x1f)%x00%B%x01"


@dataclass(frozen=True, slots=True)
class Branch:
    """One branch as git has it now, beside its base.

    `committed_at` is the head's committer time as ``YYYYMMDD-HHMMSS``, `first_message` the message of its first commit.
    """

    target: Target
    base_ref: str
    base: str
    merge_base: str
    committed_at: str
    merge: MergeState
    merge_tree: str
    merge_text: str
    work: Work
    first_message: str
    gate_config: str
    policy: str
    waivers: dict[str, str]
    self_graded: tuple[str, ...]
    tests_removed: int
    tests_skipped: int
    uncommitted: int


def read_branch(source: Source, target: Target, base_ref: str) -> Branch:
    """Everything of a branch beside a base. Raises NoSource when there is nothing to judge."""
    base = source.commit(base_ref)
    if not base:
        raise NoSource(f"the base {printable(base_ref, 200)} is no commit of {source.repository.work_tree}")
    merge_base = source.read("merge-base", base, target.head).text.strip().partition("\n")[0]
    if not is_git_hash(merge_base):
        raise NoSource(f"{_name(target)} and {base_ref} have no commit in common")
    if merge_base == target.head:
        raise NoSource(f"{_name(target)} has no commit that {base_ref} lacks: there is nothing to decide")
    commits, first_message = _commits(source, merge_base, target.head)
    diff, notes = _diff(source, merge_base, target.head)
    files, more = _files(source, merge_base, target.head)
    named = (target.note,) if target.note else ()
    merge = source.merge(base, target.head)
    conflicts = tuple(merge.stages)[:_MOST_NAMED]
    gate_config, gates_text = source.blob(base, GATES_FILE)
    policy, policy_text = source.blob(base, POLICY_FILE)
    waivers, policy_note = _waivers(policy_text)
    removed, skipped = tests_taken_away(diff.decode("utf-8", "replace"))
    return Branch(
        target=target,
        base_ref=base_ref,
        base=base,
        merge_base=merge_base,
        committed_at=_committed_at(source, target.head),
        merge=merge.state,
        merge_tree=merge.tree,
        merge_text=_merge_words(target, base_ref, merge),
        work=Work(diff, files, commits, conflicts, (*named, *notes, *more, *policy_note, *_gates_note(gates_text))),
        first_message=first_message,
        gate_config=gate_config,
        policy=policy,
        waivers=waivers,
        self_graded=self_graded_files(files, _words(gates_text)),
        tests_removed=removed,
        tests_skipped=skipped,
        uncommitted=source.uncommitted(target.worktree) if target.worktree else 0,
    )


def is_merged(source: Source, head: str, base: str) -> bool:
    """Whether a commit is in the history of another."""
    return bool(base) and source.read("merge-base", "--is-ancestor", head, base).code == 0


def _name(target: Target) -> str:
    return printable(target.branch.removeprefix("refs/heads/") or target.head[:12], 200)


def _committed_at(source: Source, head: str) -> str:
    seconds = source.read("log", "-1", "--no-show-signature", "--format=%ct", head).text.strip()
    if not seconds.lstrip("-").isdigit():
        raise NoSource(f"git cannot read commit {head[:12]}")
    return time.strftime("%Y%m%d-%H%M%S", time.gmtime(max(int(seconds), 0)))


def _commits(source: Source, merge_base: str, head: str) -> tuple[tuple[Commit, ...], str]:
    """The commits beyond the merge base, newest first, and the message of the first of them."""
    answer = source.read(
        "log",
        f"--max-count={MOST_COMMITS}",
        "--no-show-signature",
        "--no-color",
        f"--format={_FORMAT}",
        f"{merge_base}..{head}",
    )
    commits, message = [], ""
    for record in answer.text.split("\x01"):
        fields = record.lstrip("\n").split("\0")
        if len(fields) == 5:
            trailers = tuple(printable(each, 200) for each in fields[3].split("\x1f") if each)[:20]
            commits.append(Commit(fields[0], printable(fields[1], 200), printable(fields[2], 400), trailers))
            message = fields[4]
    return tuple(commits), message[:LONGEST_TEXT]


def _diff(source: Source, merge_base: str, head: str) -> tuple[bytes, tuple[str, ...]]:
    answer = source.read(
        "diff", "--no-ext-diff", "--no-textconv", "--no-color", "-M", merge_base, head, largest=LARGEST_DIFF
    )
    if answer.code == 0:
        return answer.output, ()
    cut = answer.output.rpartition(b"\n")[0] + b"\n" if answer.output else b""
    if answer.code is not None:
        return cut, (f"git could not make the whole diff; what is shown of it is cut: {_complaint(answer)}",)
    return cut, (f"the diff is longer than {LARGEST_DIFF >> 20} MiB or took too long; what is shown of it is cut",)


def _files(source: Source, merge_base: str, head: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    words = ("diff", "--name-only", "-z", "--no-ext-diff", merge_base, head)
    answer = source.read(*words, "-M")
    if answer.code != 0:  # renames are told by contents, which a partial clone may not have
        answer = source.read(*words, "--no-renames")
    if answer.code != 0:
        raise NoSource(f"git cannot list the files that {head[:12]} changes: {_complaint(answer)}")
    names = [name for name in answer.text.split("\0") if name]
    note = (f"{len(names) - MOST_FILES} more files are changed than are named",) if len(names) > MOST_FILES else ()
    return tuple(names[:MOST_FILES]), note


def _complaint(answer: GitAnswer) -> str:
    return printable(answer.complaint.strip().partition("\n")[0], 300) or "it gave no reason"


def _merge_words(target: Target, base_ref: str, merge: MergeTree) -> str:
    words = f"{_name(target)} into {base_ref}"
    if merge.state == "conflict":
        return f"{words} conflicts in {len(merge.stages)} file(s)"
    return f"{words} merges cleanly" if merge.state == "clean" else merge.why


def _waivers(text: str) -> tuple[dict[str, str], tuple[str, ...]]:
    try:
        return dict(read_policy(text)), ()
    except BadPolicy as error:
        return {}, (f"{POLICY_FILE} of the base waives nothing: {error}",)


def _gates_note(text: str) -> tuple[str, ...]:
    try:
        gates = read_gates(text)
    except BadGates as error:
        return (f"{GATES_FILE} of the base defines no gate: {error}",)
    return tuple(f"gate {gate.name} is skipped by {GATES_FILE} of the base" for gate in gates if gate.skip)


def _words(gates_text: str) -> tuple[str, ...]:
    try:
        return tuple(word for gate in read_gates(gates_text) for word in gate.argv)
    except BadGates:
        return ()
