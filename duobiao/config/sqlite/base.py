"""SQLite for concurrent writers: one file lock around each outermost write transaction.

SQLite lets one connection write at a time and answers the others with "database is locked" once its own
waiting runs out. Writers here queue on a file lock first, so that each finds the database free. Transactions
begin IMMEDIATE (see the settings), therefore every ``atomic`` block may write and takes the lock; a single
statement outside of any transaction takes it for itself.
"""

from collections.abc import Callable
from pathlib import Path
from sqlite3 import OperationalError
from typing import Any

from django.db.backends.sqlite3 import base
from filelock import FileLock, Timeout

LOCK_TIMEOUT_SECONDS = 30
POLL_SECONDS = 0.005
WRITES = ("INSERT", "UPDATE", "DELETE", "REPLAC")


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's SQLite connection with the write lock."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._write_lock: FileLock | None = None
        self.execute_wrappers.append(self._lock_single_write)

    def set_autocommit(self, autocommit: bool, force_begin_transaction_with_broken_autocommit: bool = False) -> None:
        """Begin a transaction holding the write lock, or end one."""
        if not autocommit:
            self._acquire_write_lock()
        try:
            super().set_autocommit(autocommit, force_begin_transaction_with_broken_autocommit)
        except BaseException:
            self._release_write_lock()
            raise

    def commit(self) -> None:
        """Commit; the next writer may go on."""
        super().commit()
        self._release_write_lock()

    def rollback(self) -> None:
        """Roll back; the next writer may go on."""
        try:
            super().rollback()
        finally:
            self._release_write_lock()

    def close(self) -> None:
        """Close the connection; the next writer may go on."""
        try:
            super().close()
        finally:
            self._release_write_lock()

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
        with self.wrap_database_errors:
            try:
                lock.acquire(poll_interval=POLL_SECONDS)
            except Timeout as error:
                raise OperationalError("database is locked: the write queue is full") from error
        self._write_lock = lock

    def _release_write_lock(self) -> None:
        lock, self._write_lock = self._write_lock, None
        if lock is not None:
            lock.release()

    def _lock_single_write(
        self, execute: Callable[..., Any], sql: str, parameters: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        begins_transaction = self._write_lock is None and sql.lstrip()[:6].upper() in WRITES
        if not begins_transaction:
            return execute(sql, parameters, many, context)
        self._acquire_write_lock()
        try:
            return execute(sql, parameters, many, context)
        finally:
            self._release_write_lock()
