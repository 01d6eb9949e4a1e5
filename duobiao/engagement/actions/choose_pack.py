"""Choose the cases and technology overviews that a visit takes along."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.customers.actions.field_values import stale
from duobiao.engagement.actions.agreed_visit import chain_of
from duobiao.engagement.actions.values import invalid
from duobiao.engagement.events.preparing import PackChosen
from duobiao.engagement.models import Visit
from duobiao.identity import policy
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict
from duobiao.knowledge.models import ReferenceCase, TechnologyOverview
from duobiao.timeline.actions.record import record

MOST = 10


@transaction.atomic
def choose_pack(
    *, visit: Visit, version: int, cases: Sequence[str], overviews: Sequence[str], actor: User, now: datetime
) -> Visit:
    """Set what a visit takes along, by reference.

    Raises:
        NotAllowed: the actor may not plan visits here.
        StaleVersion: somebody changed the visit meanwhile.
        Conflict: the visit was cancelled.
        Invalid: something is not in the library, or more than ten of a kind are chosen.
    """
    rows = Visit.objects.select_for_update(of=("self",)).select_related("opportunity__owner", "customer__owner")
    held = rows.get(pk=visit.pk)
    policy.require(actor, "engagement.plan_visit", held.opportunity or held.customer)
    if held.cancelled_at is not None:
        raise Conflict(_("This visit was cancelled."))
    if held.version != version:
        raise stale({}, version=held.version)
    chosen_cases = list(ReferenceCase.objects.visible_to(actor).filter(ref__in=cases).order_by("pk"))
    chosen_overviews = list(TechnologyOverview.objects.visible_to(actor).filter(ref__in=overviews).order_by("pk"))
    for name, given, found in (("cases", cases, chosen_cases), ("overviews", overviews, chosen_overviews)):
        if len(set(given)) != len(found):
            raise invalid(name, _("There is no such entry in the library."))
        if len(found) > MOST:
            raise invalid(name, _("Choose at most %(n)d.") % {"n": MOST})
    held.packed_cases.set(chosen_cases)
    held.packed_overviews.set(chosen_overviews)
    held.version += 1
    held.save(update_fields=["version"])
    data = {
        "titles": [*(case.title for case in chosen_cases), *(overview.title for overview in chosen_overviews)],
        "refs": [*(case.ref for case in chosen_cases), *(overview.ref for overview in chosen_overviews)],
    }
    record(PackChosen(subject=Ref.of(held), chain=chain_of(held), data=data), actor=actor, at=now)
    return held
