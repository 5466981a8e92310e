"""What of a branch's own changes decides whether its gates pass."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from omk_tui.core.format.patch_header import names_of
from omk_tui.light.dataclass import dataclass
from omk_tui.light.pattern import pattern

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
    rb"\n([-+])[ \t]*(?:def test_|async def test_|func Test|#\[(?:tokio::)?test\]|@Test\b|(?:it|test|describe)[ \t]*\("
    rb"|not ok|ok \d)"
)
_SKIP = pattern(
    rb"pytest\.mark\.(?:skip|xfail)|@unittest\.skip|\bt\.Skip\(|#\[ignore|@(?:Disabled|Ignore)\b"
    rb"|\b(?:it|test|describe)\.(?:skip|todo|only)\(|\b(?:xit|xdescribe)\("
)
_SKIP_WORDS = (
    *(b".skip", b".xfail", b"t.Skip(", b"#[ignore", b"@Disabled", b"@Ignore"),
    *(b".todo(", b".only(", b"xit(", b"xdescribe("),
)
"""Each line that skips a test has one of them: they are found faster than the pattern in a diff of many megabytes."""
_TEST_FILE = pattern(
    r"(?:^|/)(?:[Tt]ests?|[Ss]pecs?|__tests__|__snapshots__|testdata|testing|e2e)/|(?:^|/)(?:tests?|spec)_[^/]*$"
    r"|[_.-](?:tests?|spec)\.\w+$|(?:^|/)tests?\.\w+$|[a-z\d](?:Tests?|Spec)\.\w+$"
)
_FILE = b"diff --git "
_MOST_CHANGED = 1000


@dataclass(frozen=True, slots=True)
class ChangesOfTests:
    """What a diff does to tests.

    `removed` tests go beyond those that it adds, `skipped` lines that skip one it adds. `changed` are test files that
    were there before and lose lines, each with how many it loses and gains, as ``tests/test_core.py (-1 +1)``.
    """

    removed: int
    skipped: int
    changed: tuple[str, ...]


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


def changes_of_tests(diff: bytes) -> ChangesOfTests:
    """What a diff as git makes it does to tests. It is read in one pass for each word, however long it is."""
    signs = [match[1] for match in _TEST.finditer(diff)]
    removed = signs.count(b"-") - signs.count(b"+")
    changed = tuple(islice(_changed_test_files(diff), _MOST_CHANGED))
    return ChangesOfTests(max(removed, 0), _skipping_lines(diff), changed)


def _skipping_lines(diff: bytes) -> int:
    """How many added lines skip a test."""
    lines: set[int] = set()
    for word in _SKIP_WORDS:
        place = diff.find(word)
        while place >= 0:
            begin, end = diff.rfind(b"\n", 0, place) + 1, diff.find(b"\n", place)
            end = end if end >= 0 else len(diff)
            is_added = diff.startswith(b"+", begin) and not diff.startswith(b"+++ ", begin)
            if is_added and _SKIP.search(diff, begin, end):
                lines.add(begin)
            place = diff.find(word, end)
    return len(lines)


def _changed_test_files(diff: bytes) -> Iterator[str]:
    begin = 0 if diff.startswith(_FILE) else diff.find(b"\n" + _FILE) + 1
    while diff.startswith(_FILE, begin):
        following = diff.find(b"\n" + _FILE, begin)
        end = following if following >= 0 else len(diff)
        hunks = diff.find(b"\n@@ ", begin, end)
        if hunks >= 0 and (lost := diff.count(b"\n-", hunks, end)):
            _, name, change = names_of(diff[begin:hunks].decode("utf-8", "replace").split("\n"))
            if change != "new" and _TEST_FILE.search(name):
                gained = diff.count(b"\n+", hunks, end)
                yield f"{name} (-{lost} +{gained})"
        begin = end + 1
