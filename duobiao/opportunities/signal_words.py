"""Risk signals in words: titles of the rules, and reasons with their figures, in the reader's language."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext, pgettext_lazy
from django.utils.translation import gettext as _

from duobiao.opportunities.domain.rules import Rule, parse_rules
from duobiao.playbooks.queries import catalogue, text_of
from duobiao.web.formats import day, money

FILE = Path(__file__).parent / "data" / "signals.yaml"
JOINT = " · "
Figures = Mapping[str, Any]


@lru_cache(maxsize=1)
def _document() -> dict[str, Any]:
    document: dict[str, Any] = yaml.load(FILE.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return document


@lru_cache(maxsize=1)
def shipped_rules() -> dict[str, Rule]:
    """Return the rules as shipped, by key, in their order."""
    return parse_rules(_document())


def rules_version() -> int:
    """Return the version of the shipped rules."""
    return int(_document()["version"])


def rule_title(key: str) -> str:
    """Return the title of a rule; one that is gone shows its key."""
    rule = shipped_rules().get(key)
    return text_of(dict(rule.title), get_language()) if rule is not None else key


def rule_explanation(key: str) -> str:
    """Return what a rule watches."""
    return text_of(dict(shipped_rules()[key].explanation), get_language())


def reason_words(reason: Figures, *, on: date) -> str:
    """Word one reason of a signal.

    Args:
        reason: A code and its figures, as ``RiskSignal.reasons`` keeps them.
        on: Today; days that pass are counted up to it.
    """
    words = WORDS.get(str(reason["code"]))
    return words({**reason, **_passed(reason, on)}) if words is not None else str(reason["code"])


def reasons_words(reasons: list[dict[str, Any]], *, on: date) -> str:
    """Word all reasons of a signal in one line."""
    return JOINT.join(reason_words(reason, on=on) for reason in reasons)


def sighting_words(report: Figures) -> str:
    """Word what was seen: a person's own words, or what a record showed of whom."""
    words = SIGHTINGS.get(str(report.get("code", "")))
    return str(words) % {"name": report["seen"]} if words is not None else str(report["seen"])


def _passed(reason: Figures, on: date) -> dict[str, Any]:
    if "day" not in reason:
        return {}
    begin = date.fromisoformat(reason["day"])
    return {"day": day(begin, today=on), **({} if "n" in reason else {"n": (on - begin).days})}


def _one_person(held: Figures) -> str:
    if held["n"]:
        return _("only 1 person of the customer spoken to in %(days)d days, at stage %(stage)d") % held
    return _("nobody of the customer spoken to in %(days)d days, at stage %(stage)d") % held


def _amount(held: Figures) -> str:
    shown = {name: money(int(held[name]), str(held["currency"])) for name in ("before", "after")}
    return _("amount %(before)s → %(after)s, %(n)d%% less") % {**held, **shown}


def _reset(held: Figures) -> str:
    evidence = catalogue().get(str(held["key"]))
    title = text_of(evidence.title, get_language()) if evidence is not None else str(held["key"])
    return _("%(title)s on %(day)s") % {**held, "title": title}


SIGHTINGS = {
    "CONTACT_TRASHED": gettext_lazy("%(name)s was removed from the customer"),
    "CONTACT_MERGED": gettext_lazy("%(name)s went into another contact"),
    "CONTACT_MOVED": gettext_lazy("%(name)s moved to another post"),
    "ROLE_LOST": gettext_lazy("%(name)s no longer decides"),
    "NEW_DECIDER": gettext_lazy("%(name)s is a new final decider"),
    "RIVAL_MOVED": gettext_lazy("move of a rival, %(name)s"),
}
"""What records show of key contacts, by code."""

