"""SPIN sheets with their questions, and methods of asking that were used."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from duobiao.customers.models import Contact
from duobiao.identity.models import User
from duobiao.kernel.refs import new_ref
from duobiao.needs.models.choices import MethodEffect, SpinLetter
from duobiao.needs.models.need import LONG, SHORT, Need
from duobiao.needs.models.scoped import OfDeal
from duobiao.opportunities.models import Opportunity


def sheet_ref() -> str:
    """Make the reference of a SPIN sheet."""
    return new_ref("SP")


def question_ref() -> str:
    """Make the reference of a question."""
    return new_ref("SQ")


class SpinSheet(OfDeal):
    """Questions for one conversation, with the answers."""

    kind = "spin_sheet"

    ref = models.CharField(max_length=16, unique=True, default=sheet_ref)
    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="spin_sheets")
    title = models.CharField(_("conversation"), max_length=120)
    contact = models.ForeignKey(Contact, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(title=""), name="needs_spin_sheet_has_title")]

    def __str__(self) -> str:
        return self.title


class SpinQuestion(models.Model):
    """One question of a sheet.

    Attributes:
        bank: Key of the question in the bank; "" for one of our own.
        need: The need that was made of the answer; None so far.
    """

    kind = "spin_question"

    ref = models.CharField(max_length=16, unique=True, default=question_ref)
    sheet = models.ForeignKey(SpinSheet, on_delete=models.CASCADE, related_name="questions")
    letter = models.CharField(max_length=1, choices=SpinLetter.choices)
    text = models.CharField(_("question"), max_length=SHORT)
    bank = models.CharField(max_length=60, blank=True)
    position = models.PositiveIntegerField(default=0)
    answer = models.TextField(_("answer"), max_length=LONG, blank=True)
    answered_on = models.DateField(null=True)
    need = models.ForeignKey(Need, null=True, on_delete=models.SET_NULL, related_name="questions")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(text=""), name="needs_question_asks_something"),
            models.CheckConstraint(
                condition=Q(answer="", answered_on__isnull=True) | (~Q(answer="") & Q(answered_on__isnull=False)),
                name="needs_answer_has_a_day",
            ),
        ]

    def __str__(self) -> str:
        return self.text


class MethodUse(OfDeal):
    """A method of asking was used, with what it brought."""

    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="method_uses")
    method = models.CharField(max_length=40)
    need = models.ForeignKey(Need, null=True, on_delete=models.SET_NULL, related_name="method_uses")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.PROTECT, related_name="+")
    effect = models.CharField(_("what it brought"), max_length=10, choices=MethodEffect.choices)
    note = models.CharField(_("in words"), max_length=SHORT, blank=True)
    used_on = models.DateField(_("day"))
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(effect__in=MethodEffect.values), name="needs_method_effect_known"),
        ]

    def __str__(self) -> str:
        return f"{self.method} {self.effect}"
