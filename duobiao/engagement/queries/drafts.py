"""Versions of the draft suggestion and recorded purchase processes, as pages and the API show them."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from duobiao.engagement.models import DraftVersion, PurchaseProcess
from duobiao.identity.models import User
from duobiao.kernel.refusals import NotFound
from duobiao.opportunities.models import Opportunity

PART_WORDS = {
    "PROBLEM": pgettext_lazy("draft", "problem and need"),
    "GOAL": pgettext_lazy("draft", "goal and measure"),
    "DIRECTION": pgettext_lazy("draft", "direction of the solution"),
    "BENEFIT": pgettext_lazy("draft", "benefit with figures"),
    "ESTIMATE": pgettext_lazy("draft", "estimate of the investment"),
    "SCHEDULE": pgettext_lazy("draft", "schedule"),
    "RISK": pgettext_lazy("draft", "risks and conditions"),
    "APPLICATION": pgettext_lazy("draft", "text for their project application"),
}
PEOPLE = ("received_by", "remark_by", "created_by", "document", "withdrawn_by", "opportunity")


def drafts_of(deal: Opportunity) -> QuerySet[DraftVersion]:
    """Return the versions of a deal's draft, the latest first; the caller checked that the reader may see the deal."""
    return DraftVersion.objects.filter(opportunity=deal).select_related(*PEOPLE).order_by("-number")


def get_draft(*, ref: str, user: User) -> DraftVersion:
    """Return a version the person may see.

    Raises:
        NotFound: there is none, or the person may not see its deal.
    """
    rows = DraftVersion.objects.visible_to(user).select_related(*PEOPLE, "opportunity__customer", "opportunity__owner")
    if (found := rows.filter(ref=ref).first()) is None:
        raise NotFound(_("There is no such draft, or you may not see it."))
    return found


def process_of(deal: Opportunity) -> PurchaseProcess | None:
    """Return the purchase process in force; the caller checked that the reader may see the deal."""
    return processes_of(deal).first()


def processes_of(deal: Opportunity) -> QuerySet[PurchaseProcess]:
    """Return all recorded versions of the process, the latest first."""
    rows = PurchaseProcess.objects.filter(opportunity=deal)
    return rows.select_related("project_lead", "decider", "told_by", "created_by").order_by("-number")


def get_deal(*, ref: str, user: User) -> Opportunity:
    """Return a deal the person may see.

    Raises:
        NotFound: there is none, or the person may not see it.
    """
    rows = Opportunity.objects.visible_to(user).select_related("customer__owner", "owner", "playbook")
    if (found := rows.filter(ref=ref).first()) is None:
        raise NotFound(_("There is no such project, or you may not see it."))
    return found
