"""What is to be known of a branch before it is judged: commits, diff, merge, and what of it grades itself."""

from __future__ import annotations

import time

from omk_tui.core.format.git_hash import is_git_hash
from omk_tui.core.format.git_path import unquoted
from omk_tui.core.opening.base_files import GATES_FILE, POLICY_FILE
from omk_tui.core.opening.branch_work import Commit, Work
from omk_tui.core.opening.self_grading import ChangesOfTests, changes_of_tests, self_graded_files
from omk_tui.core.text.printable import printable
from omk_tui.core.text.words import plural
from omk_tui.engine.git.command import GitAnswer, RunningGit
from omk_tui.engine.git.merge_tree import MergeTree, merge_of, start_merge
from omk_tui.engine.opening.source import NoSource, Source, Target
from omk_tui.light.dataclass import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from omk_tui.core.records.intake import MergeState

LARGEST_DIFF = 64 << 20
MOST_FILES = 20_000
MOST_COMMITS = 1_000
LONGEST_TEXT = 16 << 10
_MOST_NAMED = 200
SHALLOW = "the history of this clone is cut (shallow)"
_LARGEST_DIFF_ANSWER = LARGEST_DIFF + (16 << 20)
"""Bytes of a diff with the list of its files."""
_LARGEST_FILES = 4 << 20
_DIFF = ("diff", "--raw", "-p", "--no-ext-diff", "--no-textconv", "--no-color", "-M")
_FORMAT = "%H%x00%ct%x00%an <%ae>%x00%s%x00%(trailers:only,unfold,separator=%x1f)%x00%B%x01"
_LOG = ("log", f"--max-count={MOST_COMMITS}", "--no-show-signature", "--no-color", f"--format={_FORMAT}")


