"""PostgreSQL's own programs for dumping and restoring."""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db import connection

from duobiao.config.commands import Problem

SERVER_FOLDERS = (Path("/usr/lib/postgresql"), Path("/opt/homebrew/opt"), Path("/usr/local/opt"))


def find(program: str) -> str:
    """Return the path of ``pg_dump`` or ``pg_restore`` that is at least as new as the server.

    Raises:
        Problem: none is installed.
    """
    server = connection.connection.info.server_version // 10000 if connection.connection else 0
    candidates = [shutil.which(program)]
    candidates += [str(path) for folder in SERVER_FOLDERS for path in folder.glob(f"*/bin/{program}")]
    found = {path: _major(path) for path in candidates if path and os.access(path, os.X_OK)}
    fitting = [path for path, major in found.items() if major >= server]
    if not fitting:
        raise Problem(f"{program} of PostgreSQL {server} or newer is needed; install postgresql-client-{server}")
    return min(fitting, key=lambda path: found[path])


def _major(path: str) -> int:
    answer = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)
    match = re.search(r"\b(\d+)(?:\.\d+|devel|beta|rc)", answer.stdout)
    return int(match.group(1)) if match else 0


def run(program: str, *arguments: str) -> str:
    """Run one of the programs against our database; return what it printed.

    Raises:
        Problem: it failed; the message is its own last line.
    """
    command = [find(program), "--no-password", *arguments]
    env = {**os.environ, **_address(connection.settings_dict)}
    answer = subprocess.run(command, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if answer.returncode:
        lines = answer.stderr.strip().splitlines() or ["no message"]
        raise Problem(f"{program} failed: {lines[-1]}")
    return answer.stdout


def _address(settings: Mapping[str, Any]) -> dict[str, str]:
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    address = {variable: str(settings[name]) for variable, name in names.items() if settings.get(name)}
    options = settings.get("OPTIONS", {})
    ssl = {"PGSSLMODE": "sslmode", "PGSSLROOTCERT": "sslrootcert", "PGSSLCERT": "sslcert", "PGSSLKEY": "sslkey"}
    return address | {variable: str(options[name]) for variable, name in ssl.items() if name in options}
