"""Tables of imports: runs, checkpoints, faults, what was brought in under which id."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from duobiao.documents.models import Document
from duobiao.identity.models import User
from duobiao.kernel.refs import new_ref


def run_ref() -> str:
    """Make the reference of an import."""
    return new_ref("I")


class RunState(models.TextChoices):
    """How far an import is."""

    DRAFT = "DRAFT", pgettext_lazy("import", "being prepared")
    QUEUED = "QUEUED", pgettext_lazy("import", "waiting to start")
    RUNNING = "RUNNING", pgettext_lazy("import", "running")
    CHECKED = "CHECKED", pgettext_lazy("import", "checked")
    DONE = "DONE", pgettext_lazy("import", "done")
    FAILED = "FAILED", pgettext_lazy("import", "failed")


class ImportRun(models.Model):
    """One import, from the choice of files to its result.

    Attributes:
        digest: SHA-256 over mapping and files; a run that was killed is found again by it.
        dry_run: Check everything, write nothing.
        failure: Why the files as a whole could not be imported, one reason a line.
        totals: Per part of the mapping: file, target, rows, created, changed, unchanged, skipped, refused.
        began_at: When the first batch began; "today" of the whole run, also when it goes on a day later.
    """

    kind = "import"

    ref = models.CharField(max_length=16, unique=True, default=run_ref)
    source = models.CharField(_("source"), max_length=60, blank=True)
    mapping = models.TextField(_("mapping"), blank=True)
    digest = models.CharField(max_length=64, blank=True, db_index=True)
    state = models.CharField(max_length=8, choices=RunState.choices, default=RunState.DRAFT)
    dry_run = models.BooleanField(_("dry run"), default=False)
    failure = models.TextField(blank=True)
    totals: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField(default=list)
    rows_total = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)
    peak_bytes = models.PositiveBigIntegerField(default=0)
    actor = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    began_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(rows_done__lte=models.F("rows_total")), name="integrations_run_not_over_done"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["created_at", "id"], name="integrations_run_created")]

    def __str__(self) -> str:
        return self.ref

    @property
    def is_busy(self) -> bool:
        """Whether it waits or runs."""
        return self.state in (RunState.QUEUED, RunState.RUNNING)

    @property
    def percent(self) -> int:
        """Share of the rows that are done, rounded down."""
        return self.rows_done * 100 // self.rows_total if self.rows_total else 0

    def count(self, name: str) -> int:
        """Return the sum of one count over all parts."""
        return sum(int(part.get(name, 0)) for part in self.totals)


class ImportFile(models.Model):
    """A file somebody uploaded for an import."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=200)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["run", "name"], name="integrations_file_name_once")]

    def __str__(self) -> str:
        return self.name


class ImportBatch(models.Model):
    """Up to 500 rows that were imported together; written in the transaction of its rows.

    Attributes:
        part: Which part of the mapping, counted from 0; ``number`` which batch of it.
        links: Whether this is the second pass, which sets references between rows of one file.
    """

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="batches")
    part = models.PositiveSmallIntegerField()
    links = models.BooleanField(default=False)
    number = models.PositiveIntegerField()
    rows = models.PositiveIntegerField()
    created = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "part", "links", "number"], name="integrations_batch_once"),
        ]

    def __str__(self) -> str:
        return f"{self.run_id}/{self.part}/{self.number}"


class ImportFault(models.Model):
    """A row, or a cell of it, that was refused.

    Attributes:
        cells: The row as it stood in the file, by column.
    """

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="faults")
    part = models.PositiveSmallIntegerField()
    file = models.CharField(max_length=200)
    line = models.PositiveIntegerField()
    column = models.CharField(max_length=200, blank=True)
    target_field = models.CharField(max_length=60, blank=True)
    code = models.CharField(max_length=40)
    params: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    cells: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["run", "part", "line", "id"], name="integrations_fault_of_run")]

    def __str__(self) -> str:
        return f"{self.file}:{self.line} {self.code}"


class ImportedRecord(models.Model):
    """What a row became, and the values it had then: an unchanged row changes nothing, whatever people edited here.

    Attributes:
        target: Kind of record, as in a mapping.
        object_id: Key of the record.
        values: What the row said, by field, as JSON.
        erased: Its person asked to be erased, or its words named somebody who did.
    """

    source = models.CharField(max_length=60)
    target = models.CharField(max_length=16)
    external_id = models.CharField(max_length=120)
    object_id = models.BigIntegerField()
    values: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    erased = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "target", "external_id"], name="integrations_imported_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["target", "object_id"], name="integrations_imported_object")]

    def __str__(self) -> str:
        return f"{self.source}/{self.target}/{self.external_id}"
