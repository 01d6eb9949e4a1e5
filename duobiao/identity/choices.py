"""Fixed lists of identity, in words: roles, reaches, mail encryption."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Role(models.TextChoices):
    """The job a person does; ``roles.yaml`` says what it may do."""

    SELLER = "seller", _("Seller")
    PRESALES = "presales", _("Presales")
    MANAGER = "manager", _("Sales manager")
    BID = "bid", _("Bid manager")
    COMMERCIAL = "commercial", _("Commercial")
    LEGAL = "legal", _("Legal")
    FINANCE = "finance", _("Finance")
    DELIVERY = "delivery", _("Delivery")
    EXECUTIVE = "executive", _("Executive")
    COACH = "coach", _("Coach")
    ADMINISTRATOR = "administrator", _("Administrator")


class ScopeName(models.TextChoices):
    """How far a verb reaches, as stored; ``policy.Scope`` explains each."""

    NONE = "none", pgettext_lazy("reach", "no")
    OWN = "own", pgettext_lazy("reach", "own")
    LEARNERS = "learners", pgettext_lazy("reach", "learners")
    UNIT = "unit", pgettext_lazy("reach", "unit")
    SUBTREE = "subtree", pgettext_lazy("reach", "unit and below")
    ALL = "all", pgettext_lazy("reach", "all")


class MailSecurity(models.TextChoices):
    """How the connection to the mail server is protected."""

    SSL = "ssl", _("SSL/TLS")
    STARTTLS = "starttls", _("STARTTLS")
    NONE = "none", _("none")
