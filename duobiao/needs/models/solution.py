"""Modules of the solution, and which need each answers."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from duobiao.identity.models import User
from duobiao.kernel.refs import new_ref
from duobiao.needs.models.choices import ModuleFit
from duobiao.needs.models.need import SHORT, Need
from duobiao.needs.models.scoped import OfDeal
from duobiao.opportunities.models import Opportunity, Product


def module_ref() -> str:
    """Make the reference of a module."""
    return new_ref("SM")


class SolutionModule(OfDeal):
    """A part of the solution, by name or as one of our products."""

    kind = "solution_module"

    ref = models.CharField(max_length=16, unique=True, default=module_ref)
    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="solution_modules")
    name = models.CharField(_("module"), max_length=120)
    product = models.ForeignKey(Product, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(name=""), name="needs_module_has_name"),
            models.UniqueConstraint(
                fields=["opportunity", "name"], condition=Q(removed_at__isnull=True), name="needs_module_once_per_deal"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class NeedModule(models.Model):
    """A module answers a need."""

    need = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="modules")
    module = models.ForeignKey(SolutionModule, on_delete=models.CASCADE, related_name="answers")
    fit = models.CharField(_("how far"), max_length=8, choices=ModuleFit.choices)
    note = models.CharField(_("how"), max_length=SHORT, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["need", "module"], name="needs_module_answers_once"),
        ]

    def __str__(self) -> str:
        return f"{self.need_id} {self.module_id}"
