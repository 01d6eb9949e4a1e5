"""Note a site of a customer, change it, take it out."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from duobiao.customers.actions.field_values import json_changes, set_values, stale
from duobiao.customers.actions.locks import lock_customer
from duobiao.customers.models import Customer, Site
from duobiao.customers.work_events import SiteAdded, SiteChanged, SiteRemoved
from duobiao.identity.models import User
from duobiao.identity.policy import require
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict, Invalid, NotFound
from duobiao.timeline.actions.record import record

SITE_FIELDS: Final = ("name", "address", "purpose", "note")
MOST_SITES: Final = 200


@transaction.atomic
def add_site(*, customer: Customer, values: Mapping[str, Any], actor: User, now: datetime) -> Site:
    """Note a place of a customer.

    Args:
        values: By field name, see ``SITE_FIELDS``; a name is needed.

    Raises:
        NotAllowed: the actor may not edit this customer.
        Conflict: the customer has as many sites as are kept.
        Invalid: a value cannot be accepted, or a site of this name exists.
    """
    held = lock_customer(customer)
    require(actor, "customers.edit", held)
    if held.sites.filter(removed_at__isnull=True).count() >= MOST_SITES:
        raise Conflict(_("A customer has at most %(n)d sites.") % {"n": MOST_SITES})
    site = Site(customer=held, created_at=now, created_by=actor)
    set_values(site, {"name": "", **values}, allowed=SITE_FIELDS)
    _require_name(site)
    _save(site, new=True)
    _touch(held, now)
    event = SiteAdded(subject=Ref.of(held), data={"site": site.ref, "name": site.name, "address": site.address})
    record(event, actor=actor, at=now)
    return site


@transaction.atomic
def edit_site(*, site: Site, version: int, values: Mapping[str, Any], actor: User, now: datetime) -> Site:
    """Change a site.

    Raises:
        NotAllowed: the actor may not edit this customer.
        NotFound: the site was taken out.
        StaleVersion: somebody changed it since.
        Invalid: a value cannot be accepted, or a site of this name exists.
    """
    customer = lock_customer(site.customer)
    require(actor, "customers.edit", customer)
    held = _present(site, customer)
    if held.version != version:
        raise stale({name: getattr(held, name) for name in values if name in SITE_FIELDS}, version=held.version)
    changes = set_values(held, values, allowed=SITE_FIELDS)
    if not changes:
        return held
    _require_name(held)
    held.version += 1
    _save(held)
    _touch(customer, now)
    data = {"site": held.ref, "name": held.name, "changes": json_changes(changes)}
    record(SiteChanged(subject=Ref.of(customer), data=data), actor=actor, at=now)
    return held


@transaction.atomic
def remove_site(*, site: Site, actor: User, now: datetime) -> None:
    """Take a site out; its row stays.

    Raises:
        NotAllowed: the actor may not edit this customer.
        NotFound: the site was taken out before.
    """
    customer = lock_customer(site.customer)
    require(actor, "customers.edit", customer)
    held = _present(site, customer)
    held.removed_at, held.removed_by = now, actor
    held.version += 1
    held.save(update_fields=["removed_at", "removed_by", "version"])
    _touch(customer, now)
    record(SiteRemoved(subject=Ref.of(customer), data={"site": held.ref, "name": held.name}), actor=actor, at=now)


def _present(site: Site, customer: Customer) -> Site:
    held = Site.objects.filter(pk=site.pk, removed_at__isnull=True).first()
    if held is None:
        raise NotFound(_("There is no such site."))
    held.customer = customer
    return held


def _require_name(site: Site) -> None:
    if not site.name:
        raise Invalid(_("Please correct the marked fields."), fields={"name": _("Name the site.")})


def _save(site: Site, *, new: bool = False) -> None:
    try:
        with transaction.atomic():
            site.save(force_insert=new)
    except IntegrityError as error:
        message = _("This customer has a site of this name.")
        raise Invalid(message, fields={"name": message}) from error


def _touch(customer: Customer, now: datetime) -> None:
    customer.touched_at = now
    customer.save(update_fields=["touched_at"])
