"""``duobiao serve``: the web server."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from filelock import FileLock
from gunicorn.app.base import BaseApplication
from gunicorn.workers.gthread import ThreadWorker

from duobiao.config.commands import home, prepare_home, require_database, require_secret, start_django

THREADS = 4
GRACE_SECONDS = 30
REQUEST_SECONDS = 60
SHARED_MEMORY = Path("/dev") / "shm"
"""Heartbeats of the processes go there, where no disk can stall them."""


def default_workers() -> int:
    """Return how many worker processes suit this machine."""
    return min(4, 2 * (os.cpu_count() or 1))


def run(*, host: str, port: int, workers: int) -> None:
    """Check that the installation is ready, refresh static files, and serve until told to stop.

    Args:
        workers: Number of processes, each with a few threads; 0 takes what suits the machine.
    """
    prepare_home()
    require_secret()
    start_django()
    require_database()
    collect_static_files()
    _close_connections()
    processes = workers or default_workers()
    print(f"serving http://{host}:{port} with {processes} processes; Ctrl-C stops", flush=True)
    Server(host=host, port=port, workers=processes).run()


def collect_static_files() -> bool:
    """Copy and compress static files when the sources changed; tell whether that was needed."""
    from django.conf import settings
    from django.core.management import call_command

    root = Path(settings.STATIC_ROOT)
    stamp = root / ".sources"
    with FileLock(home() / "static.lock"):
        sources = _fingerprint()
        if stamp.is_file() and stamp.read_text() == sources:
            return False
        call_command("collectstatic", interactive=False, verbosity=0)
        stamp.write_text(sources)
    return True


def _fingerprint() -> str:
    from django.contrib.staticfiles.finders import get_finders

    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list(ignore_patterns=None):
            status = os.stat(storage.path(path))
            digest.update(f"{path} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _close_connections() -> None:
    from django.db import connections

    connections.close_all()  # a worker process must not inherit an open connection


class DrainingWorker(ThreadWorker):
    """A worker process that, told to stop, first answers everybody who is connected already.

    Gunicorn leaves connections that wait in the listener's queue to be reset when the listener closes; here they are
    accepted, and only then the listener is closed, so that whoever comes later is refused at once.
    """

    def set_accept_enabled(self, enabled: bool | None) -> None:
        """Accept connections or stop doing so; stopping for good empties the queue."""
        super().set_accept_enabled(enabled)
        if not enabled and not self.alive:
            for listener in self.sockets:
                self._accept_waiting(listener)
                listener.close()

    def _accept_waiting(self, listener: Any) -> None:
        listener.setblocking(False)
        before = -1
        while before != self.nr_conns:
            before = self.nr_conns
            self.accept(listener)


class Server(BaseApplication):
    """Gunicorn with our settings."""

    def __init__(self, *, host: str, port: int, workers: int) -> None:
        address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        self._options: dict[str, Any] = {
            "bind": address,
            "workers": workers,
            "threads": THREADS,
            "worker_class": DrainingWorker,
            "graceful_timeout": GRACE_SECONDS,
            "timeout": REQUEST_SECONDS,
            "keepalive": 5,
            "max_requests": 0,
            "preload_app": False,
            "proc_name": "duobiao",
            "control_socket_disable": True,
            "worker_tmp_dir": str(SHARED_MEMORY) if os.access(SHARED_MEMORY, os.W_OK) else None,
            "errorlog": "-",
            "loglevel": "warning",
        }
        super().__init__()

    def load_config(self) -> None:
        """Give gunicorn our settings."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Callable[..., Any]:
        """Return the application, in each worker process."""
        from duobiao.config.wsgi import application

        return application
