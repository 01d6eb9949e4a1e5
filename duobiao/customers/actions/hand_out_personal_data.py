"""Hand out all that is held about a person (PIPL Art. 45)."""

from datetime import datetime

from django.db import transaction

from duobiao.customers.models import Contact
from duobiao.customers.queries.held import Held, held_about
from duobiao.customers.work_events import PersonalDataHandedOut
from duobiao.identity.models import User
from duobiao.identity.policy import require
from duobiao.kernel.refs import Ref
from duobiao.timeline.actions.record import record


@transaction.atomic
def hand_out_personal_data(*, contact: Contact, file_format: str, actor: User, now: datetime) -> Held:
    """Draw up what is held, and record that it was handed out; the record holds none of it.

    Args:
        file_format: ``xlsx`` or ``json``.

    Raises:
        NotAllowed: the actor may not hand out personal data.
    """
    require(actor, "customers.personal_data", contact)
    held = held_about(contact)
    customer = Ref.of(contact.customer)
    data = {"format": file_format, "rows": held.rows}
    happened = PersonalDataHandedOut(subject=Ref.of(contact), customer=customer, chain=customer.ref, data=data)
    record(happened, actor=actor, at=now)
    return held
