"""What is shipped: the sample goals and the styles are in git, sdist and wheel, and the installed wheel finds them."""

import os
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
SAMPLES = REPOSITORY / "omk_tui" / "demo" / "goals"


def below(directory: Path) -> set[str]:
    """The files below a directory of the repository, as paths in it."""
    return {str(path.relative_to(REPOSITORY)) for path in directory.rglob("*") if path.is_file()}


def run(*command: str | Path, cwd: Path, **environment: str) -> str:
    done = subprocess.run(
        command,
        cwd=cwd,
        env=os.environ | environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with the sdist and the wheel that was built from that sdist."""
    directory = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", directory, cwd=REPOSITORY)
    return directory


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    (wheel,) = built.glob("*.whl")
    return wheel


def test_samples_contain_logs() -> None:
    assert sum(path.endswith(".log") for path in below(SAMPLES)) > 20
    assert len(below(SAMPLES)) == 188


def test_git_takes_every_sample_even_where_logs_are_ignored(tmp_path: Path) -> None:
    (tmp_path / "ignore").write_text("*.log\nlogs/\n")
    settings = {"GIT_CONFIG_GLOBAL": str(tmp_path / "config"), "GIT_CONFIG_SYSTEM": os.devnull}
    (tmp_path / "config").write_text(f'[core]\n\texcludesFile = "{tmp_path}/ignore"\n')
    listing = ("git", f"--git-dir={tmp_path}/git", f"--work-tree={REPOSITORY}", "ls-files", "-z")
    run("git", "init", "--quiet", "--bare", tmp_path / "git", cwd=tmp_path, **settings)
    found = run(*listing, "--others", "--exclude-standard", "omk_tui/demo/goals", cwd=REPOSITORY, **settings)
    assert {path for path in found.split("\0") if path} == below(SAMPLES)


def test_the_sdist_has_every_sample_style_and_test(built: Path) -> None:
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert below(SAMPLES) | below(REPOSITORY / "styles") <= names
    assert {"Makefile", "README.md", "LICENSE", "tests/house/test_packages.py", ".ci/run"} <= names


def test_the_wheel_has_every_sample_and_style(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert below(SAMPLES) <= names
    assert {f"omk_tui/{style}" for style in below(REPOSITORY / "styles")} <= names
    assert not [name for name in names if name.startswith(("tests/", "styles/")) or "__pycache__" in name]


def test_sdist_and_checkout_give_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    run(sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", tmp_path, cwd=REPOSITORY)
    (direct,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(direct) as one, zipfile.ZipFile(wheel) as other:
        assert {name: one.read(name) for name in one.namelist()} == {
            name: other.read(name) for name in other.namelist()
        }


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bin directory of a fresh venv with the wheel in it; its dependencies are those of the running Python."""
    venv = tmp_path_factory.mktemp("installed")
    run(sys.executable, "-m", "venv", "--without-pip", venv, cwd=venv)
    python = venv / "bin" / "python"
    site = Path(run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=venv).strip())
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    run(
        python,
        "-m",
        "pip",
        "--disable-pip-version-check",
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        wheel,
        cwd=venv,
    )
    assert Path(run(python, "-c", "import omk_tui; print(omk_tui.__file__)", cwd=venv).strip()).parent.parent == site
    return python.parent


def test_the_installed_wheel_opens_the_desk_on_its_samples(installed: Path, tmp_path: Path) -> None:
    screen = run(installed / "python", Path(__file__).with_name("open_desk.py"), cwd=tmp_path)
    assert "Refactor the note" in screen
    assert "Build a harmless" in screen
    assert len(list((tmp_path / "root" / "goals").iterdir())) == 8


def test_the_installed_wheel_tells_the_demo_without_a_terminal(installed: Path, tmp_path: Path) -> None:
    told = run(installed / "omk-tui", "demo", cwd=tmp_path)
    assert "Refactor the note store" in told
    assert list(tmp_path.iterdir()) == []
