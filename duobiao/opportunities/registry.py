"""What deals register with the capabilities below: event handlers, and how a deal is found."""

from django.core import checks
from django.utils.translation import gettext_lazy as _

from duobiao.approvals.events import ApprovalDecided
from duobiao.approvals.registry import RequestKind
from duobiao.approvals.registry import register_kind as register_request_kind
from duobiao.customers import events as customers
from duobiao.customers.work_events import ContactErased
from duobiao.duplicates.events import MergeUndone
from duobiao.identity.events import UserDeactivated
from duobiao.identity.models import User
from duobiao.jobs import registry as schedule
from duobiao.opportunities import jobs, soundness
from duobiao.opportunities.actions import follow_contacts, follow_customer, follow_parting
from duobiao.opportunities.actions.add_task import give_tasks_on
from duobiao.opportunities.actions.finish_deal import give_up_settled
from duobiao.opportunities.actions.handover_opportunity import owner_left
from duobiao.opportunities.actions.judge_queued import judge_signals_of_all
from duobiao.opportunities.actions.lock import lock
from duobiao.opportunities.actions.migrate_queued import resume_migrations
from duobiao.opportunities.actions.settle_waiver import waiver_settled
from duobiao.opportunities.domain.links import deal_url
from duobiao.opportunities.models import CloseReason, Opportunity
from duobiao.opportunities.queries import approval_requests
from duobiao.opportunities.queries.approval_requests import GIVE_UP, WAIVER
from duobiao.opportunities.queries.findable import every_deal
from duobiao.playbooks.queries.item_words import APPROVERS
from duobiao.search.registry import SearchKind, register_kind
from duobiao.timeline.events import CommentAdded
from duobiao.timeline.registry import Subject, on, register_subject


def register() -> None:
    """Register everything once, at start."""
    on(customers.CustomerProfileCompleted, follow_customer.profile_completed)
    on(customers.ContactProfileCompleted, follow_customer.profile_completed)
    on(customers.CustomerProfileIncomplete, follow_customer.profile_incomplete)
    on(customers.ContactProfileIncomplete, follow_customer.profile_incomplete)
    on(customers.CustomerAssessed, follow_customer.customer_assessed)
    for event in follow_customer.ADMISSION_EVENTS:
        on(event, follow_customer.admission_followed)
    on(customers.CustomersMerged, follow_customer.customers_merged)
    on(customers.ContactsMerged, follow_customer.contacts_merged)
    on(MergeUndone, follow_parting.merge_undone)
    on(CommentAdded, follow_contacts.commented)
    on(customers.ContactCreated, follow_contacts.contact_created)
    on(customers.ContactChanged, follow_contacts.contact_changed)
    on(customers.ContactTrashed, follow_contacts.contact_trashed)
    on(customers.ContactRestored, follow_contacts.contact_restored)
    on(customers.ContactsMerged, follow_contacts.contacts_merged)
    on(ContactErased, follow_contacts.contact_erased)
    on(UserDeactivated, owner_left)
    on(UserDeactivated, give_tasks_on, order=1)
    on(ApprovalDecided, waiver_settled)
    on(ApprovalDecided, give_up_settled)
    _register_requests()
    register_kind(SearchKind(Opportunity.kind, _("Projects"), "layout-kanban", "opportunities.view", 10, every_deal))
    schedule.every("opportunities.reassess", task=jobs.reassess_deals_that_are_due, hour=0, minute=5)
    schedule.every("opportunities.look_again", task=jobs.look_again_at_deals_given_up, hour=7, minute=30)
    schedule.every("opportunities.signals", task=judge_signals_of_all, hour=0, minute=20)
    schedule.every("opportunities.suggestions", task=jobs.note_what_is_suggested, hour=0, minute=40)
    schedule.every("opportunities.tasks", task=jobs.remind_of_tasks_due, hour=7, minute=30)
    schedule.every("opportunities.threads", task=jobs.tell_of_threads_gone_cold, hour=7, minute=35)
    schedule.every("opportunities.migrations", task=resume_migrations, minutes=5)
    checks.register(soundness.signals_follow_from_the_records, "doctor", deploy=True)
    checks.register(soundness.judgements_follow_from_the_ledger, "doctor", deploy=True)
    register_subject(
        Opportunity.kind,
        Subject(
            find=_find,
            url=lambda ref: f"/opportunities/{ref}/",
            label=str,
            chain=lambda deal: str(deal.ref),
            hold=lock,
            seen=lambda user, refs: (
                Opportunity.objects.visible_to(user).filter(ref__in=refs).values_list("ref", flat=True)
            ),
        ),
    )


def _register_requests() -> None:
    """Let waivers and give-ups be asked for."""
    stage = _("Stage")
    waiver = RequestKind(
        key=WAIVER,
        title=_("Waiver"),
        icon="flag",
        headline=approval_requests.waiver_headline,
        describe=approval_requests.describe_waiver,
        subjects=approval_requests.waivers_seen_by,
        url=approval_requests.deal_page_of_waiver,
        hold=lambda ref: lock(Opportunity.objects.get(waivers__ref=ref)),
        facts={
            "item": _("Item"),
            "stage": stage,
            "gate": _("Control point"),
            "approver": _("Who at least agrees at the control point"),
        },
        values={who.value: words for who, words in APPROVERS.items()},
        chain=approval_requests.waiver_chain,
    )
    give_up = RequestKind(
        key=GIVE_UP,
        title=_("Give-up"),
        icon="player-stop",
        headline=approval_requests.give_up_headline,
        describe=approval_requests.describe_give_up,
        subjects=approval_requests.deals_seen_by,
        url=deal_url,
        hold=lambda ref: lock(Opportunity.objects.get(ref=ref)),
        facts={"reason": _("Reason"), "stage": stage},
        values=dict(CloseReason.choices),
    )
    register_request_kind(waiver)
    register_request_kind(give_up)


def _find(user: User, ref: str) -> Opportunity | None:
    return Opportunity.objects.visible_to(user).filter(ref=ref).select_related("owner", "customer").first()
