"""Note how a person of the customer stands to a need."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.customers.actions.field_values import checked_line
from duobiao.customers.models import Contact
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.needs.actions.common import check_people, one_of, take_need
from duobiao.needs.events.needs import NeedVoiced
from duobiao.needs.models import Need, NeedVoice, Voice
from duobiao.opportunities.actions.reassess import own_day
from duobiao.timeline.actions.record import record


@transaction.atomic
def voice_need(*, need: Need, contact: Contact, voice: str, note: str, actor: User, now: datetime) -> NeedVoice | None:
    """Note who wants a need and who opposes it; said again, it replaces what was noted.

    Args:
        voice: "" takes away what was noted.

    Raises:
        NotAllowed, DealClosed, NotFound: as ``change_need``.
        Invalid: no such stance, or the person belongs to no company of the deal.
    """
    held = take_need(need, version=None, actor=actor)
    check_people(held.opportunity, {"contact": contact})
    words = checked_line("note", note, 300)
    before = NeedVoice.objects.filter(need=held, contact=contact).first()
    made: NeedVoice | None = None
    if voice:
        one_of("voice", voice, Voice.values)
        values = {"voice": voice, "note": words, "noted_on": own_day(actor, now), "noted_by": actor}
        made, _created = NeedVoice.objects.update_or_create(need=held, contact=contact, defaults=values)
    elif before is not None:
        before.delete()
    said = str(Voice(voice).label) if voice else _("no longer noted")
    data = {
        "text": held.text, "contact": contact.name, "before": before.voice if before else "", "after": voice,
        "note": f"{contact.name}: {said}",
    }  # fmt: skip
    record(NeedVoiced(subject=Ref.of(held), chain=held.opportunity.ref, data=data), actor=actor, at=now)
    return made
