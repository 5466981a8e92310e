"""What `--help` says: each command's usage, meaning, options and examples."""

from __future__ import annotations

from dataclasses import dataclass

from omk_tui.cli.exit_code import EXPLAINED

PROGRAM = "omk-tui"

_COMMON = """\
common options, before or after the command:
  --state-root DIR   the folder that holds goals/ and omk.db (else $OMK_TUI_STATE_ROOT, else omk's own place)
  --project-dir DIR  the project that the goals belong to (default: as each goal says, else the current directory)
  --version          print the version
  --help             print this page"""

_JSON = "  --json             one JSON document in one line (docs/JSON.md)"
_GOAL = """\
  GOAL               an id that `omk-tui list` shows, the ending of one (4 characters to look, 8 to decide), or latest;
                     after -- also one that begins with a dash"""
_SNAPSHOT = """\
  --snapshot DIGEST  decide only if the goal is still exactly what `check` showed under this digest"""


@dataclass(frozen=True, slots=True)
class Manual:
    """The help of one command."""

    usage: str
    about: str
    arguments: str
    examples: str

    @property
    def page(self) -> str:
        """The whole help page; ends with a newline."""
        parts = (f"usage: {self.usage}", self.about, self.arguments, _COMMON, f"examples:\n{self.examples}", EXPLAINED)
        return "\n\n".join(part for part in parts if part) + "\n"


DESK = Manual(
    usage=f"{PROGRAM} [GOAL] | {PROGRAM} COMMAND ...",
    about="""\
The integrator's desk for omk goals: see what is missing and why, preview what a decision would write, decide.
Without a command it opens the desk in the terminal; without a terminal it prints what list or check print.""",
    arguments="""\
commands (each has its own --help):
  list               every goal with its verdict
  check GOAL         checklist, oracle, wall, conflicts, warnings, snapshot digest
  plan GOAL accept|reject   what the decision would write; writes nothing
  accept GOAL        record that the goal is accepted
  reject GOAL        record that it is rejected, with a rollback plan
  history GOAL       who decided what, when and why; --verify checks the record
  doctor             what cut-off writes or other programs left behind; --repair
  demo               sample goals in a private place, then the desk on them""",
    examples="""\
  omk-tui                                     the desk
  omk-tui goal-20261122-205557-473-03da4154   the desk with this goal open
  omk-tui list --status not_ready
  omk-tui -- list                             a goal whose id is the name of a command""",
)

COMMANDS = {
    "list": Manual(
        usage=f"{PROGRAM} list [--status STATUS]... [--json]",
        about="Every goal, newest first: verdict, gates, oracle, wall, open conflicts, age, id and text.",
        arguments=f"""\
  --status STATUS    only goals with this status of omk's; may be repeated
{_JSON}""",
        examples="""\
  omk-tui list
  omk-tui list --status ready --status not_ready
  omk-tui list --json | jq -r '.goals[] | select(.verdict == "acceptable") | .goal_id'""",
    ),
    "check": Manual(
        usage=f"{PROGRAM} check GOAL [--json]",
        about="What speaks for and against accepting the goal, and the digest that a decision can be bound to.",
        arguments=f"{_GOAL}\n{_JSON}",
        examples="""\
  omk-tui check latest
  omk-tui check GOAL --json | jq -r .snapshot""",
    ),
    "plan": Manual(
        usage=f"{PROGRAM} plan GOAL accept --summary TEXT | reject --reason TEXT [--json] [--show rollback]",
        about="What the decision would write, file by file. Nothing is written.",
        arguments=f"""\
{_GOAL}
  --summary TEXT     for accept: what is accepted (- reads standard input)
  --reason TEXT      for reject: why (- reads standard input)
  --show rollback    for reject: print exactly the rollback plan that would be written
{_JSON}""",
        examples="""\
  omk-tui plan GOAL accept --summary "all slices merged"
  omk-tui plan GOAL reject --reason "slices 1 and 2 conflict" --show rollback""",
    ),
    "accept": Manual(
        usage=f"{PROGRAM} accept GOAL --summary TEXT [--snapshot DIGEST] [--record-not-ready] [--despite-conflicts]"
        " [--json]",
        about="""\
Record that the goal is accepted, as omk's own accept does. With missing evidence or an open conflict nothing is
written.""",
        arguments=f"""\
{_GOAL}
  --summary TEXT     what is accepted (- reads standard input; --summary=-x for a text that begins with a dash)
{_SNAPSHOT}
  --record-not-ready with missing evidence: record it as not ready, as omk does
  --despite-conflicts  with an open conflict: accept all the same, as omk does
{_JSON}""",
        examples="""\
  omk-tui accept GOAL --summary "reviewed, all slices merged" --snapshot DIGEST
  git log -1 --format=%B | omk-tui accept GOAL --summary -""",
    ),
    "reject": Manual(
        usage=f"{PROGRAM} reject GOAL --reason TEXT [--snapshot DIGEST] [--json]",
        about="Record that the goal is rejected, with a rollback plan, as omk's own reject does.",
        arguments=f"""\
{_GOAL}
  --reason TEXT      why (- reads standard input; --reason=-x for a text that begins with a dash)
{_SNAPSHOT}
{_JSON}""",
        examples="""\
  omk-tui reject GOAL --reason "slices 1 and 2 conflict in notes/store.py" --snapshot DIGEST
  omk-tui reject GOAL --reason - < reason.txt""",
    ),
    "history": Manual(
        usage=f"{PROGRAM} history GOAL [--verify] [--json]",
        about="""\
Every decision taken here on the goal: who, when, why, on which evidence, and what was written; and those that omk's
own files tell of, but not this record: taken with omk itself, or their line was removed.""",
        arguments=f"""\
{_GOAL}
  --verify           prove that no line of the ledger was changed or dropped, and compare today's files
{_JSON}""",
        examples="""\
  omk-tui history GOAL
  omk-tui history GOAL --verify && echo intact""",
    ),
    "doctor": Manual(
        usage=f"{PROGRAM} doctor [--repair [--yes]] [--json]",
        about="""\
A check-up of the state root: interrupted decisions, left-over files, torn logs, ghost rows and hidden goals,
permissions wider than omk's own, locks, breaks in a ledger.""",
        arguments=f"""\
  --repair           finish interrupted decisions and remove left-over files of ours, as any look at a goal does;
                     a decision that is not sealed with your key is shown, and finished when you type yes
  --yes              with --repair: yes to each of those
{_JSON}""",
        examples="""\
  omk-tui doctor
  omk-tui doctor --repair""",
    ),
    "demo": Manual(
        usage=f"{PROGRAM} demo [--into DIR]",
        about="""\
Sample goals in a private temporary place, removed at the end, and the desk on them.
Without a terminal it tells the whole journey as text: list, check, plan, a reject and an accept.""",
        arguments="  --into DIR         lay the samples out in DIR (absent or empty) and keep them",
        examples="""\
  omk-tui demo
  omk-tui demo --into /tmp/desk && omk-tui list --state-root /tmp/desk""",
    ),
}
"""Every command by its name."""


def version_line() -> str:
    """The program's name and version; ends with a newline."""
    from omk_tui import __version__

    return f"{PROGRAM} {__version__}\n"
