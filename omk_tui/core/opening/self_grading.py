"""What of a branch's own changes decides whether its gates pass."""

from __future__ import annotations

from collections.abc import Sequence

from omk_tui.pattern import pattern

_FOLDERS = (".omk/", ".github/", ".gitlab/", ".circleci/", ".buildkite/", ".husky/")
_NAMES = frozenset(
    (
        *("makefile", "gnumakefile", "justfile", "taskfile.yml", "cmakelists.txt", "jenkinsfile", ".travis.yml"),
        *("package.json", ".npmrc", "jest.config.js", "vitest.config.ts", ".gitlab-ci.yml", "azure-pipelines.yml"),
        *("pyproject.toml", "setup.cfg", "setup.py", "tox.ini", "noxfile.py", "pytest.ini", "conftest.py"),
        *("cargo.toml", "build.rs", "go.mod", "build.gradle", "pom.xml", ".gitattributes", ".gitmodules"),
    )
)
_TEST = pattern(
    r"\s*(?:def test_|async def test_|func Test|#\[(?:tokio::)?test\]|@Test\b|(?:it|test|describe)\s*\(|not ok|ok \d)"
)
_SKIP = pattern(
    r"pytest\.mark\.(?:skip|xfail)|@unittest\.skip|\bt\.Skip\(|#\[ignore|@(?:Disabled|Ignore)\b"
    r"|\b(?:it|test|describe)\.(?:skip|todo|only)\(|\b(?:xit|xdescribe)\("
)


def self_graded_files(files: Sequence[str], gate_words: Sequence[str]) -> tuple[str, ...]:
    """The changed files on which a gate depends: named by its command, or known to steer builds, tests and CI."""
    words = {word.removeprefix("./") for word in gate_words}
    return tuple(
        name
        for name in files
        if name in words
        or name.startswith(_FOLDERS)
        or name.rpartition("/")[2].lower() in _NAMES
        or any(word.endswith(f"/{name}") or f"{name}" in word.split() for word in words)
    )


def tests_taken_away(diff: str) -> tuple[int, int]:
    """How many tests a diff removes (beyond those that it adds), and how many lines that skip one it adds."""
    removed = added = skips = 0
    for line in diff.split("\n"):
        if line.startswith("-") and not line.startswith("--- "):
            removed += bool(_TEST.match(line, 1))
        elif line.startswith("+") and not line.startswith("+++ "):
            added += bool(_TEST.match(line, 1))
            skips += bool(_SKIP.search(line))
    return max(removed - added, 0), skips
