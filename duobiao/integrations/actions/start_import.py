"""Start an import, or its dry run, as a background job."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.identity import policy
from duobiao.identity.models import User
from duobiao.integrations.actions.create_import import VERB, lock_draft
from duobiao.integrations.actions.run_queued import run_import
from duobiao.integrations.events import ImportStarted
from duobiao.integrations.models import ImportRun, RunState
from duobiao.integrations.queries.mappings import read_mapping
from duobiao.integrations.queries.sources import digest_of, files_of, open_parts
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Invalid
from duobiao.timeline.actions.record import record


@transaction.atomic
def start_import(*, run: ImportRun, dry_run: bool, actor: User, now: datetime) -> ImportRun:
    """Check that mapping and files fit each other, and queue the work.

    Raises:
        NotAllowed: ``actor`` may not import.
        NotADraft: it was started before.
        Invalid: there is no mapping yet.
        MappingRefused, FilesRefused: mapping or files cannot be used.
    """
    policy.require(actor, VERB)
    held = lock_draft(run)
    if not held.mapping:
        raise Invalid(_("Say first which column becomes what."), fields={"mapping": _("missing")})
    mapping, files = read_mapping(held.mapping), files_of(held)
    open_parts(mapping, files)
    held.digest = digest_of(held.mapping, files, mapping)
    held.state, held.dry_run, held.actor = RunState.QUEUED, dry_run, actor
    held.rows_done, held.failure, held.totals, held.began_at, held.finished_at = 0, "", [], None, None
    held.save()
    held.faults.all().delete()
    event = ImportStarted(subject=Ref.of(held), data={"source": held.source, "dry_run": dry_run, "note": held.source})
    record(event, actor=actor, at=now)
    run_import.enqueue(held.ref)
    return held
