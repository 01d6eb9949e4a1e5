"""The names of things on a deal, with the words people read."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Outcome(models.TextChoices):
    """How a deal ended, apart from its stage."""

    OPEN = "OPEN", pgettext_lazy("outcome", "Open")
    WON = "WON", pgettext_lazy("outcome", "Won")
    LOST = "LOST", pgettext_lazy("outcome", "Lost")
    GIVEN_UP = "GIVEN_UP", pgettext_lazy("outcome", "Given up")


class State(models.TextChoices):
    """Where the seller stands within the stages."""

    NOT_ENTERED = "NOT_ENTERED", _("not entered")
    IN_STAGE = "IN_STAGE", _("in the stage")
    TRANSIT = "TRANSIT", _("completed, waiting to enter the next")
    COMPLETED = "COMPLETED", _("all stages completed")


class LagVerdict(models.TextChoices):
    """What the distance between the tracks means."""

    UNKNOWN = "UNKNOWN", _("buyer unknown")
    IN_SYNC = "IN_SYNC", _("in sync")
    AHEAD = "AHEAD", _("ahead")
    CATCH_UP = "CATCH_UP", _("catch up")
    GIVE_UP_PROPOSED = "GIVE_UP_PROPOSED", _("giving up proposed")


class Risk(models.TextChoices):
    """The colour of an open deal: that of its worst signal; "" where it is closed or was not judged yet."""

    RED = "RED", _("high risk")
    AMBER = "AMBER", _("at risk")
    GREEN = "GREEN", _("no risk seen")


class GateMark(models.TextChoices):
    """What the last gate review of a control point asks for; "" where nothing stands in the way."""

    HOLD = "HOLD", pgettext_lazy("gate review", "on hold")
    STOP = "STOP", pgettext_lazy("gate review", "stopped")


class PurchaseMethod(models.TextChoices):
    """How the buyer purchases."""

    OPEN_TENDER = "OPEN_TENDER", _("open tender")
    INVITED_TENDER = "INVITED_TENDER", _("invited tender")
    NEGOTIATION = "NEGOTIATION", _("competitive negotiation")
    CONSULTATION = "CONSULTATION", _("competitive consultation")
    INQUIRY = "INQUIRY", _("request for quotation")
    COMPARISON = "COMPARISON", _("comparison of quotations")
    AUCTION = "AUCTION", _("reverse auction")
    SINGLE_SOURCE = "SINGLE_SOURCE", _("single source")
    DIRECT = "DIRECT", _("direct purchase")
    FRAMEWORK = "FRAMEWORK", _("framework agreement")
    UNKNOWN = "UNKNOWN", pgettext_lazy("purchase method", "unknown")


class Grade(models.IntegerChoices):
    """How strong a proof is."""

    ASSERTED = 1, _("asserted")
    DOCUMENTED = 2, _("documented")
    BUYER_CONFIRMED = 3, _("buyer confirmed")


class Channel(models.TextChoices):
    """How the buyer said it."""

    PHONE = "PHONE", _("telephone")
    MEETING = "MEETING", _("meeting")
    EMAIL = "EMAIL", pgettext_lazy("channel", "e-mail")
    WECHAT = "WECHAT", _("chat")
    LETTER = "LETTER", _("letter")
    PLATFORM = "PLATFORM", _("procurement platform")
    PUBLIC = "PUBLIC", _("public notice")
    OTHER = "OTHER", pgettext_lazy("channel", "other")


class CloseReason(models.TextChoices):
    """Why a deal ended; coded so that losses can be counted."""

    VALUE = "VALUE", _("our value was seen as highest")
    RELATION = "RELATION", _("trust in our people")
    PRICE_WON = "PRICE_WON", _("our price")
    TECHNICAL_WON = "TECHNICAL_WON", _("our technical solution")
    IMPORTED = "IMPORTED", _("imported")
    PRICE = "PRICE", _("price too high")
    VALUE_NOT_SEEN = "VALUE_NOT_SEEN", _("value not made clear")
    RELATION_WEAK = "RELATION_WEAK", _("relations too weak")
    TECHNICAL = "TECHNICAL", _("technical requirements not met")
    RIVAL_INCUMBENT = "RIVAL_INCUMBENT", _("rival was established there")
    LATE = "LATE", _("we came too late")
    REJECTED_BID = "REJECTED_BID", _("our bid was rejected")
    NO_BUDGET = "NO_BUDGET", _("budget cancelled")
    PROJECT_STOPPED = "PROJECT_STOPPED", _("project stopped by the customer")
    NO_FIT = "NO_FIT", _("no fit with what we do")
    NO_RESOURCES = "NO_RESOURCES", _("our resources do not suffice")
    RISK = "RISK", _("risk too high")
    OTHER = "OTHER", pgettext_lazy("reason", "other")


REASONS: dict[str, tuple[CloseReason, ...]] = {
    Outcome.WON: (
        CloseReason.VALUE,
        CloseReason.TECHNICAL_WON,
        CloseReason.RELATION,
        CloseReason.PRICE_WON,
        CloseReason.OTHER,
    ),
    Outcome.LOST: (
        CloseReason.PRICE,
        CloseReason.VALUE_NOT_SEEN,
        CloseReason.RELATION_WEAK,
        CloseReason.TECHNICAL,
        CloseReason.RIVAL_INCUMBENT,
        CloseReason.LATE,
        CloseReason.REJECTED_BID,
        CloseReason.NO_BUDGET,
        CloseReason.PROJECT_STOPPED,
        CloseReason.OTHER,
    ),
    Outcome.GIVEN_UP: (
        CloseReason.LATE,
        CloseReason.NO_FIT,
        CloseReason.NO_BUDGET,
        CloseReason.NO_RESOURCES,
        CloseReason.RISK,
        CloseReason.RIVAL_INCUMBENT,
        CloseReason.PROJECT_STOPPED,
        CloseReason.OTHER,
    ),
}
"""Which reasons can be given for which outcome."""