WORDS: dict[str, Callable[[Figures], str]] = {
    "postponed": lambda held: (
        ngettext(
            "expected signature moved later %(n)d time in %(days)d days",
            "expected signature moved later %(n)d times in %(days)d days",
            held["n"],
        )
        % held
    ),
    "buyer_still": lambda held: (
        ngettext("buyer at stage %(stage)d for %(n)d day", "buyer at stage %(stage)d for %(n)d days", held["n"]) % held
    ),
    "reported": lambda held: (
        ngettext("reported %(n)d time in %(days)d days", "reported %(n)d times in %(days)d days", held["n"]) % held
    ),
    "contact_changed": lambda held: (
        ngettext(
            "%(n)d change of key contacts in %(days)d days", "%(n)d changes of key contacts in %(days)d days", held["n"]
        )
        % held
    ),
    "budget_reset": _reset,
    "amount_reduced": _amount,
    "rivals_seen": lambda held: (
        ngettext("%(n)d move of rivals in %(days)d days", "%(n)d moves of rivals in %(days)d days", held["n"]) % held
    ),
    "needs_changed": lambda held: (
        ngettext("%(n)d change of needs in %(days)d days", "%(n)d changes of needs in %(days)d days", held["n"]) % held
    ),
    "quiet": lambda held: ngettext("no record for %(n)d day", "no record for %(n)d days", held["n"]) % held,
    "signature_past": lambda held: (
        ngettext(
            "expected on %(day)s, %(n)d day past, still at stage %(stage)d",
            "expected on %(day)s, %(n)d days past, still at stage %(stage)d",
            held["n"],
        )
        % held
    ),
    "one_person": _one_person,
    "stage_long": lambda held: (
        ngettext("%(n)d day at stage %(stage)d", "%(n)d days at stage %(stage)d", held["n"]) % held
    ),
    "behind": lambda held: (
        ngettext(
            "%(n)d stage behind, the buyer is at stage %(stage)d",
            "%(n)d stages behind, the buyer is at stage %(stage)d",
            held["n"],
        )
        % held
    ),
    "expired": lambda held: ngettext("%(n)d item expired", "%(n)d items expired", held["n"]) % held,
    "waived": lambda held: ngettext("%(n)d item on a waiver", "%(n)d items on waivers", held["n"]) % held,
    "review_past": lambda held: (
        ngettext("review due on %(day)s, %(n)d day past", "review due on %(day)s, %(n)d days past", held["n"]) % held
    ),
}


MEASURES = {
    "postponed": gettext_lazy("Expected signature moved later"),
    "buyer_still": gettext_lazy("Buyer's stage unchanged"),
    "reported": gettext_lazy("Reported by hand"),
    "changed": gettext_lazy("Changes seen"),
    "reduced": gettext_lazy("Amount reduced"),
    "seen": gettext_lazy("Moves of rivals seen"),
    "quiet": gettext_lazy("No record of any kind"),
    "past": gettext_lazy("Past the day"),
    "from_stage": gettext_lazy("At most one person spoken to, from this stage on"),
    "standing": gettext_lazy("Items expired or waived"),
}
UNITS = {
    "times": pgettext_lazy("unit", "times"),
    "days": pgettext_lazy("unit", "days"),
    "percent": pgettext_lazy("unit", "percent"),
    "items": pgettext_lazy("unit", "items"),
    "stage": pgettext_lazy("unit", "stage"),
}


def measure_name(key: str) -> str:
    """Return the name of a measure."""
    if key.startswith("stage_"):
        return _("Stage %(n)s") % {"n": key.removeprefix("stage_")}
    return str(MEASURES[key])


def figure_name(name: str, unit: str) -> str:
    """Return the name of a figure with its unit."""
    if name == "within_days":
        return _("within (days)")
    words = _("amber from (%(unit)s)") if name == "amber" else _("red from (%(unit)s)")
    return words % {"unit": UNITS[unit]}


def figures_words(rule: Rule) -> list[tuple[str, str]]:
    """Return the figures of a rule as pairs of words: the measure, and from when on it is amber and red."""
    found = []
    for key, measure in rule.measures.items():
        parts = []
        if measure.amber is not None:
            parts.append(_("amber from %(n)d") % {"n": measure.amber})
        if measure.red is not None:
            parts.append(_("red from %(n)d") % {"n": measure.red})
        if parts and measure.within_days:
            parts.append(_("within %(n)d days") % {"n": measure.within_days})
        name = _("%(measure)s (%(unit)s)") % {"measure": measure_name(key), "unit": UNITS[measure.unit]}
        found.append((name, JOINT.join(parts) or pgettext("figure", "never")))
    return found


def origin_words(origin: str) -> str:
    """Say where a rule comes from."""
    return _("from the method") if origin == "seed" else _("our proposal")
