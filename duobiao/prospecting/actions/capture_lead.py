"""Enter a lead, whoever saw it first: a colleague, a web form, a file."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.customers.actions.field_rules import phone
from duobiao.customers.actions.field_values import set_values
from duobiao.customers.domain.naming import normal_name
from duobiao.identity.models import User
from duobiao.identity.policy import owner_in_scope, require, scope_of
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Invalid
from duobiao.prospecting.actions.keep_lead import begin_claim, event_data
from duobiao.prospecting.events import LeadAssigned, LeadCaptured
from duobiao.prospecting.models import Lead, Pool, WebForm
from duobiao.prospecting.queries.findables import findable_lead
from duobiao.search.actions.index import index
from duobiao.timeline.actions.notify import notify
from duobiao.timeline.actions.record import record

LEAD_FIELDS: Final = (
    "company",
    "contact_name",
    "position",
    "mobile",
    "phone",
    "email",
    "region",
    "need",
    "source",
    "campaign",
)
LEAD_RULES: Final = {"mobile": phone, "phone": phone}


@transaction.atomic
def capture_lead(
    *,
    values: Mapping[str, Any],
    actor: User,
    now: datetime,
    owner: User | None = None,
    pool: Pool | None = None,
    external: tuple[str, str] = ("", ""),
    captured_at: datetime | None = None,
) -> Lead:
    """Enter a lead; it is the actor's unless an owner or a pool is named.

    Args:
        values: Fields by name, out of ``LEAD_FIELDS``.
        owner: Who gets it; somebody within reach of the actor.
        pool: Where it lies free when no owner is named.
        external: Name of the source and its id of this lead; for imports.
        captured_at: When it was first heard of, for imports; else now.

    Raises:
        NotAllowed: the actor may not enter leads.
        Invalid: a value cannot be accepted, the owner is beyond reach, or the pool is not open to the actor.
    """
    require(actor, "prospecting.capture")
    if owner is not None and owner != actor and not may_get(owner, actor):
        message = _("Choose yourself or somebody of your team who works here.")
        raise Invalid(message, fields={"owner": message})
    if pool is not None and not Pool.objects.active().of_leads().visible_to(actor).filter(pk=pool.pk).exists():
        message = _("This pool is not open to you.")
        raise Invalid(message, fields={"pool": message})
    heir = owner if owner is not None or pool is not None else actor
    return put_lead(
        values, owner=heir, pool=pool, actor=actor, now=now, external=external, captured_at=captured_at or now
    )


def put_lead(
    values: Mapping[str, Any],
    *,
    owner: User | None,
    pool: Pool | None,
    actor: User | None,
    now: datetime,
    captured_at: datetime,
    external: tuple[str, str] = ("", ""),
    web_form: WebForm | None = None,
) -> Lead:
    """Keep a lead whose place was checked before; ``actor`` is None for what a web form sent.

    Raises:
        Invalid: a value cannot be accepted.
    """
    lead = Lead(owner=owner, pool=pool, created_at=captured_at, created_by=actor, touched_at=now, web_form=web_form)
    lead.external_source, lead.external_id = external
    set_values(lead, {"company": "", **values}, allowed=LEAD_FIELDS, rules=LEAD_RULES)
    lead.normal_name = normal_name(lead.company)
    lead.save(force_insert=True)
    if owner is not None:
        begin_claim(lead, user=owner, now=now, taken=False)
    index(findable_lead(lead))
    data = event_data(lead, source=lead.source)
    record(LeadCaptured(subject=Ref.of(lead), data=data), actor=actor, at=now)
    if owner is not None and owner != actor:
        notify([owner], event=LeadAssigned.name, url=lead_page(lead), at=now, data=event_data(lead))
    return lead


def may_get(person: User, actor: User) -> bool:
    """Whether the actor may give leads to a person: somebody who works here, within their reach for leads."""
    reach = scope_of(actor, "prospecting.assign")
    return person.is_active and (person == actor or owner_in_scope(person, actor, reach))


def lead_page(lead: Lead) -> str:
    """Return the address of a lead's page."""
    return f"/leads/{lead.ref}/"
