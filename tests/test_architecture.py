"""The shape of the code, held by machines."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from duobiao.web.registry import panel_slots

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "duobiao"
LONGEST_FILE = 400
CODE = {".py", ".html", ".css", ".js", ".sh", ".txt"}
EXEMPT = re.compile(r"/migrations/|/static/vendor/|(^|/)LICENSE|icons\.txt$")
MACHINE_PATH = re.compile(r"""(^|[\s"'`(=:])/(root|work|home/\w|Users/\w|tmp/\w)""", re.M)
ADDRESS = re.compile(r"\w+://")
SUPPRESSION = re.compile(
    r"#\s*noqa|#\s*type:\s*ignore|#\s*pragma: no cover|\bTO" + r"DO\b|\bFIX" + r"ME\b|pytest\.mark\.(skip|xfail)\b"
)


def tracked_files() -> list[Path]:
    """List what belongs to the project: tracked, or new and not ignored."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listing = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    return [ROOT / name for name in sorted(set(listing)) if (ROOT / name).is_file()]


def text_files() -> list[tuple[str, str]]:
    """Return name and text of every file that is text."""
    found = []
    for path in tracked_files():
        try:
            found.append((path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")))
        except UnicodeDecodeError:
            continue
    return found


def capabilities() -> list[Path]:
    return sorted(path for path in PACKAGE.iterdir() if path.is_dir() and any(path.glob("*.py")))


def test_imports_run_downward_only():
    result = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert result.returncode == 0, result.stdout


def test_no_file_is_longer_than_a_person_can_hold_in_mind():
    long = [
        f"{name}: {len(text.splitlines())}"
        for name, text in text_files()
        if Path(name).suffix in CODE and not EXEMPT.search(name) and len(text.splitlines()) > LONGEST_FILE
    ]

    assert long == []


def test_every_panel_has_a_page_that_draws_it():
    drawn = set()
    for path in PACKAGE.rglob("jinja2/**/*.html"):
        drawn |= set(re.findall(r'panels\("([\w.]+)"', path.read_text(encoding="utf-8")))

    assert panel_slots() - drawn == set()


def test_every_capability_says_what_it_is():
    silent = [
        path.name for path in capabilities() if not ast.get_docstring(ast.parse((path / "__init__.py").read_text()))
    ]

    assert silent == []


def test_no_file_names_a_place_on_one_machine():
    found = [
        f"{name}: {match.group().strip()}"
        for name, text in text_files()
        if name != "tests/test_architecture.py"
        for match in MACHINE_PATH.finditer(text)
    ]

    assert found == []


def test_nothing_is_silenced_postponed_or_skipped():
    found = [
        f"{name}: {match.group()}"
        for name, text in text_files()
        if name.endswith((".py", ".js", ".html")) and name != "tests/test_architecture.py"
        for match in SUPPRESSION.finditer(text)
    ]

    assert found == []


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock", "package-lock.json"])
def test_locks_name_no_package_index(lock):
    text = (ROOT / lock).read_text()

    assert [line for line in text.splitlines() if ADDRESS.search(line) and '"url"' not in line] == []


@pytest.mark.parametrize(("lock", "extras"), [("requirements.lock", []), ("requirements-dev.lock", ["dev"])])
def test_locks_hold_what_the_project_asks_for(lock, extras):
    pinned = dict(re.findall(r"^([A-Za-z0-9._-]+)==([^\s;]+)", (ROOT / lock).read_text(), re.M))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [*project["dependencies"], *(line for extra in extras for line in project["optional-dependencies"][extra])]

    for requirement in map(Requirement, wanted):
        version = pinned.get(canonicalize_name(requirement.name))
        assert version is not None, f"{requirement.name} is not locked; run: make lock"
        assert requirement.specifier.contains(version), f"{requirement} is locked at {version}; run: make lock"


def test_every_locked_package_carries_hashes():
    for lock in ("requirements.lock", "requirements-dev.lock"):
        blocks = re.split(r"^(?=[A-Za-z0-9])", (ROOT / lock).read_text(), flags=re.M)[1:]
        assert [block.split("==")[0] for block in blocks if "--hash=sha256:" not in block] == []


def test_the_runtime_lock_is_part_of_the_development_lock():
    runtime, development = ((ROOT / name).read_text() for name in ("requirements.lock", "requirements-dev.lock"))
    pins = re.findall(r"^[A-Za-z0-9._-]+==[^\s;]+", runtime, re.M)

    assert [pin for pin in pins if pin not in development] == []
