"""Conditions on what happened to deals, and on what they lack: the sets of deals behind the figures."""

import re
from datetime import date

from django.db.models import F, Q
from django.db.models.lookups import Exact

from duobiao.opportunities.models import OpportunityQuerySet, Outcome, StageChange, State, Waiver
from duobiao.playbooks.domain.compile import Slot
from duobiao.playbooks.domain.model import Kind
from duobiao.playbooks.models import PlaybookVersion
from duobiao.playbooks.queries import compiled_playbook

ITEM = r"[0-9A-Za-z_.-]{1,20}"
HAPPENED = re.compile(
    rf"closed|decided(?:-[1-9]\d?)?|(?:entered|passed|completed|left)-[1-9]\d?|moved-\d{{1,2}}-\d{{1,2}}|(?:expired|waived)-{ITEM}"
)
"""What can be asked for; ``happened`` words what each means."""


def counted(rows: OpportunityQuerySet) -> OpportunityQuerySet:
    """Leave out what would distort rates and conversion: imports whose stage or outcome nobody proved here."""
    return rows.filter(honest())


def honest() -> Q:
    """Return the condition that keeps what ``counted`` keeps; it names columns of the deal alone."""
    unproved = Q(outcome_unproved=True) | Q(claimed_stage__isnull=False)
    from_elsewhere = ~Q(external_source="") & Q(last_evidence_on__isnull=True)
    return ~(unproved | from_elsewhere)


def happened(what: str, *, since: date | None, until: date | None) -> list[Q]:
    """Return the conditions for deals to which something happened within a period, both days inclusive.

    Args:
        what: ``closed``; ``decided``: won or lost; ``decided-n``: having completed stage n; ``entered-n``; ``passed-n``: entered n, and n + 1 by the end;
            ``completed-n``; ``left-n``: moved from n to another stage; ``moved-a-b``: went from stage a straight to b;
            ``expired-i``: fell because item i ran out; ``waived-i``: a waiver of item i was approved.
    """
    kind, _, rest = what.partition("-")
    span = (since or date.min, until or date.max)
    if kind == "closed":
        return [honest(), Q(closed_on__range=span)]
    if kind == "decided":
        found = [honest(), Q(closed_on__range=span, outcome__in=[Outcome.WON, Outcome.LOST])]
        return [*found, _ever_completed(int(rest))] if rest else found
    if kind == "waived":
        return [honest(), Q(pk__in=Waiver.objects.filter(item=rest, approved_on__range=span).values("opportunity"))]
    changes = StageChange.objects.filter(playbook__isnull=True)
    found = [honest(), Q(pk__in=changes.filter(_change(kind, rest), on__range=span).values("opportunity"))]
    if kind == "passed":
        further = changes.filter(stage_after__gt=int(rest), on__lte=span[1])
        found.append(Q(pk__in=further.values("opportunity")))
    return found


def _ever_completed(stage: int) -> Q:
    changes = StageChange.objects.filter(playbook__isnull=True, completed_after__gte=stage)
    return Q(completed_stage__gte=stage) | Q(pk__in=changes.values("opportunity"))


def _change(kind: str, rest: str) -> Q:
    if kind == "expired":
        return Q(cause_text__lost__icontains=f'"{rest}"')
    if kind == "moved":
        before, _, after = rest.partition("-")
        return Q(stage_before=int(before), stage_after=int(after))
    stage = int(rest)
    if kind == "left":
        return Q(stage_before=stage) & ~Q(stage_after=stage)
    if kind == "completed":
        return Q(completed_before__lt=stage, completed_after__gte=stage)
    return Q(stage_before__lt=stage, stage_after__gte=stage)


def lacking(item: str, *, playbook: str = "") -> Q:
    """Return the condition for open deals whose next gate lacks an item.

    Args:
        playbook: Key; only its versions count.
    """
    versions = PlaybookVersion.objects.filter(key=playbook) if playbook else PlaybookVersion.objects.all()
    found = Q(pk__in=[])
    for version in versions.order_by("pk").values_list("pk", flat=True):
        slot = compiled_playbook(version).by_key.get(item)
        if slot is not None and slot.item.gates:
            found |= Q(playbook=version) & at_gate_of(slot) & Q(Exact(F(f"word_{slot.word}").bitand(slot.bit), 0))
    return honest() & Q(outcome=Outcome.OPEN) & found


def at_gate_of(slot: Slot) -> Q:
    """Return the condition for deals whose next gate asks for an item: entering its stage (M) or completing it."""
    if slot.item.kind is Kind.M:
        return Q(stage_number=slot.item.stage - 1, state__in=[State.NOT_ENTERED, State.TRANSIT])
    return Q(stage_number=slot.item.stage, state=State.IN_STAGE)
