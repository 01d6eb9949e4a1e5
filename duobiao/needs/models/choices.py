"""The names of things on needs and objections, with the words people read."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class NeedLevel(models.TextChoices):
    """Four levels of needs."""

    SURFACE = "SURFACE", pgettext_lazy("level of a need", "surface")
    BUSINESS = "BUSINESS", pgettext_lazy("level of a need", "business")
    STRATEGIC = "STRATEGIC", pgettext_lazy("level of a need", "strategic")
    HIDDEN = "HIDDEN", pgettext_lazy("level of a need", "hidden")


class NeedLayer(models.TextChoices):
    """Three layers of asking on."""

    SURFACE = "SURFACE", pgettext_lazy("layer of a need", "on the surface")
    DEEP = "DEEP", pgettext_lazy("layer of a need", "deep")
    HIDDEN = "HIDDEN", pgettext_lazy("layer of a need", "hidden")


class NeedPriority(models.TextChoices):
    """How much a need decides."""

    P0 = "P0", _("P0, must be met in full")
    P1 = "P1", _("P1, met or substituted")
    P2 = "P2", _("P2, if core and cost allow")
    P3 = "P3", _("P3, shown as added value")


class NeedFit(models.TextChoices):
    """How the solution answers a need."""

    UNKNOWN = "UNKNOWN", pgettext_lazy("fit of a solution", "not looked at")
    FULL = "FULL", pgettext_lazy("fit of a solution", "met in full")
    SUBSTITUTE = "SUBSTITUTE", pgettext_lazy("fit of a solution", "substitute")
    UPGRADE = "UPGRADE", pgettext_lazy("fit of a solution", "way to upgrade")
    PARTIAL = "PARTIAL", pgettext_lazy("fit of a solution", "met in part")
    NOT_MET = "NOT_MET", pgettext_lazy("fit of a solution", "not met")


class CostPer(models.TextChoices):
    """For what span a cost is told."""

    MONTH = "MONTH", pgettext_lazy("cost", "a month")
    QUARTER = "QUARTER", pgettext_lazy("cost", "a quarter")
    YEAR = "YEAR", pgettext_lazy("cost", "a year")
    ONCE = "ONCE", pgettext_lazy("cost", "once")


class Voice(models.TextChoices):
    """How a person of the customer stands to a need."""

    WANTS = "WANTS", pgettext_lazy("stance to a need", "wants it")
    NEUTRAL = "NEUTRAL", pgettext_lazy("stance to a need", "does not mind")
    OPPOSES = "OPPOSES", pgettext_lazy("stance to a need", "opposes it")


class ModuleFit(models.TextChoices):
    """How far a module of the solution answers a need."""

    FULL = "FULL", pgettext_lazy("fit of a module", "in full")
    PARTIAL = "PARTIAL", pgettext_lazy("fit of a module", "in part")
    CUSTOM = "CUSTOM", pgettext_lazy("fit of a module", "to be built")


class ChangeState(models.TextChoices):
    """What became of a change request."""

    OPEN = "OPEN", pgettext_lazy("change request", "to be decided")
    ACCEPTED = "ACCEPTED", pgettext_lazy("change request", "accepted")
    REJECTED = "REJECTED", pgettext_lazy("change request", "rejected")


class ObjectionType(models.TextChoices):
    """Four types of objections."""

    PRICE = "PRICE", pgettext_lazy("objection", "price")
    TECHNOLOGY = "TECHNOLOGY", pgettext_lazy("objection", "technology")
    SERVICE = "SERVICE", pgettext_lazy("objection", "service")
    RESISTANCE = "RESISTANCE", pgettext_lazy("objection", "resistance")


class SpinLetter(models.TextChoices):
    """Kinds of questions."""

    SITUATION = "S", _("S, situation")
    PROBLEM = "P", _("P, problem")
    IMPLICATION = "I", _("I, implication")
    PAYOFF = "N", _("N, need-payoff")


class MethodEffect(models.TextChoices):
    """What a method of asking brought."""

    NEW_NEED = "NEW_NEED", _("a new need came up")
    CONFIRMED = "CONFIRMED", _("the customer confirmed a need")
    NOTHING = "NOTHING", _("nothing new")
    RESISTED = "RESISTED", _("the customer resisted")
