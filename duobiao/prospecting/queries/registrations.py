"""Registrations as lists, pages and approvers see them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from duobiao.approvals.models import ApprovalRequest, Task
from duobiao.identity.models import User
from duobiao.kernel.refusals import NotFound
from duobiao.opportunities.models import Opportunity
from duobiao.prospecting.models import Registration
from duobiao.prospecting.models.registration import REGISTRATION

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ClashLine:
    """What a registration clashes with, as its reader may see it.

    Attributes:
        title, url, evidence: "" where the reader may know only the unit.
    """

    unit: str
    reasons: list[str]
    title: str = ""
    url: str = ""
    evidence: str = ""
    since: str = ""


def registrations_matching(user: User, *, state: str = "", text: str = "") -> QuerySet[Registration]:
    """Return the registrations the person may see, unordered."""
    rows = Registration.objects.visible_to(user).select_related("owner__unit")
    if state:
        rows = rows.filter(state=state)
    for word in text.split():
        said = Q(customer_name__icontains=word) | Q(project__icontains=word) | Q(site__icontains=word)
        rows = rows.filter(said | Q(agent__icontains=word))
    return rows


def get_registration(*, ref: str, user: User) -> Registration:
    """Return a registration the person may see.

    Raises:
        NotFound: there is none, or the person may not see it.
    """
    rows = Registration.objects.visible_to(user).select_related("owner__unit", "settled_by")
    found = rows.filter(ref=ref).first()
    if found is None:
        raise NotFound(_("There is no such registration, or you may not see it."))
    return found


def clash_lines(registration: Registration, user: User) -> list[ClashLine]:
    """Return what it clashes with: to an arbiter in full, to others only what they may see, else the unit."""
    arbiter = Task.objects.filter(
        user=user, visit__request__matter=REGISTRATION, visit__request__subject_ref=registration.ref
    ).exists()
    rows = list(registration.clashes.select_related("other__owner__unit", "opportunity__owner__unit").order_by("pk"))
    seen = set(
        Registration.objects.visible_to(user).filter(pk__in=[r.other_id for r in rows]).values_list("pk", flat=True)
    )
    deals = Opportunity.objects.visible_to(user).filter(pk__in=[r.opportunity_id for r in rows])
    seen_deals = set(deals.values_list("pk", flat=True))
    lines = []
    for row in rows:
        if row.other is not None:
            url = f"/registrations/{row.other.ref}/" if row.other_id in seen else ""
            shown = {
                "title": str(row.other),
                "evidence": row.other.evidence,
                "since": row.other.registered_on.isoformat(),
            }
            lines.append(_line(row.other.owner, row.reasons, shown if url or arbiter else {}, url))
        elif row.opportunity is not None:
            url = f"/opportunities/{row.opportunity.ref}/" if row.opportunity_id in seen_deals else ""
            shown = {"title": row.opportunity.name, "since": row.opportunity.opened_on.isoformat()}
            lines.append(_line(row.opportunity.owner, row.reasons, shown if url or arbiter else {}, url))
    return lines


def _line(owner: User, reasons: list[str], shown: dict[str, str], url: str) -> ClashLine:
    return ClashLine(unit=str(owner.unit or ""), reasons=list(reasons), url=url, **shown)


def request_of(registration: Registration) -> ApprovalRequest | None:
    """Return the newest request about a registration."""
    rows = ApprovalRequest.objects.filter(matter=REGISTRATION, subject_ref=registration.ref)
    return rows.order_by("-asked_at", "-pk").first()


def registrations_seen_by(user: User) -> QuerySet[Any, Any]:
    """Return the references of registrations whose requests a person may see."""
    return Registration.objects.visible_to(user).values("ref")


def registration_headline(facts: Facts) -> str:
    """Say what is to be arbitrated."""
    return _("Registration of %(project)s at %(customer)s") % {
        "project": facts.get("project", ""),
        "customer": facts.get("customer", ""),
    }


def describe_registration(facts: Facts) -> list[tuple[str, str]]:
    """Return the facts of a registration as label and value."""
    return [
        (_("End customer"), str(facts.get("customer", ""))),
        (_("Project"), str(facts.get("project", ""))),
        (_("Site"), str(facts.get("site", ""))),
        (_("Agent"), str(facts.get("agent", ""))),
        (_("What shows that they were first"), str(facts.get("evidence", ""))),
        (_("Clashes with"), str(facts.get("clashes", 0))),
        (_("Units concerned"), _(", ").join(facts.get("units", []))),
    ]
