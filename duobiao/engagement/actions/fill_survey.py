"""Set the aims of a visit's survey and note what was answered."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.customers.actions.field_values import stale
from duobiao.customers.domain.texts import NulCharacter, clean_text
from duobiao.customers.models import Contact
from duobiao.engagement.actions.agreed_visit import chain_of
from duobiao.engagement.actions.people import check_companies
from duobiao.engagement.actions.values import among, invalid
from duobiao.engagement.events.preparing import SurveyFilled
from duobiao.engagement.models import SurveyAnswer, Visit
from duobiao.engagement.models.call import LONG
from duobiao.engagement.queries.survey import aim_keys, question_keys
from duobiao.identity import policy
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Conflict, Invalid
from duobiao.timeline.actions.record import record


@transaction.atomic
def fill_survey(
    *,
    visit: Visit,
    version: int,
    aims: Sequence[str] | None,
    answers: Mapping[str, str],
    actor: User,
    now: datetime,
    told_by: Contact | None = None,
) -> Visit:
    """Set the aims and note answers; an emptied answer is taken away, a question not named stays.

    Args:
        aims: Keys of ``data/survey.yaml``; None leaves them.
        told_by: Who answered what is new or changed.

    Raises:
        NotAllowed: the actor may not plan visits here.
        StaleVersion: somebody changed the visit meanwhile.
        Conflict: the visit was cancelled.
        Invalid: an aim or question is unknown, or an answer too long.
    """
    rows = Visit.objects.select_for_update(of=("self",)).select_related("opportunity__owner", "customer__owner")
    held = rows.get(pk=visit.pk)
    policy.require(actor, "engagement.plan_visit", held.opportunity or held.customer)
    if held.cancelled_at is not None:
        raise Conflict(_("This visit was cancelled."))
    if held.version != version:
        raise stale({"survey_aims": held.survey_aims}, version=held.version)
    check_companies([told_by], field="told_by", customer=held.customer, opportunity=held.opportunity)
    given = _cleaned(answers)
    if aims is not None:
        try:
            held.survey_aims = among(aim_keys())(list(aims))
        except ValueError as error:
            raise invalid("aims", str(error)) from error
    changes = _keep(held, given, told_by, actor, now)
    held.version += 1
    held.save(update_fields=["survey_aims", "version"])
    data = {"aims": held.survey_aims, "answered": held.answers.count(), "changes": changes}
    record(SurveyFilled(subject=Ref.of(held), chain=chain_of(held), data=data), actor=actor, at=now)
    return held


def _cleaned(answers: Mapping[str, str]) -> dict[str, str]:
    known, faults = set(question_keys()), dict[str, object]()
    given: dict[str, str] = {}
    for key, text in answers.items():
        try:
            given[key] = clean_text(text)
        except NulCharacter:
            faults[key] = _("Null characters are not allowed.")
        if key not in known:
            faults[key] = _("There is no such question.")
        elif len(text) > LONG:
            faults[key] = _("At most %(n)d characters.") % {"n": LONG}
    if faults:
        raise Invalid(_("Please correct the marked fields."), fields=faults)
    return given


def _keep(
    visit: Visit, given: Mapping[str, str], told_by: Contact | None, actor: User, now: datetime
) -> dict[str, list[str]]:
    """Keep the answers; return those that changed, before and after, by question."""
    held = {row.question: row for row in visit.answers.all()}
    changes: dict[str, list[str]] = {}
    for key, text in given.items():
        row = held.get(key)
        before = row.answer if row is not None else ""
        if text == before:
            continue
        changes[key] = [before, text]
        if not text:
            visit.answers.filter(question=key).delete()
            continue
        row = row or SurveyAnswer(visit=visit, question=key)
        row.answer, row.contact, row.noted_at, row.noted_by = text, told_by, now, actor
        row.save()
    return changes
