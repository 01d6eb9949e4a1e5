"""Assess a customer by the criteria of a scheme."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.customers.actions.locks import lock_customer
from duobiao.customers.domain.schemes import Scheme, total
from duobiao.customers.domain.texts import NulCharacter, clean_line, clean_text
from duobiao.customers.events import CustomerAssessed
from duobiao.customers.models import Assessment, CriterionScore, Customer, Standing
from duobiao.customers.queries.schemes import find_scheme, schemes_in_force, stored_version
from duobiao.identity.models import CompanySettings, User
from duobiao.identity.policy import require
from duobiao.kernel.days import local_day
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Invalid
from duobiao.timeline.actions.record import record

EARLIEST = date(1990, 1, 1)
LONGEST_NOTE, LONGEST_SCORE_NOTE = 1000, 300


@transaction.atomic
def assess_customer(
    *,
    customer: Customer,
    scheme: str,
    scores: Mapping[str, int],
    assessed_on: date,
    actor: User,
    now: datetime,
    notes: Mapping[str, str] | None = None,
    note: str = "",
) -> Assessment:
    """Score a customer; the latest assessment of a scheme is where the customer stands by it.

    Args:
        scheme: Key of the scheme; its version in force is kept with the assessment.
        scores: By criterion, all of the scheme, within its scale.
        notes: What a score rests on, or where it was read, by criterion.

    Raises:
        NotAllowed: the actor may not edit this customer.
        NotFound: there is no such scheme.
        Invalid: a score is missing, unknown or outside the scale, a note is too long, the day lies ahead.
    """
    held = lock_customer(customer)
    require(actor, "customers.edit", held)
    found = find_scheme(scheme)
    faults: dict[str, object] = {}
    _check_scores(found.scheme, scores, faults)
    cleaned = _check_notes(found.scheme, notes or {}, faults)
    text = _check_text("note", note, LONGEST_NOTE, faults)
    _check_day(assessed_on, actor, now, faults)
    if faults:
        raise Invalid(_("Please correct the marked fields."), fields=faults)
    score = total(found.scheme, scores)
    reached = found.scheme.class_at(score)
    row = Assessment.objects.create(
        customer=held,
        scheme=scheme,
        version=stored_version(found, now=now),
        assessed_on=assessed_on,
        score_hundredths=int(score * 100),
        class_key=reached.key if reached is not None else "",
        meets_criteria=None if found.scheme.line is None else score >= found.scheme.line,
        note=text,
        created_at=now,
        created_by=actor,
    )
    CriterionScore.objects.bulk_create(
        CriterionScore(assessment=row, criterion=key, score=scores[key], note=cleaned.get(key, ""))
        for key in found.scheme.keys
    )
    before = Standing.objects.filter(customer=held, scheme=scheme).values_list("class_key", flat=True).first()
    stand_anew([held])
    held.touched_at = now
    held.save(update_fields=["touched_at"])
    data = {
        "scheme": scheme,
        "assessment": row.ref,
        "title": dict(found.scheme.title),
        "score": f"{score:.2f}".rstrip("0").rstrip("."),
        "class": row.class_key,
        "class_title": dict(reached.title) if reached is not None else {},
        "class_before": before,
        "assessed_on": assessed_on.isoformat(),
        "scores": {key: scores[key] for key in found.scheme.keys},
    }
    record(CustomerAssessed(subject=Ref.of(held), data=data), actor=actor, at=now)
    return row


def scheme_having(criteria: Iterable[str]) -> str:
    """Return the key of the scheme that has exactly these criteria.

    Raises:
        Invalid: none has, or several have.
    """
    wanted = set(criteria)
    found = [key for key, held in schemes_in_force().items() if set(held.scheme.keys) == wanted]
    if len(found) != 1:
        message = _("No assessment has exactly these criteria. Name the scheme; /api/v1/assessment-schemes lists them.")
        raise Invalid(message, fields={"scores": message})
    return found[0]


def stand_anew(customers: Iterable[Customer]) -> None:
    """Let customers stand where their latest assessments say; by day, then by when it was written."""
    for customer in customers:
        latest: dict[str, Assessment] = {}
        for row in customer.assessments.order_by("assessed_on", "created_at", "pk"):
            latest[row.scheme] = row
        kept = Standing.objects.filter(customer=customer)
        stale = kept.exclude(assessment__in=[row.pk for row in latest.values()])
        Standing.objects.filter(assessment__in=[row.pk for row in latest.values()]).exclude(customer=customer).delete()
        stale.delete()
        standing = set(kept.values_list("scheme", flat=True))
        Standing.objects.bulk_create(
            Standing(
                customer=customer,
                scheme=key,
                assessment=row,
                score_hundredths=row.score_hundredths,
                class_key=row.class_key,
            )
            for key, row in latest.items()
            if key not in standing
        )


def _check_scores(scheme: Scheme, scores: Mapping[str, int], faults: dict[str, object]) -> None:
    for key in scores:
        if key not in scheme.keys:
            faults[key] = _("This assessment has no such criterion. It has: %(names)s.") % {
                "names": ", ".join(scheme.keys)
            }
    for key in scheme.keys:
        score = scores.get(key)
        if score is None:
            faults[key] = _("Give a score from %(lowest)d to %(highest)d.") % _range(scheme)
        elif not scheme.lowest <= score <= scheme.highest:
            faults[key] = _("The score must lie between %(lowest)d and %(highest)d.") % _range(scheme)


def _check_notes(scheme: Scheme, notes: Mapping[str, str], faults: dict[str, object]) -> dict[str, str]:
    found = {}
    for key, words in notes.items():
        if key not in scheme.keys:
            faults[f"note_{key}"] = _("This assessment has no such criterion. It has: %(names)s.") % {
                "names": ", ".join(scheme.keys)
            }
            continue
        found[key] = _check_text(f"note_{key}", words, LONGEST_SCORE_NOTE, faults, line=True)
    return found


def _check_text(name: str, words: str, longest: int, faults: dict[str, object], *, line: bool = False) -> str:
    try:
        cleaned = clean_line(words) if line else clean_text(words)
    except NulCharacter:
        faults[name] = _("Null characters are not allowed.")
        return ""
    if len(cleaned) > longest:
        faults[name] = _("At most %(longest)d characters; this text has %(length)d.") % {
            "longest": longest,
            "length": len(cleaned),
        }
    return cleaned


def _check_day(day: date, actor: User, now: datetime, faults: dict[str, object]) -> None:
    today = local_day(now, actor.time_zone or CompanySettings.load().time_zone)
    if day > today:
        faults["assessed_on"] = _("The day cannot be later than today (%(today)s).") % {"today": today.isoformat()}
    elif day < EARLIEST:
        faults["assessed_on"] = _("The day lies too far in the past.")


def _range(scheme: Scheme) -> dict[str, int]:
    return {"lowest": scheme.lowest, "highest": scheme.highest}
