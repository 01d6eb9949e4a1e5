"""Reads of single contacts."""

from django.utils.translation import gettext as _

from duobiao.customers.models import Contact
from duobiao.identity.models import User
from duobiao.kernel.refusals import NotFound


def get_contact(*, ref: str, user: User) -> Contact:
    """Return a live contact the person may see.

    Raises:
        NotFound: there is none, or the person may not see it.
    """
    rows = Contact.objects.visible_to(user).select_related("customer__owner__unit")
    if (found := rows.filter(ref=ref).first()) is None:
        raise NotFound(_("There is no such contact, or you may not see it."))
    return found


def contact_keeper_of(*, ref: str, user: User) -> Contact | None:
    """Return the contact into which ``ref`` was merged, if the person may see it."""
    return Contact.objects.visible_to(user).filter(merged_from__ref=ref).first()
