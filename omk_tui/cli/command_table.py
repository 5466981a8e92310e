"""What every command is called, which words and options it takes, and what its help page says.

What a command does stands in the module of its name in `omk_tui/cli/commands`, which is loaded when it runs.
"""

from __future__ import annotations

from omk_tui.cli.command import JSON, Command, Option, help_line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from omk_tui.core.records.verb import Verb

TEXT_OPTION: dict[Verb, str] = {"accept": "--summary", "reject": "--reason"}
"""The option that carries the text of each decision."""


def _text(verb: Verb, about: str) -> Option:
    return Option(TEXT_OPTION[verb], "TEXT", about)


SNAPSHOT = Option(
    "--snapshot", "DIGEST", "decide only if the goal is still exactly what `check` showed under this digest"
)

STATUS = Option("--status", "STATUS", "only goals with this status of omk's or word of the list; repeatable", many=True)

PICTURES = Option("--pictures", about="add the task graph, gate durations, changes and budget, drawn as text")

SHOW = Option("--show", "rollback", "for reject: print exactly the rollback plan that would be written")

BASE = Option("--base", "REF", "what the branch is merged into (else the remote's default branch, main or master)")
GOAL_TEXT = Option("--goal", "TEXT", "what was asked for; - reads it from standard input")
AGAIN = Option("--again", about="replace the intake of a goal that is not decided yet")
DRY_OPENING = Option("--dry-run", about="say what would be written, and write nothing")
REVIEW_FILE = Option("--review", "FILE", "keep FILE as the review of the branch, as `omk-tui review` does")
SECURITY_FILE = Option("--security-review", "FILE", "keep FILE as its security review")

ONLY = Option("--only", "NAME", "only this gate; may be repeated", many=True)
ADD = Option("--add", "NAME=COMMAND", "a gate of your own, split as a shell splits, run without one", many=True)
MERGED = Option("--merged", about="run on the tree of the merge with the base instead of the branch's own")
PASS_ENV = Option("--pass-env", "NAME", "let the gates see this variable of yours", many=True)
WITH_HOME = Option("--with-home", about="let the gates see your home folder")
NET = Option("--net", about="let the gates use the network (in bubblewrap)")
SANDBOX = Option("--sandbox", "auto|bwrap|none", "bubblewrap where it works (auto), always, or never")
DRY_GATES = Option("--dry-run", about="say what would run, and run nothing")

SECURITY = Option("--security", about="it is the security review")
BY = Option("--by", "WHO", "who gave it (else you)")
COMMIT = Option("--commit", "ID", "the commit that it speaks of (else the one whose id is in its text)")

RECORD_NOT_READY = Option("--record-not-ready", about="with missing evidence: record it as not ready, as omk does")
DESPITE_CONFLICTS = Option("--despite-conflicts", about="with an open conflict: accept all the same, as omk does")

VERIFY = Option("--verify", about="prove that no line of the ledger was changed or dropped, and compare today's files")

REPAIR = Option(
    "--repair",
    about="""\
finish interrupted decisions and remove left-over files of ours, as any look at a goal does;
a decision that is not sealed with your key is shown, and finished when you type yes""",
)
YES = Option("--yes", about="with --repair: yes to each of those")

INTO = Option("--into", "DIR", "lay the samples out in DIR (absent or empty) and keep them", folder=True)

