"""Set a goal of a plan, change it, note what was reached, take it out."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.identity.models import User
from duobiao.kernel.money import Money
from duobiao.kernel.refusals import Conflict, NotFound
from duobiao.planning.actions.plans import note_change, require_version, take_plan
from duobiao.planning.actions.texts import Faults, checked_text, refuse
from duobiao.planning.models import AccountPlan, Measure, PlanGoal, PlanState

AMOUNTS: Final = (Measure.WON_AMOUNT, Measure.PIPELINE)
COUNTED: Final = (*AMOUNTS, Measure.WON_DEALS, Measure.NEW_DEALS, Measure.PEOPLE_REACHED)
"""What the system counts by itself."""
MOST_GOALS: Final = 30
LARGEST_COUNT: Final = 1_000_000
LARGEST_AMOUNT: Final = 10**15
DRAFT = (PlanState.DRAFT,)


class CountedByItself(Conflict):
    """What was reached of this goal is counted from the records; nobody writes it down."""

    code = "counted_by_itself"


@transaction.atomic
def set_goal(*, plan: AccountPlan, values: Mapping[str, Any], actor: User, now: datetime) -> PlanGoal:
    """Set a goal.

    Args:
        values: ``measure``, ``title`` (needed where nothing is counted), and of ``target`` what the measure needs: Money, a whole number, or words.

    Raises:
        NotAllowed: the actor may not edit the customer.
        PlanFixed: the plan is not a draft.
        Conflict: it has as many goals as are kept.
        Invalid: a value does not fit.
    """
    held = take_plan(plan, actor, states=DRAFT)
    if held.goals.count() >= MOST_GOALS:
        raise Conflict(_("A plan has at most %(n)d goals.") % {"n": MOST_GOALS})
    goal = PlanGoal(plan=held, created_at=now)
    _set(goal, values)
    goal.save(force_insert=True)
    note_change(held, "goal", actor=actor, now=now, title=goal.title, goal=goal_words(goal))
    return goal


@transaction.atomic
def edit_goal(*, goal: PlanGoal, version: int, values: Mapping[str, Any], actor: User, now: datetime) -> PlanGoal:
    """Change a goal.

    Raises:
        NotAllowed, PlanFixed, Invalid: as ``set_goal``.
        NotFound: it was taken out.
        StaleVersion: somebody changed it since.
    """
    plan = take_plan(goal.plan, actor, states=DRAFT)
    held = _present(goal)
    require_version(held, version)
    before = goal_words(held)
    _set(held, values)
    if goal_words(held) == before:
        return held
    held.version += 1
    held.save()
    said = goal_words(held)
    note_change(plan, "goal", actor=actor, now=now, title=held.title, before=before, goal=said)
    return held


@transaction.atomic
def note_reached(
    *, goal: PlanGoal, version: int, count: int | None, words: str, actor: User, now: datetime
) -> PlanGoal:
    """Note what was reached of a goal that nothing counts.

    Raises:
        NotAllowed: the actor may not edit the customer.
        PlanFixed: the plan waits for approval, or is closed.
        CountedByItself: it is counted from the records.
        StaleVersion: somebody changed it since.
        Invalid: the number or the words do not fit.
    """
    plan = take_plan(goal.plan, actor, states=(PlanState.DRAFT, PlanState.APPROVED))
    held = _present(goal)
    require_version(held, version)
    if held.measure in COUNTED:
        raise CountedByItself(_("What was reached here is counted from the records."))
    faults: Faults = {}
    text = checked_text("words", words, longest=300, faults=faults)
    if held.measure == Measure.COUNT and count is not None and not 0 <= count <= LARGEST_COUNT:
        faults["count"] = _("Give a whole number from 0 to %(most)d.") % {"most": LARGEST_COUNT}
    refuse(faults)
    held.reached_count = count if held.measure == Measure.COUNT else None
    held.reached_words = text
    held.version += 1
    held.save(update_fields=["reached_count", "reached_words", "version"])
    reached = {"count": held.reached_count, "words": text}
    note_change(plan, "reached", actor=actor, now=now, title=held.title, reached=reached)
    return held


@transaction.atomic
def remove_goal(*, goal: PlanGoal, actor: User, now: datetime) -> None:
    """Take a goal out of a draft; the audit keeps what it said.

    Raises:
        NotAllowed, PlanFixed: as ``set_goal``.
        NotFound: it was taken out before.
    """
    plan = take_plan(goal.plan, actor, states=DRAFT)
    held = _present(goal)
    said = goal_words(held)
    held.delete()
    note_change(plan, "goal_removed", actor=actor, now=now, title=said["title"], goal=said)


def goal_words(goal: PlanGoal) -> dict[str, Any]:
    """Return what the timeline says about a goal."""
    names = ("ref", "measure", "title", "target_minor", "target_count", "target_words")
    return {name: getattr(goal, name) for name in names}


def _present(goal: PlanGoal) -> PlanGoal:
    held = PlanGoal.objects.filter(pk=goal.pk).first()
    if held is None:
        raise NotFound(_("This goal was taken out."))
    return held


def _set(goal: PlanGoal, values: Mapping[str, Any]) -> None:
    faults: Faults = {}
    measure = str(values.get("measure", goal.measure))
    if measure not in Measure.values:
        faults["measure"] = _("Choose one of: %(names)s.") % {"names": ", ".join(Measure.values)}
        refuse(faults)
    goal.measure = measure
    given, own = str(values.get("title", goal.title)), measure not in COUNTED
    goal.title = checked_text("title", given, longest=200, faults=faults, required=own)
    goal.target_minor, goal.target_count, goal.target_words = None, None, ""
    target = values.get("target")
    if measure in AMOUNTS:
        goal.target_minor = _amount(target, goal.plan.currency, faults)
    elif measure == Measure.WORDS:
        goal.target_words = checked_text("target", str(target or ""), longest=300, faults=faults, required=True)
    else:
        goal.target_count = _count(target, faults)
    refuse(faults)


def _amount(target: object, currency: str, faults: Faults) -> int | None:
    if not isinstance(target, Money) or not 0 < target.amount_minor <= LARGEST_AMOUNT:
        faults["target"] = _("Give an amount above 0.")
        return None
    if target.currency != currency:
        faults["target"] = _("Give the amount in %(currency)s, as this plan counts.") % {"currency": currency}
    return target.amount_minor


def _count(target: object, faults: Faults) -> int | None:
    if not isinstance(target, int) or isinstance(target, bool) or not 0 < target <= LARGEST_COUNT:
        faults["target"] = _("Give a whole number above 0.")
        return None
    return target
