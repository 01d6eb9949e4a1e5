"""Walk outward from a person along who knows whom, no farther than it takes to find the shortest ways from us."""

from collections.abc import Iterable
from typing import Final

from django.db.models import Q

from duobiao.customers.domain.introductions import LONGEST_WAY, MOST_WAYS, WEAKNESS, Tie, Way, ways_to
from duobiao.customers.models import Acquaintance, Contact, Outsider, Stance
from duobiao.identity.models import User

BY_STANCE: Final[dict[int, int]] = {int(Stance.SUPPORTS): 3, int(Stance.CHAMPIONS): 4}
"""How well the owner of a customer knows a contact there who supports us, though nobody noted it."""

MOST_MET: Final = 2000
"""Parties after which the walk goes no farther: nearer ones than these introduce better."""

USER: Final = "user"
ENDS: Final = (
    ("colleague_id", USER),
    ("contact_id", Contact.kind),
    ("outsider_id", Outsider.kind),
    ("to_contact_id", Contact.kind),
    ("to_outsider_id", Outsider.kind),
)


def party_key(party: User | Contact | Outsider) -> str:
    """Return the key of a party on a way."""
    return f"{USER if isinstance(party, User) else party.kind}:{party.pk}"


def numbers_of(keys: Iterable[str], kind: str) -> list[int]:
    """Return the numbers of those keys that are of this kind."""
    return [int(number) for found, _colon, number in (key.partition(":") for key in keys) if found == kind]


def shortest_ways(target: Contact, *, first: User) -> list[Way]:
    """Return the shortest ways from us to a contact; at most four queries for each step outward.

    Args:
        first: Who asks, as ``ways_to`` takes it.
    """
    goal = party_key(target)
    met, edge, ties, found = {goal}, {goal}, list[Tie](), list[Way]()
    owners = _owners([(target.pk, target.stance, target.customer.owner_id)])
    for step in range(1, LONGEST_WAY + 1):
        rows = [*_ties_at(edge), *(owners[key] for key in edge if key in owners)]
        beyond = _standing({key for tie in rows for key in (tie.one, tie.other)} - met, owners)
        met |= beyond
        ties += [tie for tie in rows if tie.one in met and tie.other in met]
        ours = sorted(key for key in met if key.startswith(f"{USER}:"))
        found = ways_to(goal, ties=ties, ours=ours, first=party_key(first))
        edge = beyond.difference(ours)
        if not edge or len(met) > MOST_MET or _are_shortest(found, step):
            break
    return found


def _are_shortest(found: list[Way], step: int) -> bool:
    """Say whether no way of more than ``step`` acquaintances can come before one of these."""
    return len(found) == MOST_WAYS and all(way.cost + WEAKNESS < step + 1 for way in found)


def _ties_at(edge: set[str]) -> list[Tie]:
    contacts, outsiders = numbers_of(edge, Contact.kind), numbers_of(edge, Outsider.kind)
    touching = Q(contact__in=contacts) | Q(to_contact__in=contacts)
    touching |= Q(outsider__in=outsiders) | Q(to_outsider__in=outsiders)
    rows = Acquaintance.objects.filter(touching, removed_at__isnull=True, can_introduce=True)
    ties = []
    for *numbers, strength in rows.values_list(*(name for name, _kind in ENDS), "strength"):
        one, other = (f"{kind}:{number}" for (_, kind), number in zip(ENDS, numbers, strict=True) if number is not None)
        ties.append(Tie(one, other, strength))
    return ties


def _standing(keys: set[str], owners: dict[str, Tie]) -> set[str]:
    """Return those who still can introduce; note who owns the customers of contacts that support us."""
    contacts = Contact.objects.live().filter(pk__in=numbers_of(keys, Contact.kind))
    rows = list(contacts.values_list("pk", "stance", "customer__owner_id"))
    owners |= _owners(rows)
    outsiders = Outsider.objects.filter(removed_at__isnull=True, pk__in=numbers_of(keys, Outsider.kind))
    users = User.objects.active().filter(pk__in=numbers_of(keys, USER))
    return {
        *(f"{Contact.kind}:{row[0]}" for row in rows),
        *(f"{Outsider.kind}:{pk}" for pk in outsiders.values_list("pk", flat=True)),
        *(f"{USER}:{pk}" for pk in users.values_list("pk", flat=True)),
    }


def _owners(rows: Iterable[tuple[int, int | None, int]]) -> dict[str, Tie]:
    """Return, by key of a contact who supports us, that the owner of the customer knows them."""
    return {
        f"{Contact.kind}:{pk}": Tie(f"{USER}:{owner}", f"{Contact.kind}:{pk}", BY_STANCE[stance])
        for pk, stance, owner in rows
        if stance in BY_STANCE
    }
