"""Add a module to the solution of a deal, by name or as one of our products, or take it out."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.customers.actions.field_values import checked_line
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict, NotFound
from duobiao.needs.actions.common import fault, take_deal
from duobiao.needs.events.needs import ModuleAdded, ModuleRemoved
from duobiao.needs.models import NeedModule, SolutionModule
from duobiao.opportunities.models import Opportunity, Product
from duobiao.timeline.actions.record import record

MOST_MODULES = 60


class ModuleThere(Conflict):
    """The solution has a module of this name (409)."""

    code = "module_there"


@transaction.atomic
def add_module(
    *, opportunity: Opportunity, name: str, product: Product | None, actor: User, now: datetime
) -> SolutionModule:
    """Add a module; without a name it is called after its product.

    Raises:
        NotAllowed, DealClosed: as ``take_deal``.
        ModuleThere: there is one of this name.
        Invalid: neither name nor product, or too many.
    """
    deal = take_deal(opportunity, actor=actor)
    words = checked_line("name", name, 120) or (product.name if product is not None else "")
    if not words:
        raise fault("name", _("Name the module, or choose a product."))
    rows = SolutionModule.objects.live().filter(opportunity=deal)
    if rows.filter(name=words).exists():
        message = _("The solution has a module of this name.")
        raise ModuleThere(message, fields={"name": message})
    if rows.count() >= MOST_MODULES:
        raise fault("name", _("At most %(n)d modules.") % {"n": MOST_MODULES})
    made: SolutionModule = SolutionModule.objects.create(
        opportunity=deal, name=words, product=product, created_at=now, created_by=actor
    )
    record(
        ModuleAdded(subject=Ref.of(deal), chain=deal.ref, data={"text": words, "module": made.ref}), actor=actor, at=now
    )
    return made


@transaction.atomic
def remove_module(*, module: SolutionModule, actor: User, now: datetime) -> None:
    """Take a module out of the solution, with what it answered.

    Raises:
        NotAllowed, DealClosed: as ``take_deal``.
        NotFound: it was taken out before.
    """
    deal = take_deal(module.opportunity, actor=actor)
    held = SolutionModule.objects.live().filter(pk=module.pk).first()
    if held is None:
        raise NotFound(_("This module was taken out."))
    NeedModule.objects.filter(module=held).delete()
    held.removed_at = now
    held.save(update_fields=["removed_at"])
    data = {"text": held.name, "module": held.ref}
    record(ModuleRemoved(subject=Ref.of(deal), chain=deal.ref, data=data), actor=actor, at=now)
