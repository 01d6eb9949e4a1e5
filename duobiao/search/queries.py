"""What a person finds."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When, Window
from django.db.models.functions import RowNumber

from duobiao.identity.models import User
from duobiao.identity.policy import Scope, owned_q, scope_of
from duobiao.search import registry
from duobiao.search.domain.bigrams import Term, terms
from duobiao.search.models import SearchAccess, SearchDocument
from duobiao.search.models.words import Matching


@dataclass(frozen=True, slots=True)
class Hit:
    """One record found."""

    kind: str
    ref: str
    title: str
    subtitle: str
    url: str
    touched_at: datetime


@dataclass(frozen=True, slots=True)
class Group:
    """The records of one kind found, best first.

    Attributes:
        more: Whether there are more than shown.
    """

    kind: registry.SearchKind
    hits: list[Hit]
    more: bool


def find(*, user: User, text: str, limit: int = 20, kinds: Iterable[str] | None = None) -> list[Hit]:
    """Return what ``user`` may see and ``text`` names, best first: hits in the title, then the latest touched.

    Args:
        text: Words as typed; all of them must occur. Two Chinese characters suffice. Without words the result is empty.
        kinds: Only these kinds.
    """
    wanted = terms(text)
    if not wanted:
        return []
    return [_hit(row) for row in _matching(_visible(user, kinds), wanted)[:limit]]


def found_by_kind(*, user: User, text: str, per_kind: int) -> list[Group]:
    """Return what ``find`` returns, in groups by kind; without words what was touched last."""
    rows = _visible(user, None)
    wanted = terms(text)
    rows = _matching(rows, wanted) if wanted else rows.annotate(place=Value(0))
    if not wanted and text.strip():
        return []
    ranked = rows.annotate(
        nth=Window(
            RowNumber(),
            partition_by=[F("kind")],
            order_by=[F("place").asc(), F("touched_at").desc(), F("pk").desc()],
        )
    )
    found: dict[str, list[Hit]] = {}
    for row in ranked.filter(nth__lte=per_kind + 1).order_by("nth"):
        found.setdefault(row.kind, []).append(_hit(row))
    return [
        Group(kind, found[kind.kind][:per_kind], more=len(found[kind.kind]) > per_kind)
        for kind in registry.kinds()
        if kind.kind in found
    ]


def _visible(user: User, kinds: Iterable[str] | None) -> QuerySet[SearchDocument]:
    chosen = None if kinds is None else set(kinds)
    by_verb: dict[str, list[str]] = {}
    for kind in registry.kinds():
        if (chosen is None or kind.kind in chosen) and scope_of(user, kind.verb) is not Scope.NONE:
            by_verb.setdefault(kind.verb, []).append(kind.kind)
    shared = Q(pk__in=SearchAccess.objects.filter(user_id=user.pk).values("document_id"))
    reach = Q(pk__in=[])
    for verb, names in by_verb.items():
        reach |= Q(kind__in=names) & (owned_q(user, verb) | shared)
    return SearchDocument.objects.filter(reach)


def _matching(rows: QuerySet[SearchDocument], wanted: list[Term]) -> QuerySet[SearchDocument]:
    in_title = When(pk__in=Matching(wanted, titles_only=True), then=Value(0))
    places = rows.filter(pk__in=Matching(wanted)).annotate(
        place=Case(in_title, default=Value(1), output_field=IntegerField())
    )
    return places.order_by("place", "-touched_at", "-pk")


def _hit(row: SearchDocument) -> Hit:
    return Hit(row.kind, row.ref, row.title, row.subtitle, row.url, row.touched_at)
