"""Write on a battle card: note a statement, change it, confirm that it still holds, take it off."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Min
from django.utils.translation import gettext as _

from duobiao.competition.events import StatementChanged, StatementNoted, StatementRemoved
from duobiao.competition.models import CardStatement, Rival, Section
from duobiao.identity.models import User
from duobiao.identity.policy import require
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict, NotFound, StaleVersion
from duobiao.planning.actions.texts import Faults, checked_past, checked_text, refuse
from duobiao.timeline.actions.record import record

VERB = "competition.rivals"
LONGEST = {"text": 500, "answer": 500, "proof": 300, "source": 300}
MOST_STATEMENTS = 60


@dataclass(frozen=True, slots=True)
class Said:
    """What a statement says.

    Attributes:
        answer: What we say to it; needed in the section of what the rival says about us.
    """

    section: str
    text: str
    source: str
    noted_on: date
    answer: str = ""
    proof: str = ""


@transaction.atomic
def note_statement(*, rival: Rival, said: Said, actor: User, now: datetime) -> CardStatement:
    """Put a statement on the battle card of a rival.

    Raises:
        NotAllowed: the actor may not keep rivals.
        Conflict: the card is full.
        Invalid: a field does not fit.
    """
    require(actor, VERB)
    held = Rival.objects.select_for_update().get(pk=rival.pk)
    if held.merged_into_id is not None:
        raise Conflict(_("This rival went into another one. Work on that one."))
    values = _checked(said, actor=actor, now=now)
    if held.statements.filter(removed_at=None).count() >= MOST_STATEMENTS:
        raise Conflict(_("A battle card has at most %(n)d statements.") % {"n": MOST_STATEMENTS})
    made = CardStatement.objects.create(rival=held, author=actor, changed_at=now, **values)
    recount(held)
    record(StatementNoted(subject=Ref.of(held), data=_told(held, made)), actor=actor, at=now)
    return made


@transaction.atomic
def change_statement(
    *, statement: CardStatement, version: int, said: Said, actor: User, now: datetime
) -> CardStatement:
    """Change a statement, or confirm it with a new day; what it said before stays in the audit.

    Raises:
        NotAllowed, Invalid: as ``note_statement``.
        NotFound: it was taken off.
        StaleVersion: somebody changed it since.
    """
    require(actor, VERB)
    rival = Rival.objects.select_for_update().get(pk=statement.rival_id)
    held = _standing(statement, version)
    values = _checked(said, actor=actor, now=now)
    before = {name: str(getattr(held, name)) for name, value in values.items() if getattr(held, name) != value}
    if not before:
        return held
    for name, value in values.items():
        setattr(held, name, value)
    held.author, held.changed_at = actor, now
    held.version += 1
    held.save()
    recount(rival)
    record(StatementChanged(subject=Ref.of(rival), data=_told(rival, held) | {"before": before}), actor=actor, at=now)
    return held


@transaction.atomic
def remove_statement(*, statement: CardStatement, version: int, actor: User, now: datetime) -> None:
    """Take a statement off its card; its row stays.

    Raises:
        NotAllowed, NotFound, StaleVersion: as ``change_statement``.
    """
    require(actor, VERB)
    rival = Rival.objects.select_for_update().get(pk=statement.rival_id)
    held = _standing(statement, version)
    held.removed_at = now
    held.version += 1
    held.save(update_fields=["removed_at", "version"])
    recount(rival)
    record(StatementRemoved(subject=Ref.of(rival), data=_told(rival, held)), actor=actor, at=now)


def recount(rival: Rival) -> None:
    """Note the day of the oldest statement that stands."""
    oldest = rival.statements.filter(removed_at=None).aggregate(day=Min("noted_on"))["day"]
    if rival.card_on != oldest:
        rival.card_on = oldest
        rival.save(update_fields=["card_on"])


def _standing(statement: CardStatement, version: int) -> CardStatement:
    held = CardStatement.objects.filter(pk=statement.pk, removed_at=None).first()
    if held is None:
        raise NotFound(_("This statement was taken off."))
    if held.version != version:
        raise StaleVersion(
            _("Somebody else changed this statement meanwhile. Look at it again before you save."),
            details={"version": held.version, "current": {name: getattr(held, name) for name in LONGEST}},
        )
    return held


def _checked(said: Said, *, actor: User, now: datetime) -> dict[str, str | date]:
    faults: Faults = {}
    values: dict[str, str | date] = {
        name: checked_text(
            name, getattr(said, name), longest=longest, faults=faults, required=name in ("text", "source")
        )
        for name, longest in LONGEST.items()
    }
    if said.section not in Section.values:
        faults["section"] = _("Choose one of: %(names)s.") % {"names": ", ".join(Section.values)}
    if said.section == Section.CLAIM and not values["answer"]:
        faults.setdefault("answer", _("Say what we answer."))
    checked_past("noted_on", said.noted_on, actor=actor, now=now, faults=faults)
    refuse(faults)
    return values | {"section": said.section, "noted_on": said.noted_on}


def _told(rival: Rival, statement: CardStatement) -> dict[str, str]:
    return {
        "rival": rival.name,
        "statement": statement.ref,
        "section": statement.section,
        "text": statement.text,
        "answer": statement.answer,
        "source": statement.source,
        "noted_on": statement.noted_on.isoformat(),
    }
