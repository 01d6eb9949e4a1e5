"""Reads of single contacts."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from duobiao.customers.models import Contact, Objection
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


def objection_of(contact: Contact) -> Objection | None:
    """Return what the person objects to at present."""
    return Objection.objects.filter(contact=contact, lifted_at__isnull=True).select_related("noted_by").first()


def objecting_contacts() -> "QuerySet[Objection, int]":
    """Return the keys of all contacts who do not want to be called at present, to be left out of lists."""
    return Objection.objects.filter(lifted_at__isnull=True).values_list("contact_id", flat=True)


def get_person(*, ref: str, user: User) -> Contact:
    """Return a contact the person may see, in the trash or not, whose data are still held.

    Raises:
        NotFound: there is none, or the person may not see it.
    """
    rows = Contact.objects.within_reach(user).filter(merged_into__isnull=True, erasure__isnull=True)
    if (found := rows.select_related("customer__owner__unit").filter(ref=ref).first()) is None:
        raise NotFound(_("There is no such contact, or you may not see it."))
    return found
