"""Rename a saved view, share it, or begin with it."""

from datetime import datetime

from django.db import transaction

from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.opportunities.actions.view_rules import free_name, own_view_locked
from duobiao.opportunities.events import ViewSaved
from duobiao.opportunities.models import SavedView
from duobiao.timeline.actions.record import record


@transaction.atomic
def change_view(*, view: SavedView, name: str, shared: bool, is_default: bool, actor: User, now: datetime) -> SavedView:
    """Rename a view, share it, or begin with it; another default of the same person gives way.

    Raises:
        NotFound: it is not the actor's.
        Invalid: no name.
        ViewNameTaken: another of their views has this name.
    """
    own = own_view_locked(view, actor)
    own.name, own.shared, own.is_default = free_name(name, actor, besides=own), shared, is_default
    if is_default:
        SavedView.objects.filter(user=actor, is_default=True).exclude(pk=own.pk).update(is_default=False)
    own.save(update_fields=["name", "shared", "is_default"])
    data = {"name": own.name, "shared": own.shared, "default": own.is_default}
    record(ViewSaved(subject=Ref.of(own), data=data), actor=actor, at=now)
    return own
