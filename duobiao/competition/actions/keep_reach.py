"""Note whom at the customer a rival reaches, and that it no longer does."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.competition.actions.landscape import settle, take
from duobiao.competition.events import ReachNoted, ReachRemoved
from duobiao.competition.models import DealRival, Depth, Reach
from duobiao.customers.models import Contact, Function
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import NotFound
from duobiao.opportunities.queries.people import companies_of
from duobiao.planning.actions.texts import Faults, checked_past, checked_text, refuse
from duobiao.timeline.actions.record import record

LONGEST_SOURCE = 300


@dataclass(frozen=True, slots=True)
class ReachSaid:
    """Whom a rival reaches.

    Attributes:
        contact: The person; None where only the department is known.
        function: The department; of a person whose department is known, that one holds.
    """

    depth: int
    source: str
    noted_on: date
    contact: Contact | None = None
    function: str = ""


@transaction.atomic
def note_reach(*, row: DealRival, said: ReachSaid, actor: User, now: datetime) -> Reach:
    """Note whom a rival reaches; the same person or department again is noted anew.

    Raises:
        NotAllowed, DealClosed: see ``landscape.take``.
        Invalid: a field does not fit, or the person belongs to no company of the deal.
    """
    landscape = take(row.opportunity, actor=actor)
    deal = landscape.opportunity
    values = _checked(row, said, actor=actor, now=now)
    named = {"contact": said.contact} if said.contact is not None else {"contact": None, "function": values["function"]}
    held = Reach.objects.filter(deal_rival=row, **named).first()
    before = {"depth": held.depth, "noted_on": held.noted_on.isoformat()} if held is not None else None
    kept = held or Reach(deal_rival=row, contact=said.contact)
    for name, value in values.items():
        setattr(kept, name, value)
    kept.author = actor
    kept.version += 1 if held is not None else 0
    kept.save()
    record(ReachNoted(subject=Ref.of(kept), chain=deal.ref, data=_told(row, kept, before)), actor=actor, at=now)
    settle(landscape, reason=_("whom the rivals reach changed"), actor=actor, now=now)
    return kept


@transaction.atomic
def remove_reach(*, reach: Reach, actor: User, now: datetime) -> None:
    """Note that a rival no longer reaches somebody.

    Raises:
        NotAllowed, DealClosed: see ``landscape.take``.
        NotFound: it was removed before.
    """
    row = reach.deal_rival
    landscape = take(row.opportunity, actor=actor)
    held = Reach.objects.select_related("contact").filter(pk=reach.pk).first()
    if held is None:
        raise NotFound(_("This was removed before."))
    data = _told(row, held, None)
    subject = Ref.of(held)
    held.delete()
    record(ReachRemoved(subject=subject, chain=landscape.opportunity.ref, data=data), actor=actor, at=now)
    settle(landscape, reason=_("whom the rivals reach changed"), actor=actor, now=now)


def _checked(row: DealRival, said: ReachSaid, *, actor: User, now: datetime) -> dict[str, str | int | date]:
    faults: Faults = {}
    function = (said.contact.function if said.contact is not None else "") or said.function
    if said.contact is not None and not companies_of(row.opportunity).filter(pk=said.contact.customer_id).exists():
        faults["contact"] = _("This person does not belong to a company of this project.")
    if function not in Function.values:
        faults["function"] = _("Choose a person, or one of: %(names)s.") % {"names": ", ".join(Function.values)}
    if said.depth not in Depth.values:
        faults["depth"] = _("Choose one of: %(names)s.") % {"names": ", ".join(map(str, Depth.values))}
    source = checked_text("source", said.source, longest=LONGEST_SOURCE, faults=faults, required=True)
    checked_past("noted_on", said.noted_on, actor=actor, now=now, faults=faults)
    refuse(faults)
    return {"function": function, "depth": said.depth, "source": source, "noted_on": said.noted_on}


def _told(row: DealRival, reach: Reach, before: dict[str, object] | None) -> dict[str, object]:
    return {
        "rival": row.rival.name,
        "text": str(reach),
        "depth": reach.depth,
        "source": reach.source,
        "noted_on": reach.noted_on.isoformat(),
        "before": before,
    }
