"""Clean and check what people typed about a chain."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Final

from django.utils.translation import gettext as _

from duobiao.customers.domain.texts import NulCharacter, clean_text
from duobiao.identity.models import User
from duobiao.kernel.refusals import Invalid
from duobiao.opportunities.actions.reassess import own_day

EARLIEST: Final = date(1990, 1, 1)
Faults = dict[str, object]


class InTheFuture(Invalid):
    """Nothing can be observed on a day that has not come."""

    code = "observed_in_the_future"


def checked_text(name: str, text: str, *, longest: int, faults: Faults, required: bool = False) -> str:
    """Return a text as it is kept; what is wrong with it goes into ``faults``."""
    try:
        found = clean_text(text)
    except NulCharacter:
        faults[name] = _("Null characters are not allowed.")
        return ""
    if required and not found:
        faults[name] = _("Write this down.")
    elif len(found) > longest:
        faults[name] = _("At most %(longest)d characters; this text has %(length)d.") % {
            "longest": longest,
            "length": len(found),
        }
    return found


def check_choice(name: str, value: object, allowed: Iterable[str], faults: Faults, *, blank: bool = False) -> None:
    """Note a code that is not among those allowed."""
    names = list(allowed)
    if not (value in names or (blank and value == "")):
        faults[name] = _("Choose one of: %(names)s.") % {"names": ", ".join(names)}


def require_past(name: str, day: date, *, actor: User, now: datetime) -> None:
    """Refuse a day that has not come.

    Raises:
        InTheFuture: it lies after today, where the actor sits.
        Invalid: it lies too far in the past.
    """
    today = own_day(actor, now)
    if day > today:
        message = _("The day cannot be later than today (%(today)s).") % {"today": today.isoformat()}
        raise InTheFuture(message, fields={name: message})
    if day < EARLIEST:
        message = _("The day lies too far in the past.")
        raise Invalid(message, fields={name: message})


def refuse(faults: Mapping[str, object]) -> None:
    """Refuse where there are faults.

    Raises:
        Invalid: every fault is named.
    """
    if faults:
        raise Invalid(_("Please correct the marked fields."), fields=dict(faults))
