"""Make an archive of everything a person sees: ask for it, write it in the background, fetch it, let it expire."""

from datetime import datetime, timedelta
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django_tasks import task

from duobiao.customers.models import Erasure
from duobiao.identity import policy
from duobiao.identity.models import User
from duobiao.integrations.events import ExportAsked, ExportFetched, ExportMade
from duobiao.integrations.models import Export, ExportState
from duobiao.integrations.queries.archive import write_archive
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict, NotFound
from duobiao.timeline.actions.notify import notify
from duobiao.timeline.actions.record import record
from duobiao.web.memory import peak_bytes
from duobiao.web.tables import tables

VERB: Final = "integrations.export"
KEEP: Final = timedelta(days=3)


class ExportRuns(Conflict):
    """An export of this person waits or runs already."""

    code = "export_runs"


class ExportGone(NotFound):
    """The archive is not ready yet, or has expired."""

    code = "export_gone"


@transaction.atomic
def ask_for_export(*, with_files: bool, actor: User, now: datetime) -> Export:
    """Queue an archive of everything the actor sees.

    Raises:
        NotAllowed: the actor may not export.
        ExportRuns: one waits or runs already.
    """
    policy.require(actor, VERB)
    export = Export(user=actor, with_files=with_files, created_at=now, tables_total=len(tables()))
    try:
        with transaction.atomic():
            export.save()
    except IntegrityError as error:
        raise ExportRuns(_("An export of yours is being made. Wait until it is ready.")) from error
    data = {"export": export.ref, "with_files": with_files, "note": export.ref}
    record(ExportAsked(subject=Ref.of(actor), data=data), actor=actor, at=now)
    run_export.enqueue(export.ref)
    return export


@task()
def run_export(ref: str) -> str:
    """Write an archive; begun again after its worker died, it is written from the start."""
    export = Export.objects.select_related("user").filter(ref=ref).first()
    if export is None or not export.is_busy:
        return "nothing to do"
    with translation.override(export.user.language or translation.get_language()):
        try:
            carry_out_export(export, now=timezone.now())
        except Exception:
            _fail(export, now=timezone.now())
            raise
    return "done"


def carry_out_export(export: Export, *, now: datetime) -> None:
    """Write the archive with the rights its person has now, and tell them; anew if somebody was erased meanwhile.

    Raises:
        NotAllowed: they may not export any more.
    """
    policy.require(export.user, VERB)
    Export.objects.filter(pk=export.pk).update(state=ExportState.RUNNING, tables_done=0, rows=0)
    export.path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    partial = export.path.with_suffix(".part")

    def told(rows: int) -> None:
        Export.objects.filter(pk=export.pk).update(tables_done=F("tables_done") + 1, rows=F("rows") + rows)

    try:
        erased = None
        while erased != (erased := Erasure.objects.count()):
            Export.objects.filter(pk=export.pk).update(tables_done=0, rows=0)
            manifest = write_archive(partial, user=export.user, with_files=export.with_files, now=now, told=told)
        partial.chmod(0o600)
        partial.replace(export.path)
    finally:
        partial.unlink(missing_ok=True)
    _finish(export, tables_written=len(manifest.tables), rows=manifest.rows, now=timezone.now())


@transaction.atomic
def fetch_export(*, export: Export, actor: User, now: datetime) -> Export:
    """Record that its person downloads the archive; the caller found it among their own.

    Raises:
        NotAllowed: the actor may not export any more.
        ExportGone: it is not ready, or has expired.
    """
    policy.require(actor, VERB)
    held = Export.objects.select_for_update().get(pk=export.pk)
    if not held.may_be_fetched(now) or not held.path.is_file():
        raise ExportGone(_("This export is not ready, or has expired. Make a new one."))
    held.fetched_at = now
    held.save(update_fields=["fetched_at"])
    data = {"export": held.ref, "rows": held.rows, "note": held.ref}
    record(ExportFetched(subject=Ref.of(actor), data=data), actor=actor, at=now)
    return held


def withdraw_exports(*, now: datetime) -> None:
    """Let every archive expire at once, whoever made it: what must go may be in any of them.

    None can be fetched from this moment; the files go when the transaction is over, or else with the hourly job. One
    that was finished by then, of what was seen before, goes with them.
    """

    def end_all() -> None:
        Export.objects.filter(state=ExportState.DONE, expires_at__gt=now).update(expires_at=now)

    def delete_all() -> None:
        end_all()
        let_exports_expire(now=now)

    end_all()
    transaction.on_commit(delete_all)


def let_exports_expire(*, now: datetime) -> int:
    """Delete the archives whose time is over; return how many."""
    over = Export.objects.filter(state=ExportState.DONE, expires_at__lte=now)
    count = 0
    for export in over.order_by("pk"):
        export.path.unlink(missing_ok=True)
        count += Export.objects.filter(pk=export.pk, state=ExportState.DONE).update(state=ExportState.GONE)
    return count


@transaction.atomic
def _finish(export: Export, *, tables_written: int, rows: int, now: datetime) -> None:
    export.state, export.finished_at, export.expires_at = ExportState.DONE, now, now + KEEP
    export.size, export.peak_bytes, export.rows = export.path.stat().st_size, peak_bytes(), rows
    export.tables_done = export.tables_total
    export.save()
    data = {"export": export.ref, "tables": tables_written, "rows": rows, "size": export.size}
    record(ExportMade(subject=Ref.of(export.user), data=data), actor=export.user, at=now)
    notify([export.user], event=ExportMade.name, url="/exports/", at=now, data=data)


def _fail(export: Export, *, now: datetime) -> None:
    Export.objects.filter(pk=export.pk).update(state=ExportState.FAILED, finished_at=now)
