"""Codes of leads: where they come from, how far they are, why they were dropped."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Way(models.TextChoices):
    """The eight ways of finding customers."""

    NETWORK = "NETWORK", _("personal network")
    EXISTING = "EXISTING", _("existing customer")
    REFERRAL = "REFERRAL", _("referral")
    ASSOCIATION = "ASSOCIATION", _("industry association")
    SOCIAL = "SOCIAL", _("social occasion")
    SEMINAR = "SEMINAR", _("solution seminar")
    EXHIBITION = "EXHIBITION", _("trade exhibition")
    OUTBOUND = "OUTBOUND", _("own prospecting")


class Source(models.TextChoices):
    """Where a lead comes from: one of the eight ways, or what came by itself."""

    NETWORK = "NETWORK", _("personal network")
    EXISTING = "EXISTING", _("existing customer")
    REFERRAL = "REFERRAL", _("referral")
    ASSOCIATION = "ASSOCIATION", _("industry association")
    SOCIAL = "SOCIAL", _("social occasion")
    SEMINAR = "SEMINAR", _("solution seminar")
    EXHIBITION = "EXHIBITION", _("trade exhibition")
    OUTBOUND = "OUTBOUND", _("own prospecting")
    RESEARCH = "RESEARCH", _("data research")
    WEB_FORM = "WEB_FORM", _("web form")
    INBOUND = "INBOUND", _("call or mail to us")
    OTHER = "OTHER", pgettext_lazy("source", "other")


class LeadState(models.TextChoices):
    """How far a lead is."""

    NEW = "NEW", pgettext_lazy("lead", "new")
    WORKING = "WORKING", pgettext_lazy("lead", "being worked on")
    CONVERTED = "CONVERTED", pgettext_lazy("lead", "converted")
    DISCARDED = "DISCARDED", pgettext_lazy("lead", "discarded")


OPEN_STATES = (LeadState.NEW, LeadState.WORKING)


class DiscardReason(models.TextChoices):
    """Why a lead came to nothing."""

    NOT_REAL = "NOT_REAL", _("no real need")
    NO_BUDGET = "NO_BUDGET", _("no budget in sight")
    NOT_FIT = "NOT_FIT", _("not what we do")
    UNREACHABLE = "UNREACHABLE", _("nobody can be reached")
    ELSEWHERE = "ELSEWHERE", _("bought elsewhere")
    DUPLICATE = "DUPLICATE", _("known already")
    SPAM = "SPAM", _("spam")
    OTHER = "OTHER", pgettext_lazy("reason", "another reason")


class Answer(models.TextChoices):
    """The answer to one question of the check."""

    UNKNOWN = "UNKNOWN", _("not yet known")
    YES = "YES", pgettext_lazy("check", "yes")
    NO = "NO", pgettext_lazy("check", "no")


class ClaimEnd(models.TextChoices):
    """How somebody's hold on a lead ended."""

    RETURNED = "RETURNED", pgettext_lazy("claim", "given back")
    RECYCLED = "RECYCLED", pgettext_lazy("claim", "taken back")
    ASSIGNED = "ASSIGNED", pgettext_lazy("claim", "given to somebody else")
    CONVERTED = "CONVERTED", pgettext_lazy("claim", "converted")
    DISCARDED = "DISCARDED", pgettext_lazy("claim", "discarded")
