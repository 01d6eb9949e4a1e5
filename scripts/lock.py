"""Write the hashed lock files anew: ``requirements.lock`` (to run) and ``requirements-dev.lock`` (to run and develop).

    python scripts/lock.py             keep the versions that still fit
    python scripts/lock.py --upgrade   take the newest versions that pyproject.toml allows

The files name no package index, so that they work with any. They hold for every platform and every Python from 3.11.
"""

import re
import subprocess
import sys
from pathlib import Path

import setup

ROOT = Path(__file__).resolve().parents[1]
OPTIONS = ["--quiet", "--universal", "--python-version", "3.11", "--generate-hashes", "--no-annotate", "--no-header"]
OPTIONS += ["--no-emit-index-url", "--no-emit-find-links", "--no-emit-index-annotation"]
ADDRESS = re.compile(r"\w+://")


def main() -> None:
    """Compile both locks and make sure that no address slipped in."""
    uv = setup.find_uv()
    if uv is None:
        sys.exit("lock: uv is needed: pip install uv")
    upgrade = ["--upgrade"] if "--upgrade" in sys.argv else []
    compile_lock(uv, "requirements.lock", *upgrade)
    compile_lock(uv, "requirements-dev.lock", "--extra", "dev", "--constraints", "requirements.lock", *upgrade)


def compile_lock(uv: list[str], name: str, *options: str) -> None:
    """Compile one lock file."""
    command = [*uv, "pip", "compile", *OPTIONS, *options, "--output-file", name, "pyproject.toml"]
    subprocess.run(command, cwd=ROOT, env=setup.clean_environment(), stdout=subprocess.DEVNULL, check=True)
    text = (ROOT / name).read_text()
    if ADDRESS.search(text):
        sys.exit(f"lock: {name} names an address; remove the direct reference that caused it")
    print(f"lock: {name} pins {len(re.findall(r'^[a-z0-9]', text, re.M))} packages")


if __name__ == "__main__":
    main()
