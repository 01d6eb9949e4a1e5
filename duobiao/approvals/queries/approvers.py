"""Who is asked at a step: people of the chain, without asker and owner, absent ones replaced, never nobody if avoidable."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from duobiao.approvals.domain.chain import Approvers, By, Reach
from duobiao.approvals.models import Absence, ApprovalRequest, Origin
from duobiao.identity.models import Role, Unit, User

LONGEST_LINE_OF_SUBSTITUTES = 5


@dataclass(frozen=True, slots=True)
class Asked:
    """One person to be asked.

    Attributes:
        behalf_of: The absent person in whose place they are asked.
    """

    user: User
    origin: str = Origin.CHAIN
    behalf_of: User | None = None
    absence: Absence | None = None


def is_alone(actor: User) -> bool:
    """Whether the actor is an administrator and the only person who works here."""
    return actor.role == Role.ADMINISTRATOR and not User.objects.active().exclude(pk=actor.pk).exists()


def barred(request: ApprovalRequest) -> set[int]:
    """Return the keys of those who never decide on a request: who asked, and the owner of its subject."""
    return {request.asked_by_id, request.owner_id}


def asked_at(approvers: Approvers, request: ApprovalRequest, *, on: date) -> list[Asked]:
    """Return whom a step asks on a day, each person once; empty only where nobody could decide at all."""
    away = barred(request)
    if approvers.by is By.ASKER:
        return [Asked(request.asked_by)]
    found = named_by(approvers, request.owner, away)
    if not found:
        found = superiors_of(request.owner, away)
    return with_substitutes(found, away, on=on)


def superiors_of(person: User, away: Collection[int]) -> list[User]:
    """Return the managers of the nearest unit above a person that has any, finally the administrators."""
    return _nearest(Role.MANAGER, person, away) or _administrators(away)


def with_substitutes(people: Iterable[User], away: Collection[int], *, on: date) -> list[Asked]:
    """Put substitutes in the place of absent people; a substitute who is away too is followed further."""
    absences = {row.user_id: row for row in Absence.objects.on(on).select_related("substitute", "user")}
    found: dict[int, Asked] = {}
    for person in people:
        asked = _present(person, absences, away)
        found.setdefault(asked.user.pk, asked)
    return list(found.values())


def may_take_over(approvers: Approvers, request: ApprovalRequest, actor: User) -> bool:
    """Whether the actor holds the role a step asks for, in a unit above the owner's: what juniors may, they may."""
    role = approvers.asked_role
    if not role or actor.role != role or approvers.reach is Reach.UNIT:
        return False
    return actor.unit_id is not None and actor.unit_id in list(_upward(request.owner.unit_id))


def _present(person: User, absences: dict[int, Absence], away: Collection[int]) -> Asked:
    """Follow substitutes to one who is there and may decide; where there is none, the person stays asked."""
    here, held = person, None
    for _hop in range(LONGEST_LINE_OF_SUBSTITUTES):
        absence = absences.get(here.pk)
        if absence is None:
            break
        here, held = absence.substitute, absence
    if held is None or here.pk == person.pk or here.pk in away or not here.is_active or here.pk in absences:
        return Asked(person)
    return Asked(here, Origin.SUBSTITUTE, person, held)


def named_by(approvers: Approvers, owner: User, away: Collection[int]) -> list[User]:
    """Return the people a step names, without those in ``away``."""
    if approvers.by is By.PEOPLE:
        return _people(User.objects.active().filter(ref__in=approvers.people), away)
    role = approvers.asked_role
    if approvers.reach is Reach.COMPANY:
        return _people(User.objects.active().filter(role=role), away)
    if approvers.reach is Reach.UNIT:
        here = [owner.unit_id] if owner.unit_id is not None else []
        return _people(User.objects.active().filter(role=role, unit_id__in=here), away)
    return _nearest(role, owner, away)


def _nearest(role: str, person: User, away: Collection[int]) -> list[User]:
    line = list(_upward(person.unit_id))
    rows = User.objects.active().filter(role=role, unit_id__in=line).exclude(pk=person.pk)
    found = _people(rows, away)
    for unit_id in line:
        here = [user for user in found if user.unit_id == unit_id]
        if here:
            return here
    return []


def _administrators(away: Collection[int]) -> list[User]:
    return _people(User.objects.active().filter(role=Role.ADMINISTRATOR), away)


def _people(rows: Iterable[User], away: Collection[int]) -> list[User]:
    return sorted((user for user in rows if user.pk not in away), key=lambda user: (user.name, user.pk))


def _upward(unit_id: int | None) -> Iterator[int]:
    parents = dict(Unit.objects.values_list("pk", "parent_id"))
    while unit_id is not None:
        yield unit_id
        unit_id = parents.get(unit_id)
