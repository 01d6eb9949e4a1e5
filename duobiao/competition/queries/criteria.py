"""What the records say about each criterion of the investment matrix, with the figures it follows from."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from duobiao.competition.domain.comparison import best_of
from duobiao.competition.domain.matrix import from_gap, from_grade, from_relation, from_share, from_steps
from duobiao.competition.models import DealRival, Landscape, PursuitFigures
from duobiao.competition.queries.scores import Scores, score_rows, split
from duobiao.competition.queries.settings import settings
from duobiao.customers.models import Contact
from duobiao.customers.models.profile import CustomerProfile, InvestmentTrend
from duobiao.customers.queries.assessments import ClassMark, class_marks
from duobiao.opportunities.models import Opportunity, Risk
from duobiao.opportunities.queries.signal_facts import stage_at_work
from duobiao.opportunities.queries.threads import ALWAYS, last_spoken
from duobiao.playbooks.domain.model import Kind, Method
from duobiao.playbooks.queries import compiled_playbook
from duobiao.stakeholders.queries.relation import Relation, relations
from duobiao.web.formats import money, number, percent

SPOKEN_DAYS = 90
FIT = ("function", "technology")
HUNDRED = 100
STEP_CURRENCY = "CNY"


@dataclass(frozen=True, slots=True)
class Derived:
    """What the records say: 0 to 100, or None; and why."""

    value: int | None
    why: str


@dataclass(frozen=True, slots=True)
class Ground:
    """What the criteria of one deal are derived from.

    Attributes:
        relation: What the decision chain says; None without a chain.
        departments: Departments of the customer spoken to within ``SPOKEN_DAYS`` days.
        gap: Weighted gap to the strongest rival in hundredths of a grade.
    """

    deal: Opportunity
    relation: Relation | None = None
    departments: frozenset[str] = frozenset()
    ours: Mapping[str, int] = field(default_factory=dict)
    rivals: Sequence[Scores] = ()
    gap: int | None = None
    pursuit: PursuitFigures | None = None
    mark: ClassMark | None = None
    trend: str = ""


def grounds(deals: Sequence[Opportunity], *, on: date) -> dict[int, Ground]:
    """Return what the criteria of deals follow from, by their keys; thirteen queries for any number."""
    keys = [deal.pk for deal in deals]
    customers = {deal.customer_id: deal.customer for deal in deals}
    spoken, chains = _departments(keys, on), relations(deals, on=on)
    landscapes = {row.opportunity_id: row for row in Landscape.objects.filter(opportunity__in=keys)}
    racing: dict[int, list[int]] = defaultdict(list)
    for key, deal_key in DealRival.objects.filter(opportunity__in=keys, left_on=None).values_list(
        "pk", "opportunity_id"
    ):
        racing[deal_key].append(key)
    scores = _scores(landscapes, racing)
    pursuits = {row.opportunity_id: row for row in PursuitFigures.objects.filter(opportunity__in=keys)}
    marks = class_marks(customers.values())
    trends = dict(
        CustomerProfile.objects.filter(customer__in=list(customers)).values_list("customer_id", "investment_trend")
    )
    found = {}
    for deal in deals:
        ours, theirs = scores.get(deal.pk, ({}, []))
        landscape = landscapes.get(deal.pk)
        found[deal.pk] = Ground(
            deal=deal,
            relation=chains.get(deal.pk),
            departments=frozenset(spoken.get(deal.pk, ())),
            ours=ours,
            rivals=theirs,
            gap=landscape.gap_hundredths if landscape is not None else None,
            pursuit=pursuits.get(deal.pk),
            mark=marks.get(deal.customer_id),
            trend=trends.get(deal.customer_id, ""),
        )
    return found


def derive(key: str, ground: Ground) -> Derived:
    """Return what the records say about a criterion."""
    return RULES[key](ground)


def _departments(deals: Sequence[int], on: date) -> dict[int, set[str]]:
    since = on - timedelta(days=SPOKEN_DAYS)
    spoken = last_spoken(deals)
    people = {contact for row in spoken.values() for contact, last in row.items() if since <= last <= on}
    functions = dict(Contact.objects.filter(pk__in=people).values_list("pk", "function"))
    found: dict[int, set[str]] = defaultdict(set)
    for deal, row in spoken.items():
        for contact, last in row.items():
            if since <= last <= on and functions.get(contact) in ALWAYS:
                found[deal].add(functions[contact])
    return found


def _scores(
    landscapes: Mapping[int, Landscape], racing: Mapping[int, Sequence[int]]
) -> dict[int, tuple[Scores, list[Scores]]]:
    of_landscape = {row.pk: deal for deal, row in landscapes.items()}
    of_rival = {key: deal for deal, keys in racing.items() for key in keys}
    grouped = defaultdict(list)
    for row in score_rows(list(of_landscape), list(of_rival)):
        deal = of_rival[row.deal_rival_id] if row.deal_rival_id is not None else of_landscape[row.landscape_id or 0]
        grouped[deal].append(row)
    found = {}
    for deal, rows in grouped.items():
        ours, theirs = split(rows)
        found[deal] = (ours, list(theirs.values()))
    return found


def _relation(ground: Ground) -> Derived:
    held = ground.relation
    points = None
    if held is not None:
        points = from_relation(
            support=held.support,
            cells=(held.accepted, held.required),
            covered_percent=held.covered_percent,
            weights=settings().relation_weights,
        )
    if held is None or points is None:
        return _spoken_to(ground)
    words = _("net support %(support)s, %(accepted)d of %(required)d cells accepted, coverage %(covered)s")
    return Derived(
        points,
        words
        % {
            "support": "–" if held.support is None else f"{held.support:+.2f}",
            "accepted": held.accepted,
            "required": held.required,
            "covered": percent(held.covered_percent),
        },
    )


def _spoken_to(ground: Ground) -> Derived:
    n = len(ground.departments)
    why = ngettext(
        "%(n)d of %(all)d departments spoken to within %(days)d days",
        "%(n)d of %(all)d departments spoken to within %(days)d days",
        n,
    )
    return Derived(from_share(n, len(ALWAYS)), why % {"n": n, "all": len(ALWAYS), "days": SPOKEN_DAYS})


def _solution_fit(ground: Ground) -> Derived:
    rated = [ground.ours[key] for key in FIT if key in ground.ours]
    if not rated:
        return Derived(None, _("our offer is not scored"))
    mean = Decimal(sum(rated)) / len(rated)
    return Derived(from_grade(mean), _("our mean for function and technology is %(n)s of 5") % {"n": number(mean, 1)})


def _price(ground: Ground) -> Derived:
    best = best_of(ground.rivals).get("price")
    ours = ground.ours.get("price")
    if best is None or ours is None:
        return Derived(None, _("price is not scored on both sides"))
    words = _("price: ours %(ours)d, best rival %(best)d") % {"ours": ours, "best": best}
    return Derived(from_gap(Decimal(ours - best)), words)


def _competition(ground: Ground) -> Derived:
    if ground.gap is None:
        return Derived(None, _("no rival can be compared yet"))
    gap = Decimal(ground.gap) / HUNDRED
    return Derived(from_gap(gap), _("weighted gap %(gap)s to the strongest rival") % {"gap": f"{gap:+.2f}"})


def _information(ground: Ground) -> Derived:
    deal = ground.deal
    compiled, stage, words = compiled_playbook(deal.playbook_id), stage_at_work(deal), deal.words
    method = Method(deal.purchase_method)
    asked = [
        slot
        for slot in compiled.slots
        if slot.item.kind is Kind.INFORMATION and slot.item.stage <= stage and slot.item.applies_to(method)
    ]
    if not asked:
        return Derived(None, _("the playbook asks for no information yet"))
    met = sum(bool(words[slot.word] & slot.bit) for slot in asked)
    words_ = _("%(met)d of %(all)d information items up to stage %(stage)d")
    return Derived(from_share(met, len(asked)), words_ % {"met": met, "all": len(asked), "stage": stage})


def _amount(ground: Ground) -> Derived:
    deal = ground.deal
    if deal.amount_minor is None:
        return Derived(None, _("no amount is known"))
    if deal.currency != STEP_CURRENCY:
        return Derived(None, _("the steps are in %(currency)s; judge it by hand") % {"currency": STEP_CURRENCY})
    points = from_steps(deal.amount_minor // HUNDRED, settings().amount_steps)
    return Derived(points, money(deal.amount_minor, deal.currency))


def _margin(ground: Ground) -> Derived:
    margin = ground.pursuit.margin_percent if ground.pursuit is not None else None
    if margin is None:
        return Derived(None, _("no margin is reckoned"))
    full = settings().full_margin_percent
    words = _("expected margin %(n)d%%, full points from %(full)d%%") % {"n": margin, "full": full}
    return Derived(from_share(min(margin, full), full), words)


def _strategic(ground: Ground) -> Derived:
    if ground.mark is None:
        return Derived(None, _("the customer is not evaluated"))
    score = int(min(Decimal(HUNDRED), max(Decimal(0), Decimal(ground.mark.score))))
    return Derived(score, _("evaluation of the customer: %(title)s") % {"title": ground.mark.title})


def _growth(ground: Ground) -> Derived:
    points = settings().trend_points.get(ground.trend)
    if points is None:
        return Derived(None, _("the customer's investments are not known"))
    return Derived(points, _("investments of the customer: %(trend)s") % {"trend": InvestmentTrend(ground.trend).label})


def _risk(ground: Ground) -> Derived:
    points = settings().risk_points.get(ground.deal.risk)
    if points is None:
        return Derived(None, _("the risks are not judged yet"))
    return Derived(points, _("risk signals: %(level)s") % {"level": Risk(ground.deal.risk).label})


RULES: Mapping[str, Callable[[Ground], Derived]] = {
    "relation": _relation,
    "solution_fit": _solution_fit,
    "price": _price,
    "competition": _competition,
    "information": _information,
    "amount": _amount,
    "margin": _margin,
    "strategic": _strategic,
    "growth": _growth,
    "risk": _risk,
}
