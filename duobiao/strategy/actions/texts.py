"""Check the texts and days of strategies and plans."""

from collections.abc import Mapping
from datetime import date, timedelta

from django.utils.translation import gettext as _

from duobiao.kernel.refusals import Invalid
from duobiao.strategy.models.strategy import LONG

FARTHEST = timedelta(days=3653)


def cleaned(
    values: Mapping[str, str], *, required: tuple[str, ...], faults: dict[str, str], longest: int = LONG
) -> dict[str, str]:
    """Return texts without what surrounds them; what is missing or too long goes into ``faults``."""
    found = {}
    for name, value in values.items():
        text = value.replace("\x00", "").replace("\r\n", "\n").strip()
        if name in required and not text:
            faults[name] = _("Write this down.")
        elif len(text) > longest:
            faults[name] = _("At most %(n)d characters.") % {"n": longest}
        found[name] = text
    return found


def check_ahead(name: str, day: date, *, today: date, faults: dict[str, str]) -> None:
    """Note a day that lies in the past or too far ahead."""
    if not today <= day <= today + FARTHEST:
        faults[name] = _("Choose a day from today (%(today)s) on, at most ten years ahead.") % {
            "today": today.isoformat()
        }


def refuse(faults: Mapping[str, str]) -> None:
    """Refuse where there are faults.

    Raises:
        Invalid: every fault is named.
    """
    if faults:
        raise Invalid(_("Please correct the marked fields."), fields=dict(faults))
