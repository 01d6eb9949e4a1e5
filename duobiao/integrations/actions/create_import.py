"""Prepare an import: keep the files, choose or write the mapping, throw a draft away."""

from collections.abc import Sequence
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.documents.actions.drop_unused import drop_unused
from duobiao.documents.actions.store_upload import store_upload
from duobiao.documents.models import Document
from duobiao.identity import policy
from duobiao.identity.models import User
from duobiao.integrations.events import ImportFilesDeleted
from duobiao.integrations.models import ImportFile, ImportRun, RunState
from duobiao.integrations.queries.mappings import read_mapping
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict, Invalid
from duobiao.timeline.actions.record import record

VERB = "integrations.import"
MOST_FILES = 20
LONGEST_NAME = 200
OVER = (RunState.DONE, RunState.FAILED)


class NotADraft(Conflict):
    """The import has been started; make a new one instead."""

    code = "not_a_draft"


class NotOver(Conflict):
    """The import is not over."""

    code = "import_not_over"


def create_import(*, files: Sequence[UploadedFile[bytes]], mapping: str = "", actor: User, now: datetime) -> ImportRun:
    """Keep files as the draft of an import.

    Args:
        mapping: YAML; "" while it is still to be built.

    Raises:
        NotAllowed: ``actor`` may not import.
        Invalid: there is no file, there are too many, or two have one name.
        MappingRefused: the mapping cannot be used.
    """
    policy.require(actor, VERB)
    names = [(upload.name or "")[-LONGEST_NAME:] for upload in files]
    if not 1 <= len(files) <= MOST_FILES:
        message = _("Choose 1 to %(most)d files.") % {"most": MOST_FILES}
        raise Invalid(message, fields={"files": message})
    if len(set(names)) < len(names):
        message = _("Two files have the same name. Rename one of them.")
        raise Invalid(message, fields={"files": message})
    rules = read_mapping(mapping) if mapping else None
    documents = [
        store_upload(name=name, chunks=upload.chunks(), actor=actor, now=now)
        for name, upload in zip(names, files, strict=True)
    ]
    with transaction.atomic():
        run = ImportRun.objects.create(
            source=rules.source if rules else "", mapping=mapping, actor=actor, created_at=now
        )
        ImportFile.objects.bulk_create(
            ImportFile(run=run, name=name, document=document) for name, document in zip(names, documents, strict=True)
        )
    return run


@transaction.atomic
def set_mapping(*, run: ImportRun, mapping: str, actor: User) -> ImportRun:
    """Give an import that has not written anything another mapping.

    Raises:
        NotAllowed: ``actor`` may not import.
        NotADraft: it has been started.
        MappingRefused: the mapping cannot be used.
    """
    policy.require(actor, VERB)
    held = lock_draft(run)
    held.source, held.mapping = read_mapping(mapping).source, mapping
    held.state, held.failure, held.totals = RunState.DRAFT, "", []
    held.save(update_fields=["source", "mapping", "state", "failure", "totals"])
    held.faults.all().delete()
    return held


@transaction.atomic
def discard_import(*, run: ImportRun, actor: User) -> None:
    """Throw away an import that has not written anything; its files go with the daily sweep.

    Raises:
        NotAllowed: ``actor`` may not import.
        NotADraft: it has been started.
    """
    policy.require(actor, VERB)
    held = lock_draft(run)
    documents = _documents(held)
    held.delete()
    drop_unused(documents)


@transaction.atomic
def delete_files(*, run: ImportRun, actor: User, now: datetime) -> int:
    """Delete the uploaded files of an import that is over; return how many. Their content goes with the daily sweep.

    Raises:
        NotAllowed: ``actor`` may not import.
        NotOver: the import is being prepared, waits or runs.
    """
    policy.require(actor, VERB)
    held = ImportRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if held.state not in OVER:
        raise NotOver(_("Only files of an import that is over can be deleted. Discard one that is being prepared."))
    documents = _documents(held)
    held.files.all().delete()
    drop_unused(documents)
    if documents:
        record(ImportFilesDeleted(subject=Ref.of(held), data={"files": len(documents)}), actor=actor, at=now)
    return len(documents)


def lock_draft(run: ImportRun) -> ImportRun:
    """Return the run, locked, if nothing was written under it yet.

    Raises:
        NotADraft: something was, or is about to be.
    """
    held = ImportRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if held.state not in (RunState.DRAFT, RunState.CHECKED, RunState.FAILED) or held.batches.exists():
        raise NotADraft(_("This import has been started. Begin a new one with the same files."))
    return held


def _documents(run: ImportRun) -> list[Document]:
    return [row.document for row in run.files.select_related("document")]
