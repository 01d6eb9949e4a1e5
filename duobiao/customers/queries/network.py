"""Who knows whom, as far as the reader may see it, and the ways to somebody."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from duobiao.customers.models import Acquaintance, Contact, Customer, Outsider
from duobiao.customers.queries.introductions import USER, numbers_of, party_key, shortest_ways
from duobiao.identity.models import User
from duobiao.kernel.refusals import NotFound

MOST: Final = 12

PARTIES: Final = (
    "colleague",
    "contact__customer__owner",
    "outsider__owner",
    "to_contact__customer__owner",
    "to_outsider__owner",
)


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody on a way.

    Attributes:
        name: "" for somebody the reader may not see.
        detail: Organisation and position.
        ask: The colleague who knows more, for somebody the reader may not see.
        is_ours: A colleague.
    """

    key: str
    name: str
    detail: str = ""
    url: str = ""
    ask: str = ""
    is_ours: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """From one party to the next.

    Attributes:
        strength: How well they know each other.
        is_weakest: The way breaks here first.
    """

    party: Party
    strength: int
    is_weakest: bool


@dataclass(frozen=True, slots=True)
class Introduction:
    """A way to somebody: where it begins, and the steps."""

    begins: Party
    steps: tuple[Step, ...]
    strength: int


@dataclass(frozen=True, slots=True)
class Knower:
    """Somebody who knows a person directly."""

    tie: Acquaintance
    party: Party


def get_outsider(*, ref: str, user: User) -> Outsider:
    """Return an outsider the person may see.

    Raises:
        NotFound: there is none, or the person may not see it.
    """
    found = Outsider.objects.visible_to(user).select_related("owner").filter(ref=ref).first()
    if found is None:
        raise NotFound(_("There is no such person outside, or you may not see it."))
    return found


def get_acquaintance(*, ref: str, user: User) -> Acquaintance:
    """Return an acquaintance with somebody the person may see.

    Raises:
        NotFound: there is none, or the person may not see who is known.
    """
    found = live_ties().filter(_known_seen(user), ref=ref).first()
    if found is None:
        raise NotFound(_("There is no such acquaintance, or you may not see it."))
    return found


def live_ties() -> QuerySet[Acquaintance]:
    """Return the acquaintances that stand, between parties that stand."""
    gone = Q(outsider__removed_at__isnull=False) | Q(to_outsider__removed_at__isnull=False)
    return Acquaintance.objects.filter(removed_at__isnull=True).exclude(gone).select_related(*PARTIES)


def knowers_of(known: Contact | Outsider, *, user: User) -> list[Knower]:
    """Return who knows somebody directly, strongest first; of those out of sight only whom to ask."""
    column = "to_contact" if isinstance(known, Contact) else "to_outsider"
    ties = list(live_ties().filter(**{column: known}).order_by("-strength", "pk")[:50])
    seen = _seen([tie.knower for tie in ties], user)
    return [Knower(tie, _party(tie.knower, seen)) for tie in ties]


def known_to(outsider: Outsider, *, user: User) -> list[Knower]:
    """Return whom an outsider knows, strongest first; of those out of sight only whom to ask."""
    ties = list(live_ties().filter(outsider=outsider).order_by("-strength", "pk")[:50])
    seen = _seen([tie.known for tie in ties], user)
    return [Knower(tie, _party(tie.known, seen)) for tie in ties]


def outsiders_at(customer: Customer, *, user: User) -> list[Outsider]:
    """Return the outsiders within sight who know somebody at a customer."""
    known = live_ties().filter(to_contact__customer=customer, outsider__isnull=False).values("outsider_id")
    return list(Outsider.objects.visible_to(user).filter(pk__in=known).order_by("name", "pk")[:MOST])


def introductions_to(target: Contact, *, user: User) -> list[Introduction]:
    """Return the shortest ways from us to a contact, each with its weakest link; a few queries whatever their number.

    A way may lead through people the reader does not see; of these it names only the colleague to ask.
    """
    found = shortest_ways(target, first=user)
    parties = _parties({key for way in found for key in way.parties})
    seen = _seen(parties.values(), user)
    shown = [[_party(parties[key], seen) for key in way.parties] for way in found]
    return [
        Introduction(
            begins=row[0],
            steps=tuple(
                Step(party, strength, place == way.weakest)
                for place, (party, strength) in enumerate(zip(row[1:], way.strengths, strict=True))
            ),
            strength=way.strength,
        )
        for row, way in zip(shown, found, strict=True)
    ]


