"""The signing secret: read from a file that only the service may read, made once by ``duobiao init``."""

import os
import secrets
import sys
from pathlib import Path


class MissingSecret(RuntimeError):
    """No signing secret exists yet; ``duobiao init`` or ``duobiao demo`` makes one."""


def secret_path(home: Path) -> Path:
    """Return the file that holds the secret."""
    return Path(os.environ.get("DUOBIAO_SECRET_KEY_FILE", home / "secret-key"))


def make_secret_key(home: Path) -> Path:
    """Create the secret file with mode 0600 unless it exists; return its path."""
    path = secret_path(home)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(64))
    return path


def read_secret_key(home: Path) -> str:
    """Return the secret.

    A process that serves or touches data must have one. Commands that never sign anything for others (tests,
    translations, static files) run with a random one of their own.

    Raises:
        MissingSecret: a serving process found no file.
    """
    path = secret_path(home)
    if path.is_file():
        secret = path.read_text().strip()
        if len(secret) < 40:
            raise MissingSecret(f"the secret in {path} is shorter than 40 characters; delete it and run: duobiao init")
        return secret
    if Path(sys.argv[0]).name == "gunicorn":
        raise MissingSecret(f"there is no secret at {path}; run: duobiao init")
    return secrets.token_urlsafe(64)
