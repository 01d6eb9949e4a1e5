"""Set how long registrations are protected, or go back to what was shipped; protections that run keep their day."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.identity.models import User
from duobiao.identity.policy import require
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Invalid, StaleVersion
from duobiao.prospecting.domain.protection import BOUNDS, SHIPPED, Figures
from duobiao.prospecting.events import RegistrationFiguresChanged
from duobiao.prospecting.models import RegistrationFigures
from duobiao.prospecting.queries.figures import InForce, registration_figures
from duobiao.timeline.actions.record import record

CHAIN = "registration-figures"


@transaction.atomic
def set_figures(*, figures: Mapping[str, int] | None, version: int, actor: User, now: datetime) -> InForce:
    """Set the figures of registrations.

    Args:
        figures: By name, those left out stay; None restores the shipped ones.
        version: What the actor saw; 0 while the shipped ones are in force.

    Raises:
        NotAllowed: the actor may not set figures.
        StaleVersion: somebody changed them meanwhile.
        Invalid: a figure makes no sense.
    """
    require(actor, "prospecting.figures")
    list(RegistrationFigures.objects.select_for_update().values_list("pk"))
    held = registration_figures()
    if version != held.version:
        message = _("Somebody else changed these figures meanwhile.")
        raise StaleVersion(message, details={"current": asdict(held.figures), "version": held.version})
    wanted = SHIPPED if figures is None else _checked({**asdict(held.figures), **figures})
    if wanted == held.figures and (figures is not None or held.version == 0):
        return held
    if figures is None:
        RegistrationFigures.objects.all().delete()
    else:
        values = {**asdict(wanted), "version": held.version + 1}
        RegistrationFigures.objects.update_or_create(pk=1, defaults=values)
    changes = {name: [asdict(held.figures)[name], value] for name, value in asdict(wanted).items()}
    changed = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
    event = RegistrationFiguresChanged(
        subject=Ref("registration_figures", "1"), chain=CHAIN, data={"changes": changed, "shipped": figures is None}
    )
    record(event, actor=actor, at=now)
    return registration_figures()


def _checked(figures: Mapping[str, int]) -> Figures:
    faults: dict[str, object] = {name: _("There is no such figure.") for name in figures if name not in BOUNDS}
    for name, (least, most) in BOUNDS.items():
        value = figures[name]
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            faults[name] = _("A whole number from %(least)d to %(most)d.") % {"least": least, "most": most}
    if not faults and figures["warn_days"] >= figures["protected_days"]:
        faults["warn_days"] = _("The warning has to come before the protection ends: at most %(n)d days.") % {
            "n": figures["protected_days"] - 1
        }
    if faults:
        raise Invalid(_("Please correct the marked fields."), fields=faults)
    return Figures(**figures)
