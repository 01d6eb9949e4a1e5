"""Set the project up: environment in ``.venv``, packages, front-end files, translations. Plain Python, nothing else.

    python3 scripts/setup.py

Every step remembers what it was made from, so a second run with nothing changed ends at once. Nothing is written
outside the project but the caches of the tools. Packages come hashed from ``requirements-dev.lock``, by ``uv`` where
it can be had, else by ``pip``.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, NoReturn

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
STAMP = ROOT / ".setup-stamp"
OLDEST = (3, 11)
NEWER = ("3.14", "3.13", "3.12", "3.11")

KEPT_PIP = (
    "INDEX_URL EXTRA_INDEX_URL FIND_LINKS NO_INDEX CERT CLIENT_CERT PROXY TRUSTED_HOST CACHE_DIR CONFIG_FILE RETRIES"
)
KEPT_UV = (
    "INDEX INDEX_URL DEFAULT_INDEX EXTRA_INDEX_URL FIND_LINKS CACHE_DIR CONFIG_FILE INSECURE_HOST HTTP_TIMEOUT OFFLINE"
)
KEPT_UV += " NATIVE_TLS SYSTEM_CERTS LINK_MODE KEYRING_PROVIDER"
KEPT = {f"PIP_{name}" for name in [*KEPT_PIP.split(), "DEFAULT_TIMEOUT"]} | {f"UV_{name}" for name in KEPT_UV.split()}
ITSELF = ["--no-deps", "--no-build-isolation", "--editable", str(ROOT)]
DROPPED = {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "CONDA_PREFIX", "DJANGO_SETTINGS_MODULE"}


def main() -> None:
    """Bring everything up to date."""
    ensure_python()
    with STAMP.open("a+") as stamp:
        fcntl.flock(stamp, fcntl.LOCK_EX)
        done = read_stamp(stamp)
        for step in STEPS:
            mark = fingerprint(step.sources(), f"{ROOT} {sys.version_info[:2]}" if step is ENVIRONMENT else "")
            if done.get(step.name) == mark and step.present():
                continue
            started = time.monotonic()
            say(f"{step.name} ...")
            forget_later(step, done)
            step.make()
            done[step.name] = mark
            write_stamp(stamp, done)
            say(f"{step.name}: done in {time.monotonic() - started:.1f} s")


class Step:
    """One part of the set-up: what it is made from, whether its result is there, how to make it."""

    def __init__(
        self, name: str, sources: Callable[[], Iterable[Path]], present: Callable[[], bool], make: Callable[[], None]
    ) -> None:
        self.name, self.sources, self.present, self.make = name, sources, present, make


def say(line: str) -> None:
    """Tell the person what goes on."""
    print(f"setup: {line}", flush=True)


def fail(line: str) -> NoReturn:
    """End with a clear message."""
    sys.exit(f"setup: {line}")


def ensure_python() -> None:
    """Continue with a newer Python when this one is too old."""
    if sys.version_info >= OLDEST:
        return
    for version in NEWER:
        newer = shutil.which(f"python{version}")
        if newer and runs([newer, "-c", "import sys"]):
            sys.exit(subprocess.run([newer, *sys.argv], check=False).returncode)
    fail(f"Python {OLDEST[0]}.{OLDEST[1]} or newer is needed; this is {sys.version.split()[0]}")


# What each step was made from


def read_stamp(stamp: IO[str]) -> dict[str, str]:
    """Return the marks of the steps done before; none when the file is new or damaged."""
    stamp.seek(0)
    try:
        marks = json.load(stamp)
    except ValueError:
        return {}
    return marks if isinstance(marks, dict) else {}


def write_stamp(stamp: IO[str], marks: dict[str, str]) -> None:
    """Keep the marks."""
    stamp.seek(0)
    stamp.truncate()
    json.dump(marks, stamp, indent=1)
    stamp.flush()


def forget_later(step: Step, done: dict[str, str]) -> None:
    """Drop the marks of this and every later step, which may depend on it."""
    for later in STEPS[STEPS.index(step) :]:
        done.pop(later.name, None)


def fingerprint(paths: Iterable[Path], extra: str) -> str:
    """Hash the contents of files; a missing file counts as empty."""
    digest = hashlib.sha256(extra.encode())
    for path in sorted(paths):
        content = path.read_bytes() if path.is_file() else b""
        digest.update(f"{path.relative_to(ROOT)}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


# Environment and packages


def clean_environment() -> dict[str, str]:
    """Return the environment without settings that would send packages elsewhere; indexes and proxies stay."""
    env = {
        name: value
        for name, value in os.environ.items()
        if name in KEPT or not (name.startswith(("PIP_", "UV_")) or name in DROPPED)
    }
    env.update(PIP_DISABLE_PIP_VERSION_CHECK="1", PIP_NO_INPUT="1", UV_PYTHON_DOWNLOADS="never", UV_NO_PROGRESS="1")
    if env.get("PIP_CERT") and not env.get("SSL_CERT_FILE"):
        env["SSL_CERT_FILE"] = env["PIP_CERT"]
    return env


def runs(command: list[str]) -> bool:
    """Tell whether a command can be run and succeeds."""
    try:
        answer = subprocess.run(
            command, env=clean_environment(), stdin=subprocess.DEVNULL, capture_output=True, check=False
        )
    except OSError:
        return False
    return answer.returncode == 0


def run(command: list[str]) -> bool:
    """Run a command in the project, showing what it prints; tell whether it succeeded."""
    return (
        subprocess.run(command, cwd=ROOT, env=clean_environment(), stdin=subprocess.DEVNULL, check=False).returncode
        == 0
    )


def find_uv() -> list[str] | None:
    """Return how to call ``uv``: from the path, beside the system's Python, or from the environment itself."""
    candidates = [[path] for path in (shutil.which("uv"), str(VENV / "bin" / "uv")) if path]
    if importlib.util.find_spec("uv"):
        candidates.append([sys.executable, "-m", "uv"])
    return next((command for command in candidates if runs([*command, "--version"])), None)


