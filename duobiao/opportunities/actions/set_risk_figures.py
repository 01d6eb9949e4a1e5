"""Set a company's own figures for a risk signal, or go back to those that were shipped; all deals are judged anew."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.identity import policy
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Invalid, NotFound, StaleVersion
from duobiao.opportunities.actions.judge_queued import judge_signals_of_all
from duobiao.opportunities.domain.rules import LARGEST, LONGEST_WITHIN, Figures, Rule, faults_of
from duobiao.opportunities.events import RiskFiguresChanged
from duobiao.opportunities.models import RiskFigures
from duobiao.opportunities.signal_words import shipped_rules
from duobiao.timeline.actions.record import record

CHAIN = "risk-rules"


@transaction.atomic
def set_risk_figures(
    *, rule: str, figures: Mapping[str, Mapping[str, Any]] | None, version: int, actor: User, now: datetime
) -> Rule:
    """Set the figures of one rule; a worker judges all deals by them at once.

    Args:
        figures: By measure: ``amber``, ``red`` (None: never), ``within_days``; None restores the shipped ones.
        version: What the actor saw; 0 while the shipped ones are in force.

    Raises:
        NotAllowed: ``actor`` may not set figures.
        NotFound: there is no such rule.
        StaleVersion: somebody changed them meanwhile.
        Invalid: a figure makes no sense; every fault is named as ``measure.figure``.
    """
    policy.require(actor, "opportunities.risk_rules")
    shipped = shipped_rules().get(rule)
    if shipped is None:
        raise NotFound(_("There is no such signal."))
    held = RiskFigures.objects.select_for_update().filter(rule=rule).first()
    if version != (held.version if held is not None else 0):
        raise StaleVersion(_("Somebody else changed these figures meanwhile."), details={"version": version})
    before = shipped.with_figures(held.figures) if held is not None else shipped
    wanted = shipped if figures is None else shipped.with_figures(checked(shipped, figures))
    if wanted == before:
        return before
    _keep(held, shipped, wanted)
    data = {"rule": rule, "before": figures_line(before), "after": figures_line(wanted)}
    record(RiskFiguresChanged(subject=Ref("risk_rule", rule), chain=CHAIN, data=data), actor=actor, at=now)
    judge_signals_of_all.enqueue()
    return wanted


def _keep(held: RiskFigures | None, shipped: Rule, wanted: Rule) -> None:
    if held is None:
        RiskFigures.objects.create(rule=wanted.key, figures=wanted.figures)
    elif wanted == shipped:
        held.delete()
    else:
        RiskFigures.objects.filter(pk=held.pk).update(figures=wanted.figures, version=held.version + 1)


def checked(rule: Rule, figures: Mapping[str, Mapping[str, Any]]) -> Figures:
    """Return the figures of a rule, all of them known and sound.

    Raises:
        Invalid: see ``set_risk_figures``.
    """
    faults = {
        f"{measure}.{name}": _("There is no such figure.")
        for measure, values in figures.items()
        for name in values
        if name not in rule.figures.get(measure, {})
    }
    numbers = {
        f"{measure}.{name}": _("Write a whole number.")
        for measure, values in figures.items()
        for name, value in values.items()
        if value is not None and (not isinstance(value, int) or isinstance(value, bool))
    }
    if faults or numbers:
        raise Invalid(_("Please correct the marked fields."), fields=numbers | faults)
    wanted: Figures = {measure: dict(values) for measure, values in figures.items()}
    found = {name: _fault_words(rule, name, code) for name, code in faults_of(rule.with_figures(wanted))}
    if found:
        raise Invalid(_("Please correct the marked fields."), fields=found)
    return wanted


def _fault_words(rule: Rule, name: str, code: str) -> str:
    if code == "order":
        return _("Red cannot begin before amber.")
    measure, figure = name.split(".")
    largest = LONGEST_WITHIN if figure == "within_days" else LARGEST[rule.measures[measure].unit]
    return _("A whole number from 1 to %(largest)d.") % {"largest": largest}


def figures_line(rule: Rule) -> str:
    """Return the figures of a rule in one line, for the audit."""
    return ", ".join(
        f"{measure}.{name}={'-' if value is None else value}"
        for measure, values in rule.figures.items()
        for name, value in values.items()
    )
