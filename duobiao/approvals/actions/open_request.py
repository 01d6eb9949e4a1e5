"""Ask for approval; where the actor could decide on every step, nobody else is asked."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from duobiao.approvals.actions.walk import enter_next, settle, told
from duobiao.approvals.domain.chain import read_step
from duobiao.approvals.events import ApprovalAsked
from duobiao.approvals.models import (
    Act,
    ApprovalRequest,
    EndedAs,
    Origin,
    Outcome,
    RequestState,
    StepVisit,
    Task,
    Verb,
)
from duobiao.approvals.queries.approvers import is_alone
from duobiao.approvals.queries.chains import chain_in_force
from duobiao.approvals.queries.rights import needed, settles_alone
from duobiao.approvals.registry import chain_key
from duobiao.identity import policy
from duobiao.identity.models import CompanySettings, User
from duobiao.kernel.money import Money
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict
from duobiao.timeline.actions.record import record


class RequestExists(Conflict):
    """The same is asked for already and waits."""

    code = "request_exists"


def draft_request(
    *, matter: str, subject: Ref, owner: User, title: str, facts: Mapping[str, Any], amount: Money | None, actor: User
) -> ApprovalRequest:
    """Return a request that is not stored yet, to see what would become of it."""
    return ApprovalRequest(
        matter=matter,
        subject_kind=subject.kind,
        subject_ref=subject.ref,
        owner=owner,
        title=title,
        facts=dict(facts),
        amount_minor=amount.amount_minor if amount is not None else None,
        currency=amount.currency if amount is not None else CompanySettings.load().currency,
        asked_by=actor,
    )


@transaction.atomic
def open_request(*, draft: ApprovalRequest, now: datetime) -> ApprovalRequest:
    """Ask; the caller has checked that the asker may ask this about the subject, and holds the subject's lock.

    Raises:
        NotAllowed: the asker's role may not ask for approval.
        RequestExists: the same waits already.
        Refusal: of a handler, where it is settled at once.
    """
    actor = draft.asked_by
    policy.require(actor, "approvals.ask")
    chain = chain_in_force(chain_key(draft.matter, draft.facts), now=now)
    draft.chain, draft.plan, draft.asked_at = chain, list(chain.steps), now
    try:
        with transaction.atomic():
            draft.save(force_insert=True)
    except IntegrityError as error:
        raise RequestExists(_("This is asked for already and waits for a decision.")) from error
    Act.objects.create(request=draft, verb=Verb.ASKED, by=actor, at=now)
    record(ApprovalAsked(subject=Ref.of(draft), data=told(draft)), actor=actor, at=now)
    if settles_alone(draft, actor):
        _settle_at_once(draft, now=now)
    else:
        enter_next(draft, actor=actor, now=now)
    return draft


def _settle_at_once(request: ApprovalRequest, *, now: datetime) -> None:
    """Walk the asker through all steps that are needed."""
    actor, currency = request.asked_by, CompanySettings.load().currency
    for number, document in enumerate(request.plan, start=1):
        skipped = not needed(read_step(document), request, currency)
        visit = StepVisit.objects.create(
            request=request,
            sequence=number,
            step=document,
            entered_at=now,
            left_at=now,
            outcome=Outcome.SKIPPED if skipped else Outcome.APPROVED,
        )
        if not skipped:
            Task.objects.create(
                visit=visit, user=actor, origin=Origin.CHAIN, assigned_at=now, ended_at=now,
                ended_as=EndedAs.DECIDED, approved=True,
            )  # fmt: skip
            Act.objects.create(request=request, visit=visit, verb=Verb.APPROVED, by=actor, at=now)
    settle(request, RequestState.APPROVED, actor=actor, now=now, alone=is_alone(actor))
