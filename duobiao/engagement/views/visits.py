"""Visits: the list, and one visit with its plan, its brief and what it proved."""

from datetime import datetime

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from duobiao.documents.panels import files_panel
from duobiao.engagement.actions.call_checks import company_zone, zone_for
from duobiao.engagement.domain.visits import judge_visit
from duobiao.engagement.forms.parts import person_label
from duobiao.engagement.models import Visit, VisitPurpose, VisitStatus
from duobiao.engagement.queries.brief import brief_of
from duobiao.engagement.queries.outlook import unproved_of
from duobiao.engagement.queries.pack import pack_of
from duobiao.engagement.queries.records import get_visit, live_proofs, visit_list
from duobiao.engagement.queries.said import words_said
from duobiao.engagement.queries.survey import sheet_of
from duobiao.engagement.queries.wording import evidence_title
from duobiao.engagement.views.call_lists import talk_tabs
from duobiao.identity import policy
from duobiao.identity.http import actor_of
from duobiao.kernel.days import local_day
from duobiao.kernel.refs import Ref
from duobiao.opportunities.domain.links import deal_url
from duobiao.opportunities.models import Confirmation, Standing
from duobiao.opportunities.queries.confirmations import confirmations_of, unverified_of
from duobiao.timeline.queries import entries_for
from duobiao.web.components import Tab
from duobiao.web.http import page_or_fragment, render

PAGE_SIZE = 50
LONGEST_SEARCH = 80


@require_safe
def visits(request: HttpRequest) -> HttpResponse:
    """List the visits the person may see: to come, to be recorded, past."""
    actor = actor_of(request)
    policy.require(actor, "customers.view")
    now = timezone.now()
    team = request.GET.get("who") == "team"
    when = request.GET.get("when", "upcoming")
    when = when if when in ("upcoming", "unrecorded", "past") else "upcoming"
    text = request.GET.get("q", "").strip()[:LONGEST_SEARCH]
    rows = visit_list(actor, mine=not team, when=when, now=now, text=text)
    here = reverse("engagement:visits")
    suffix = "&who=team" if team else ""
    names = (
        ("upcoming", pgettext("visits", "to come")),
        ("unrecorded", _("to be recorded")),
        ("past", pgettext("visits", "past")),
    )
    waiting = visit_list(actor, mine=not team, when="unrecorded", now=now).count()
    context = {
        "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "text": text,
        "when": when,
        "who": "team" if team else "mine",
        "sections": talk_tabs("visits"),
        "tabs": [
            Tab(
                label,
                f"{here}?when={key}{suffix}",
                count=waiting if key == "unrecorded" and waiting else None,
                current=key == when,
            )
            for key, label in names
        ],
        "people": [
            Tab(pgettext("whose", "mine"), f"{here}?when={when}", current=not team),
            Tab(pgettext("whose", "team"), f"{here}?when={when}&who=team", current=team),
        ],
        "may_plan": policy.allows(actor, "engagement.plan_visit"),
    }
    return page_or_fragment(
        request, page="engagement/visits.html", fragment="engagement/_visit_list.html", context=context
    )


@require_safe
def visit_page(request: HttpRequest, ref: str) -> HttpResponse:
    """Show one visit: before it the plan and the brief, after it the record."""
    actor = actor_of(request)
    visit = get_visit(ref=ref, user=actor)
    now, zone = timezone.now(), zone_for(actor)
    planned = visit.status is VisitStatus.PLANNED
    proofs = {proof.key: proof for proof in live_proofs(visit)}
    context = {
        "visit": visit,
        "status": visit.status,
        "brief": brief_of(visit, on=local_day(now, zone)) if planned else None,
        "sheet": sheet_of(visit),
        "pack": pack_of(visit, actor),
        "due": planned and visit.planned_at <= now,
        "theirs": [person_label(contact) for contact in visit.contacts.order_by("name", "pk")],
        "met": list(visit.met.order_by("name", "pk")),
        "ours": list(visit.our_people.order_by("name", "pk")),
        "preparation": [line.strip() for line in visit.preparation.splitlines() if line.strip()],
        "purposes": [(str(VisitPurpose(name).label), name in visit.purposes_met) for name in visit.purposes],
        "also_met": [str(VisitPurpose(n).label) for n in visit.purposes_met if n not in visit.purposes],
        "proofs": [(evidence_title(key), proof) for key, proof in proofs.items()],
        "unproved": unproved_of(judge_visit(visit.facts(zone=company_zone())), visit.opportunity),
        "moves": list(visit.moves.select_related("moved_by").order_by("-moved_at", "-pk")),
        "files": files_panel(request, Ref.of(visit)),
        "history": entries_for(subject=Ref.of(visit)),
        "said": words_said(visit, actor),
        "may_change": policy.allows(actor, "engagement.plan_visit", visit.opportunity or visit.customer),
        "confirmations": _confirmations(visit, now),
        "may_verify": visit.opportunity is not None and policy.allows(actor, "opportunities.verify", visit.opportunity),
        "me": actor.pk,
        "deal_url": deal_url(visit.opportunity.ref) if visit.opportunity else "",
    }
    return render(request, "engagement/visit.html", context)


def _confirmations(visit: Visit, now: datetime) -> list[tuple[Confirmation, Standing, bool]]:
    """Return what the customer was asked to confirm, how that stands, and whether a second person has yet to look."""
    rows = confirmations_of(Ref.of(visit))
    waiting = {proof.source_ref for proof in unverified_of(*rows)} if rows else set()
    return [(row, row.standing(now), row.ref in waiting) for row in rows]
