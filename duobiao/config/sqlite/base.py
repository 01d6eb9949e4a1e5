"""SQLite for concurrent writers: one file lock around each outermost write transaction.

SQLite lets one connection write at a time and answers the others with "database is locked" once its own
waiting runs out. Writers here queue on a file lock first, so that each finds the database free. Transactions
begin IMMEDIATE (see the settings), therefore every ``atomic`` block may write and takes the lock.
"""

import threading
from pathlib import Path

from django.db.backends.sqlite3 import base
from filelock import FileLock, Timeout

LOCK_TIMEOUT_SECONDS = 30


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's SQLite connection with the write lock."""

    _write_lock: FileLock | None = None

    def _lock_path(self) -> Path | None:
        name = str(self.settings_dict["NAME"])
        if ":memory:" in name or "mode=memory" in name:
            return None
        return Path(f"{name}.write-lock")

    def _acquire_write_lock(self) -> None:
        path = self._lock_path()
        if path is None or self._write_lock is not None:
            return
        lock = FileLock(path, timeout=LOCK_TIMEOUT_SECONDS, thread_local=False)
        try:
            lock.acquire(poll_interval=0.005)
        except Timeout as error:
            raise base.Database.OperationalError("database is locked: the write queue is full") from error
        self._write_lock = lock

    def _release_write_lock(self) -> None:
        lock, self._write_lock = self._write_lock, None
        if lock is not None:
            lock.release()

    def _start_transaction_under_autocommit(self) -> None:
        with self.wrap_database_errors:
            self._acquire_write_lock()
        try:
            super()._start_transaction_under_autocommit()
        except BaseException:
            self._release_write_lock()
            raise

    def _commit(self) -> None:
        super()._commit()
        self._release_write_lock()

    def _rollback(self) -> None:
        try:
            super()._rollback()
        finally:
            self._release_write_lock()

    def _close(self) -> None:
        try:
            super()._close()
        finally:
            self._release_write_lock()
