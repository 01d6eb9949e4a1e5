"""File what a channel of information says about a customer, with its source and its day."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.customers.actions.edit_customer import edit_customer
from duobiao.customers.actions.locks import lock_customer
from duobiao.customers.actions.note_sources import Origin, checked_origin, note_sources
from duobiao.customers.domain.channels import Channel
from duobiao.customers.domain.texts import NulCharacter, clean_text
from duobiao.customers.events import AnswersFiled
from duobiao.customers.models import ChannelAnswer, Customer
from duobiao.customers.queries.customers import get_profile
from duobiao.customers.queries.facts import find_channel
from duobiao.identity.models import User
from duobiao.identity.policy import require
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Invalid
from duobiao.timeline.actions.record import record

LONGEST_ANSWER = 2000


@transaction.atomic
def file_answers(
    *,
    customer: Customer,
    channel: str,
    answers: Mapping[str, Any],
    origin: Origin,
    actor: User,
    now: datetime,
    version: int | None = None,
) -> Customer:
    """Answer guiding questions of a channel.

    What a field of the customer form holds goes there, the rest is kept as an answer of its own.

    Args:
        answers: By question; empty ones are left alone.
        version: The version of the customer that the actor saw; None takes the present one.

    Raises:
        NotAllowed: the actor may not edit this customer.
        NotFound: there is no such channel.
        StaleVersion: somebody changed the customer since.
        Invalid: a question is unknown, an answer cannot be accepted, nothing is answered.
    """
    held = lock_customer(customer)
    require(actor, "customers.edit", held)
    found = find_channel(channel)
    fields, texts = _sorted(found, answers)
    sourced = checked_origin(Origin(origin.source, origin.known_on, channel), actor=actor, now=now)
    if fields:
        try:
            held = edit_customer(
                customer=held,
                version=held.version if version is None else version,
                values=fields,
                origin=Origin(sourced.source, sourced.known_on, channel),
                actor=actor,
                now=now,
            )
        except Invalid as refusal:
            raise Invalid(str(refusal.message), fields=_by_question(found, refusal.fields)) from refusal
        note_sources(held, get_profile(held), fields, sourced, actor=actor, now=now)
    if texts:
        ChannelAnswer.objects.bulk_create(
            ChannelAnswer(
                customer=held,
                channel=channel,
                question=key,
                answer=text,
                source=sourced.source,
                known_on=sourced.known_on,
                filed_at=now,
                filed_by=actor,
            )
            for key, text in texts.items()
        )
    held.touched_at = now
    held.save(update_fields=["touched_at"])
    data = {
        "channel": channel,
        "title": dict(found.title),
        "fields": sorted(fields),
        "answers": texts,
        "source": sourced.source,
        "known_on": str(sourced.known_on),
    }
    record(AnswersFiled(subject=Ref.of(held), data=data), actor=actor, at=now)
    return held


def _sorted(channel: Channel, answers: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    fields: dict[str, Any] = {}
    texts: dict[str, str] = {}
    faults: dict[str, object] = {}
    for key, answer in answers.items():
        question = channel.question(key)
        if question is None:
            faults[key] = _("This channel has no such question. It has: %(names)s.") % {
                "names": ", ".join(row.key for row in channel.questions)
            }
        elif answer is None or not str(answer).strip():
            continue
        elif question.field:
            fields[question.field] = answer
        else:
            texts[key] = _text(key, str(answer), faults)
    if not faults and not fields and not texts:
        faults["answers"] = _("Answer at least one question.")
    if faults:
        raise Invalid(_("Please correct the marked fields."), fields=faults)
    return fields, texts


def _text(key: str, answer: str, faults: dict[str, object]) -> str:
    try:
        cleaned = clean_text(answer)
    except NulCharacter:
        faults[key] = _("Null characters are not allowed.")
        return ""
    if len(cleaned) > LONGEST_ANSWER:
        faults[key] = _("At most %(longest)d characters; this text has %(length)d.") % {
            "longest": LONGEST_ANSWER,
            "length": len(cleaned),
        }
    return cleaned


def _by_question(channel: Channel, faults: Mapping[str, object]) -> dict[str, object]:
    """Return reasons at the questions whose fields are at fault."""
    asked = {question.field: question.key for question in channel.questions if question.field}
    return {asked.get(name, name): reason for name, reason in faults.items()}
