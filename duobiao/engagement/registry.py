"""What calls and visits register with the capabilities below: handlers, subjects, and places in the shell."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from duobiao.customers.events import ContactsMerged, CustomersMerged
from duobiao.customers.work_events import ContactErased, ContactObjected
from duobiao.engagement.actions import follow_others
from duobiao.engagement.actions.agreed_visit import chain_of
from duobiao.engagement.jobs import remind_of_what_is_due
from duobiao.engagement.models import Call, CallList, DraftVersion, PurchaseProcess, Visit, WeeklyReport
from duobiao.engagement.queries.brief_parts import BRIEF
from duobiao.engagement.queries.calendar import planned_meetings
from duobiao.engagement.queries.citable import conversations
from duobiao.engagement.queries.reached import people_reached
from duobiao.identity.events import UserDeactivated
from duobiao.identity.models import User
from duobiao.jobs.registry import every
from duobiao.opportunities.queries.surroundings import register_calendar
from duobiao.planning.queries.evidence import register_citable
from duobiao.planning.queries.plans import register_reach
from duobiao.timeline.registry import Subject, on, register_subject
from duobiao.web.paper_kinds import register_paper_kind
from duobiao.web.registry import NavItem, QuickAdd, register_nav, register_quick_add


def find_call(user: User, ref: str) -> Call | None:
    """Return the live call if this person may see it."""
    rows = Call.objects.visible_to(user).select_related("opportunity", "customer", "contact")
    return rows.filter(ref=ref).first()


def find_visit(user: User, ref: str) -> Visit | None:
    """Return the visit if this person may see it."""
    return Visit.objects.visible_to(user).select_related("opportunity", "customer").filter(ref=ref).first()


def _drafts_page(ref: str) -> str:
    deal = DraftVersion.objects.filter(ref=ref).values_list("opportunity__ref", flat=True).first()
    return reverse("engagement:drafts", args=[deal]) if deal else ""


def _process_page(ref: str) -> str:
    deal = PurchaseProcess.objects.filter(ref=ref).values_list("opportunity__ref", flat=True).first()
    return reverse("engagement:process", args=[deal]) if deal else ""


def register() -> None:
    """Register everything once, at start."""
    register_paper_kind(BRIEF)
    on(CustomersMerged, follow_others.customers_merged)
    on(ContactsMerged, follow_others.contacts_merged)
    on(ContactErased, follow_others.contact_unreachable)
    on(ContactObjected, follow_others.contact_unreachable)
    on(UserDeactivated, follow_others.host_left, order=30)
    register_calendar(planned_meetings)
    register_reach(people_reached)
    register_citable(conversations)
    every("engagement.remind", task=remind_of_what_is_due, minutes=10)
    register_subject(
        Call.kind,
        Subject(
            find=find_call,
            url=lambda ref: reverse("engagement:call", args=[ref]),
            label=lambda call: str(call.contact),
            chain=chain_of,
        ),
    )
    register_subject(
        Visit.kind,
        Subject(
            find=find_visit,
            url=lambda ref: reverse("engagement:visit", args=[ref]),
            label=lambda visit: visit.topic or str(visit.customer),
            chain=chain_of,
        ),
    )
    register_subject(
        DraftVersion.kind,
        Subject(
            find=lambda user, ref: DraftVersion.objects.visible_to(user).filter(ref=ref).first(),
            url=_drafts_page,
            label=str,
            chain=lambda draft: draft.opportunity.ref,
        ),
    )
    register_subject(
        PurchaseProcess.kind,
        Subject(
            find=lambda user, ref: PurchaseProcess.objects.visible_to(user).filter(ref=ref).first(),
            url=_process_page,
            label=lambda process: f"V{process.number}",
            chain=lambda process: process.opportunity.ref,
        ),
    )
    register_subject(
        WeeklyReport.kind,
        Subject(
            find=lambda user, ref: WeeklyReport.objects.visible_to(user).filter(ref=ref).first(),
            url=lambda ref: reverse("engagement:report", args=[ref]),
            label=str,
            chain=lambda report: report.ref,
        ),
    )
    register_subject(
        CallList.kind,
        Subject(
            find=lambda user, ref: CallList.objects.visible_to(user).filter(ref=ref).first(),
            url=lambda ref: reverse("engagement:call_list", args=[ref]),
            label=str,
            chain=lambda calls: calls.ref,
        ),
    )
    register_nav(
        NavItem(
            "engagement",
            pgettext_lazy("navigation", "Visits"),
            "calendar",
            "engagement:visits",
            order=40,
            permission="customers.view",
        )
    )
    register_quick_add(
        QuickAdd(
            "call",
            pgettext_lazy("record", "Call"),
            "phone-call",
            "engagement:log_call",
            order=10,
            permission="engagement.log_call",
            hint=_("three steps, saved in 20 seconds"),
        )
    )
    register_quick_add(
        QuickAdd(
            "visit",
            pgettext_lazy("record", "Visit"),
            "calendar-plus",
            "engagement:plan_visit",
            order=20,
            permission="engagement.plan_visit",
            hint=_("plan one, or record one that took place"),
        )
    )