def make_environment() -> None:
    """Create ``.venv`` anew."""
    shutil.rmtree(VENV, ignore_errors=True)
    uv = find_uv()
    ways = [
        [*uv, "venv", "--quiet", "--python", sys.executable, str(VENV)] if uv else [],
        [sys.executable, "-m", "venv", str(VENV)],
        [sys.executable, "-m", "virtualenv", "--quiet", str(VENV)],
        [sys.executable, "-m", "venv", "--without-pip", str(VENV)],
    ]
    for way in filter(None, ways):
        if runs(way) and VENV_PYTHON.exists() and (uv or find_pip()):
            return
        shutil.rmtree(VENV, ignore_errors=True)
    if install_venv_module():
        make_environment()
        return
    fail("this Python can make no virtual environment; install its venv module (Debian, Ubuntu: python3-venv) or uv")


def install_venv_module() -> bool:
    """Install the module that Debian splits off, where we may."""
    package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    if os.geteuid() != 0 or not shutil.which("apt-get") or runs(["dpkg", "-s", package]):
        return False
    say(f"installing {package}")
    runs(["apt-get", "update", "-qq"])
    return runs(["apt-get", "install", "-y", "-qq", "--no-install-recommends", package])


def find_pip() -> list[str] | None:
    """Return how to call pip on the environment: its own pip, else the system's pip pointed at it."""
    candidates = [
        [str(VENV_PYTHON), "-m", "pip"],
        [sys.executable, "-m", "pip", "--python", str(VENV_PYTHON)],
    ]
    return next((command for command in candidates if runs([*command, "--version"])), None)


def install_packages() -> None:
    """Install exactly what the lock names, then the project itself, editable."""
    lock = str(ROOT / "requirements-dev.lock")
    uv = find_uv() or uv_by_pip()
    if uv:
        target = ["--python", str(VENV_PYTHON)]
        install = [*uv, "pip", "install", *target, "--quiet"]
        if run([*install, "--require-hashes", "-r", lock]) and run([*install, *ITSELF]):
            return
        say("uv could not install the packages; trying pip")
    pip = find_pip()
    if pip is None and runs([str(VENV_PYTHON), "-m", "ensurepip"]):
        pip = find_pip()
    if pip is None:
        fail("neither uv nor pip could install the packages")
    if not run([*pip, "install", "-qq", "--require-hashes", "-r", lock]):
        fail("the packages could not be installed; is the package index reachable?")
    if not run([*pip, "install", "-qq", *ITSELF]):
        fail("the project itself could not be installed into its environment")


def uv_by_pip() -> list[str] | None:
    """Install uv into the environment, since it is far faster; None when that fails."""
    pip = find_pip()
    if pip and runs([*pip, "install", "-qq", "uv"]):
        return find_uv()
    return None


# Front-end files and translations


def run_script(name: str, *arguments: str) -> None:
    """Run one of our scripts in the environment."""
    if not run([str(VENV_PYTHON), str(ROOT / "scripts" / name), *arguments]):
        fail(f"scripts/{name} failed")


def po_files() -> Iterator[Path]:
    """Find the translation sources."""
    return (ROOT / "duobiao").glob("*/locale/zh_Hans/LC_MESSAGES/*.po")


def compiled_present() -> bool:
    """Tell whether every translation is compiled, into both kinds of Chinese."""
    compiled = [po.with_suffix(".mo") for po in po_files()]
    both = [*compiled, *(Path(str(mo).replace("zh_Hans", "zh_Hant")) for mo in compiled)]
    return all(mo.is_file() for mo in both)


def files(*names: str) -> Callable[[], list[Path]]:
    """Name the sources of a step, relative to the project."""
    return lambda: [ROOT / name for name in names]


ENVIRONMENT = Step("environment", list, VENV_PYTHON.exists, make_environment)
STEPS = [
    ENVIRONMENT,
    Step(
        "packages",
        files("pyproject.toml", "requirements.lock", "requirements-dev.lock"),
        (VENV / "bin" / "duobiao").exists,
        install_packages,
    ),
    Step(
        "front-end files",
        files("package.json", "package-lock.json", "scripts/frontend.py"),
        (ROOT / "duobiao" / "web" / "static" / "vendor").is_dir,
        lambda: run_script("frontend.py"),
    ),
    Step(
        "translations",
        lambda: [*po_files(), ROOT / "scripts/translations.py", ROOT / "duobiao/web/zh_hant.yaml"],
        compiled_present,
        lambda: run_script("translations.py", "compile"),
    ),
]


if __name__ == "__main__":
    main()
