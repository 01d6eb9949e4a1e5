"""Two entries side by side: merge them with the facts chosen, say that they are two, or part them again."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from duobiao.duplicates.actions.settle_pair import dismiss_pair, merge_records
from duobiao.duplicates.actions.undo_merge import Undone, undo_merge
from duobiao.duplicates.models import PairState
from duobiao.duplicates.queries.found import get_merge, get_pair, made_by, pair_of, two_seen
from duobiao.duplicates.registry import Choice, DuplicateKind
from duobiao.identity.http import actor_of
from duobiao.identity.policy import require
from duobiao.kernel.refusals import Invalid, NotAllowed, NotFound, Refusal
from duobiao.web.forms import once
from duobiao.web.http import done, render


@require_http_methods(["GET", "HEAD", "POST"])
def side_by_side(request: HttpRequest, kind: str, first: str, second: str) -> HttpResponse:
    """Show two entries side by side, and merge them into the one chosen."""
    actor = actor_of(request)
    if request.method == "POST" and (done_before := made_by(actor, kind=kind, records=(first, second))) is not None:
        return done(request, to=done_before)
    how, one, other = two_seen(kind=kind, first=first, second=second, user=actor)
    for record in (one, other):
        require(actor, how.verb, record)
    if request.method != "POST":
        return _show(request, how, one, other)
    try:
        keeper, gone = _chosen(request, one, other)
        with once(request) as submission:
            if submission.first:
                merge_records(
                    kind=how,
                    keeper=keeper,
                    other=gone,
                    take=_taken(request, gone.ref),
                    versions=_versions(request, keeper, gone),
                    actor=actor,
                    now=timezone.now(),
                )
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        return _show(request, how, one, other, refusal=refusal)
    return done(request, to=how.url(keeper.ref), toast=_("Merged. This can be undone for 30 days."))


@require_POST
def dismiss(request: HttpRequest, ref: str) -> HttpResponse:
    """Say that two entries are not the same one."""
    actor = actor_of(request)
    pair, kind, records = get_pair(ref=ref, user=actor)
    dismiss_pair(pair=pair, kind=kind, records=records, actor=actor, now=timezone.now())
    return done(request, to=_list(kind), toast=_("They are not proposed again."))


@require_POST
def undo(request: HttpRequest, ref: str) -> HttpResponse:
    """Part what was merged."""
    actor = actor_of(request)
    merge = get_merge(ref=ref, user=actor)
    undone = undo_merge(merge=merge, actor=actor, now=timezone.now())
    back = f"{reverse('duplicates:merges')}?{urlencode({'kind': merge.record_kind})}"
    return done(request, to=back, toast=said(undone))


def said(undone: Undone) -> str:
    """Say what an undoing brought back, and what not."""
    if not undone.kept:
        return _("Undone: both entries are as they were.")
    parts = list(undone.facts)
    if undone.rows:
        parts.append(_("%(n)d records that belong to them") % {"n": undone.rows})
    return _("Undone. Changed since the merge, and left as it is: %(names)s.") % {"names": _(", ").join(parts)}


def _show(
    request: HttpRequest, kind: DuplicateKind, one: Any, other: Any, *, refusal: Refusal | None = None
) -> HttpResponse:
    pair = pair_of(kind, one, other)
    lines, choices = kind.headline([one, other]), kind.choices(one, other)
    keep = request.POST.get("keeper", "") or request.GET.get("keep", "")
    context = {
        "kind": kind,
        "entries": [(row, lines.get(row.ref, ""), kind.url(row.ref)) for row in (one, other)],
        "keep": keep if keep in (one.ref, other.ref) else _better_known(one, other, choices),
        "choices": choices,
        "posted": {name.removeprefix("fact_"): value for name, value in request.POST.items()},
        "pair": pair if pair is not None and pair.state == PairState.OPEN else None,
        "reasons": [kind.reasons.get(code, code) for code in pair.reasons] if pair is not None else [],
        "refusal": refusal,
        "back": _list(kind),
    }
    status = refusal.status if refusal is not None else 200
    return render(request, "duplicates/side_by_side.html", context, status=status)


def _better_known(one: Any, other: Any, choices: list[Choice]) -> str:
    """Return the reference of the entry of which more is known: it is offered as the one to keep."""
    known, of_other = (sum(bool(getattr(row, side)) for row in choices) for side in ("first", "second"))
    return str(other.ref if of_other > known else one.ref)


def _chosen(request: HttpRequest, one: Any, other: Any) -> tuple[Any, Any]:
    keeper = request.POST.get("keeper", "")
    if keeper not in (one.ref, other.ref):
        raise Invalid(_("Choose which entry is kept."), fields={"keeper": _("Choose one.")})
    return (one, other) if keeper == one.ref else (other, one)


def _taken(request: HttpRequest, other: str) -> list[str]:
    chosen = ((name, value) for name, value in request.POST.items() if name.startswith("fact_"))
    return [name.removeprefix("fact_") for name, value in chosen if value == other]


def _versions(request: HttpRequest, keeper: Any, other: Any) -> tuple[int, int]:
    found = [request.POST.get(f"version_{record.ref}", "") for record in (keeper, other)]
    if not all(text.isascii() and text.isdigit() and len(text) < 10 for text in found):
        raise Invalid(_("Reload the page and look at both entries again."))
    return int(found[0]), int(found[1])


def _list(kind: DuplicateKind) -> str:
    return f"{reverse('duplicates:list')}?{urlencode({'kind': kind.key})}"
