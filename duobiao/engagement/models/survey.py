"""The survey sheet of a visit: what the customer answered to each question."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from duobiao.customers.models import Contact
from duobiao.engagement.models.call import LONG
from duobiao.engagement.models.visit import Visit
from duobiao.identity.models import User


class SurveyAnswer(models.Model):
    """One answer; ``question`` is its key in ``data/survey.yaml``."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="answers")
    question = models.CharField(max_length=40)
    answer = models.TextField(_("answer"), max_length=LONG)
    contact = models.ForeignKey(
        Contact, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("answered by")
    )
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["visit", "question"], name="engagement_answer_once_per_question"),
            models.CheckConstraint(condition=~Q(answer=""), name="engagement_answer_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.question}: {self.answer[:40]}"
