"""What gate reviews register with the capabilities below: event handlers, the kind of request."""

from django.core import checks
from django.utils.translation import gettext_lazy as _

from duobiao.approvals.events import ApprovalDecided
from duobiao.approvals.registry import MustAsk, RequestKind, register_kind
from duobiao.duplicates.events import MergeUndone
from duobiao.identity.events import UserDeactivated
from duobiao.identity.models import Role, User
from duobiao.opportunities.actions.lock import lock
from duobiao.opportunities.events import OpportunityClosed, OpportunityHandedOver
from duobiao.opportunities.events.merging import DealsMerged
from duobiao.opportunities.models import Opportunity
from duobiao.playbooks.domain.vocabulary import Approver
from duobiao.playbooks.queries.item_words import APPROVERS
from duobiao.reviews import soundness
from duobiao.reviews.actions import follow_others
from duobiao.reviews.actions.settle_gate_review import review_settled
from duobiao.reviews.models import Decision, GateReview
from duobiao.reviews.queries import approval_requests
from duobiao.reviews.queries.approval_requests import GATE_REVIEW, review_page
from duobiao.timeline.registry import Subject, on, register_subject

MUST_ASK = (
    MustAsk(
        "approver",
        Approver.EXECUTIVE,
        frozenset({Role.EXECUTIVE}),
        _(
            "Keep a step that asks executives: needed always, or where who at least agrees at the control point is "
            "EXECUTIVE. Otherwise a control point could be passed or waived below its approver."
        ),
    ),
    MustAsk(
        "approver",
        Approver.MANAGER,
        frozenset({Role.MANAGER, Role.EXECUTIVE}),
        _(
            "Keep a step that asks the owner's manager or an executive: needed always, or where who at least agrees "
            "at the control point is MANAGER. Otherwise a control point could be passed or waived below its approver."
        ),
    ),
)
"""Control points are neither passed nor waived below the approver the playbook names there."""


def register() -> None:
    """Register everything once, at start."""
    on(ApprovalDecided, review_settled)
    on(OpportunityClosed, follow_others.deal_closed)
    on(DealsMerged, follow_others.deals_merged)
    on(MergeUndone, follow_others.deals_parted)
    on(OpportunityHandedOver, follow_others.deal_handed_over)
    on(UserDeactivated, follow_others.person_left, order=1)
    checks.register(soundness.marks_follow_from_the_reviews, "doctor", deploy=True)
    register_kind(
        RequestKind(
            key=GATE_REVIEW,
            title=_("Gate review"),
            icon="shield-check",
            headline=approval_requests.review_headline,
            describe=approval_requests.describe_review,
            subjects=approval_requests.reviews_seen_by,
            url=review_page,
            hold=lambda ref: lock(Opportunity.objects.get(gate_reviews__ref=ref)),
            facts={
                "gate": _("Control point"),
                "approver": _("Who at least agrees at the control point"),
                "decision": _("Decision"),
                "stage": _("Stage"),
            },
            must_ask=MUST_ASK,
            values={**{who.value: words for who, words in APPROVERS.items()}, **dict(Decision.choices)},
        )
    )
    register_subject(
        GateReview.kind,
        Subject(
            find=_find,
            url=review_page,
            label=str,
            chain=lambda review: str(review.opportunity.ref),
            hold=lambda review: lock(review.opportunity),
        ),
    )


def _find(user: User, ref: str) -> GateReview | None:
    return GateReview.objects.visible_to(user).filter(ref=ref).select_related("opportunity__owner").first()
