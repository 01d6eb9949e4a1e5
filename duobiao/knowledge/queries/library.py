"""The library as pages and the API show it, and what of it fits a customer."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from duobiao.customers.models.profile import Scale
from duobiao.identity.models import User
from duobiao.kernel.refusals import NotFound
from duobiao.knowledge.domain.similarity import Fit, Reason, Wanted, fit_of_case, fit_of_overview
from duobiao.knowledge.models import ReferenceCase, TechnologyOverview

Entry = TypeVar("Entry", ReferenceCase, TechnologyOverview)
MOST_JUDGED = 1000
LONGEST_DETAIL = 30
REASONS: dict[Reason, object] = {
    Reason.SAME_INDUSTRY: gettext_lazy("same industry: %(detail)s"),
    Reason.NEAR_INDUSTRY: gettext_lazy("related industry: %(detail)s"),
    Reason.SAME_SIZE: gettext_lazy("same size: %(detail)s"),
    Reason.NEXT_SIZE: gettext_lazy("similar size: %(detail)s"),
    Reason.LARGE: gettext_lazy("a large one: %(detail)s"),
    Reason.CHALLENGE: gettext_lazy("a like challenge: %(detail)s"),
}


@dataclass(frozen=True, slots=True)
class Suggestion(Generic[Entry]):
    """A case or an overview with how well it fits, and why in words."""

    entry: Entry
    points: int
    why: str


def cases_matching(
    user: User, *, text: str = "", industry: str = "", archived: bool = False
) -> QuerySet[ReferenceCase]:
    """Return cases with some words, unordered."""
    rows = ReferenceCase.objects.visible_to(user).filter(archived_at__isnull=not archived)
    if text:
        words = Q(title__icontains=text) | Q(challenges__icontains=text) | Q(result__icontains=text)
        rows = rows.filter(words | Q(named_as__icontains=text) | Q(client__icontains=text))
    rows = rows.filter(industry__icontains=industry) if industry else rows
    return rows.select_related("owner", "document")


def overviews_matching(
    user: User, *, text: str = "", industry: str = "", archived: bool = False
) -> QuerySet[TechnologyOverview]:
    """Return overviews with some words, unordered."""
    rows = TechnologyOverview.objects.visible_to(user).filter(archived_at__isnull=not archived)
    if text:
        rows = rows.filter(Q(title__icontains=text) | Q(points__icontains=text) | Q(source__icontains=text))
    rows = rows.filter(industries__icontains=industry) if industry else rows
    return rows.select_related("owner", "document")


def get_entry(model: type[Entry], *, ref: str, user: User) -> Entry:
    """Return a case or an overview.

    Raises:
        NotFound: there is none, or the person may not see the library.
    """
    rows = model.objects.visible_to(user).select_related("owner", "document")
    if (found := rows.filter(ref=ref).first()) is None:
        raise NotFound(_("There is no such entry in the library, or you may not see it."))
    return found


def cases_for(user: User, wanted: Wanted) -> list[Suggestion[ReferenceCase]]:
    """Return the cases offered, those that fit best first, the latest first among equals; one query."""
    rows = cases_matching(user).order_by("-finished_on", "-pk")[:MOST_JUDGED]
    return _ranked(
        [(row, fit_of_case(wanted, industry=row.industry, size=row.size, challenges=row.challenges)) for row in rows]
    )


def overviews_for(user: User, wanted: Wanted) -> list[Suggestion[TechnologyOverview]]:
    """Return the overviews offered, those that fit best first; one query."""
    rows = overviews_matching(user).order_by("-as_of", "-pk")[:MOST_JUDGED]
    return _ranked(
        [(row, fit_of_overview(wanted, industries=row.industries.splitlines(), text=row.points)) for row in rows]
    )


def _ranked(judged: list[tuple[Entry, Fit]]) -> list[Suggestion[Entry]]:
    ranked = sorted(judged, key=lambda row: -row[1].points)
    return [Suggestion(entry, fit.points, _words(fit)) for entry, fit in ranked]


def _words(fit: Fit) -> str:
    parts = []
    for reason, detail in fit.reasons:
        said = str(Scale(detail).label) if detail in Scale.values else detail
        said = said if len(said) <= LONGEST_DETAIL else said[: LONGEST_DETAIL - 1] + "…"
        parts.append(str(REASONS[reason]) % {"detail": said})
    return " · ".join(parts)
