"""Clean and check what people typed."""

from collections.abc import Mapping
from datetime import date, datetime

from django.utils.translation import gettext as _

from duobiao.customers.domain.texts import NulCharacter, clean_line, clean_text
from duobiao.identity.models import User
from duobiao.kernel.refusals import Invalid
from duobiao.opportunities.actions.reassess import own_day

EARLIEST = date(1990, 1, 1)
Faults = dict[str, object]


def checked_text(
    name: str, text: str, *, longest: int, faults: Faults, required: bool = False, lines: bool = False
) -> str:
    """Return a text as it is kept; what is wrong with it goes into ``faults``.

    Args:
        lines: It may have several lines.
    """
    try:
        found = clean_text(text) if lines else clean_line(text)
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


def checked_past(name: str, day: date, *, actor: User, now: datetime, faults: Faults) -> None:
    """Note a day that lies ahead, or too far in the past."""
    today = own_day(actor, now)
    if day > today:
        faults[name] = _("The day cannot be later than today (%(today)s).") % {"today": today.isoformat()}
    elif day < EARLIEST:
        faults[name] = _("The day lies too far in the past.")


def refuse(faults: Mapping[str, object]) -> None:
    """Refuse where there are faults.

    Raises:
        Invalid: every fault is named.
    """
    if faults:
        raise Invalid(_("Please correct the marked fields."), fields=dict(faults))
