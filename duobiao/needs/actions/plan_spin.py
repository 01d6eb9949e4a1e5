"""Put questions together for a conversation (SPIN), add one, note the answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.customers.actions.field_values import checked_line, set_values, stale
from duobiao.customers.models import Contact
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.needs.actions.common import check_people, fault, one_of, take_deal
from duobiao.needs.events.objections import SpinAnswered, SpinPlanned
from duobiao.needs.models import SpinLetter, SpinQuestion, SpinSheet
from duobiao.needs.queries.bank import bank_questions
from duobiao.opportunities.actions.reassess import own_day
from duobiao.opportunities.models import Opportunity
from duobiao.timeline.actions.record import record

MOST_QUESTIONS = 40


@dataclass(frozen=True, slots=True)
class Question:
    """One of our own questions."""

    letter: str
    text: str


@transaction.atomic
def plan_spin(
    *,
    opportunity: Opportunity,
    title: str,
    contact: Contact | None,
    chosen: Sequence[str],
    own: Sequence[Question],
    actor: User,
    now: datetime,
) -> SpinSheet:
    """Make a sheet of questions from the bank and of our own.

    Args:
        chosen: Keys of questions of the bank; each is frozen in the writer's language.

    Raises:
        NotAllowed, DealClosed: as ``take_deal``.
        Invalid: no title, no question, too many, or no such question in the bank.
    """
    deal = take_deal(opportunity, actor=actor)
    check_people(deal, {"contact": contact})
    words = checked_line("title", title, 120)
    if not words:
        raise fault("title", _("Write this down."))
    bank = bank_questions(deal.customer.industry)
    known = {row.key: row for row in bank}
    if unknown := [key for key in chosen if key not in known]:
        raise fault("chosen", _("There is no such question: %(name)s.") % {"name": unknown[0]})
    rows = [(known[key].letter, known[key].words, key) for key in dict.fromkeys(chosen)]
    rows += [(question.letter, question.text, "") for question in own if question.text.strip()]
    if not rows:
        raise fault("chosen", _("Choose at least one question, or write one."))
    if len(rows) > MOST_QUESTIONS:
        raise fault("chosen", _("At most %(n)d questions.") % {"n": MOST_QUESTIONS})
    sheet: SpinSheet = SpinSheet.objects.create(
        opportunity=deal, title=words, contact=contact, created_at=now, created_by=actor
    )
    for position, (letter, text, key) in enumerate(rows):
        _keep(sheet, letter, text, position, key)
    data = {"text": words, "note": _("%(n)d questions") % {"n": len(rows)}, "questions": len(rows)}
    record(SpinPlanned(subject=Ref.of(sheet), chain=deal.ref, data=data), actor=actor, at=now)
    return sheet


@transaction.atomic
def answer_spin(
    *, sheet: SpinSheet, version: int, answers: Mapping[str, str], added: Question | None, actor: User, now: datetime
) -> SpinSheet:
    """Note answers by question; an empty one takes an answer away. A question that came up is added.

    Raises:
        NotAllowed, DealClosed: as ``take_deal``.
        StaleVersion: somebody noted something since.
        Invalid: no such question on this sheet, or a text is too long.
    """
    deal = take_deal(sheet.opportunity, actor=actor)
    held: SpinSheet = SpinSheet.objects.select_for_update(of=("self",)).get(pk=sheet.pk)
    questions = {row.ref: row for row in held.questions.order_by("position", "pk")}
    if held.version != version:
        raise stale({ref: row.answer for ref, row in questions.items()}, version=held.version)
    if unknown := [ref for ref in answers if ref not in questions]:
        raise fault("answers", _("There is no such question: %(name)s.") % {"name": unknown[0]})
    noted = 0
    for ref, text in answers.items():
        row = questions[ref]
        if not set_values(row, {"answer": text}, allowed=("answer",)):
            continue
        row.answered_on = own_day(actor, now) if row.answer else None
        row.save(update_fields=["answer", "answered_on"])
        noted += 1
    if added is not None and added.text.strip():
        if len(questions) >= MOST_QUESTIONS:
            raise fault("text", _("At most %(n)d questions.") % {"n": MOST_QUESTIONS})
        _keep(held, added.letter, added.text, len(questions), "")
        noted += 1
    if noted:
        held.version += 1
        held.save(update_fields=["version"])
        data = {"text": held.title, "note": _("%(n)d noted") % {"n": noted}, "noted": noted}
        record(SpinAnswered(subject=Ref.of(held), chain=deal.ref, data=data), actor=actor, at=now)
    return held


def _keep(sheet: SpinSheet, letter: str, text: str, position: int, key: str) -> SpinQuestion:
    one_of("letter", letter, SpinLetter.values)
    row = SpinQuestion(sheet=sheet, letter=letter, text=checked_line("text", text, 300), bank=key, position=position)
    row.save(force_insert=True)
    return row
