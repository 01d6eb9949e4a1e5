"""What happens to our registrations with manufacturers, their authorisation letters, and customers in pools."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.apps import apps
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from duobiao.kernel.events import Event
from duobiao.web.formats import day


class UpstreamEvent(Event):
    """Something that happened to a registration with a manufacturer."""

    name = "prospecting._upstream"
    icon = "building-factory-2"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name the manufacturer, the deal, its state and the last day."""
        states = dict(apps.get_model("prospecting", "Upstream")._meta.get_field("state").flatchoices)
        until = str(data.get("until", ""))
        last = _("until %(day)s") % {"day": day(date.fromisoformat(until))} if until else ""
        said = (data.get("manufacturer"), data.get("deal"), states.get(data.get("state")), last, data.get("note"))
        return str(cls.title), " · ".join(str(part) for part in said if part)[:200]


class UpstreamRegistered(UpstreamEvent):
    """A deal is registered with a manufacturer."""

    name = "prospecting.upstream_registered"
    title = gettext_lazy("Registration with the manufacturer")


class UpstreamChanged(UpstreamEvent):
    """Facts of a registration with a manufacturer were changed."""

    name = "prospecting.upstream_changed"
    title = gettext_lazy("Registration with the manufacturer changed")


class UpstreamMoved(UpstreamEvent):
    """A registration with a manufacturer came to another state, or was extended."""

    name = "prospecting.upstream_moved"
    title = gettext_lazy("Registration with the manufacturer: state")


class UpstreamClashed(UpstreamEvent):
    """Two of our deals for one customer are registered with the same manufacturer."""

    name = "prospecting.upstream_clashed"
    title = gettext_lazy("Two of our projects are registered with one manufacturer")
    icon = "alert-triangle"
    tone = "warn"


class UpstreamNear(UpstreamEvent):
    """Words the warning that the protection by a manufacturer ends soon."""

    name = "prospecting.upstream_near"
    title = gettext_lazy("Registration with the manufacturer ends soon")
    icon = "alarm"
    tone = "warn"


class UpstreamExpired(UpstreamEvent):
    """The protection by a manufacturer has ended."""

    name = "prospecting.upstream_expired"
    title = gettext_lazy("Registration with the manufacturer has ended")
    icon = "clock-exclamation"
    tone = "bad"


class LetterEvent(Event):
    """Something that happened to an authorisation letter."""

    name = "prospecting._letter"
    icon = "file-certificate"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name the manufacturer, what it covers or for which deal, and the last day."""
        until = str(data.get("until", ""))
        last = _("until %(day)s") % {"day": day(date.fromisoformat(until))} if until else ""
        said = (data.get("manufacturer"), data.get("deal") or data.get("covers"), last, data.get("note"))
        return str(cls.title), " · ".join(str(part) for part in said if part)[:200]


class LetterFiled(LetterEvent):
    """An authorisation letter was noted."""

    name = "prospecting.letter_filed"
    title = gettext_lazy("Authorisation letter")


class LetterChanged(LetterEvent):
    """Facts of an authorisation letter were changed."""

    name = "prospecting.letter_changed"
    title = gettext_lazy("Authorisation letter changed")


class LetterEnded(LetterEvent):
    """An authorisation letter no longer counts."""

    name = "prospecting.letter_ended"
    title = gettext_lazy("Authorisation letter no longer counts")
    icon = "file-x"


class LetterNear(LetterEvent):
    """Words the warning that an authorisation letter ends soon."""

    name = "prospecting.letter_near"
    title = gettext_lazy("Authorisation letter ends soon")
    icon = "alarm"
    tone = "warn"


class PoolEvent(Event):
    """Something that happened to the place of a customer in a pool; stands in the customer's own timeline."""

    name = "prospecting._pooled"
    icon = "droplet"

    @classmethod
    def describe(cls, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name the customer, the pool, and the day or reason."""
        until = str(data.get("until") or data.get("day") or "")
        last = day(date.fromisoformat(until)) if until else ""
        said = (data.get("customer"), data.get("pool"), last, data.get("note"))
        return str(cls.title), " · ".join(str(part) for part in said if part)[:200]


class CustomerPooled(PoolEvent):
    """A customer belongs to a pool."""

    name = "prospecting.customer_pooled"
    title = gettext_lazy("Customer put into a pool")


class CustomerUnpooled(PoolEvent):
    """A customer belongs to no pool any more."""

    name = "prospecting.customer_unpooled"
    title = gettext_lazy("Customer taken out of its pool")


class CustomerClaimed(PoolEvent):
    """Somebody took a customer from its pool."""

    name = "prospecting.customer_claimed"
    title = gettext_lazy("Customer claimed")
    icon = "user-check"


class CustomerReleased(PoolEvent):
    """A customer lies free in its pool again: given back, or nobody worked on it."""

    name = "prospecting.customer_released"
    title = gettext_lazy("Customer back in its pool")
    icon = "recycle"


class CustomerNear(PoolEvent):
    """A customer comes back to its pool soon."""

    name = "prospecting.customer_near"
    title = gettext_lazy("Customer goes back to its pool soon")
    icon = "clock-exclamation"
    tone = "warn"


class CustomerKept(PoolEvent):
    """A customer stays with its holder until a day; without a day that was taken back."""

    name = "prospecting.customer_kept"
    title = gettext_lazy("Customer kept from coming back")
    icon = "lock"
