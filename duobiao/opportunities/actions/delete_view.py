"""Delete a saved view."""

from datetime import datetime

from django.db import transaction

from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.opportunities.actions.view_rules import own_view_locked
from duobiao.opportunities.events import ViewDeleted
from duobiao.opportunities.models import SavedView
from duobiao.timeline.actions.record import record


@transaction.atomic
def delete_view(*, view: SavedView, actor: User, now: datetime) -> None:
    """Delete one of the actor's views.

    Raises:
        NotFound: it is not theirs.
    """
    own = own_view_locked(view, actor)
    record(ViewDeleted(subject=Ref.of(own), data={"name": own.name}), actor=actor, at=now)
    own.delete()
