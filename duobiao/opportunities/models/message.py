"""Value messages of a deal: what we say to which department in which stage, and what shows it (F5 分阶段差异化价值主张)."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from duobiao.customers.models import Function
from duobiao.documents.models import Document
from duobiao.identity.models import User
from duobiao.opportunities.models.deal import Opportunity


class ValueMessage(models.Model):
    """What we say to one department in one stage.

    Attributes:
        stage: Key of the stage, which later versions of a playbook keep.
        message: Empty where it was taken back.
        proof: What shows it, in words: a case, a figure; ``document`` a file of the deal that does.
    """

    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="value_messages")
    stage = models.CharField(_("stage"), max_length=40)
    function = models.CharField(_("department"), max_length=12, choices=Function.choices)
    message = models.TextField(_("message"), max_length=500, blank=True)
    proof = models.CharField(_("what shows it"), max_length=300, blank=True)
    document = models.ForeignKey(Document, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["opportunity", "stage", "function"], name="opportunities_message_once"),
        ]

    def __str__(self) -> str:
        return f"{self.stage} {self.function} of {self.opportunity_id}"
