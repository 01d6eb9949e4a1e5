"""Whole processes: the import of a real data set, and idle workers."""

import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import orjson

DUOBIAO = [str(Path(sys.executable).with_name("duobiao"))]
IDLE_SECONDS = 8


def measure_import(folder: Path) -> dict[str, Any]:
    """Import ``folder`` with the shipped mapping into a database of its own; time and peak memory."""
    mapping = Path(__file__).parents[2] / "integrations" / "data" / "maven-crm.yaml"
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "DUOBIAO_HOME": home, "DATABASE_URL": f"sqlite:///{home}/import.sqlite3"}
        subprocess.run([*DUOBIAO, "init"], env=environment, check=True, capture_output=True)
        started = time.perf_counter()
        done = subprocess.run(
            [*DUOBIAO, "import", str(folder), "--mapping", str(mapping)],
            env=environment,
            check=True,
            capture_output=True,
            text=True,
        )
        seconds = time.perf_counter() - started
    memory = re.search(r"(\d+)\s*MB", done.stdout + done.stderr)
    return {"seconds": round(seconds, 1), "peak_memory_mb": int(memory[1]) if memory else None}


def measure_whole_recompute() -> dict[str, Any]:
    """Recompute the present database in a process of its own; time and peak memory."""
    command = [sys.executable, "-m", "duobiao.config.bench.recompute"]
    found: dict[str, Any] = orjson.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return found


def measure_workers() -> dict[str, Any]:
    """Start two workers on the present database, leave them idle, and add up their memory."""
    workers = [
        subprocess.Popen([*DUOBIAO, "worker"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for _ in range(2)
    ]
    try:
        time.sleep(IDLE_SECONDS)
        return {"two_idle_workers_mb": round(sum(_resident_mb(worker.pid) for worker in workers))}
    finally:
        for worker in workers:
            worker.terminate()
        for worker in workers:
            worker.wait(timeout=30)


def _resident_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    if found is None:
        raise RuntimeError(f"worker {pid} has ended; an idle worker should stay")
    return int(found[1]) / 1024
