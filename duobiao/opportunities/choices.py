"""The names of suggestions and of what people decide about them, with the words people read."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class SuggestionKind(models.TextChoices):
    """What is suggested."""

    CALL = "CALL", _("call the handler")
    VISIT = "VISIT", _("visit the customer")
    METHOD = "METHOD", _("find out the purchase method")
    PROFILE = "PROFILE", _("complete a record")
    PROVE = "PROVE", _("record evidence")
    RENEW = "RENEW", _("renew evidence")
    WAIVER = "WAIVER", _("prove what stands on a waiver")
    BUYER = "BUYER", _("note what the buyer did")
    RISK = "RISK", _("answer a risk")
    GIVE_UP = "GIVE_UP", _("decide whether to give up")
    CLOSE = "CLOSE", _("close the deal")
    ADVICE = "ADVICE", _("see to what other records call for")


class SuggestionChoice(models.TextChoices):
    """What a person decided about a suggestion."""

    DONE = "DONE", pgettext_lazy("suggestion", "done")
    SNOOZED = "SNOOZED", pgettext_lazy("suggestion", "later")
    DISMISSED = "DISMISSED", pgettext_lazy("suggestion", "dismissed")


class DismissReason(models.TextChoices):
    """Why a suggestion does not help."""

    NOT_HERE = "NOT_HERE", _("does not fit this project")
    BUYER_REFUSES = "BUYER_REFUSES", _("the buyer does not want it")
    NO_ACCESS = "NO_ACCESS", _("nobody to reach")
    NOT_WORTH_IT = "NOT_WORTH_IT", _("costs more than it brings")
    ALREADY_CLEAR = "ALREADY_CLEAR", _("clear without a record")
    WRONG = "WRONG", _("the suggestion is wrong")
    OTHER = "OTHER", pgettext_lazy("reason", "other")
