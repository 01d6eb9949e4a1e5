"""Note how the solution answers a need, and which of its modules do."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.customers.actions.field_values import set_values
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.needs.actions.common import fault, one_of, take_need
from duobiao.needs.actions.follow_evidence import follow_must_haves
from duobiao.needs.domain.priorities import NEEDS_WORDS
from duobiao.needs.events.needs import NeedAnswered
from duobiao.needs.models import ModuleFit, Need, NeedFit, NeedModule, SolutionModule
from duobiao.timeline.actions.record import record


@transaction.atomic
def answer_need(
    *, need: Need, version: int, fit: str, note: str, modules: Mapping[str, str] | None, actor: User, now: datetime
) -> Need:
    """Note how a need is met.

    Args:
        note: How: needed for a substitute, a way to upgrade, and what is met in part.
        modules: How far each module answers it, by reference; those left out do not. None: as they are.

    Raises:
        NotAllowed, DealClosed, NotFound, StaleVersion: as ``change_need``.
        Invalid: a value cannot be accepted, or a module is none of this deal.
    """
    held = take_need(need, version=version, actor=actor)
    one_of("fit", fit, NeedFit.values)
    before = held.fit
    set_values(held, {"fit": fit, "fit_note": note}, allowed=("fit", "fit_note"))
    if fit in NEEDS_WORDS and not held.fit_note:
        raise fault("fit_note", _("Say how: what stands in for it, how one upgrades, what is missing."))
    held.version += 1
    held.changed_at = now
    held.save(update_fields=["fit", "fit_note", "version", "changed_at"])
    if modules is not None:
        _keep_modules(held, modules)
    data = {
        "text": held.text, "before": before, "after": fit, "modules": dict(modules or {}),
        "note": f"{NeedFit(fit).label} {held.fit_note[:200]}".strip(),
    }  # fmt: skip
    record(NeedAnswered(subject=Ref.of(held), chain=held.opportunity.ref, data=data), actor=actor, at=now)
    follow_must_haves(held.opportunity, actor=actor, now=now)
    return held


def _keep_modules(need: Need, modules: Mapping[str, str]) -> None:
    rows = SolutionModule.objects.live().filter(opportunity=need.opportunity, ref__in=modules)
    found: dict[str, SolutionModule] = {row.ref: row for row in rows}
    if unknown := [ref for ref in modules if ref not in found]:
        raise fault("modules", _("There is no such module: %(name)s.") % {"name": unknown[0]})
    NeedModule.objects.filter(need=need).exclude(module__ref__in=modules).delete()
    for ref, fit in modules.items():
        one_of("modules", fit, ModuleFit.values)
        NeedModule.objects.update_or_create(need=need, module=found[ref], defaults={"fit": fit})
