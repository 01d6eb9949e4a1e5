"""Note where the facts of a customer come from."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from duobiao.customers.domain.dimensions import FACT_FIELDS, is_filled
from duobiao.customers.domain.texts import NulCharacter, clean_line
from duobiao.customers.models import Customer, CustomerProfile, FactSource
from duobiao.customers.queries.facts import fact_values
from duobiao.identity.models import CompanySettings, User
from duobiao.kernel.days import local_day
from duobiao.kernel.refusals import Invalid

EARLIEST = date(1990, 1, 1)
LONGEST_SOURCE = 200
SOURCE_COLUMNS = ("channel", "source", "known_on", "noted_at", "noted_by")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where facts come from.

    Attributes:
        channel: Key of one of the seven channels, "" for another source.
        known_on: Day of the source; None: today.
    """

    source: str = ""
    known_on: date | None = None
    channel: str = ""


@dataclass(frozen=True, slots=True)
class Sourced:
    """An origin that was checked, with its day."""

    source: str
    known_on: date
    channel: str


def checked_origin(origin: Origin | None, *, actor: User, now: datetime) -> Sourced:
    """Return the origin cleaned, with its day.

    Raises:
        Invalid: the source is too long, the day lies ahead or too far back.
    """
    today = local_day(now, actor.time_zone or CompanySettings.load().time_zone)
    if origin is None:
        return Sourced("", today, "")
    faults: dict[str, object] = {}
    source = origin.source
    try:
        source = clean_line(source)
    except NulCharacter:
        faults["source"] = _("Null characters are not allowed.")
    if len(source) > LONGEST_SOURCE:
        faults["source"] = _("At most %(longest)d characters; this text has %(length)d.") % {
            "longest": LONGEST_SOURCE,
            "length": len(source),
        }
    known_on = origin.known_on or today
    if known_on > today:
        faults["known_on"] = _("The day cannot be later than today (%(today)s).") % {"today": today.isoformat()}
    elif known_on < EARLIEST:
        faults["known_on"] = _("The day lies too far in the past.")
    if faults:
        raise Invalid(_("Please correct the marked fields."), fields=faults)
    return Sourced(source, known_on, origin.channel)


def note_sources(
    customer: Customer, profile: CustomerProfile, names: Iterable[str], origin: Sourced, *, actor: User, now: datetime
) -> None:
    """Note the origin of the named fields as they are now; a field that was emptied has none.

    Args:
        origin: As ``checked_origin`` returns it.
    """
    changed = [name for name in FACT_FIELDS if name in set(names)]
    if not changed:
        return
    values = fact_values(profile)
    emptied = [name for name in changed if not is_filled(values[name])]
    if emptied:
        FactSource.objects.filter(customer=customer, field__in=emptied).delete()
    FactSource.objects.bulk_create(
        [
            FactSource(
                customer=customer,
                field=name,
                channel=origin.channel,
                source=origin.source,
                known_on=origin.known_on,
                noted_at=now,
                noted_by=actor,
            )
            for name in changed
            if name not in emptied
        ],
        update_conflicts=True,
        unique_fields=["customer", "field"],
        update_fields=SOURCE_COLUMNS,
    )
