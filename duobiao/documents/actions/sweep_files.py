"""Take away files that no row names: left behind by a crash or by a refused form."""

from datetime import datetime, timedelta

from duobiao.documents.models import Document
from duobiao.documents.models.files import abandoned_arrivals, file_path, files_locked, stored_files

GRACE = timedelta(days=1)
"""A file may wait this long for its row: the transaction that writes it may still be running."""


def sweep_files(*, now: datetime) -> int:
    """Delete unnamed files older than a day; return how many."""
    swept = 0
    for arrival in abandoned_arrivals(now - GRACE):
        arrival.unlink(missing_ok=True)
        swept += 1
    old = [sha256 for sha256, written in stored_files() if written < (now - GRACE).timestamp()]
    for at in range(0, len(old), 500):
        batch = old[at : at + 500]
        with files_locked():
            named = set(Document.objects.filter(sha256__in=batch).values_list("sha256", flat=True))
            for sha256 in set(batch) - named:
                path = file_path(sha256)
                if path.stat().st_mtime < (now - GRACE).timestamp():
                    path.unlink()
                    swept += 1
    return swept
