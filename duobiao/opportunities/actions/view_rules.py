"""What holds for every saved view: whose it is, and that its name is free."""

from django.utils.translation import gettext as _

from duobiao.identity.models import User
from duobiao.kernel.refusals import Conflict, Invalid, NotFound
from duobiao.opportunities.models import SavedView

LONGEST_NAME = 60


class ViewNameTaken(Conflict):
    """The person has a view of this name."""

    code = "view_name_taken"


def own_view_locked(view: SavedView, actor: User) -> SavedView:
    """Return the view, locked until the transaction ends.

    Raises:
        NotFound: it is not the actor's.
    """
    own = SavedView.objects.select_for_update().filter(pk=view.pk, user=actor).first()
    if own is None:
        raise NotFound(_("There is no such view among yours."))
    return own


def free_name(name: str, actor: User, *, besides: SavedView) -> str:
    """Return the name without needless blanks.

    Raises:
        Invalid: nothing is left, or it is too long.
        ViewNameTaken: another view of the actor has it.
    """
    name = " ".join(name.replace("\x00", "").split())
    if not name:
        raise Invalid(_("Give the view a name."), fields={"name": _("Give the view a name.")})
    if len(name) > LONGEST_NAME:
        message = _("At most %(n)d characters.") % {"n": LONGEST_NAME}
        raise Invalid(message, fields={"name": message})
    if SavedView.objects.filter(user=actor, name=name).exclude(pk=besides.pk).exists():
        message = _("You have a view of this name. Choose another one.")
        raise ViewNameTaken(message, fields={"name": message})
    return name
