"""Register a deal with a manufacturer, change the registration, move it on."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.customers.actions.field_values import checked_line, json_changes, set_values, stale
from duobiao.customers.domain.naming import normal_name
from duobiao.identity.models import User
from duobiao.identity.policy import allows, require
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict, Invalid
from duobiao.opportunities.actions.lock import DealClosed, lock
from duobiao.opportunities.actions.reassess import company_day
from duobiao.opportunities.models import Opportunity
from duobiao.prospecting.domain.upstream import NEXT
from duobiao.prospecting.models import Manufacturer, Upstream, UpstreamMove, UpstreamState
from duobiao.prospecting.queries.manufacturers import clashing
from duobiao.prospecting.work_events import UpstreamChanged, UpstreamClashed, UpstreamMoved, UpstreamRegistered
from duobiao.timeline.actions.notify import notify
from duobiao.timeline.actions.record import record

VERB: Final = "prospecting.register"
UPSTREAM_FIELDS: Final = ("products", "number", "discount_level", "responsible", "remarks")
FIRST_STATES: Final = (UpstreamState.PREPARING, UpstreamState.SUBMITTED, UpstreamState.GRANTED)
LONGEST_NAME: Final = 120
LONGEST_NOTE: Final = 300
LATEST: Final = date(2100, 1, 1)
EARLIEST: Final = date(1990, 1, 1)


class UpstreamTwice(Conflict):
    """The deal is registered with this manufacturer already."""

    code = "upstream_twice"


class UpstreamStepRefused(Conflict):
    """From its present state a registration cannot come to this one."""

    code = "upstream_step"


@transaction.atomic
def register_upstream(
    *,
    deal: Opportunity,
    manufacturer: str,
    values: Mapping[str, Any],
    state: str,
    actor: User,
    now: datetime,
    happened_on: date | None = None,
    protected_until: date | None = None,
) -> Upstream:
    """Register a deal with a manufacturer.

    Another deal of ours for the same customer may be registered there: both owners are told.

    Args:
        manufacturer: Its name; one that is known already is the same without regard to case, blanks, legal form.
        values: By field name, see ``UPSTREAM_FIELDS``; products are needed, the owner of the deal sees to it by default.

    Raises:
        NotAllowed: the actor may not register this deal.
        DealClosed: it is closed.
        UpstreamTwice: it is registered there already.
        Invalid: a value cannot be accepted.
    """
    held = lock(deal)
    require(actor, VERB, held)
    if not held.is_open:
        raise DealClosed(_("This deal is closed. A manager can reopen it first."))
    if state not in FIRST_STATES:
        message = _("Begin with one of: %(names)s.") % {"names": ", ".join(FIRST_STATES)}
        raise Invalid(message, fields={"state": message})
    maker = manufacturer_named(manufacturer, now=now)
    known = Upstream.objects.filter(opportunity=held, manufacturer=maker).first()
    if known is not None:
        raise UpstreamTwice(
            _("This project is registered with %(name)s already: %(ref)s.") % {"name": maker, "ref": known.ref},
            details={"ref": known.ref},
        )
    today = company_day(now)
    row = Upstream(
        opportunity=held, manufacturer=maker, responsible=held.owner, created_at=now, created_by=actor, state=state
    )
    _set(row, {"products": "", **values})
    row.since_on, row.protected_until = happened_on or today, protected_until
    _check_days(row, state, since=row.since_on, today=today)
    row.save(force_insert=True)
    _note(row, "", actor=actor, now=now)
    _record(UpstreamRegistered, row, actor=actor, now=now)
    _tell_of_clashes(row, actor=actor, now=now)
    return row


@transaction.atomic
def edit_upstream(*, row: Upstream, version: int, values: Mapping[str, Any], actor: User, now: datetime) -> Upstream:
    """Change facts of a registration; its state is moved by ``move_upstream``.

    Raises:
        NotAllowed: the actor may neither register this deal nor sees to the registration.
        StaleVersion: somebody changed it since.
        Invalid: a value cannot be accepted.
    """
    held = _held(row, version, values, actor)
    changes = _set(held, values)
    if not changes:
        return held
    held.version += 1
    held.save()
    _record(UpstreamChanged, held, actor=actor, now=now, changes=json_changes(changes))
    return held


@transaction.atomic
def move_upstream(
    *,
    row: Upstream,
    version: int,
    state: str,
    happened_on: date,
    actor: User,
    now: datetime,
    protected_until: date | None = None,
    number: str | None = None,
    note: str = "",
) -> Upstream:
    """Bring a registration to another state, or extend its protection.

    Args:
        protected_until: Needed for what is granted; later than before for an extension.
        number: Under which the manufacturer keeps it, where that is known only now.

    Raises:
        NotAllowed: the actor may neither register this deal nor sees to the registration.
        StaleVersion: somebody changed it since.
        UpstreamStepRefused: the state cannot follow.
        Invalid: a day, the number or the note cannot be accepted.
    """
    held = _held(row, version, {"state": state}, actor)
    if state not in NEXT[held.state]:
        labels = dict(UpstreamState.choices)
        follow = [str(step) for step in NEXT[held.state]]
        words = {"state": held.get_state_display(), "next": _(", ").join(str(labels[step]) for step in follow)}
        raise UpstreamStepRefused(
            _("A registration that is “%(state)s” can become: %(next)s.") % words,
            details={"state": held.state, "next": follow},
        )
    again = state == held.state
    if again and held.protected_until is not None and (protected_until or EARLIEST) <= held.protected_until:
        message = _("It is protected until %(day)s; give a later day.") % {"day": held.protected_until.isoformat()}
        raise Invalid(message, fields={"protected_until": message})
    before = held.since_on
    _check_days(held, state, since=happened_on, today=company_day(now), before=before, until=protected_until)
    if number is not None:
        set_values(held, {"number": number}, allowed=UPSTREAM_FIELDS)
    said = checked_line("note", note, LONGEST_NOTE)
    held.state, held.since_on, held.warned_days = state, happened_on, None
    held.protected_until = protected_until if state == UpstreamState.GRANTED else held.protected_until
    held.extensions += again
    held.version += 1
    held.save()
    _note(held, said, actor=actor, now=now)
    _record(UpstreamMoved, held, actor=actor, now=now, note=said)
    return held


def manufacturer_named(name: str, *, now: datetime) -> Manufacturer:
    """Return the manufacturer of this name; a new one is noted.

    Raises:
        Invalid: the name is missing or too long.
    """
    cleaned = checked_line("manufacturer", name, LONGEST_NAME)
    key = normal_name(cleaned)[:LONGEST_NAME] if cleaned else ""
    if not key:
        message = _("Name the manufacturer.")
        raise Invalid(message, fields={"manufacturer": message})
    return Manufacturer.objects.get_or_create(normal_name=key, defaults={"name": cleaned, "created_at": now})[0]


def upstream_url(ref: str) -> str:
    """Return the page of a registration with a manufacturer."""
    return f"/manufacturer-registrations/{ref}/"


def upstream_words(row: Upstream) -> dict[str, Any]:
    """Return what events of a registration keep."""
    until = row.protected_until.isoformat() if row.protected_until is not None else ""
    names = {"manufacturer": row.manufacturer.name, "deal": row.opportunity.name, "ref": row.ref}
    return {**names, "state": str(row.state), "until": until if row.state == UpstreamState.GRANTED else ""}


def sees_deal(person: Any, deal: Opportunity) -> bool:
    """Say whether somebody works here and sees a deal."""
    return isinstance(person, User) and person.is_active and allows(person, "opportunities.view", deal)


def _held(row: Upstream, version: int, values: Mapping[str, Any], actor: User) -> Upstream:
    deal = lock(row.opportunity)
    held = Upstream.objects.select_related("manufacturer", "responsible").get(pk=row.pk)
    held.opportunity = deal
    require(actor, VERB, held)
    if held.version != version:
        names = [name for name in values if name in (*UPSTREAM_FIELDS, "state")]
        raise stale({name: getattr(held, name) for name in names}, version=held.version)
    return held


def _set(row: Upstream, values: Mapping[str, Any]) -> Any:
    changes = set_values(row, values, allowed=UPSTREAM_FIELDS)
    faults: dict[str, object] = {}
    if not row.products:
        faults["products"] = _("Say for which products.")
    if "responsible" in values and not sees_deal(row.responsible, row.opportunity):
        faults["responsible"] = _("Choose somebody who works here and sees this project.")
    if faults:
        raise Invalid(_("Please correct the marked fields."), fields=faults)
    return changes


def _check_days(
    row: Upstream, state: str, *, since: date, today: date, before: date | None = None, until: date | None = None
) -> None:
    last = until or (row.protected_until if before is None else None)
    faults: dict[str, object] = {}
    if since > today:
        faults["happened_on"] = _("The day cannot be later than today (%(today)s).") % {"today": today.isoformat()}
    elif since < (before or EARLIEST):
        faults["happened_on"] = _("Give %(day)s or a later day.") % {"day": (before or EARLIEST).isoformat()}
    if state == UpstreamState.GRANTED and last is None:
        faults["protected_until"] = _("Say until when the manufacturer protects the project.")
    elif state == UpstreamState.GRANTED and last is not None and not max(today, since) <= last <= LATEST:
        faults["protected_until"] = _("Give a day that lies ahead.")
    if faults:
        raise Invalid(_("Please correct the marked fields."), fields=faults)


def _note(row: Upstream, note: str, *, actor: User | None, now: datetime) -> None:
    until = row.protected_until if row.state == UpstreamState.GRANTED else None
    UpstreamMove.objects.create(
        upstream=row,
        state=row.state,
        happened_on=row.since_on,
        protected_until=until,
        note=note,
        noted_at=now,
        noted_by=actor,
    )


def _record(event: Any, row: Upstream, *, actor: User, now: datetime, **more: Any) -> None:
    data = upstream_words(row) | {name: value for name, value in more.items() if value}
    record(event(subject=Ref.of(row), chain=row.opportunity.ref, data=data), actor=actor, at=now)


def _tell_of_clashes(row: Upstream, *, actor: User, now: datetime) -> None:
    others = clashing([row]).get(row.pk, [])
    for other in others:
        data = upstream_words(row) | {"deal": other.opportunity.name, "state": "", "until": ""}
        notify([other.opportunity.owner], event=UpstreamClashed.name, url=upstream_url(other.ref), at=now, data=data)
    if others:
        people = [person for person in (row.opportunity.owner, actor) if person.is_active]
        data = upstream_words(row) | {"state": "", "until": ""}
        notify(people, event=UpstreamClashed.name, url=upstream_url(row.ref), at=now, data=data)
        record(UpstreamClashed(subject=Ref.of(row), chain=row.opportunity.ref, data=data), actor=actor, at=now)
