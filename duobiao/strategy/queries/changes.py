"""What changed on deals since a moment: place, rate, buyer, amount, day, owner, proofs, risks, tasks."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from duobiao.opportunities.events import evidence_title
from duobiao.opportunities.models import (
    DealTask,
    FieldChange,
    Opportunity,
    Outcome,
    Proof,
    Risk,
    RiskSignal,
    StageChange,
)
from duobiao.opportunities.signal_words import rule_title
from duobiao.web.formats import day, money, percent

Change = dict[str, Any]
"""A code and its figures; kept in minutes, worded where it is read."""

FIELDS = {"amount_minor": "AMOUNT", "expected_close_on": "CLOSE_ON", "owner": "OWNER"}
TITLES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One change in words; ``tone`` ok, warn, bad or ""."""

    icon: str
    tone: str
    words: str


def changes_since(since: Mapping[int, datetime], deals: Sequence[Opportunity]) -> dict[int, list[Change]]:
    """Return what changed on each deal since its moment; five queries for any number of deals."""
    found: dict[int, list[Change]] = {deal.pk: [] for deal in deals}
    if not deals:
        return found
    first = min(since.values())
    _places(found, since, first)
    _fields(found, since, first, {deal.pk: deal.currency for deal in deals})
    _proofs(found, since, first)
    _risks(found, since)
    _tasks(found, since, first)
    for deal in deals:
        if deal.outcome != Outcome.OPEN:
            found[deal.pk].insert(0, {"code": "OUTCOME", "after": deal.outcome})
    return found


def _places(found: dict[int, list[Change]], since: Mapping[int, datetime], first: datetime) -> None:
    rows: dict[int, list[StageChange]] = defaultdict(list)
    changes = StageChange.objects.filter(opportunity__in=list(found), at__gte=first).order_by("opportunity", "sequence")
    for row in changes:
        if row.at >= since[row.opportunity_id]:
            rows[row.opportunity_id].append(row)
    for pk, moves in rows.items():
        begin, end = moves[0], moves[-1]
        pairs = (
            ("STAGE", begin.stage_before, end.stage_after),
            ("RATE", begin.rate_before, end.rate_after),
            ("BUYER", begin.buyer_before, end.buyer_after),
        )
        found[pk] += [{"code": code, "before": one, "after": other} for code, one, other in pairs if one != other]


def _fields(
    found: dict[int, list[Change]], since: Mapping[int, datetime], first: datetime, currencies: Mapping[int, str]
) -> None:
    ends: dict[tuple[int, str], Change] = {}
    rows = FieldChange.objects.filter(opportunity__in=list(found), field__in=FIELDS, at__gte=first)
    for row in rows.order_by("at", "pk"):
        if row.at < since[row.opportunity_id]:
            continue
        key = (row.opportunity_id, row.field)
        begin = ends[key]["before"] if key in ends else row.before
        currency = currencies[row.opportunity_id]
        ends[key] = {"code": FIELDS[row.field], "before": begin, "after": row.after, "currency": currency}
    for (pk, _field), change in ends.items():
        if change["before"] != change["after"]:
            found[pk].append(change)


def _proofs(found: dict[int, list[Change]], since: Mapping[int, datetime], first: datetime) -> None:
    keys: dict[int, list[str]] = defaultdict(list)
    rows = Proof.objects.filter(opportunity__in=list(found), recorded_at__gte=first, retracted_on=None)
    for pk, key, at in rows.order_by("recorded_at", "pk").values_list("opportunity_id", "key", "recorded_at"):
        if at >= since[pk]:
            keys[pk].append(key)
    for pk, shown in keys.items():
        found[pk].append({"code": "PROOFS", "count": len(shown), "keys": list(dict.fromkeys(shown))[-TITLES_SHOWN:]})


def _risks(found: dict[int, list[Change]], since: Mapping[int, datetime]) -> None:
    for row in RiskSignal.objects.filter(opportunity__in=list(found)).order_by("pk"):
        if row.since >= since[row.opportunity_id].date():
            found[row.opportunity_id].append({"code": "RISK", "rule": row.rule, "level": row.level})


