"""Enter a rival, and change what is known of it; no two rivals share a name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from duobiao.competition.actions.index_rivals import index_rivals
from duobiao.competition.events import RivalAdded, RivalChanged
from duobiao.competition.models import Rival, RivalName
from duobiao.customers.domain.company_names import parts_of
from duobiao.customers.domain.likeness import name_likeness
from duobiao.identity.models import User
from duobiao.identity.policy import require
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict, StaleVersion
from duobiao.planning.actions.texts import Faults, checked_text, refuse
from duobiao.timeline.actions.record import record

VERB = "competition.rivals"
LONGEST = {"name": 120, "site": 200, "region": 120, "industries": 200, "note": 2000}
MOST_ALIASES = 10
WEB = URLValidator(schemes=["http", "https"])


class RivalKnown(Conflict):
    """A rival of this name, or an alias of it, is known (409)."""

    code = "rival_known"


class RivalLikelyKnown(Conflict):
    """A rival of nearly this name is known; say ``distinct`` where it is another company (409)."""

    code = "rival_likely_known"


@dataclass(frozen=True, slots=True)
class RivalFactsSaid:
    """What somebody says a rival is.

    Attributes:
        aliases: Other names it goes by.
    """

    name: str
    aliases: Sequence[str] = ()
    site: str = ""
    region: str = ""
    industries: str = ""
    note: str = ""
    is_active: bool = True


@transaction.atomic
def add_rival(*, said: RivalFactsSaid, actor: User, now: datetime, distinct: bool = False) -> Rival:
    """Enter a rival.

    Args:
        distinct: It is another company than those whose names are nearly the same.

    Raises:
        NotAllowed: the actor may not keep rivals.
        Invalid: a field does not fit.
        RivalKnown: one of the names is taken.
        RivalLikelyKnown: one of nearly this name is known, and ``distinct`` is not said.
    """
    require(actor, VERB)
    values, names = _checked(said)
    _require_free(names, None, distinct=distinct)
    made = Rival.objects.create(**values, created_at=now, created_by=actor)
    _keep_names(made, names)
    index_rivals([made], now=now)
    record(RivalAdded(subject=Ref.of(made), data={"rival": made.name, "aliases": names[1:]}), actor=actor, at=now)
    return made


@transaction.atomic
def edit_rival(
    *, rival: Rival, version: int, said: RivalFactsSaid, actor: User, now: datetime, distinct: bool = False
) -> Rival:
    """Change what is known of a rival.

    Raises:
        NotAllowed, Invalid, RivalKnown, RivalLikelyKnown: as ``add_rival``.
        StaleVersion: somebody changed it since.
    """
    require(actor, VERB)
    held = Rival.objects.select_for_update().get(pk=rival.pk)
    if held.merged_into_id is not None:
        raise Conflict(_("This rival went into another one. Work on that one."))
    if held.version != version:
        raise StaleVersion(
            _("Somebody else changed this rival meanwhile. Look at it again before you save."),
            details={"version": held.version, "current": {name: getattr(held, name) for name in LONGEST}},
        )
    before = [row.name for row in held.names.order_by("-is_main", "pk")]
    values, names = _checked(said, most=max(MOST_ALIASES, len(before) - 1))
    _require_free([name for name in names if name not in before], held, distinct=distinct)
    changes = {name: [getattr(held, name), value] for name, value in values.items() if getattr(held, name) != value}
    if before != names:
        changes["names"] = [before, names]
    if not changes:
        return held
    for name, value in values.items():
        setattr(held, name, value)
    held.version += 1
    held.save()
    _keep_names(held, names)
    index_rivals([held], now=now)
    record(RivalChanged(subject=Ref.of(held), data={"rival": held.name, "changes": changes}), actor=actor, at=now)
    return held


def likely_rivals(name: str, *, beside: Rival | None = None) -> list[Rival]:
    """Return the rivals whose names are so near that people should look whether they are the same."""
    found: dict[int, Rival] = {}
    for row in RivalName.objects.exclude(rival=beside).select_related("rival"):
        if name_likeness(name, row.name).is_proposed:
            found.setdefault(row.rival_id, row.rival)
    return list(found.values())


def name_key(name: str) -> str:
    """Return a name without width, case, punctuation, place and legal form; "" where it has no letters."""
    return parts_of(name).core[:120]


def _checked(said: RivalFactsSaid, *, most: int = MOST_ALIASES) -> tuple[dict[str, str | bool], list[str]]:
    faults: Faults = {}
    values: dict[str, str | bool] = {
        name: checked_text(
            name, getattr(said, name), longest=longest, faults=faults, required=name == "name", lines=name == "note"
        )
        for name, longest in LONGEST.items()
    }
    aliases = [checked_text("aliases", name, longest=LONGEST["name"], faults=faults) for name in said.aliases]
    names = _distinct([str(values["name"]), *filter(None, aliases)])
    if "name" not in faults and not name_key(names[0]):
        faults["name"] = _("The name has no letters.")
    if len(names) > most + 1:
        faults["aliases"] = _("At most %(n)d other names.") % {"n": most}
    elif any(not name_key(name) for name in names[1:]):
        faults["aliases"] = _("One of the names has no letters.")
    if values["site"]:
        try:
            WEB(values["site"])
        except ValidationError:
            faults["site"] = _("Write a whole address, as https://example.com.")
    refuse(faults)
    return values | {"is_active": said.is_active}, names


def _distinct(names: Sequence[str]) -> list[str]:
    """Return the names without those that mean the same as one before; the first stays first."""
    found: dict[str, str] = {}
    for name in names:
        found.setdefault(name_key(name) or name, name)
    return list(found.values())


def _require_free(names: Sequence[str], rival: Rival | None, *, distinct: bool) -> None:
    rows = RivalName.objects.exclude(rival=rival) if rival is not None else RivalName.objects.all()
    taken = rows.filter(key__in=[name_key(name) for name in names]).select_related("rival").first()
    if taken is not None:
        message = _("%(name)s is known already as %(rival)s. Use that one, or add the name to it.")
        message %= {"name": taken.name, "rival": taken.rival.name}
        raise RivalKnown(message, fields={"name": message}, details={"rival": taken.rival.ref})
    if distinct:
        return
    for name in names:
        if near := likely_rivals(name, beside=rival):
            known = ", ".join(row.name for row in near)
            message = _("Nearly the same name is known: %(names)s. Use that one, or say that this is another company.")
            message %= {"names": known}
            raise RivalLikelyKnown(message, fields={"distinct": message}, details={"rival": near[0].ref})


def _keep_names(rival: Rival, names: Sequence[str]) -> None:
    """Keep exactly these names; the first is its own."""
    rival.names.all().delete()
    try:
        with transaction.atomic():
            RivalName.objects.bulk_create(
                RivalName(rival=rival, name=name, key=name_key(name), is_main=place == 0)
                for place, name in enumerate(names)
            )
    except IntegrityError as error:
        message = _("Somebody entered a rival of this name at the same moment.")
        raise RivalKnown(message, fields={"name": message}) from error
