"""Plain builders of what tests of needs need."""

from datetime import datetime
from typing import Any

from django.apps import apps

from duobiao.customers.models import Contact
from duobiao.identity.models import User
from duobiao.kernel.money import Money
from duobiao.needs.actions.answer_need import answer_need
from duobiao.needs.actions.keep_need import Said, note_need
from duobiao.needs.actions.keep_objection import raise_objection
from duobiao.needs.actions.rank_need import rank_need
from duobiao.needs.actions.verify_need import Shown, verify_need
from duobiao.needs.domain.steps import LAST_VERIFY
from duobiao.needs.models import DealObjection, Need, RequirementPaper
from duobiao.opportunities.models import Confirmation, Opportunity, Proof
from duobiao.opportunities.tests.factories import (
    NOW,
    TODAY,
    make_contact,
    make_customer,
    make_deal,
    make_unit,
    make_user,
)
from duobiao.stakeholders.actions.add_person import add_person
from duobiao.stakeholders.models import DealPerson
from duobiao.timeline.models import Entry

__all__ = [
    "NOW",
    "TODAY",
    "make_contact",
    "make_customer",
    "make_deal",
    "make_unit",
    "make_user",
]
WORDS = "峰谷策略靠人工排，上个月少赚 11 万"


def noted(deal: Opportunity, actor: User, *, parent: Need | None = None, now: datetime = NOW, **values: Any) -> Need:
    """Note a need in the customer's words, rated, with its cost; ``words=""`` makes it assumed."""
    given = {
        "text": "充放电策略自动优化", "level": "BUSINESS", "layer": "SURFACE", "need_kind": "EXPLICIT", "words": WORDS,
        "channel": "MEETING", "severity": 4, "urgency": 4, "inaction_per": "MONTH", **values,
    }  # fmt: skip
    if not given["words"]:
        given |= {"channel": "", "said_by": None}
    if given["words"] and "said_by" not in given:
        said_by = Contact.objects.filter(customer=deal.customer).order_by("pk").first()
        given["said_by"] = said_by or make_contact(deal.customer, "值班员")
    said = Said(given, inaction=Money.of(110_000))
    return note_need(opportunity=deal, parent=parent, said=said, actor=actor, now=now)


def rank(need: Need, actor: User, priority: str = "P0", reason: str = "", now: datetime = NOW) -> Need:
    """Rank a need."""
    held = fresh(need)
    return rank_need(need=held, version=held.version, priority=priority, reason=reason, actor=actor, now=now)


def meet(need: Need, actor: User, fit: str = "FULL", note: str = "", now: datetime = NOW) -> Need:
    """Note how the solution answers a need."""
    held = fresh(need)
    return answer_need(need=held, version=held.version, fit=fit, note=note, modules=None, actor=actor, now=now)


def verify(need: Need, actor: User, contact: Contact, *, upto: int = 4, now: datetime = NOW) -> Need:
    """Do the steps of verification that are left, up to one; who agrees in the end keeps the gate."""
    held = fresh(need)
    if upto == LAST_VERIFY:
        on_chain(held.opportunity, actor, contact, now=now)
    for step in range(held.verified_step + 1, upto + 1):
        kpi = "策略收益：月均 80 万 → 91 万" if step == 3 else ""
        shown = Shown(f"第 {step} 步", kpi=kpi, contact=contact, channel="MEETING")
        verify_need(need=held, version=held.version, step=step, shown=shown, actor=actor, now=now)
        held = fresh(need)
    return held


def on_chain(
    deal: Opportunity, actor: User, contact: Contact, role: str = "GATEKEEPER", now: datetime = NOW
) -> DealPerson:
    """Put a contact on the chain of the deal, unless they are there."""
    held = DealPerson.objects.present().filter(opportunity=deal, contact=contact).first()
    return held or add_person(opportunity=deal, contact=contact, values={"role": role}, actor=actor, now=now)


def objected(deal: Opportunity, actor: User, person: Contact, now: datetime = NOW, **values: Any) -> DealObjection:
    """Note an objection about the price."""
    given = {"type": "PRICE", "text": "比预算高两成", "contact": person, **values}
    return raise_objection(opportunity=deal, values=given, actor=actor, now=now)


def fresh(row: Any) -> Any:
    """Return a row as it is stored now, with its deal."""
    rows = type(row)._default_manager.select_related("opportunity__customer", "opportunity__owner")
    return rows.get(pk=row.pk)


def proved(deal: Opportunity) -> dict[str, int]:
    """Return the live proofs of a deal about needs: key and grade."""
    rows = Proof.objects.filter(opportunity=deal, retracted_on=None, key__startswith="needs.")
    found: dict[str, int] = {}
    for proof in rows:
        found[proof.key] = max(found.get(proof.key, 0), proof.grade)
    return found


def everything() -> dict[str, Any]:
    """Return all rows of needs, with proofs, confirmations and audit, to show that nothing changed."""
    kinds = [*apps.get_app_config("needs").get_models(), Proof, Confirmation, Entry]
    return {model.__name__: list(model._base_manager.order_by("pk").values_list()) for model in kinds}


def paper_of(deal: Opportunity) -> RequirementPaper:
    """Return the newest version of the requirements of a deal."""
    return RequirementPaper.objects.filter(opportunity=deal).order_by("-number")[0]
