"""Keep a list of deals as a view: filters, order, columns."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.identity import policy
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Invalid
from duobiao.opportunities.actions.view_rules import free_name, own_view_locked
from duobiao.opportunities.events import ViewSaved
from duobiao.opportunities.models import SavedView
from duobiao.timeline.actions.record import record

MOST_OWN_VIEWS = 50


@transaction.atomic
def save_view(
    *,
    name: str,
    query: Mapping[str, Any],
    columns: Iterable[str],
    layout: str,
    actor: User,
    now: datetime,
    shared: bool = False,
    replace: SavedView | None = None,
) -> SavedView:
    """Save a view, or overwrite ``replace``, one of the actor's own; saving never widens what anybody sees.

    Raises:
        Invalid: no name, or too many views.
        ViewNameTaken: another of their views has this name.
    """
    policy.require(actor, "opportunities.view")
    view = own_view_locked(replace, actor) if replace else SavedView(user=actor, created_at=now)
    if replace is None and SavedView.objects.filter(user=actor).count() >= MOST_OWN_VIEWS:
        raise Invalid(
            _("You have %(n)d views. Delete one first.") % {"n": MOST_OWN_VIEWS}, fields={"name": _("too many")}
        )
    view.name, view.shared, view.layout = free_name(name, actor, besides=view), shared, layout
    view.query, view.columns = dict(query), list(columns)
    view.save()
    record(ViewSaved(subject=Ref.of(view), data={"name": view.name, "shared": view.shared}), actor=actor, at=now)
    return view
