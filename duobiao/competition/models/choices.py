"""Choices about rivals, with the words people read."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class RivalClass(models.TextChoices):
    """How a rival competes (F61)."""

    DIRECT = "DIRECT", pgettext_lazy("rival", "direct")
    INDIRECT = "INDIRECT", pgettext_lazy("rival", "indirect")
    POTENTIAL = "POTENTIAL", pgettext_lazy("rival", "potential")


class Position(models.TextChoices):
    """How strongly a rival stands on a deal, against us."""

    UNKNOWN = "UNKNOWN", pgettext_lazy("position of a rival", "not known")
    LEADS = "LEADS", _("ahead of us")
    LEVEL = "LEVEL", _("level with us")
    BEHIND = "BEHIND", _("behind us")


class Trend(models.TextChoices):
    """Where a rival's share at the customer goes."""

    UNKNOWN = "UNKNOWN", pgettext_lazy("trend of a rival", "not known")
    RISING = "RISING", pgettext_lazy("trend of a rival", "rising")
    STEADY = "STEADY", pgettext_lazy("trend of a rival", "steady")
    FALLING = "FALLING", pgettext_lazy("trend of a rival", "falling")


class Bidding(models.TextChoices):
    """Whether a rival is expected to bid."""

    UNKNOWN = "UNKNOWN", _("not judged yet")
    LIKELY = "LIKELY", _("likely to bid")
    UNLIKELY = "UNLIKELY", _("not likely to bid")


class BarrierKind(models.TextChoices):
    """What keeps us out (F63)."""

    LONG_RELATION = "LONG_RELATION", _("long relation")
    DEEP_INTEGRATION = "DEEP_INTEGRATION", _("deep integration")
    SPECIAL_CUSTOM = "SPECIAL_CUSTOM", _("special customising")
    REGIONAL_TIES = "REGIONAL_TIES", _("regional ties")
    OTHER = "OTHER", pgettext_lazy("barrier", "other")


class Depth(models.IntegerChoices):
    """How far somebody at the customer is with a rival."""

    IN_TOUCH = 1, _("in touch")
    LEANS = 2, _("leans to it")
    CHAMPIONS = 3, _("fights for it")


class MoveKind(models.TextChoices):
    """What a rival did."""

    ENTERED = "ENTERED", _("entered the project")
    TOP_CALL = "TOP_CALL", _("called on top people")
    SITE_VISIT = "SITE_VISIT", _("showed a reference site")
    SOLUTION = "SOLUTION", _("brought another solution")
    PRICE = "PRICE", _("changed its price")
    TRIAL = "TRIAL", _("offered a trial or pilot")
    OTHER = "OTHER", pgettext_lazy("move of a rival", "other")


class Section(models.TextChoices):
    """Sections of a battle card."""

    STRENGTH = "STRENGTH", _("its strengths")
    WEAKNESS = "WEAKNESS", _("its weaknesses")
    CLAIM = "CLAIM", _("what it says about us")
