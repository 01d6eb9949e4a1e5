"""The company's templates, one a kind of paper at most; without a row ours holds."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from duobiao.documents.models import Document
from duobiao.identity.models import User


class PaperTemplate(models.Model):
    """The Word file that papers of a kind are laid out by.

    Attributes:
        paper: Key of the kind, see ``web.paper_kinds``.
    """

    kind = "paper_template"

    paper = models.CharField(_("paper"), max_length=40, unique=True)
    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, related_name="paper_templates", verbose_name=_("file")
    )
    placed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("put in by"))
    placed_at = models.DateTimeField(_("put in"))
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(paper=""), name="papers_template_names_its_paper"),
        ]

    def __str__(self) -> str:
        return self.paper
