"""Open a deal for a customer."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.customers.models import Customer
from duobiao.identity import policy
from duobiao.identity.actions.allocate_numbers import allocate_numbers
from duobiao.identity.models import CompanySettings, User
from duobiao.kernel.days import local_day
from duobiao.kernel.money import Money
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Invalid
from duobiao.opportunities.actions.confirm_evidence import Draft, confirm_all, one_of
from duobiao.opportunities.actions.edit_opportunity import clean_values
from duobiao.opportunities.actions.follow_customer import customer_evidence
from duobiao.opportunities.actions.reassess import Cause, company_day, reassess
from duobiao.opportunities.actions.share_deal import share_deal
from duobiao.opportunities.events import OpportunityCreated
from duobiao.opportunities.models import Grade, Opportunity, PurchaseMethod
from duobiao.playbooks.domain.model import METHOD_KEY
from duobiao.playbooks.models import PlaybookVersion
from duobiao.playbooks.queries import DEFAULT_PLAYBOOK, offered_version, playbook_keys
from duobiao.timeline.actions.record import record


@transaction.atomic
def create_opportunity(
    *,
    name: str,
    customer: Customer,
    amount: Money | None,
    actor: User,
    now: datetime,
    owner: User | None = None,
    playbook: str = DEFAULT_PLAYBOOK,
    purchase_method: str = PurchaseMethod.UNKNOWN,
    values: Mapping[str, Any] | None = None,
) -> Opportunity:
    """Open a deal; the actor owns it unless an ``owner`` within their reach is named.

    What is already known of the customer is taken into the ledger at once. A purchase method given here is kept as
    an assertion: items apply by it, and 4.S4 still asks for a paper.

    Args:
        playbook: Key of the playbook; its newest version that is not retired is pinned.
        values: Further plain fields, see ``edit_opportunity.EDITABLE``.

    Raises:
        NotAllowed: the actor may not open deals, or not for this owner.
        Invalid: a value cannot be accepted.
    """
    policy.require(actor, "opportunities.create")
    owner = owner or actor
    if owner != actor and not policy.owner_in_scope(owner, actor, policy.scope_of(actor, "opportunities.edit")):
        raise Invalid(_("You may not open deals for this person."), fields={"owner": _("not within your reach")})
    cleaned = clean_values({**(values or {}), "name": name, "amount": amount})
    if purchase_method not in PurchaseMethod.values:
        message = one_of(PurchaseMethod.values)
        raise Invalid(message, fields={"purchase_method": message})
    company = CompanySettings.load()
    today = company_day(now)
    opportunity = Opportunity.objects.create(
        ref=deal_ref(today.year, next(iter(allocate_numbers(f"deal-{today.year}")))),
        customer=customer,
        owner=owner,
        playbook=_playbook(playbook),
        created_at=now,
        created_by=actor,
        opened_on=today,
        **{"currency": company.currency, **cleaned},
    )
    record(
        OpportunityCreated(subject=Ref.of(opportunity), data={"name": opportunity.name, "note": opportunity.name}),
        actor=actor,
        at=now,
    )
    reassess(opportunity, actor=actor, now=now, cause=Cause(OpportunityCreated.name, opportunity.ref))
    share_deal(opportunity, now=now)
    drafts = customer_evidence(customer, on=local_day(now, company.time_zone))
    if purchase_method != PurchaseMethod.UNKNOWN:
        drafts.append(Draft(METHOD_KEY, Grade.ASSERTED, today, method=purchase_method))
    if drafts:
        confirm_all(opportunity=opportunity, drafts=drafts, actor=actor, now=now)
    return opportunity


def deal_ref(year: int, number: int) -> str:
    """Return the reference people speak: P-2026-0187."""
    return f"P-{year}-{number:04d}"


def _playbook(key: str) -> PlaybookVersion:
    version = offered_version(key)
    if version is None:
        message = _("There is no such playbook. Known are: %(names)s.") % {"names": ", ".join(playbook_keys())}
        if key in playbook_keys():
            message = _("This playbook is retired. Choose one that is offered for new deals.")
        raise Invalid(message, fields={"playbook": message})
    return version
