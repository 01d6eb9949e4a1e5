"""Registrations with manufacturers and their letters, as lists, pages and deals show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from duobiao.identity.models import User
from duobiao.kernel.refusals import NotFound
from duobiao.opportunities.models import Opportunity
from duobiao.prospecting.domain.upstream import NEXT
from duobiao.prospecting.models import Letter, Manufacturer, Upstream, UpstreamState

WITHIN: Final = {"30": 30, "60": 60, "90": 90}
OVER: Final = "over"
SHOWN: Final = 40
MOST_NAMES: Final = 200


@dataclass(frozen=True, slots=True)
class UpstreamLine:
    """One registration; ``days_left`` of its protection, None where nothing protects; what it clashes with."""

    row: Upstream
    days_left: int | None
    clashes: tuple["ClashWith", ...] = ()


@dataclass(frozen=True, slots=True)
class ClashWith:
    """Another of our deals, for the same customer, that is registered with the same manufacturer.

    Attributes:
        deal, url: "" where the reader may know only the unit.
    """

    unit: str
    state: str
    deal: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class LetterLine:
    """One letter; ``days_left`` to its last day, None where it no longer counts."""

    row: Letter
    days_left: int | None


def upstream_matching(user: User, *, on: date, text: str = "", state: str = "", expiry: str = "") -> QuerySet[Upstream]:
    """Return the registrations the person may see, unordered.

    Args:
        expiry: A key of ``WITHIN``: granted and ending within so many days; ``over``: ended.
    """
    rows = Upstream.objects.visible_to(user).select_related(
        "manufacturer", "opportunity__customer", "opportunity__owner", "responsible"
    )
    for word in text.split():
        rows = rows.filter(
            Q(manufacturer__name__icontains=word)
            | Q(number__icontains=word)
            | Q(products__icontains=word)
            | Q(opportunity__name__icontains=word)
            | Q(opportunity__customer__name__icontains=word)
        )
    if state:
        rows = rows.filter(state=state)
    if expiry == OVER:
        return rows.filter(state=UpstreamState.EXPIRED)
    if expiry in WITHIN:
        last = on + timedelta(days=WITHIN[expiry])
        return rows.filter(state=UpstreamState.GRANTED, protected_until__gte=on, protected_until__lte=last)
    return rows


def get_upstream(*, ref: str, user: User) -> Upstream:
    """Return a registration the person may see.

    Raises:
        NotFound: there is none, or the person may not see it.
    """
    rows = Upstream.objects.visible_to(user).select_related(
        "manufacturer", "opportunity__customer", "opportunity__owner", "responsible"
    )
    found = rows.filter(ref=ref).first()
    if found is None:
        raise NotFound(_("There is no such registration, or you may not see it."))
    return found


def upstream_lines(rows: Sequence[Upstream], user: User, *, on: date) -> list[UpstreamLine]:
    """Return registrations with days left and clashes; two queries for any number."""
    others = clashing(rows)
    keys = {other.opportunity_id for found in others.values() for other in found}
    seen = set(Opportunity.objects.visible_to(user).filter(pk__in=keys).values_list("pk", flat=True)) if keys else set()
    return [
        UpstreamLine(
            row,
            (row.protected_until - on).days if _protects(row, on) and row.protected_until is not None else None,
            tuple(_clash_with(other, seen=other.opportunity_id in seen) for other in others.get(row.pk, [])),
        )
        for row in rows
    ]


def clashing(rows: Sequence[Upstream]) -> dict[int, list[Upstream]]:
    """Return, by key of a live row, the live ones of other deals for its customer with its manufacturer; one query."""
    live = [
        row for row in rows if row.state in (UpstreamState.PREPARING, UpstreamState.SUBMITTED, UpstreamState.GRANTED)
    ]
    if not live:
        return {}
    near = Upstream.objects.live().filter(
        manufacturer__in={row.manufacturer_id for row in live},
        opportunity__customer__in={row.opportunity.customer_id for row in live},
        opportunity__outcome="OPEN",
    )
    found = list(near.select_related("opportunity__owner__unit").order_by("created_at", "pk")[:500])
    return {
        row.pk: [
            other
            for other in found
            if other.manufacturer_id == row.manufacturer_id
            and other.opportunity.customer_id == row.opportunity.customer_id
            and other.opportunity_id != row.opportunity_id
        ]
        for row in live
    }


def letters_matching(user: User, *, on: date, text: str = "", expiry: str = "") -> QuerySet[Letter]:
    """Return the letters the person may see, unordered; ``expiry`` as of ``upstream_matching``."""
    rows = Letter.objects.visible_to(user).select_related(
        "manufacturer", "opportunity__customer", "opportunity__owner", "responsible"
    )
    for word in text.split():
        said = Q(manufacturer__name__icontains=word) | Q(number__icontains=word) | Q(covers__icontains=word)
        rows = rows.filter(said | Q(opportunity__name__icontains=word))
    if expiry == OVER:
        return rows.filter(Q(valid_until__lt=on) | Q(ended_at__isnull=False))
    if expiry in WITHIN:
        return rows.filter(ended_at__isnull=True, valid_until__range=(on, on + timedelta(days=WITHIN[expiry])))
    return rows


def get_letter(*, ref: str, user: User) -> Letter:
    """Return a letter the person may see.

    Raises:
        NotFound: there is none, or the person may not see it.
    """
    rows = Letter.objects.visible_to(user).select_related(
        "manufacturer", "opportunity__customer", "opportunity__owner", "responsible", "ended_by"
    )
    found = rows.filter(ref=ref).first()
    if found is None:
        raise NotFound(_("There is no such authorisation letter, or you may not see it."))
    return found


def letter_lines(rows: Sequence[Letter], *, on: date) -> list[LetterLine]:
    """Return letters with days left."""
    return [LetterLine(row, (row.valid_until - on).days if row.holds(on) else None) for row in rows]


def upstream_of_deal(deal: Opportunity, user: User, *, on: date) -> list[UpstreamLine]:
    """Return the registrations of a deal."""
    rows = Upstream.objects.filter(opportunity=deal).select_related(
        "manufacturer", "opportunity__customer", "responsible"
    )
    return upstream_lines(list(rows.order_by("created_at", "pk")[:SHOWN]), user, on=on)


def letters_for_deal(deal: Opportunity, *, on: date) -> list[LetterLine]:
    """Return the letters for a deal, and general ones of the manufacturers it is registered with."""
    makers = Upstream.objects.filter(opportunity=deal).values("manufacturer_id")
    general = Q(opportunity=None, manufacturer__in=makers, valid_until__gte=on, ended_at__isnull=True)
    rows = Letter.objects.filter(Q(opportunity=deal) | general).select_related("manufacturer", "responsible")
    return letter_lines(list(rows.order_by(F("valid_until").desc(), "pk")[:SHOWN]), on=on)


def manufacturer_names(deal: Opportunity | None = None) -> list[str]:
    """Return names to suggest: manufacturers known so far, and the companies that take part in the deal."""
    names = list(Manufacturer.objects.order_by("name").values_list("name", flat=True)[:MOST_NAMES])
    if deal is not None:
        taking_part = deal.participants.select_related("customer").order_by("customer__name", "pk")
        names = [*(row.customer.name for row in taking_part), *names]
    return list(dict.fromkeys(names))


def next_upstream_states(row: Upstream) -> list[tuple[str, str]]:
    """Return what may follow, as choices."""
    labels = dict(UpstreamState.choices)
    return [
        (str(step), _("protection extended") if step == row.state else str(labels[step])) for step in NEXT[row.state]
    ]


def _protects(row: Upstream, on: date) -> bool:
    return row.state == UpstreamState.GRANTED and row.protected_until is not None and row.protected_until >= on


def _clash_with(other: Upstream, *, seen: bool) -> ClashWith:
    unit, state = str(other.opportunity.owner.unit or ""), str(other.get_state_display())
    if not seen:
        return ClashWith(unit, state)
    return ClashWith(unit, state, other.opportunity.name, f"/opportunities/{other.opportunity.ref}/")
