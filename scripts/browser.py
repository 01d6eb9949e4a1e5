"""Find a Chromium for the browser tests and the screenshots, or get one; print its path.

    python scripts/browser.py

Tried in turn: DUOBIAO_BROWSER, an installed Chromium or Chrome, Playwright's own, the system package where we are
root on Debian or Ubuntu, and the browser Playwright downloads. Chinese fonts are installed along with it.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
)
MAC = ("Google Chrome", "Chromium", "Microsoft Edge")


def launch_arguments() -> list[str]:
    """Return the arguments Chromium needs here: no sandbox as root, where it cannot have one, and no network."""
    hosts = "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE localhost , EXCLUDE 127.0.0.1"
    return [hosts, "--disable-dev-shm-usage", *(["--no-sandbox"] if os.geteuid() == 0 else [])]


def find() -> str:
    """Return the path of a browser that starts; empty when there is none."""
    candidates = [os.environ.get("DUOBIAO_BROWSER"), *map(shutil.which, NAMES)]
    candidates += [f"/Applications/{name}.app/Contents/MacOS/{name}" for name in MAC]
    installed = next((path for path in candidates if path and starts(path)), "")
    if installed:
        return installed
    own = playwrights_own()
    return own if starts(own) else ""


def playwrights_own() -> str:
    """Return where Playwright keeps its browser, whether or not it is there."""
    code = "from playwright.sync_api import sync_playwright as p\nwith p() as it: print(it.chromium.executable_path)"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    return answer.stdout.strip()


def starts(path: str) -> bool:
    """Tell whether the browser can be run; some systems ship a stub that only asks to install it."""
    if not Path(path).is_file():
        return False
    try:
        answer = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0


def has_chinese_font() -> bool:
    """Tell whether Chinese text can be drawn; where there is no fontconfig the system has its own fonts."""
    if not shutil.which("fc-list"):
        return not shutil.which("apt-get")
    return bool(subprocess.run(["fc-list", ":lang=zh"], capture_output=True, check=False).stdout)


def install_packages(*packages: str) -> None:
    """Install system packages where we may."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    print(f"browser: installing {' '.join(packages)}", file=sys.stderr)
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for words in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        command = ["apt-get", "-qq", *words]
        subprocess.run(command, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=False)


def find_or_install() -> str:
    """Return the path of a browser, installing one when there is none; empty when that fails too."""
    found = find()
    for package in ("chromium-headless-shell", "chromium"):  # the shell draws no window around the page: half the work
        if not found:
            install_packages(package, "fontconfig", "fonts-noto-cjk")
            found = find()
    if not found:
        print("browser: downloading Playwright's Chromium", file=sys.stderr)
        command = [sys.executable, "-m", "playwright", "install", "chromium"]
        subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=False)
        found = find()
    if found and not has_chinese_font():
        install_packages("fontconfig", "fonts-noto-cjk")
    return found


def main() -> None:
    """Print the path of a browser."""
    path = find_or_install()
    if not path:
        sys.exit("browser: no Chromium or Chrome can be found or installed; install one, or set DUOBIAO_BROWSER")
    print(path)


if __name__ == "__main__":
    main()