_COMMANDS = (
    Command(
        name="list",
        shown="list",
        short="every goal with its verdict",
        usage="omk-tui list [--status STATUS]... [--json]",
        about="Every goal, newest first: verdict, gates, oracle, wall, open conflicts, age, id and text.",
        examples="""\
  omk-tui list
  omk-tui list --status ready --status not_ready
  omk-tui list --status failed          # a required gate failed; also: accepted, rejected, conflict, merged ...
  omk-tui list --json | jq -r '.goals[] | select(.verdict == "acceptable") | .goal_id'""",
        options=(STATUS, JSON),
    ),
    Command(
        name="check",
        shown="check GOAL",
        short="checklist, oracle, wall, conflicts, warnings, snapshot digest",
        usage="omk-tui check GOAL [--pictures] [--json]",
        about="What speaks for and against accepting the goal, and the digest that a decision can be bound to.",
        examples="""\
  omk-tui check latest
  omk-tui check GOAL --json | jq -r .snapshot""",
        goal="required",
        options=(JSON, PICTURES),
    ),
    Command(
        name="plan",
        shown="plan GOAL accept|reject",
        short="what the decision would write; writes nothing",
        usage="omk-tui plan GOAL accept --summary TEXT | reject --reason TEXT [--json] [--show rollback]",
        about="What the decision would write, file by file. Nothing is written.",
        examples="""\
  omk-tui plan GOAL accept --summary "all slices merged"
  omk-tui plan GOAL reject --reason "slices 1 and 2 conflict" --show rollback""",
        goal="required",
        words=1,
        options=(
            _text("accept", "for accept: what is accepted (- reads standard input)"),
            _text("reject", "for reject: why (- reads standard input)"),
            SHOW,
            JSON,
        ),
    ),
    Command(
        name="open",
        shown="open [BRANCH]...",
        short="make goals of branches: any agent's work becomes decidable",
        usage="omk-tui open [BRANCH|COMMIT|WORKTREE|GLOB]... [--base REF] [--goal TEXT|-] [--review FILE] "
        "[--security-review FILE] [--again] [--dry-run] [--json]",
        about="""\
Make a goal of a branch of the repository you stand in (or --project-dir): of the current one without arguments.
Nothing of the branch runs, and nothing is written into the repository. Opening it twice gives the same goal.""",
        examples="""\
  omk-tui open
  omk-tui open agent/parser --goal "Group error lines by service"
  omk-tui open 'agent/*' --json | jq -r '.goals[].goal_id'""",
        goal="optional",
        words=1000,
        options=(BASE, GOAL_TEXT, REVIEW_FILE, SECURITY_FILE, AGAIN, DRY_OPENING, JSON),
    ),
    Command(
        name="gate",
        shown="gate GOAL",
        short="run the base's gates on an opened goal's commit",
        usage="omk-tui gate GOAL [--only NAME]... [--add NAME=COMMAND]... [--merged] [--pass-env NAME]... "
        "[--with-home] [--net] [--sandbox auto|bwrap|none] [--dry-run] [--json]",
        about="""\
Run gates on an opened goal and record what came of them. They are those that \
.omk/gates.toml defines on the base commit,
never those of the branch, and those that you add. They run on a checkout of the commit's exact tree in a temporary
folder, with a home of their own and few of your variables, in bubblewrap where that works. It is the agent's code that
runs: without bubblewrap it can do whatever you can. Exit 3: a required gate failed, or none is defined.""",
        examples="""\
  omk-tui gate GOAL
  omk-tui gate GOAL --only unit --merged
  omk-tui gate GOAL --add "unit=python3 -m pytest -q\"""",
        goal="required",
        options=(ONLY, ADD, MERGED, PASS_ENV, WITH_HOME, NET, SANDBOX, DRY_GATES, JSON),
    ),
    Command(
        name="review",
        shown="review GOAL FILE",
        short="keep a review of an opened goal",
        usage="omk-tui review GOAL FILE [--security] [--by WHO] [--commit ID] [--json]",
        about="""\
Keep FILE as the review of a goal that was opened from a branch. It counts when it speaks of the commit that is judged:
by --commit, or by that commit's id in its text. Without that it is kept, and its task stays open (exit 3).""",
        examples="""\
  omk-tui review GOAL review.md
  claude -p "review this branch" | omk-tui review GOAL - --by claude --commit 1f0c9a2b""",
        goal="required",
        words=1,
        options=(SECURITY, BY, COMMIT, JSON),
    ),
    Command(
        name="brief",
        shown="brief GOAL",
        short="what an agent needs to know after a reject, as Markdown",
        usage="omk-tui brief GOAL [--json]",
        about="""\
What an agent has to know to do better, as Markdown to paste or pipe: why it was rejected, what is missing, the ends of
failing gates' logs, the conflicts with their hunks. Bounded, and without control characters.""",
        examples="""\
  omk-tui brief GOAL
  omk-tui brief GOAL | claude -p "mend this branch\"""",
        goal="required",
        options=(JSON,),
    ),
    Command(
        name="accept",
        shown="accept GOAL",
        short="record that the goal is accepted",
        usage="omk-tui accept GOAL --summary TEXT [--snapshot DIGEST] [--record-not-ready] "
        "[--despite-conflicts] [--json]",
        about="""\
Record that the goal is accepted, as omk's own accept does. With missing evidence or an open conflict nothing is
written.""",
        examples="""\
  omk-tui accept GOAL --summary "reviewed, all slices merged" --snapshot DIGEST
  git log -1 --format=%B | omk-tui accept GOAL --summary -""",
        goal="required",
        options=(
            _text(
                "accept", "what is accepted (- reads standard input; --summary=-x for a text that begins with a dash)"
            ),
            SNAPSHOT,
            RECORD_NOT_READY,
            DESPITE_CONFLICTS,
            JSON,
        ),
    ),
    Command(
        name="reject",
        shown="reject GOAL",
        short="record that it is rejected, with a rollback plan",
        usage="omk-tui reject GOAL --reason TEXT [--snapshot DIGEST] [--json]",
        about="Record that the goal is rejected, with a rollback plan, as omk's own reject does.",
        examples="""\
  omk-tui reject GOAL --reason "slices 1 and 2 conflict in notes/store.py" --snapshot DIGEST
  omk-tui reject GOAL --reason - < reason.txt""",
        goal="required",
        options=(
            _text("reject", "why (- reads standard input; --reason=-x for a text that begins with a dash)"),
            SNAPSHOT,
            JSON,
        ),
    ),
    Command(
        name="history",
        shown="history GOAL",
        short="who decided what, when and why; --verify checks the record",
        usage="omk-tui history GOAL [--verify] [--json]",
        about="""\
Every decision taken here on the goal: who, when, why, on which evidence, and what was written; and those that omk's
own files tell of, but not this record: taken with omk itself, or their line was removed.""",
        examples="""\
  omk-tui history GOAL
  omk-tui history GOAL --verify && echo intact""",
        goal="required",
        options=(VERIFY, JSON),
    ),
    Command(
        name="doctor",
        shown="doctor",
        short="what cut-off writes or other programs left behind; --repair",
        usage="omk-tui doctor [--repair [--yes]] [--json]",
        about="""\
A check-up of the state root: interrupted decisions, left-over files, torn logs, ghost rows and hidden goals,
permissions wider than omk's own, locks, breaks in a ledger.""",
        examples="""\
  omk-tui doctor
  omk-tui doctor --repair""",
        options=(REPAIR, YES, JSON),
    ),
    Command(
        name="demo",
        shown="demo",
        short="sample goals in a private place, then the desk on them",
        usage="omk-tui demo [--into DIR]",
        about="""\
Sample goals in a private temporary place, removed at the end, and the desk on them.
Without a terminal it tells the whole journey as text: list, check, plan, a reject and an accept.""",
        examples="""\
  omk-tui demo
  omk-tui demo --into /tmp/desk && omk-tui list --state-root /tmp/desk""",
        options=(INTO,),
    ),
)
TABLE = {each.name: each for each in _COMMANDS}

_OVERVIEW = "\n".join(help_line(each.shown, each.short) for each in _COMMANDS)
DESK = Command(
    name="",
    usage="omk-tui [GOAL] | omk-tui COMMAND ...",
    about="""\
The integrator's desk for omk goals: see what is missing and why, preview what a decision would write, decide.
Without a command it opens the desk in the terminal; without a terminal it prints what list or check print.""",
    more=f"commands (each has its own --help):\n{_OVERVIEW}",
    examples="""\
  omk-tui                                     the desk
  omk-tui goal-20261122-205557-473-03da4154   the desk with this goal open
  omk-tui list --status not_ready
  omk-tui -- list                             a goal whose id is the name of a command""",
    goal="optional",
)
"""What runs when no command is named."""


def command(name: str) -> Command:
    """The command of that name; the desk for the empty one."""
    return TABLE[name] if name else DESK
