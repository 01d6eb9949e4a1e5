"""Note that a method of asking was used, and what it brought."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from duobiao.customers.actions.field_values import set_values
from duobiao.customers.models import Contact
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.needs.actions.common import check_past, check_people, fault, take_deal
from duobiao.needs.events.objections import MethodUsed
from duobiao.needs.models import MethodEffect, MethodUse, Need
from duobiao.needs.queries.library import methods
from duobiao.opportunities.actions.reassess import own_day
from duobiao.opportunities.models import Opportunity
from duobiao.timeline.actions.record import record
from duobiao.web.texts import in_language

FIELDS = ("effect", "note", "used_on")


@transaction.atomic
def note_method(
    *,
    opportunity: Opportunity,
    method: str,
    need: Need | None,
    contact: Contact | None,
    values: Mapping[str, Any],
    actor: User,
    now: datetime,
) -> MethodUse:
    """Note the use of a method with its effect.

    Args:
        method: Key of the library.
        values: ``effect``, ``note``, ``used_on``; the day defaults to today.

    Raises:
        NotAllowed, DealClosed: as ``take_deal``.
        Invalid: no such method, or a value cannot be accepted.
    """
    deal = take_deal(opportunity, actor=actor)
    known = methods()
    if method not in known:
        raise fault("method", _("Choose one of: %(names)s.") % {"names": ", ".join(known)})
    if need is not None and need.opportunity_id != deal.pk:
        raise fault("need", _("Choose a need of this project."))
    check_people(deal, {"contact": contact})
    made = MethodUse(opportunity=deal, method=method, need=need, contact=contact, at=now, by=actor)
    set_values(made, {"used_on": own_day(actor, now), **values}, allowed=FIELDS)
    if not made.effect:
        raise fault("effect", _("Choose one."))
    check_past("used_on", made.used_on, actor=actor, now=now)
    made.save(force_insert=True)
    data = {
        "text": in_language(known[method].title, get_language()), "method": method, "effect": made.effect,
        "note": " ".join(filter(None, [str(MethodEffect(made.effect).label), made.note])),
    }  # fmt: skip
    record(MethodUsed(subject=Ref.of(deal), chain=deal.ref, data=data), actor=actor, at=now)
    return made