def _tasks(found: dict[int, list[Change]], since: Mapping[int, datetime], first: datetime) -> None:
    counts: dict[int, int] = defaultdict(int)
    rows = DealTask.objects.filter(opportunity__in=list(found), done_at__gte=first, dropped=False)
    for pk, at in rows.values_list("opportunity_id", "done_at"):
        if at is not None and at >= since[pk]:
            counts[pk] += 1
    for pk, count in counts.items():
        found[pk].append({"code": "TASKS", "count": count})


def change_lines(changes: Sequence[Change]) -> list[ChangeLine]:
    """Word changes in the reader's language."""
    return [_WORDS[change["code"]](change) for change in changes if change.get("code") in _WORDS]


def _stage(change: Change) -> ChangeLine:
    forward = change["after"] > change["before"]
    words = _("we went from stage %(before)d to %(after)d")
    if not change["before"]:
        words = _("we entered stage %(after)d")
    elif not change["after"]:
        words = _("we fell back from stage %(before)d to before the first one")
    return ChangeLine("stairs-up" if forward else "arrow-back-up", "ok" if forward else "bad", words % change)


def _rate(change: Change) -> ChangeLine:
    up = change["after"] > change["before"]
    words = _("success rate %(before)s → %(after)s") % {
        "before": percent(change["before"]),
        "after": percent(change["after"]),
    }
    return ChangeLine("trending-up" if up else "trending-down", "ok" if up else "bad", words)


def _buyer(change: Change) -> ChangeLine:
    words = (
        _("the buyer went from stage %(before)d to %(after)d")
        if change["before"]
        else _("the buyer is in stage %(after)d")
    )
    return ChangeLine("speakerphone", "", words % change)


def _amount(change: Change) -> ChangeLine:
    ends = {name: money(change[name], change["currency"]) if change[name] else "–" for name in ("before", "after")}
    return ChangeLine("coins", "", _("amount %(before)s → %(after)s") % ends)


def _close_on(change: Change) -> ChangeLine:
    later = str(change["after"] or "9") > str(change["before"] or "9")
    ends = {name: _day(change[name]) for name in ("before", "after")}
    return ChangeLine("calendar", "warn" if later else "", _("expected signature %(before)s → %(after)s") % ends)


def _day(value: str | None) -> str:
    try:
        return day(date.fromisoformat(value)) if value else "–"
    except ValueError:
        return str(value)


def _owner(change: Change) -> ChangeLine:
    del change
    return ChangeLine("user-share", "", _("handed over to another owner"))


def _proof_words(change: Change) -> ChangeLine:
    count = ngettext("%(num)d new proof", "%(num)d new proofs", change["count"]) % {"num": change["count"]}
    titles = pgettext("between titles", ", ").join(evidence_title(key) for key in change["keys"])
    words = _("%(count)s: %(titles)s") % {"count": count, "titles": titles}
    return ChangeLine("file-check", "ok", words)


def _risk(change: Change) -> ChangeLine:
    red = change["level"] == Risk.RED
    words = _("new risk: %(risk)s") % {"risk": rule_title(change["rule"])}
    return ChangeLine("alert-octagon" if red else "alert-triangle", "bad" if red else "warn", words)


def _done(change: Change) -> ChangeLine:
    words = ngettext("%(num)d task done", "%(num)d tasks done", change["count"]) % {"num": change["count"]}
    return ChangeLine("square-rounded-check", "ok", words)


def _outcome(change: Change) -> ChangeLine:
    won = change["after"] == Outcome.WON
    words = _("closed: %(outcome)s") % {"outcome": Outcome(change["after"]).label}
    return ChangeLine("trophy" if won else "flag", "ok" if won else "", words)


_WORDS = {
    "STAGE": _stage,
    "RATE": _rate,
    "BUYER": _buyer,
    "AMOUNT": _amount,
    "CLOSE_ON": _close_on,
    "OWNER": _owner,
    "PROOFS": _proof_words,
    "RISK": _risk,
    "TASKS": _done,
    "OUTCOME": _outcome,
}