@dataclass(frozen=True, slots=True)
class Branch:
    """One branch as git has it now, beside its base.

    `work` names the newest of its `commit_count` commits. `committed_at` is the head's committer time as
    ``YYYYMMDD-HHMMSS``, `first_message` the message of its first commit.
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
    commit_count: int
    first_message: str
    gate_config: str
    policy: str
    waivers: dict[str, str]
    self_graded: tuple[str, ...]
    tests: ChangesOfTests
    uncommitted: int


def read_branch(source: Source, target: Target, base_ref: str, meanwhile: Callable[[], object]) -> Branch:
    """Everything of a branch beside a base. Raises NoSource when there is nothing to judge.

    What is asked of git does not wait for each other: all of it is between two commits that are known. `meanwhile` is
    done while git is at work.
    """
    base, head = source.commit(base_ref), target.head
    if not base:
        raise NoSource(f"the base {printable(base_ref, 200)} is no commit of {source.repository.work_tree}")
    base_files = f"{base}:{GATES_FILE}\n{base}:{POLICY_FILE}\n".encode()
    with (
        source.start("merge-base", "--all", base, head) as bases,
        source.start(*_DIFF, f"{base}...{head}", largest=_LARGEST_DIFF_ANSWER) as difference,
        source.start(*_LOG, f"{base}..{head}") as log,
        start_merge(source.git, source.scratch, base, head) as merging,
        source.start("cat-file", "--batch", stdin=base_files, largest=_LARGEST_FILES) as configuring,
        source.start_status(target.worktree) if target.worktree else RunningGit() as status,
    ):
        meanwhile()
        from omk_tui.engine.opening.base_configuration import read_configuration

        merge_bases = bases.answer().text.split()
        if not merge_bases or not is_git_hash(merge_bases[0]):
            cut = f"; {SHALLOW}, git fetch --unshallow brings the rest" if source.is_shallow else ""
            raise NoSource(f"{_name(target)} and {base_ref} have no commit in common{cut}")
        merge_base = merge_bases[0]
        if merge_base == head:
            raise NoSource(f"{_name(target)} has no commit that {base_ref} lacks: there is nothing to decide")
        # With several merge bases git chooses one to compare with, and says which in later versions only.
        answer = (
            difference.answer()
            if len(merge_bases) == 1
            else source.read(*_DIFF, merge_base, head, largest=_LARGEST_DIFF_ANSWER)
        )
        diff, files, notes = _changes(source, merge_base, head, answer)
        commits, committed_at, first_message = _commits(log.answer(), head)
        commit_count = len(commits)
        if commit_count == MOST_COMMITS:
            commit_count, first_message = _beyond_the_named(source, f"{base}..{head}", commit_count, first_message)
        merge = merge_of(merging.answer())
        configuration = read_configuration(source, base, configuring.answer())
        uncommitted = status.answer()
    named = (target.note,) if target.note else ()
    return Branch(
        target=target,
        base_ref=base_ref,
        base=base,
        merge_base=merge_base,
        committed_at=committed_at,
        merge=merge.state,
        merge_tree=merge.tree,
        merge_text=_merge_words(target, base_ref, merge),
        work=Work(
            diff,
            files,
            commits,
            tuple(merge.stages)[:_MOST_NAMED],
            (
                *named,
                *_shallow_note(source),
                *notes,
                *_commits_note(commit_count),
                *_conflicts_note(len(merge.stages)),
                *configuration.notes,
            ),
        ),
        commit_count=commit_count,
        first_message=first_message,
        gate_config=configuration.gates_blob,
        policy=configuration.policy_blob,
        waivers=configuration.waivers,
        self_graded=self_graded_files(files, configuration.gate_words),
        tests=changes_of_tests(diff),
        uncommitted=changes_in(uncommitted),
    )


def changes_in(status: GitAnswer) -> int:
    """How many uncommitted changes the answer of `Source.start_status` names; 0 where git gave none."""
    return status.output.count(b"\0") if status.code == 0 else 0


def is_merged(source: Source, head: str, base: str) -> bool:
    """Whether a commit is in the history of another."""
    return bool(base) and source.read("merge-base", "--is-ancestor", head, base).code == 0


def _name(target: Target) -> str:
    return printable(target.branch.removeprefix("refs/heads/") or target.head[:12], 200)


def _commits(answer: GitAnswer, head: str) -> tuple[tuple[Commit, ...], str, str]:
    """The commits beyond the base, newest first, the committer's time of the head, and the first commit's message.

    Raises NoSource when the head is not among them.
    """
    commits, message, seconds = [], "", ""
    for record in answer.text.split("\x01"):
        fields = record.lstrip("\n").split("\0")
        if len(fields) == 6:
            trailers = tuple(printable(each, 200) for each in fields[4].split("\x1f") if each)[:20]
            commits.append(Commit(fields[0], printable(fields[2], 200), printable(fields[3], 400), trailers))
            message = fields[5]
            seconds = fields[1] if fields[0] == head else seconds
    if not seconds.lstrip("-").isdigit():
        raise NoSource(f"git cannot read commit {head[:12]}")
    committed_at = time.strftime("%Y%m%d-%H%M%S", time.gmtime(max(int(seconds), 0)))
    return tuple(commits), committed_at, message[:LONGEST_TEXT]


def _beyond_the_named(source: Source, span: str, named: int, message: str) -> tuple[int, str]:
    """How many commits there are where more are than are named, and the message of the first of all."""
    commits = source.read("rev-list", span).text.split()
    if len(commits) <= named:
        return named, message
    first = source.read("log", "-1", "--no-show-signature", "--format=%B", commits[-1])
    return len(commits), first.text[:LONGEST_TEXT]


def _shallow_note(source: Source) -> tuple[str, ...]:
    return (f"{SHALLOW}: merge base and commits are told as far as it reaches",) if source.is_shallow else ()


def _commits_note(count: int) -> tuple[str, ...]:
    return (f"earlier commits that are not named: {count - MOST_COMMITS:,}",) if count > MOST_COMMITS else ()


def _conflicts_note(count: int) -> tuple[str, ...]:
    return (f"files in conflict that are not named: {count - _MOST_NAMED:,}",) if count > _MOST_NAMED else ()


def _changes(
    source: Source, merge_base: str, head: str, answer: GitAnswer
) -> tuple[bytes, tuple[str, ...], tuple[str, ...]]:
    """The diff, the names of the changed files, and notes on what is not whole. Raises NoSource without the names."""
    names, diff = _listed(answer.output)
    notes: tuple[str, ...] = ()
    if answer.code != 0 or len(diff) > LARGEST_DIFF:
        diff = diff[:LARGEST_DIFF].rpartition(b"\n")[0] + b"\n" if diff else b""
        why = f"the diff is longer than {LARGEST_DIFF >> 20} MiB or took too long; what is shown of it is cut"
        if answer.code not in (None, 0):
            why = f"git could not make the whole diff; what is shown of it is cut: {_complaint(answer)}"
        notes = (why,)
    if answer.code != 0 and not diff:
        names = _names_alone(source, merge_base, head)
    if len(names) > MOST_FILES:
        notes = (*notes, f"{len(names) - MOST_FILES} more files are changed than are named")
    return diff, tuple(names[:MOST_FILES]), notes


def _listed(output: bytes) -> tuple[list[str], bytes]:
    """The names that stand before a diff, as ``git diff --raw -p`` puts them, and the diff."""
    names, place = [], 0
    while output.startswith(b":", place):
        end = output.find(b"\n", place)
        if end < 0:
            return [], b""
        names.append(unquoted(output[place:end].rpartition(b"\t")[2].decode("utf-8", "replace")))
        place = end + 1
    return names, output[place + 1 :] if output.startswith(b"\n", place) else output[place:]


def _names_alone(source: Source, merge_base: str, head: str) -> list[str]:
    """The changed files without their contents: by these renames are told, and a partial clone may not have them."""
    answer = source.read("diff", "--name-only", "-z", "--no-ext-diff", "--no-renames", merge_base, head)
    if answer.code != 0:
        raise NoSource(f"git cannot list the files that {head[:12]} changes: {_complaint(answer)}")
    return [name for name in answer.text.split("\0") if name]


def _complaint(answer: GitAnswer) -> str:
    return printable(answer.complaint.strip().partition("\n")[0], 300) or "it gave no reason"


def _merge_words(target: Target, base_ref: str, merge: MergeTree) -> str:
    words = f"{_name(target)} into {base_ref}"
    if merge.state == "conflict":
        return f"{words} conflicts in {plural(len(merge.stages), 'file')}"
    return f"{words} merges cleanly" if merge.state == "clean" else merge.why
