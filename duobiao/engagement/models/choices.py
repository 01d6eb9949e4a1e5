"""The names of things on calls and visits, with the words people read."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from duobiao.engagement.events.calls import OUTCOME_WORDS


class CallResult(models.TextChoices):
    """How a call went."""

    SPOKE = "SPOKE", _("we talked")
    CALL_BACK = "CALL_BACK", _("call again later")
    NO_ANSWER = "NO_ANSWER", _("no answer")
    WRONG = "WRONG", _("wrong number")


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
    """What a visit is for: the five purposes of the method, and a workshop on needs with the customer."""

    ADVANTAGES = "ADVANTAGES", _("present our strengths")
    DRAFT = "DRAFT", _("hand over a draft")
    HANDLER = "HANDLER", _("find the handler")
    RELATION = "RELATION", _("build the relation")
    FACTS = "FACTS", _("confirm facts")
    WORKSHOP = "WORKSHOP", _("work through needs together")


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


class ListSource(models.TextChoices):
    """What a calling list is made from."""

    PLAN = "PLAN", _("contact plan")
    CUSTOMERS = "CUSTOMERS", _("customers")
    LEADS = "LEADS", _("leads")
    CAMPAIGN = "CAMPAIGN", _("campaign")


class CallOutcome(models.TextChoices):
    """What became of one entry of a calling list; the order is that of the keys 1 to 8."""

    MEETING = "MEETING", OUTCOME_WORDS["MEETING"]
    INTERESTED = "INTERESTED", OUTCOME_WORDS["INTERESTED"]
    REACHED = "REACHED", OUTCOME_WORDS["REACHED"]
    NOT_INTERESTED = "NOT_INTERESTED", OUTCOME_WORDS["NOT_INTERESTED"]
    CALL_BACK = "CALL_BACK", OUTCOME_WORDS["CALL_BACK"]
    NO_ANSWER = "NO_ANSWER", OUTCOME_WORDS["NO_ANSWER"]
    WRONG_NUMBER = "WRONG_NUMBER", OUTCOME_WORDS["WRONG_NUMBER"]
    SKIPPED = "SKIPPED", OUTCOME_WORDS["SKIPPED"]
