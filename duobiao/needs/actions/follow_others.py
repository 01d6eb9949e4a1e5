"""Let needs follow what happens below: contacts merged."""

from datetime import datetime

from django.db.models import Model

from duobiao.customers.events import ContactsMerged
from duobiao.customers.models import Contact
from duobiao.identity.models import User
from duobiao.needs.models import (
    DealObjection,
    MethodUse,
    Need,
    NeedChange,
    NeedVoice,
    ObjectionAnswer,
    SpinSheet,
    Verification,
)

PEOPLE_ON: dict[type[Model], tuple[str, ...]] = {
    Need: ("said_by", "owner_contact"),
    Verification: ("contact",),
    NeedChange: ("asked_by",),
    SpinSheet: ("contact",),
    MethodUse: ("contact",),
    DealObjection: ("contact",),
    ObjectionAnswer: ("contact",),
}
"""Records that name contacts, by their fields."""


def contacts_merged(event: ContactsMerged, actor: User, at: datetime) -> None:
    """Point needs and objections at the contact that was kept; of two stances to a need the kept one's stands."""
    del actor, at
    kept = Contact.objects.get(ref=event.subject.ref)
    merged = Contact.objects.get(ref=event.merged.ref)
    for model, names in PEOPLE_ON.items():
        for name in names:
            model._default_manager.filter(**{name: merged}).update(**{name: kept})
    both = NeedVoice.objects.filter(contact=kept).values("need_id")
    NeedVoice.objects.filter(contact=merged, need_id__in=list(both.values_list("need_id", flat=True))).delete()
    NeedVoice.objects.filter(contact=merged).update(contact=kept)
