"""What customers were assessed as: where each stands, how it came there, and how they rank."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import zip_longest

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from duobiao.customers.domain.schemes import Scheme, read_scheme
from duobiao.customers.models import Assessment, Customer, Standing
from duobiao.customers.queries.schemes import EVALUATION, SchemeInForce, class_title, schemes_in_force, words
from duobiao.identity.models import User
from duobiao.kernel.refusals import NotFound

TREND = 12
"""Assessments that a trend shows."""
LOOKED_AT = 100
"""Latest assessments of a customer that its page reads."""


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """The score for one criterion.

    Attributes:
        change: Against the assessment before it, None where that one had no such criterion.
    """

    key: str
    title: str
    hint: str
    weight: int
    score: int
    highest: int
    note: str
    change: int | None


@dataclass(frozen=True, slots=True)
class AssessmentShown:
    """One assessment in words."""

    ref: str
    on: date
    author: str
    score: Decimal
    change: Decimal | None
    class_key: str
    class_title: str
    advice: str
    version: int
    meets_criteria: bool | None
    note: str
    lines: tuple[ScoreLine, ...]


@dataclass(frozen=True, slots=True)
class StandingShown:
    """Where a customer stands by one scheme.

    Attributes:
        shown: Its latest assessment; None while there is none.
        trend: Day and score of the latest assessments, oldest first.
        is_old: It was made so long ago that it should be made again.
    """

    key: str
    title: str
    purpose: str
    yes_or_no: bool
    line: int | None
    shown: AssessmentShown | None
    trend: tuple[AssessmentShown, ...]
    is_old: bool

    @property
    def traits(self) -> int:
        """How many traits of a yes-or-no scheme the customer has."""
        return sum(line.score for line in self.shown.lines) if self.shown is not None else 0


@dataclass(frozen=True, slots=True)
class ClassMark:
    """The class of a customer as lists show it."""

    key: str
    title: str
    score: Decimal


def standings_of(customer: Customer, *, on: date) -> list[StandingShown]:
    """Return where a customer stands by every scheme; three queries."""
    rows = list(_latest(customer))
    found = []
    for key, held in schemes_in_force().items():
        own = [row for row in rows if row.scheme == key][:TREND]
        shown = in_words(own)
        found.append(
            StandingShown(
                key=key,
                title=words(held.scheme.title),
                purpose=words(held.scheme.purpose),
                yes_or_no=held.scheme.asks_yes_or_no,
                line=held.scheme.line,
                shown=shown[0] if shown else None,
                trend=tuple(reversed(shown)),
                is_old=bool(shown) and _is_old(held.scheme, shown[0].on, on),
            )
        )
    return found


def scored(customer: Customer, *, scheme: str) -> QuerySet[Assessment]:
    """Return the assessments of a customer by one scheme with what words need, unordered."""
    rows = customer.assessments.filter(scheme=scheme)
    return rows.select_related("created_by", "version").prefetch_related("scores")


def assessments_of(customer: Customer) -> QuerySet[Assessment]:
    """Return the assessments of a customer, unordered."""
    return Assessment.objects.filter(customer=customer).select_related("customer", "created_by", "version")


def find_assessment(*, ref: str, user: User) -> Assessment:
    """Return an assessment of a customer the person may see.

    Raises:
        NotFound: there is none, or the person may not see its customer.
    """
    seen = Customer.objects.visible_to(user)
    row = Assessment.objects.select_related("customer").filter(ref=ref, customer__in=seen).first()
    if row is None:
        raise NotFound(_("There is no such assessment."))
    return row


def latest_scores(customer: Customer, scheme: str) -> dict[str, tuple[int, str]]:
    """Return score and note by criterion of the latest assessment by a scheme."""
    held = Standing.objects.filter(customer=customer, scheme=scheme).select_related("assessment").first()
    return {} if held is None else {row.criterion: (row.score, row.note) for row in held.assessment.scores.all()}


def ranking(user: User, scheme: str) -> QuerySet[Standing]:
    """Return where the customers that the person may see stand by a scheme, unordered."""
    seen = Customer.objects.visible_to(user)
    return Standing.objects.filter(scheme=scheme, customer__in=seen).select_related(
        "customer__owner", "assessment__created_by"
    )


def class_marks(customers: Iterable[Customer], scheme: str = EVALUATION) -> dict[int, ClassMark]:
    """Return the class of each customer that has one, by its key; two queries for any number."""
    rows = list(Standing.objects.filter(customer__in=list(customers), scheme=scheme))
    if not rows:
        return {}
    schemes = schemes_in_force()
    return {
        row.customer_id: ClassMark(row.class_key, class_title(schemes, scheme, row.class_key), row.score)
        for row in rows
    }


def meeting_assessment(customer: Customer) -> Assessment | None:
    """Return the assessment by which a customer meets the target customer criteria; None where none says so."""
    rows = Assessment.objects.filter(standing__customer=customer, meets_criteria=True)
    return rows.order_by("-assessed_on", "-created_at", "pk").first()


def classes_offered(schemes: Mapping[str, SchemeInForce], scheme: str) -> list[tuple[str, str]]:
    """Return key and name of the classes of a scheme."""
    return [(row.key, words(row.title)) for row in schemes[scheme].scheme.classes]


def _latest(customer: Customer) -> Iterable[Assessment]:
    rows = customer.assessments.select_related("created_by", "version").prefetch_related("scores")
    return rows.order_by("-assessed_on", "-created_at", "-pk")[:LOOKED_AT]


def in_words(rows: Sequence[Assessment]) -> list[AssessmentShown]:
    """Put assessments of one scheme into words, the latest first, each against the one before it."""
    schemes: dict[int, Scheme] = {}
    found = []
    for row, earlier in zip_longest(rows, rows[1:]):
        scheme = schemes.setdefault(row.version_id, read_scheme(row.version.document))
        held = scheme.class_of(row.class_key)
        found.append(
            AssessmentShown(
                ref=row.ref,
                on=row.assessed_on,
                author=str(row.created_by),
                score=row.score,
                change=None if earlier is None else row.score - earlier.score,
                class_key=row.class_key,
                class_title=words(held.title) if held is not None else row.class_key,
                advice=words(held.advice) if held is not None else "",
                version=row.version.version,
                meets_criteria=row.meets_criteria,
                note=row.note,
                lines=_lines(scheme, row, earlier),
            )
        )
    return found


def _lines(scheme: Scheme, row: Assessment, earlier: Assessment | None) -> tuple[ScoreLine, ...]:
    given = {held.criterion: held for held in row.scores.all()}
    before = {held.criterion: held.score for held in earlier.scores.all()} if earlier is not None else {}
    return tuple(
        ScoreLine(
            key=criterion.key,
            title=words(criterion.title),
            hint=words(criterion.hint),
            weight=criterion.weight,
            score=given[criterion.key].score,
            highest=scheme.highest,
            note=given[criterion.key].note,
            change=given[criterion.key].score - before[criterion.key] if criterion.key in before else None,
        )
        for criterion in scheme.criteria
        if criterion.key in given
    )


def _is_old(scheme: Scheme, made: date, on: date) -> bool:
    return bool(scheme.again_days) and made + timedelta(days=scheme.again_days) < on
