"""Record how the customer purchases: steps, duties, project lead and decider; confirm what that proves."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from duobiao.customers.domain.texts import clean_line, clean_text
from duobiao.customers.models import Contact
from duobiao.engagement.actions.call_checks import zone_for
from duobiao.engagement.actions.follow_evidence import follow_evidence
from duobiao.engagement.actions.process_people import note_people
from duobiao.engagement.actions.process_values import STEP_TEXTS, Process, check_process
from duobiao.engagement.domain.findings import shown
from duobiao.engagement.domain.purchasing import ProcessFacts, judge_process
from duobiao.engagement.events.preparing import ProcessRecorded
from duobiao.engagement.models import ProcessDuty, ProcessStep, PurchaseProcess
from duobiao.identity import policy
from duobiao.identity.models import User
from duobiao.kernel.days import local_day
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import StaleVersion
from duobiao.opportunities.models import Opportunity
from duobiao.timeline.actions.record import record

RIGHT = "engagement.plan_visit"


@dataclass(frozen=True, slots=True)
class Kept:
    """The process that is in force now.

    Attributes:
        proved: How many facts it proves.
        people: Contacts whose role or function was noted on their card with it.
    """

    process: PurchaseProcess
    proved: int
    people: list[Contact] = field(default_factory=list)


@transaction.atomic
def record_process(*, opportunity: Opportunity, number: int, process: Process, actor: User, now: datetime) -> Kept:
    """Record the purchase process of a deal as its next version.

    Args:
        number: Of the version the actor saw; 0 where there was none.

    Raises:
        NotAllowed: the actor may not work on this deal.
        StaleVersion: somebody recorded a newer version.
        Invalid: nothing is recorded, a text is too long, or somebody belongs to another company.
    """
    policy.require(actor, RIGHT, opportunity)
    deal = (
        Opportunity.objects.select_for_update(of=("self",)).select_related("customer", "owner").get(pk=opportunity.pk)
    )
    rows = PurchaseProcess.objects.filter(opportunity=deal)
    last = rows.aggregate(last=Max("number"))["last"] or 0
    if last != number:
        message = _("Somebody recorded the process since you opened it. Reload and look at theirs first.")
        raise StaleVersion(message, details={"version": last})
    today = local_day(now, zone_for(actor))
    check_process(process, deal, today=today)
    held = PurchaseProcess.objects.create(
        opportunity=deal,
        number=last + 1,
        project_lead=process.project_lead,
        decider=process.decider,
        told_by=process.told_by,
        told_on=process.told_on or today,
        channel=process.channel,
        quote=clean_text(process.quote),
        created_at=now,
        created_by=actor,
    )
    _keep_rows(held, process)
    data = {"version": held.number, "steps": len(process.steps), "lead": _name(process.project_lead),
            "decider": _name(process.decider)}  # fmt: skip
    record(ProcessRecorded(subject=Ref.of(held), chain=deal.ref, data=data), actor=actor, at=now)
    people = note_people(process, actor=actor, now=now)
    findings = shown(judge_process(facts_of(held)))
    confirmed = follow_evidence(held, findings, reason="", actor=actor, now=now)
    for earlier in rows.filter(number=last):
        follow_evidence(earlier, [], reason=_("a newer version of the process"), actor=actor, now=now)
    return Kept(held, len(confirmed), people)


def facts_of(process: PurchaseProcess) -> ProcessFacts:
    """Return what a recorded process is judged by; two queries."""
    steps = list(process.steps.order_by("number"))
    return ProcessFacts(
        on=process.told_on,
        steps=sum(1 for step in steps if step.who),
        duties=process.duties.count(),
        lead=_name(process.project_lead),
        decider=_name(process.decider),
        told_by=process.told_by_id,
        channel=process.channel,
        quote=process.quote,
        text=" → ".join(f"{step.what}({step.who})" if step.who else step.what for step in steps)[:2000],
    )


def _name(person: Contact | None) -> str:
    return person.name if person is not None else ""


def _keep_rows(held: PurchaseProcess, process: Process) -> None:
    ProcessStep.objects.bulk_create(
        ProcessStep(
            process=held,
            number=number,
            **{name: clean_line(getattr(step, name)) for name in STEP_TEXTS},
        )
        for number, step in enumerate(process.steps, start=1)
    )
    ProcessDuty.objects.bulk_create(
        ProcessDuty(
            process=held,
            function=duty.function,
            contact=duty.contact,
            who=clean_line(duty.who),
            duty=clean_line(duty.duty),
        )
        for duty in process.duties
    )
