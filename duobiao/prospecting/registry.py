"""What finding customers registers with the capabilities below: subjects, search, handlers, the daily job."""

from django.utils.translation import gettext_lazy as _

from duobiao.approvals.events import ApprovalDecided
from duobiao.approvals.registry import RequestKind
from duobiao.approvals.registry import register_kind as register_request_kind
from duobiao.customers.events import ContactsMerged, CustomerHandedOver, CustomersMerged
from duobiao.identity.events import UserDeactivated
from duobiao.identity.models import User
from duobiao.jobs.registry import every
from duobiao.opportunities.actions.lock import lock
from duobiao.prospecting.actions import follow_others, recycle_customers
from duobiao.prospecting.actions.keep_lead import lock_lead
from duobiao.prospecting.actions.keep_letters import letter_chain, letter_url
from duobiao.prospecting.actions.register_project import hold_registration, registration_page, registration_settled
from duobiao.prospecting.actions.register_upstream import upstream_url
from duobiao.prospecting.jobs import (
    let_registrations_expire,
    look_at_manufacturers,
    remind_of_next_steps,
    take_customers_back,
    take_leads_back,
)
from duobiao.prospecting.models import Campaign, Lead, Letter, ReferralAsk, Registration, Upstream
from duobiao.prospecting.models.registration import REGISTRATION
from duobiao.prospecting.queries import registrations
from duobiao.prospecting.queries.findables import every_lead
from duobiao.search.registry import SearchKind, register_kind
from duobiao.timeline.events import CommentAdded
from duobiao.timeline.registry import Subject, on, register_subject


def register() -> None:
    """Register everything once, at start."""
    on(CommentAdded, follow_others.comment_added)
    on(CustomersMerged, follow_others.customers_merged, order=10)
    on(ContactsMerged, follow_others.contacts_merged, order=10)
    on(CustomersMerged, recycle_customers.customers_merged, order=11)
    on(CustomerHandedOver, recycle_customers.handed_over)
    on(UserDeactivated, follow_others.keeper_left, order=15)
    on(UserDeactivated, follow_others.person_left, order=30)
    every("prospecting.take_customers_back", task=take_customers_back, hour=6, minute=25)
    every("prospecting.take_leads_back", task=take_leads_back, hour=6, minute=20)
    every("prospecting.next_steps", task=remind_of_next_steps, hour=7, minute=35)
    register_kind(SearchKind(Lead.kind, _("Leads"), "inbox", "prospecting.view", 40, every_lead))
    register_subject(
        Lead.kind,
        Subject(
            find=_find,
            url=lambda ref: f"/leads/{ref}/",
            label=lambda lead: lead.company,
            chain=lambda lead: lead.ref,
            hold=lock_lead,
        ),
    )
    on(ApprovalDecided, registration_settled)
    every("prospecting.registrations", task=let_registrations_expire, hour=6, minute=30)
    register_request_kind(
        RequestKind(
            key=REGISTRATION,
            title=_("Registration"),
            icon="shield-check",
            headline=registrations.registration_headline,
            describe=registrations.describe_registration,
            subjects=registrations.registrations_seen_by,
            url=registration_page,
            hold=hold_registration,
            facts={"across": _("The units differ"), "agent": _("Agent")},
            values={"YES": _("yes"), "NO": _("no")},
        )
    )
    register_subject(
        Registration.kind,
        Subject(
            find=lambda user, ref: Registration.objects.visible_to(user).filter(ref=ref).first(),
            url=registration_page,
            label=str,
            chain=lambda row: row.ref,
            hold=lambda row: hold_registration(row.ref),
        ),
    )
    every("prospecting.manufacturers", task=look_at_manufacturers, hour=6, minute=45)
    _register_manufacturers()
    register_subject(
        Campaign.kind,
        Subject(
            find=lambda user, ref: Campaign.objects.visible_to(user).filter(ref=ref).first(),
            url=lambda ref: f"/campaigns/{ref}/",
            label=str,
            chain=lambda campaign: campaign.ref,
        ),
    )
    register_subject(
        ReferralAsk.kind,
        Subject(
            find=lambda user, ref: ReferralAsk.objects.visible_to(user).filter(ref=ref).first(),
            url=lambda _ref: "/referral-asks/",
            label=str,
            chain=lambda ask: ask.customer.ref,
        ),
    )


def _register_manufacturers() -> None:
    """Let files and comments hang on registrations with manufacturers and on letters."""
    register_subject(
        Upstream.kind,
        Subject(
            find=lambda user, ref: (
                Upstream.objects.visible_to(user).select_related("manufacturer", "opportunity").filter(ref=ref).first()
            ),
            url=upstream_url,
            label=str,
            chain=lambda row: row.opportunity.ref,
            hold=lambda row: lock(row.opportunity),
        ),
    )
    register_subject(
        Letter.kind,
        Subject(
            find=lambda user, ref: (
                Letter.objects.visible_to(user).select_related("manufacturer", "opportunity").filter(ref=ref).first()
            ),
            url=letter_url,
            label=str,
            chain=letter_chain,
        ),
    )


def _find(user: User, ref: str) -> Lead | None:
    return Lead.objects.visible_to(user).filter(ref=ref).select_related("owner").first()
