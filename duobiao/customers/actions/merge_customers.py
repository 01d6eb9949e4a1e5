"""Make one customer out of two entries of the same one."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.customers.actions.assess_customer import stand_anew
from duobiao.customers.actions.field_rules import CUSTOMER_FIELDS, PROFILE_FIELDS
from duobiao.customers.actions.index_customers import index_customers
from duobiao.customers.actions.locks import lock_customers
from duobiao.customers.actions.track_completeness import (
    customer_items_known,
    recount_handlers,
    tell_customer_completeness,
)
from duobiao.customers.domain.dimensions import is_filled
from duobiao.customers.domain.naming import normal_name
from duobiao.customers.events import CustomerMergedAway, CustomersMerged
from duobiao.customers.models import (
    AccountResource,
    Admission,
    Assessment,
    ChannelAnswer,
    Contact,
    Customer,
    CustomerGrant,
    FactSource,
    Hold,
    Issue,
    Site,
)
from duobiao.customers.queries.customers import get_profile
from duobiao.customers.queries.facts import fact_values
from duobiao.customers.queries.group import ancestor_keys
from duobiao.documents.actions.move_attachments import move_attachments
from duobiao.duplicates.actions.remember import remembered, repoint
from duobiao.duplicates.queries.sides import fill_gaps
from duobiao.identity.models import User
from duobiao.identity.policy import require
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Invalid
from duobiao.timeline.actions.record import record
from duobiao.timeline.models import Comment

CUSTOMER_STAYS = frozenset(("customers.FactSource.customer", "customers.Customer.merged_into"))
"""A source of a fact that lost stays with the customer that lost; nothing leads in a circle."""

REVENUE_COLUMNS = ("annual_revenue_minor", "annual_revenue_currency")


@transaction.atomic
def merge_customers(
    *, keeper: Customer, other: Customer, actor: User, now: datetime, take: frozenset[str] = frozenset()
) -> Customer:
    """Move everything of ``other`` to ``keeper``; facts of the keeper win, its gaps are filled.

    Contacts, subsidiaries, grants, holds, files and comments follow here; ``CustomersMerged`` lets capabilities above
    bring theirs. The merged row stays and leads to the keeper; what changes is kept so that it can be undone.

    Args:
        take: Names of facts to take from the other one all the same.

    Raises:
        NotAllowed: the actor may not merge one of them.
        Invalid: both are the same.
        Conflict: one lies in the trash or was merged before.
    """
    if keeper.pk == other.pk:
        raise Invalid(_("Choose two different customers."), fields={"merge": _("the same customer")})
    keeper, other = lock_customers([keeper.pk, other.pk])
    require(actor, "customers.merge", keeper)
    require(actor, "customers.merge", other)
    with remembered(keeper=keeper, other=other, actor=actor, now=now):
        _merge(keeper, other, take=take, actor=actor, now=now)
        repoint(keeper, other, stays=CUSTOMER_STAYS)
    return keeper


def _merge(keeper: Customer, other: Customer, *, take: frozenset[str], actor: User, now: datetime) -> None:
    known_before = keeper.profile_items
    _take_facts(keeper, other, take)
    _move_rows(keeper, other, actor=actor, now=now)
    keeper.version += 1
    keeper.touched_at = now
    keeper.save()
    other.merged_into = keeper
    other.parent = None
    other.version += 1
    other.save()
    recount_handlers(keeper)
    index_customers([keeper.pk, other.pk])
    _record(keeper, other, actor, now)
    tell_customer_completeness(keeper, before=known_before, actor=actor, now=now)


def _take_facts(keeper: Customer, other: Customer, take: frozenset[str]) -> None:
    fill_gaps(keeper, other, (name for name in CUSTOMER_FIELDS if name != "parent"), take=take)
    keeper.normal_name = normal_name(keeper.name)
    ours, theirs = get_profile(keeper), get_profile(other)
    known = {name for name, value in fact_values(ours).items() if is_filled(value)} - take
    FactSource.objects.filter(customer=keeper, field__in=take).delete()
    FactSource.objects.filter(customer=other).exclude(field__in=known).update(customer=keeper)
    if ours.annual_revenue_minor is None:
        for name in REVENUE_COLUMNS:
            setattr(ours, name, getattr(theirs, name))
    fill_gaps(ours, theirs, PROFILE_FIELDS, take=take)
    ours.save()
    keeper.profile_items = customer_items_known(ours)


def _move_rows(keeper: Customer, other: Customer, *, actor: User, now: datetime) -> None:
    Contact.objects.filter(customer=other).update(customer=keeper)
    if other.pk in ancestor_keys(keeper.parent_id):
        keeper.parent = other.parent if other.parent_id != keeper.pk else None
    Customer.objects.filter(parent=other).exclude(pk=keeper.pk).update(parent=keeper)
    Customer.objects.filter(merged_into=other).update(merged_into=keeper)
    Assessment.objects.filter(customer=other).update(customer=keeper)
    AccountResource.objects.filter(customer=other).update(customer=keeper)
    Issue.objects.filter(customer=other).update(customer=keeper)
    ChannelAnswer.objects.filter(customer=other).update(customer=keeper)
    names = Site.objects.filter(customer=keeper, removed_at__isnull=True).values("name")
    twice = Site.objects.filter(customer=other, removed_at__isnull=True, name__in=names)
    twice.update(removed_at=now, removed_by=actor)
    Site.objects.filter(customer=other).update(customer=keeper)
    _move_admissions(keeper, other, actor=actor, now=now)
    stand_anew([keeper, other])
    _move_distinct(CustomerGrant, keeper, other, ("user", "source_kind", "source_ref"))
    _move_distinct(Hold, keeper, other, ("contact", "source_kind", "source_ref"))
    move_attachments(source=Ref.of(other), target=Ref.of(keeper), chain=keeper.ref)
    Comment.objects.filter(subject_kind=Customer.kind, subject_ref=other.ref).update(subject_ref=keeper.ref)


def _move_admissions(keeper: Customer, other: Customer, *, actor: User, now: datetime) -> None:
    """Move registers and platforms; of one that both have, the keeper's stays."""
    names = keeper.admissions.present().values("name")
    other.admissions.present().filter(name__in=names).update(removed_at=now, removed_by=actor)
    Admission.objects.filter(customer=other).update(customer=keeper)


def _move_distinct(
    model: type[CustomerGrant] | type[Hold], keeper: Customer, other: Customer, names: tuple[str, ...]
) -> None:
    """Move rows that the keeper does not have already; drop the others."""
    rows: Any = model._default_manager
    held = {row[1:]: row[0] for row in rows.filter(customer=keeper).values_list("pk", *names)}
    twice = [row[0] for row in rows.filter(customer=other).values_list("pk", *names) if row[1:] in held]
    rows.filter(pk__in=twice).delete()
    rows.filter(customer=other).update(customer=keeper)


def _record(keeper: Customer, other: Customer, actor: User, now: datetime) -> None:
    merged = CustomersMerged(
        subject=Ref.of(keeper), merged=Ref.of(other), data={"merged": other.ref, "merged_name": other.name}
    )
    record(CustomerMergedAway(subject=Ref.of(other), data={"keeper": keeper.ref}), actor=actor, at=now)
    record(merged, actor=actor, at=now)
