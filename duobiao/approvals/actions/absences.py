"""Name a substitute for the days one is away, and end that early."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.approvals.actions.keep_moving import settle_absences
from duobiao.approvals.events import AbsenceEnded, AbsenceSet
from duobiao.approvals.models import Absence
from duobiao.identity import policy
from duobiao.identity.models import CompanySettings, User
from duobiao.kernel.days import local_day
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict, Invalid
from duobiao.timeline.actions.notify import notify
from duobiao.timeline.actions.record import record

LONGEST_DAYS = 366


class AbsenceOver(Conflict):
    """The substitution has ended already."""

    code = "absence_over"


class AbsencesOverlap(Conflict):
    """Somebody stands in on one of these days already."""

    code = "absences_overlap"


@transaction.atomic
def set_absence(*, substitute: User, from_on: date, to_on: date, actor: User, now: datetime) -> Absence:
    """Let a colleague decide in the actor's place on some days, both inclusive; tasks that wait move over.

    Raises:
        Invalid: days in the wrong order, past, or too many; the actor themselves, or somebody who left.
        AbsencesOverlap: another substitute stands in on one of the days.
    """
    policy.require(actor, "approvals.absence")
    today = local_day(now, CompanySettings.load().time_zone)
    _check(substitute, from_on, to_on, actor=actor, today=today)
    User.objects.select_for_update().get(pk=actor.pk)
    if Absence.objects.filter(user=actor, ended_at=None, from_on__lte=to_on, to_on__gte=from_on).exists():
        message = _("Somebody stands in for you on one of these days already. End that first.")
        raise AbsencesOverlap(message, fields={"from_on": message})
    absence = Absence.objects.create(user=actor, substitute=substitute, from_on=from_on, to_on=to_on, created_at=now)
    record(AbsenceSet(subject=Ref.of(absence), chain=actor.ref, data=_told(absence)), actor=actor, at=now)
    notify([substitute], event=AbsenceSet.name, url="/approvals/", at=now, data=_told(absence))
    settle_absences(now=now)
    return absence


@transaction.atomic
def end_absence(*, absence: Absence, actor: User, now: datetime) -> Absence:
    """End a substitution at once; its tasks come back.

    Raises:
        NotAllowed: it is not the actor's own.
        AbsenceOver: it has ended.
    """
    policy.require(actor, "approvals.absence", absence)
    today = local_day(now, CompanySettings.load().time_zone)
    held = Absence.objects.select_for_update(of=("self",)).select_related("user", "substitute").get(pk=absence.pk)
    if held.ended_at is not None or held.to_on < today:
        raise AbsenceOver(_("This substitution has ended already."))
    held.ended_at = now
    held.save(update_fields=["ended_at"])
    record(AbsenceEnded(subject=Ref.of(held), chain=actor.ref, data=_told(held)), actor=actor, at=now)
    notify([held.substitute], event=AbsenceEnded.name, url="/approvals/", at=now, data=_told(held))
    settle_absences(now=now)
    return held


def _told(absence: Absence) -> dict[str, str]:
    return {
        "user": str(absence.user),
        "substitute": str(absence.substitute),
        "from_on": absence.from_on.isoformat(),
        "to_on": absence.to_on.isoformat(),
    }


def _check(substitute: User, from_on: date, to_on: date, *, actor: User, today: date) -> None:
    faults: dict[str, str] = {}
    if substitute.pk == actor.pk or not substitute.is_active:
        faults["substitute"] = _("Choose a colleague who works here.")
    if from_on < today:
        faults["from_on"] = _("The first day cannot lie before today (%(today)s).") % {"today": today.isoformat()}
    if to_on < from_on:
        faults["to_on"] = _("The last day cannot lie before the first.")
    elif (to_on - from_on).days > LONGEST_DAYS:
        faults["to_on"] = _("At most 366 days.")
    if faults:
        raise Invalid(_("Please correct the marked fields."), fields=faults)
