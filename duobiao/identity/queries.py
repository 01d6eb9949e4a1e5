"""Reads of identity: people for lists and pickers, the tree of units, tokens, the audit."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from allauth.mfa.models import Authenticator
from django.core import signing
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from duobiao.identity.models import ApiToken, CompanySettings, Role, Unit, User, UserQuerySet
from duobiao.kernel.days import end_of_day, start_of_day
from duobiao.kernel.refusals import Invalid
from duobiao.timeline.models import Entry
from duobiao.timeline.queries import TimelineRow, timeline_rows

AUDIT_CURSOR_SALT = "duobiao.audit.cursor"


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit as the tree shows it; ``depth`` 0 is the top."""

    pk: int
    ref: str
    name: str
    parent_ref: str | None
    depth: int
    people: int
    children: int
    version: int


@dataclass(frozen=True, slots=True)
class UnitNode:
    """A unit with those below it."""

    unit: UnitRow
    below: list["UnitNode"]


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which audit entries are wanted; empty values filter nothing."""

    actor_ref: str = ""
    event: str = ""
    subject_ref: str = ""
    day: date | None = None


def zone_of(user: User) -> str:
    """Return the zone in which a person's days begin: the own one, else the company's."""
    return user.time_zone or CompanySettings.load().time_zone


def with_words(people: UserQuerySet, words: str) -> UserQuerySet:
    """Return those whose name, sign-in name or address contains every word."""
    for word in words.split():
        people = people.filter(Q(name__icontains=word) | Q(username__icontains=word) | Q(email__icontains=word))
    return people


def people_matching(
    viewer: User, *, q: str = "", active: bool | None = None, role: str = "", unit: Unit | None = None
) -> UserQuerySet:
    """Return people whose name, sign-in name or address contains ``q``, ordered by name."""
    rows = User.objects.visible_to(viewer).select_related("unit", "coach")
    if active is not None:
        rows = rows.filter(is_active=active)
    if role:
        rows = rows.filter(role=role)
    if unit is not None:
        rows = rows.filter(unit=unit)
    return with_words(rows, q).order_by("name", "id")


def managers_of(person: User) -> list[User]:
    """Return the active managers of the nearest unit that has some, from the person's own unit upward."""
    return managers_of_many([person])[person.pk]


def managers_of_many(people: Iterable[User]) -> dict[int, list[User]]:
    """Return what ``managers_of`` says of each of several people, by key; two queries for any number."""
    parents = dict(Unit.objects.values_list("pk", "parent_id"))
    managers: dict[int | None, list[User]] = {}
    for user in User.objects.active().filter(role=Role.MANAGER).order_by("pk"):
        managers.setdefault(user.unit_id, []).append(user)
    return {person.pk: _nearest(person, managers, parents) for person in people}


def _nearest(person: User, managers: Mapping[int | None, list[User]], parents: Mapping[int, int | None]) -> list[User]:
    unit = person.unit_id
    while unit is not None:
        others = [user for user in managers.get(unit, []) if user.pk != person.pk]
        if others:
            return others
        unit = parents.get(unit)
    return []


def unit_tree() -> list[UnitRow]:
    """Return all units, each directly before those below it, neighbours by name; two queries."""
    found = list(Unit.objects.order_by("name", "id"))
    counts = dict(
        User.objects.filter(is_active=True, unit__isnull=False)
        .values_list("unit")
        .annotate(Count("id"))
        .order_by("unit")
    )
    below: dict[int | None, list[Unit]] = {}
    for unit in found:
        below.setdefault(unit.parent_id, []).append(unit)
    refs = {unit.pk: unit.ref for unit in found}
    rows: list[UnitRow] = []
    waiting = [(unit, 0) for unit in reversed(below.get(None, []))]
    while waiting:
        unit, depth = waiting.pop()
        children = below.get(unit.pk, [])
        people = counts.get(unit.pk, 0)
        parent_ref = refs.get(unit.parent_id) if unit.parent_id is not None else None
        rows.append(UnitRow(unit.pk, unit.ref, unit.name, parent_ref, depth, people, len(children), unit.version))
        waiting.extend((child, depth + 1) for child in reversed(children))
    return rows


def nested(rows: Sequence[UnitRow]) -> list[UnitNode]:
    """Turn the rows of ``unit_tree`` into branches."""
    top: list[UnitNode] = []
    levels = [top]
    for row in rows:
        node = UnitNode(row, [])
        del levels[row.depth + 1 :]
        levels[row.depth].append(node)
        levels.append(node.below)
    return top


def unit_by_ref(ref: str, *, field: str = "unit") -> Unit:
    """Find a unit named in a body or form.

    Raises:
        Invalid: there is none.
    """
    unit = Unit.objects.filter(ref=ref).first()
    if unit is None:
        raise Invalid(_("There is no such unit."), fields={field: _("unknown")})
    return unit


def tokens_of(user: User) -> list[ApiToken]:
    """Return a person's tokens: live ones first, newest first."""
    rows = list(ApiToken.objects.filter(user=user).select_related("user").order_by("-created_at", "-id"))
    return sorted(rows, key=lambda token: token.revoked_at is not None)


def audit_page(
    wanted: AuditFilter, *, cursor: str = "", limit: int = 50, zone: str = "Asia/Shanghai"
) -> tuple[list[TimelineRow], str | None]:
    """Return one page of the audit, newest first, and the cursor of the next page (None at the end).

    Args:
        zone: Where ``wanted.day`` begins and ends.

    Raises:
        Invalid: the cursor is damaged.
    """
    rows = Entry.objects.all()
    if wanted.actor_ref:
        rows = rows.filter(actor__ref=wanted.actor_ref)
    if wanted.event:
        rows = rows.filter(event=wanted.event)
    if wanted.subject_ref:
        rows = rows.filter(Q(subject_ref=wanted.subject_ref) | Q(chain=wanted.subject_ref))
    if wanted.day is not None:
        rows = rows.filter(at__gte=start_of_day(wanted.day, zone), at__lt=end_of_day(wanted.day, zone))
    if cursor:
        rows = rows.filter(_before(cursor))
    found = list(rows.order_by("-at", "-id")[: limit + 1])
    kept = found[:limit]
    words = timeline_rows(Entry.objects.filter(pk__in=[entry.pk for entry in kept]).order_by("-at", "-id"))
    if len(found) <= limit:
        return words, None
    return words, signing.dumps([kept[-1].at.isoformat(), kept[-1].pk], salt=AUDIT_CURSOR_SALT)


def _before(cursor: str) -> Q:
    try:
        moment, pk = signing.loads(cursor, salt=AUDIT_CURSOR_SALT)
        at = datetime.fromisoformat(moment)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise Invalid(_("The cursor is damaged. Start again without it."), fields={"cursor": _("damaged")}) from error
    return Q(at__lt=at) | Q(at=at, pk__lt=pk)


def is_live(token: ApiToken, now: datetime | None = None) -> bool:
    """Say whether a token works."""
    moment = now or timezone.now()
    return token.revoked_at is None and (token.expires_at is None or token.expires_at > moment)


def expires_soon(token: ApiToken, now: datetime) -> bool:
    """Say whether a live token ends within two weeks."""
    return token.expires_at is not None and is_live(token, now) and token.expires_at - now < timedelta(days=14)


def has_second_factor(user: User) -> bool:
    """Say whether signing in as this person asks for more than the password."""
    return bool(Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.RECOVERY_CODES).exists())
