"""README's first section, as a newcomer types it: from a branch to a decision, with an empty home."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path

from tests.cli.processes import command, surroundings
from tests.engine.projects import git
from tests.opening.conftest import GATES, TEST

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


def test_the_five_commands_of_the_readme_lead_to_a_decision(tmp_path: Path) -> None:
    project = tmp_path / "project"
    (project / ".omk").mkdir(parents=True)
    (project / "tests").mkdir()
    (project / "src").mkdir()
    (project / ".omk/gates.toml").write_text(GATES)
    (project / "src/calc.py").write_text("def add(a, b):\n    return a + b\n")
    (project / "tests/test_calc.py").write_text(TEST)
    git(project, "init", "-q", "-b", "main")
    git(project, "add", "-A")
    git(project, "commit", "-qm", "Start")
    git(project, "checkout", "-q", "-b", "agent/parser")
    (project / "src/parser.py").write_text("def parse(text):\n    return text.split()\n")
    git(project, "add", "-A")
    git(project, "commit", "-qm", "Add a parser")
    git(project, "checkout", "-q", "main")
    (project / "review.md").write_text("I read it all.\n")
    head = git(project, "rev-parse", "agent/parser")
    shown = README.partition("```\nomk-tui open")[2].partition("```")[0]
    lines = re.findall(r"^(omk-tui .*?)(?:\s+#.*)?$", "omk-tui open" + shown, re.MULTILINE)
    assert len(lines) == 5
    (tmp_path / "home").mkdir()
    environment = surroundings(tmp_path, HOME=str(tmp_path / "home"), OMK_TUI_STATE_ROOT="")
    wanted = {"open": 0, "gate": 0, "check": 3, "review": 0, "accept": 0}
    said = ""
    for line in lines:
        words = shlex.split(line.replace("1f0c9a2b", head[:8]), comments=True)[1:]
        ended = subprocess.run(
            command(*words), cwd=project, env=environment, capture_output=True, text=True, check=False
        )
        assert ended.returncode == wanted[words[0]], (words, ended.stdout, ended.stderr)
        said = ended.stderr
    assert f"git merge --no-ff {head}" in said
