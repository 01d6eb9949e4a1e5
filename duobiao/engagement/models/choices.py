"""The names of things on calls and visits, with the words people read."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CallResult(models.TextChoices):
    """How a call went."""

    SPOKE = "SPOKE", _("we talked")
    CALL_BACK = "CALL_BACK", _("call again later")
    NO_ANSWER = "NO_ANSWER", _("no answer")


class CallPurpose(models.TextChoices):
    """What a call is for (four purposes)."""

    BRAND = "BRAND", _("make us known")
    INTEREST = "INTEREST", _("raise interest")
    SCREENING = "SCREENING", _("screen the customer")
    APPOINTMENT = "APPOINTMENT", _("agree to meet")


class NeedKind(models.TextChoices):
    """Whether the customer sees the need."""

    EXPLICIT = "EXPLICIT", _("explicit, the customer said it")
    HIDDEN = "HIDDEN", _("hidden")


class Attitude(models.TextChoices):
    """How the contact took part in the conversation."""

    POSITIVE = "POSITIVE", pgettext_lazy("attitude", "willing")
    NEUTRAL = "NEUTRAL", pgettext_lazy("attitude", "neutral")
    PASSIVE = "PASSIVE", pgettext_lazy("attitude", "passive")


class VisitPurpose(models.TextChoices):
    """What a visit is for (five purposes)."""

    ADVANTAGES = "ADVANTAGES", _("present our strengths")
    DRAFT = "DRAFT", _("hand over a draft")
    HANDLER = "HANDLER", _("find the handler")
    RELATION = "RELATION", _("build the relation")
    FACTS = "FACTS", _("confirm facts")


class Strength(models.TextChoices):
    """The four parts of presenting ourselves."""

    BRAND = "BRAND", pgettext_lazy("strength", "brand")
    TECHNOLOGY = "TECHNOLOGY", pgettext_lazy("strength", "technical edge")
    REFERENCES = "REFERENCES", pgettext_lazy("strength", "customers who vouch")
    DIRECTION = "DIRECTION", pgettext_lazy("strength", "where we are going")


class VisitStatus(models.TextChoices):
    """What has become of a visit; follows from its days."""

    PLANNED = "PLANNED", pgettext_lazy("visit", "planned")
    HELD = "HELD", pgettext_lazy("visit", "held")
    CANCELLED = "CANCELLED", pgettext_lazy("visit", "cancelled")
