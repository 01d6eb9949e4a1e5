"""Register a project: protected at once where nothing clashes, else after arbitration; extend, withdraw, let expire."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.approvals.actions.open_request import draft_request, open_request
from duobiao.approvals.actions.withdraw import withdraw
from duobiao.approvals.events import ApprovalDecided
from duobiao.approvals.models import ApprovalRequest, RequestState
from duobiao.customers.actions.field_rules import credit_code, phone
from duobiao.customers.actions.field_values import set_values
from duobiao.customers.domain.domains import domain_of
from duobiao.customers.domain.naming import normal_name
from duobiao.identity.models import User
from duobiao.identity.policy import require
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict, Invalid
from duobiao.opportunities.actions.reassess import company_day
from duobiao.prospecting.events import (
    RegistrationEnded,
    RegistrationExtended,
    RegistrationMade,
    RegistrationNear,
    RegistrationSettled,
)
from duobiao.prospecting.models import Clash, Registration, RegistrationState
from duobiao.prospecting.models.registration import REGISTRATION
from duobiao.prospecting.queries.clashes import Found, clashes_of
from duobiao.prospecting.queries.figures import registration_figures
from duobiao.timeline.actions.notify import notify
from duobiao.timeline.actions.record import record

FIELDS: Final = ("customer_name", "credit_code", "phone", "domain", "project", "site", "agent", "evidence")
LONGEST_NOTE: Final = 500


def _domain(text: Any) -> str:
    found = domain_of(str(text or ""))
    if str(text or "").strip() and not found:
        raise ValueError(_("This is not a domain. Example: example.com"))
    return found


RULES: Final = {"credit_code": credit_code, "phone": phone, "domain": _domain}


class OwnRegistration(Conflict):
    """The actor protects this project already."""

    code = "own_registration"


class NotProtected(Conflict):
    """The registration protects nothing any more, or waits for a decision."""

    code = "not_protected"


class ExtensionLimit(Conflict):
    """It was extended as often as may be."""

    code = "extension_limit"


@transaction.atomic
def register_project(*, values: Mapping[str, Any], actor: User, now: datetime) -> Registration:
    """Register a project of an end customer.

    Nothing clashes: it is protected from today. Something of somebody else clashes: an arbiter decides.

    Raises:
        NotAllowed: the actor may not register projects.
        OwnRegistration: the actor protects it already.
        Invalid: a value cannot be accepted; a clash needs evidence.
    """
    require(actor, "prospecting.register")
    today = company_day(now)
    row = Registration(owner=actor, registered_on=today, created_at=now, state=RegistrationState.ACTIVE)
    set_values(row, {"customer_name": "", "project": "", **values}, allowed=FIELDS, rules=RULES)
    row.normal_name, row.normal_project = normal_name(row.customer_name), normal_name(row.project)
    row.normal_site = normal_name(row.site) if row.site else ""
    found = clashes_of(row, on=today)
    own = next((clash.other for clash in found if clash.other is not None and clash.other.owner_id == actor.pk), None)
    if own is not None:
        raise OwnRegistration(
            _("You registered this project already: %(ref)s.") % {"ref": own.ref}, details={"ref": own.ref}
        )
    if found and not row.evidence:
        message = _(
            "This project clashes with one of a colleague. Say what shows that you were first; an arbiter decides."
        )
        raise Invalid(message, fields={"evidence": message})
    if found:
        row.state = RegistrationState.PENDING
    else:
        row.protected_until = registration_figures().figures.protected_until(today)
    row.save(force_insert=True)
    Clash.objects.bulk_create(
        Clash(registration=row, other=clash.other, opportunity=clash.opportunity, reasons=clash.reasons)
        for clash in found
    )
    record(RegistrationMade(subject=Ref.of(row), data=words_of(row)), actor=actor, at=now)
    if found:
        open_request(draft=registration_draft(row, found, actor=actor), now=now)
        row.refresh_from_db()
    return row


def registration_draft(row: Registration, found: list[Found], *, actor: User) -> ApprovalRequest:
    """Return the request to arbitrate; the units concerned are named, not what the others registered."""
    owners = [clash.other.owner if clash.other is not None else None for clash in found]
    owners += [clash.opportunity.owner if clash.opportunity is not None else None for clash in found]
    units = {owner.unit_id: str(owner.unit or "") for owner in owners if owner is not None}
    across = "YES" if set(units) - {actor.unit_id} else "NO"
    facts = {
        "customer": row.customer_name,
        "project": row.project,
        "site": row.site,
        "agent": row.agent,
        "evidence": row.evidence,
        "clashes": len(found),
        "units": sorted(filter(None, units.values())),
        "across": across,
    }
    return draft_request(
        matter=REGISTRATION,
        subject=Ref.of(row),
        owner=row.owner,
        title=str(row)[:160],
        facts=facts,
        amount=None,
        actor=actor,
    )


def registration_settled(event: ApprovalDecided, actor: User, at: datetime) -> None:
    """Protect what the arbiter gave to its owner; what clashed with it loses its protection."""
    if event.matter != REGISTRATION:
        return
    row = hold_registration(event.about.ref)
    if row.state != RegistrationState.PENDING:
        return
    states = {"APPROVED": RegistrationState.ACTIVE, "REFUSED": RegistrationState.REFUSED}
    row.state = states.get(event.outcome, RegistrationState.WITHDRAWN)
    row.settled_at, row.settled_by, row.note = at, actor, event.note[:LONGEST_NOTE]
    if row.state == RegistrationState.ACTIVE:
        row.protected_until = registration_figures().figures.protected_until(company_day(at))
    row.version += 1
    row.save()
    data = words_of(row) | {"outcome": event.outcome}
    record(RegistrationSettled(subject=Ref.of(row), data=data), actor=actor, at=at)
    if row.state == RegistrationState.ACTIVE:
        for clash in row.clashes.exclude(other=None).select_related("other").order_by("other_id"):
            _lose(clash.other, by=row, actor=actor, now=at)


def _lose(other: Registration | None, *, by: Registration, actor: User, now: datetime) -> None:
    if other is None:
        return
    held = hold_registration(other.ref)
    if held.state == RegistrationState.ACTIVE:
        note = _("Given to %(unit)s by arbitration") % {"unit": by.owner.unit or by.owner}
        _end(held, RegistrationState.LOST, note, actor=actor, now=now)
        notify([held.owner], event=RegistrationEnded.name, url=registration_page(held.ref), at=now, data=words_of(held))


@transaction.atomic
def extend_registration(*, registration: Registration, reason: str, actor: User, now: datetime) -> Registration:
    """Protect a project for longer.

    Raises:
        NotAllowed: the actor may not work on this registration.
        NotProtected: it protects nothing any more.
        ExtensionLimit: it was extended as often as may be.
        Invalid: the reason is missing.
    """
    held = hold_registration(registration.ref)
    require(actor, "prospecting.register", held)
    if not held.protects(company_day(now)) or held.protected_until is None:
        raise NotProtected(_("This registration protects nothing any more. Register the project anew."))
    figures = registration_figures().figures
    if held.extensions >= figures.most_extensions:
        message = _("Extended %(n)d times already, as often as may be. Register the project anew when it has ended.")
        raise ExtensionLimit(message % {"n": held.extensions})
    note = _reason(reason)
    held.protected_until = figures.extended(held.protected_until)
    held.extensions, held.warned_on = held.extensions + 1, None
    held.version += 1
    held.save(update_fields=["protected_until", "extensions", "warned_on", "version"])
    record(RegistrationExtended(subject=Ref.of(held), data=words_of(held) | {"note": note}), actor=actor, at=now)
    return held


@transaction.atomic
def withdraw_registration(*, registration: Registration, reason: str, actor: User, now: datetime) -> Registration:
    """Give a registration up; a decision that waits is no longer asked for.

    Raises:
        NotAllowed: the actor may not work on this registration.
        NotProtected: it has ended.
        Invalid: the reason is missing.
    """
    held = hold_registration(registration.ref)
    require(actor, "prospecting.register", held)
    if held.state not in (RegistrationState.ACTIVE, RegistrationState.PENDING):
        raise NotProtected(_("This registration has ended already."))
    note = _reason(reason)
    if held.state == RegistrationState.PENDING:
        rows = ApprovalRequest.objects.filter(matter=REGISTRATION, subject_ref=held.ref, state=RequestState.OPEN)
        for request in rows:
            withdraw(request=request, note=note, actor=actor, now=now)
        held.refresh_from_db()
    if held.state != RegistrationState.WITHDRAWN:
        _end(held, RegistrationState.WITHDRAWN, note, actor=actor, now=now)
    return held


def let_expire(*, on: date, now: datetime) -> tuple[int, int]:
    """Warn of registrations whose protection ends soon, end those past their last day; return how many of each."""
    active = Registration.objects.filter(state=RegistrationState.ACTIVE)
    soon = active.filter(
        protected_until__range=(on, on + timedelta(days=registration_figures().figures.warn_days)), warned_on=None
    )
    warned = 0
    with transaction.atomic():
        for row in soon.select_related("owner").order_by("pk"):
            notify([row.owner], event=RegistrationNear.name, url=registration_page(row.ref), at=now, data=words_of(row))
            warned += 1
        soon.update(warned_on=on)
    ended = 0
    for ref in list(active.filter(protected_until__lt=on).order_by("pk").values_list("ref", flat=True)):
        with transaction.atomic():
            held = hold_registration(ref)
            if held.state == RegistrationState.ACTIVE and not held.protects(on):
                _end(held, RegistrationState.EXPIRED, "", actor=None, now=now)
                notify(
                    [held.owner], event=RegistrationEnded.name, url=registration_page(ref), at=now, data=words_of(held)
                )
                ended += 1
    return warned, ended


def _end(row: Registration, state: RegistrationState, note: str, *, actor: User | None, now: datetime) -> None:
    row.state, row.note, row.settled_at, row.settled_by = state, note[:LONGEST_NOTE], now, actor
    row.version += 1
    row.save(update_fields=["state", "note", "settled_at", "settled_by", "version"])
    record(RegistrationEnded(subject=Ref.of(row), data=words_of(row) | {"note": note}), actor=actor, at=now)


def _reason(text: str) -> str:
    kept = text.replace("\x00", "").strip()
    if not 1 <= len(kept) <= LONGEST_NOTE:
        message = _("Say why, in at most %(n)d characters.") % {"n": LONGEST_NOTE}
        raise Invalid(message, fields={"reason": message})
    return kept


def hold_registration(ref: str) -> Registration:
    """Return a registration as it is stored now, locked until the transaction ends."""
    return Registration.objects.select_for_update(of=("self",)).select_related("owner__unit").get(ref=ref)


def registration_page(ref: str) -> str:
    """Return the page of a registration."""
    return f"/registrations/{ref}/"


def words_of(row: Registration) -> dict[str, Any]:
    """Return what the timeline says about a registration."""
    until = row.protected_until.isoformat() if row.protected_until is not None else ""
    return {"customer": row.customer_name, "project": row.project, "state": str(row.state), "until": until}
