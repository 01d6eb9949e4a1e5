"""Reads of single records: a need with its history, objections, SPIN sheets, changes."""

from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Q
from django.utils.translation import gettext as _

from duobiao.engagement.models import Call, Visit
from duobiao.identity.models import User
from duobiao.kernel.refusals import NotFound
from duobiao.needs.domain.asking import Letter, Mix, mix_of
from duobiao.needs.domain.steps import LAST_OBJECTION
from duobiao.needs.models import (
    DealObjection,
    Need,
    NeedChange,
    NeedModule,
    NeedVoice,
    PriorityChange,
    SpinSheet,
    Verification,
)
from duobiao.opportunities.models import Opportunity

MOST_OFFERED = 8
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class NeedShown:
    """A need with everything that hangs on it."""

    need: Need
    steps: tuple[Verification, ...]
    earlier: tuple[Verification, ...]
    rankings: tuple[PriorityChange, ...]
    voices: tuple[NeedVoice, ...]
    modules: tuple[NeedModule, ...]
    changes: tuple[NeedChange, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem that a call or visit recorded and no need was made of yet."""

    record: Call | Visit
    token: str
    words: str
    is_hidden: bool | None


def need_shown(need: Need) -> NeedShown:
    """Return a need with its history; five queries."""
    steps = list(need.verifications.select_related("contact", "by").order_by("round", "step"))
    return NeedShown(
        need=need,
        steps=tuple(row for row in steps if row.round == need.round),
        earlier=tuple(row for row in steps if row.round != need.round),
        rankings=tuple(need.rankings.select_related("by").order_by("-at", "-pk")),
        voices=tuple(need.voices.select_related("contact").order_by("-voice", "contact__name", "pk")),
        modules=tuple(need.modules.select_related("module").filter(module__removed_at=None).order_by("module__name")),
        changes=tuple(changes_of(need.opportunity, need=need)),
    )


def changes_of(deal: Opportunity, *, need: Need | None = None) -> list[NeedChange]:
    """Return the changes asked for on a deal, or of one need: those to be decided first, then the newest."""
    rows = NeedChange.objects.filter(opportunity=deal)
    if need is not None:
        rows = rows.filter(need=need)
    found = list(rows.select_related("need", "asked_by", "raised_by", "decided_by").order_by("-raised_at", "-pk"))
    return sorted(found, key=lambda change: change.state != "OPEN")


def get_change(*, ref: str, user: User) -> NeedChange:
    """Return a change of a deal that the person may see.

    Raises:
        NotFound: there is none.
    """
    related = ("opportunity__customer", "opportunity__owner", "need", "asked_by", "raised_by", "decided_by")
    found: NeedChange | None = NeedChange.objects.visible_to(user).select_related(*related).filter(ref=ref).first()
    return _found(found)


def objections_of(deal: Opportunity) -> list[DealObjection]:
    """Return the objections of a deal, those that are not answered first, each with its steps."""
    rows = DealObjection.objects.filter(opportunity=deal).select_related("contact", "need")
    found = list(rows.prefetch_related("steps__contact", "steps__by").order_by("-raised_on", "-pk"))
    return sorted(found, key=lambda row: row.step == LAST_OBJECTION)


def get_objection(*, ref: str, user: User) -> DealObjection:
    """Return an objection on a deal that the person may see.

    Raises:
        NotFound: there is none.
    """
    related = ("opportunity__customer", "opportunity__owner", "contact", "need")
    rows = DealObjection.objects.visible_to(user).select_related(*related)
    found: DealObjection | None = rows.prefetch_related("steps__contact", "steps__by").filter(ref=ref).first()
    return _found(found)


def sheets_of(deal: Opportunity) -> list[SpinSheet]:
    """Return the SPIN sheets of a deal, the newest first, each with its questions."""
    rows = SpinSheet.objects.filter(opportunity=deal).select_related("contact", "created_by")
    return list(rows.prefetch_related("questions").order_by("-created_at", "-pk"))


def get_sheet(*, ref: str, user: User) -> SpinSheet:
    """Return a SPIN sheet of a deal that the person may see.

    Raises:
        NotFound: there is none.
    """
    related = ("opportunity__customer", "opportunity__owner", "contact", "created_by")
    rows = SpinSheet.objects.visible_to(user).select_related(*related)
    found: SpinSheet | None = rows.prefetch_related("questions__need").filter(ref=ref).first()
    return _found(found)


def mix_of_sheet(sheet: SpinSheet) -> Mix:
    """Count the questions of a sheet by kind."""
    return mix_of((Letter(row.letter), bool(row.answer)) for row in sheet.questions.all())


def problems_of(deal: Opportunity, user: User) -> list[Problem]:
    """Return what calls and visits of a deal recorded as a problem and no need cites yet, the latest first.

    The same words count once.
    """
    live = Need.objects.live().filter(opportunity=deal).exclude(source_ref="")
    taken = list(live.values_list("source_ref", "words"))
    cited, noted = {ref for ref, _words in taken}, {words for _ref, words in taken}
    calls = Call.objects.visible_to(user).filter(opportunity=deal).exclude(Q(problem="") | Q(ref__in=cited))
    visits = Visit.objects.visible_to(user).held().filter(opportunity=deal)
    visits = visits.exclude(Q(problem="") | Q(ref__in=cited))
    rows: list[Problem] = [
        Problem(
            call, f"{Call.kind}:{call.ref}", call.problem, None if not call.need_kind else call.need_kind == "HIDDEN"
        )
        for call in calls.select_related("contact").order_by("-started_at", "-pk")[:MOST_OFFERED]
    ]
    rows += [
        Problem(visit, f"{Visit.kind}:{visit.ref}", visit.problem, None)
        for visit in visits.select_related("handler_met").order_by("-planned_at", "-pk")[:MOST_OFFERED]
    ]
    new = {row.words: row for row in reversed(rows) if row.words not in noted}
    return [row for row in rows if new.get(row.words) is row]


def _found(row: Row | None) -> Row:
    if row is None:
        raise NotFound(_("There is no such record, or you may not see it."))
    return row
