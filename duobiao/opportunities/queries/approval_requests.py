"""Waivers and give-ups as requests for approval: how they are worded, and whose they are."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from duobiao.approvals.models import ApprovalRequest, RequestState
from duobiao.identity.models import User
from duobiao.opportunities.models import CloseReason, Opportunity, Waiver
from duobiao.playbooks.domain.vocabulary import strictest
from duobiao.playbooks.queries import compiled_playbook, text_of
from duobiao.web.formats import day

WAIVER = "waiver"
GIVE_UP = "give_up"
GATE_REVIEW = "gate_review"
"""Chain of gate reviews; a waiver of what the review of a control point proves goes through it too."""
Facts = Mapping[str, Any]


def waiver_facts(deal: Opportunity, *, item: str, reason: str, expires_on: date) -> dict[str, Any]:
    """Return what approvers of a waiver are shown."""
    compiled = compiled_playbook(deal.playbook_id)
    playbook = compiled.playbook
    slot = compiled.by_key[item]
    approver = strictest(point.approver for point in playbook.control_points if point.item == item)
    return {
        "deal": deal.name,
        "gate": next((str(point.kind) for point in playbook.control_points if point.item == item), ""),
        "item": item,
        "item_title": dict(slot.item.title),
        "stage": slot.item.stage,
        "approver": approver.value if approver is not None else "",
        "reason": reason,
        "until": expires_on.isoformat(),
    }


def give_up_facts(
    deal: Opportunity,
    *,
    reason: str,
    alternatives: str,
    note: str,
    change_mind: str = "",
    look_again_on: date | None = None,
    on: date | None = None,
) -> dict[str, Any]:
    """Return what approvers of a give-up are shown.

    Args:
        on: Day with effect from which the deal is closed; None is the day of the decision.
    """
    return {
        "deal": deal.name,
        "reason": reason,
        "alternatives": alternatives,
        "note": note,
        "change_mind": change_mind,
        "look_again_on": look_again_on.isoformat() if look_again_on is not None else "",
        "stage": deal.stage_number,
        "on": on.isoformat() if on is not None else "",
    }


def waiver_chain(facts: Facts) -> str:
    """Return the chain of a waiver: nobody below the approvers of a control point waives its item (F165)."""
    return GATE_REVIEW if facts.get("gate") else WAIVER


def waiver_headline(facts: Facts) -> str:
    """Say which item is to be waived."""
    title = facts.get("item_title")
    words = text_of(title, get_language()) if isinstance(title, dict) else str(facts.get("item", ""))
    return _("Waiver: %(title)s") % {"title": words}


def describe_waiver(facts: Facts) -> list[tuple[str, str]]:
    """Return the facts of a waiver as label and value."""
    until = str(facts.get("until", ""))
    return [
        (_("Deal"), str(facts.get("deal", ""))),
        (_("Item"), _("stage %(n)s") % {"n": facts.get("stage", "")} + f" · {facts.get('item', '')}"),
        (_("Why now"), str(facts.get("reason", ""))),
        (_("Last day"), day(date.fromisoformat(until)) if until else ""),
    ]


def give_up_headline(facts: Facts) -> str:
    """Say why the deal is to be given up."""
    return _("Give up: %(reason)s") % {"reason": reason_words(facts)}


def describe_give_up(facts: Facts) -> list[tuple[str, str]]:
    """Return the facts of a give-up as label and value."""
    rows = [
        (_("Deal"), str(facts.get("deal", ""))),
        (_("Stage"), str(facts.get("stage", ""))),
        (_("Why we give up"), reason_words(facts)),
        (_("Alternatives tried"), str(facts.get("alternatives", ""))),
        (_("What would change our mind"), str(facts.get("change_mind", ""))),
        (_("Look again on"), _day_in(facts, "look_again_on")),
        (_("What we learn from it"), str(facts.get("note", ""))),
    ]
    return [row for row in rows if row[1]]


def _day_in(facts: Facts, name: str) -> str:
    found = str(facts.get(name, ""))
    return day(date.fromisoformat(found)) if found else ""


def reason_words(facts: Facts) -> str:
    """Return the coded reason in words."""
    code = str(facts.get("reason", ""))
    return str(CloseReason(code).label) if code in CloseReason.values else code


def waivers_seen_by(user: User) -> QuerySet[Any, Any]:
    """Return the references of waivers on deals the person may see."""
    seen = Opportunity.objects.visible_to(user).values("pk")
    return Waiver.objects.filter(opportunity__in=seen).values("ref")


def deals_seen_by(user: User) -> QuerySet[Any, Any]:
    """Return the references of deals the person may see."""
    return Opportunity.objects.visible_to(user).values("ref")


def deal_page_of_waiver(ref: str) -> str:
    """Return the page of the deal a waiver is on."""
    found = Waiver.objects.filter(ref=ref).values_list("opportunity__ref", flat=True).first()
    return f"/opportunities/{found}/" if found else "/pipeline/"


def request_about(matter: str, ref: str) -> ApprovalRequest | None:
    """Return the newest request about a waiver or a deal."""
    rows = ApprovalRequest.objects.filter(matter=matter, subject_ref=ref).select_related("owner", "asked_by", "chain")
    return rows.order_by("-asked_at", "-pk").first()


def open_give_up(deal: Opportunity) -> ApprovalRequest | None:
    """Return the request to give a deal up that waits for a decision."""
    rows = ApprovalRequest.objects.filter(matter=GIVE_UP, subject_ref=deal.ref, state=RequestState.OPEN)
    return rows.select_related("asked_by").first()
