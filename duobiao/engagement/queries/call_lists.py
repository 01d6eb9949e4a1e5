"""Calling lists as pages and the API show them: how far each is, its entries, who comes next."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from duobiao.engagement.domain.call_lists import Outcome, Progress
from duobiao.engagement.models import Call, CallList, CallListEntry, CallListEntryQuerySet
from duobiao.identity.models import User
from duobiao.kernel.refusals import NotFound

REACHED = (Outcome.MEETING, Outcome.INTERESTED, Outcome.REACHED, Outcome.NOT_INTERESTED)
RELATED = ("contact__customer", "customer__owner", "lead", "list__owner", "last_by")


def lists_seen(user: User, *, mine: bool = False) -> QuerySet[CallList]:
    """Return the lists a person may see, or those they call themselves, unordered."""
    rows = CallList.objects.visible_to(user).select_related("owner", "created_by")
    return rows.filter(owner=user) if mine else rows


def get_call_list(*, ref: str, user: User) -> CallList:
    """Return a list the person may see.

    Raises:
        NotFound: there is none, or the person may not see it.
    """
    if (found := lists_seen(user).filter(ref=ref).first()) is None:
        raise NotFound(_("There is no such calling list, or you may not see it."))
    return found


def entries_of(calls: CallList, user: User) -> CallListEntryQuerySet:
    """Return the entries of a list that the person may see, unordered."""
    rows: CallListEntryQuerySet = CallListEntry.objects.visible_to(user).with_objections().filter(list=calls)
    return rows.select_related(*RELATED)


def get_entry(*, calls: CallList, ref: str, user: User) -> CallListEntry:
    """Return one entry the person may see.

    Raises:
        NotFound: there is none, or the person may not see whom it calls any more.
    """
    if (found := entries_of(calls, user).filter(ref=ref).first()) is None:
        raise NotFound(_("This person is not on the list, or you may not see them."))
    return found


def next_entry(calls: CallList, user: User, *, now: datetime) -> CallListEntry | None:
    """Return whom to call now: who asked to be called by now first, then by their place."""
    rows = entries_of(calls, user).may_be_called().filter(Q(call_back_at__isnull=True) | Q(call_back_at__lte=now))
    return rows.order_by(F("call_back_at").asc(nulls_last=True), "place", "pk").first()


def next_call_back(calls: CallList, user: User) -> datetime | None:
    """Return when the first of those who asked for it is to be called again."""
    rows = entries_of(calls, user).may_be_called().filter(call_back_at__isnull=False).order_by("call_back_at")
    return rows.values_list("call_back_at", flat=True).first()


def progress_of(lists: Sequence[CallList]) -> dict[int, Progress]:
    """Return how far lists are, by their pk; two queries for any number."""
    keys = [row.pk for row in lists]
    rows = CallListEntry.objects.filter(list__in=keys).order_by().values("list_id")
    counted = rows.annotate(
        total=Count("pk"),
        settled=Count("pk", filter=Q(settled_at__isnull=False)),
        reached=Count("pk", filter=Q(outcome__in=REACHED)),
        meetings=Count("pk", filter=Q(outcome=Outcome.MEETING)),
    )
    found = Call.objects.live().filter(entry__list__in=keys, is_a_class=True).order_by().values("entry__list_id")
    a_class = {row["entry__list_id"]: row["n"] for row in found.annotate(n=Count("customer", distinct=True))}
    progress = {
        row["list_id"]: Progress(
            row["total"], row["settled"], row["reached"], a_class.get(row["list_id"], 0), row["meetings"]
        )
        for row in counted
    }
    return {key: progress.get(key, Progress()) for key in keys}


def with_call(rows: QuerySet[CallListEntry]) -> QuerySet[CallListEntry]:
    """Mark the entries whose calls found a latent customer: ``is_a_class``."""
    decided = Call.objects.live().filter(entry=OuterRef("pk"), is_a_class=True)
    return rows.annotate(is_a_class=Exists(decided))