def _parties(keys: set[str]) -> dict[str, User | Contact | Outsider]:
    users = User.objects.filter(pk__in=numbers_of(keys, USER))
    contacts = Contact.objects.filter(pk__in=numbers_of(keys, Contact.kind)).select_related("customer__owner")
    outsiders = Outsider.objects.filter(pk__in=numbers_of(keys, Outsider.kind)).select_related("owner")
    return {party_key(row): row for row in (*users, *contacts, *outsiders)}


def _known_seen(user: User) -> Q:
    contacts, outsiders = Contact.objects.visible_to(user), Outsider.objects.visible_to(user)
    return Q(to_contact__in=contacts.values("pk")) | Q(to_outsider__in=outsiders.values("pk"))


def _seen(parties: Iterable[User | Contact | Outsider], user: User) -> set[str]:
    rows = list(parties)
    contacts = Contact.objects.visible_to(user).filter(pk__in=[row.pk for row in rows if isinstance(row, Contact)])
    outsiders = Outsider.objects.visible_to(user).filter(pk__in=[row.pk for row in rows if isinstance(row, Outsider)])
    keys = {f"{Contact.kind}:{pk}" for pk in contacts.values_list("pk", flat=True)}
    return keys | {f"{Outsider.kind}:{pk}" for pk in outsiders.values_list("pk", flat=True)}


def _party(party: User | Contact | Outsider, seen: set[str]) -> Party:
    key = party_key(party)
    if isinstance(party, User):
        return Party(key, str(party), _("colleague"), is_ours=True)
    if key not in seen:
        keeper = party.customer.owner if isinstance(party, Contact) else party.owner
        return Party(key, "", ask=str(keeper))
    if isinstance(party, Contact):
        detail = " · ".join(filter(None, [party.customer.label, party.position]))
        return Party(key, party.name, detail, f"/contacts/{party.ref}/")
    detail = " · ".join(filter(None, [party.organisation, party.position, str(party.get_part_display())]))
    return Party(key, party.name, detail, f"/outsiders/{party.ref}/")


def people_found(text: str, *, user: User, besides: Contact | Outsider) -> list[tuple[str, str, str]]:
    """Return whom words name among colleagues, contacts and outsiders within sight: key, name, detail; at most 36."""
    words = text.strip()
    if not words:
        return []
    colleagues = User.objects.active().filter(Q(name__icontains=words) | Q(username__iexact=words))
    contacts = Contact.objects.visible_to(user).filter(name__icontains=words).select_related("customer__owner")
    outsiders = Outsider.objects.visible_to(user).filter(Q(name__icontains=words) | Q(organisation__icontains=words))
    rows: list[User | Contact | Outsider] = [
        *outsiders.order_by("name", "pk")[:MOST],
        *contacts.order_by("name", "pk")[:MOST],
        *colleagues.order_by("name", "pk")[:MOST],
    ]
    seen = {party_key(row) for row in rows}
    shown = [(row, _party(row, seen)) for row in rows if party_key(row) != party_key(besides)]
    return [(f"{_kind(row)}:{row.ref}", party.name, party.detail) for row, party in shown]


def knower_named(text: str, *, user: User) -> User | Contact | Outsider:
    """Return the colleague, contact or outsider that ``kind:reference`` names, within sight.

    Raises:
        NotFound: there is none.
    """
    kind, _colon, ref = text.partition(":")
    rows: dict[str, QuerySet[User] | QuerySet[Contact] | QuerySet[Outsider]] = {
        "user": User.objects.active(),
        Contact.kind: Contact.objects.visible_to(user).select_related("customer__owner"),
        Outsider.kind: Outsider.objects.visible_to(user).select_related("owner"),
    }
    found = rows[kind].filter(ref=ref).first() if kind in rows else None
    if found is None:
        raise NotFound(_("There is no such person, or you may not see them."))
    return found


def _kind(party: User | Contact | Outsider) -> str:
    return USER if isinstance(party, User) else party.kind
