"""What waits for one person's decision: waivers to approve, buyer confirmations to verify."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q
from django.utils.translation import get_language

from duobiao.identity.models import User
from duobiao.identity.policy import Scope, owned_q, scope_of
from duobiao.opportunities.actions.decide_waiver import alone
from duobiao.opportunities.domain.links import proof_url
from duobiao.opportunities.events import evidence_title
from duobiao.opportunities.models import Proof, TeamMember, Waiver
from duobiao.playbooks.queries import compiled_playbook, text_of

SHOWN = 6


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits.

    Attributes:
        kind: ``waiver`` or ``proof``.
    """

    kind: str
    title: str
    deal: str
    who: str
    at: datetime
    url: str


def waiting_for(user: User, on: date, *, second_person: bool) -> list[Waiting]:
    """Return what waits, oldest first; two queries.

    Args:
        second_person: The company wants buyer confirmations verified by a second person.
    """
    found = [*_waivers(user, on), *(_proofs(user) if second_person else [])]
    return sorted(found, key=lambda row: row.at)[:SHOWN]


def _waivers(user: User, on: date) -> list[Waiting]:
    if scope_of(user, "opportunities.waive") is Scope.NONE:
        return []
    rows = Waiver.objects.filter(approved_on=None, ended_on=None, expires_on__gte=on).filter(
        _reach(user, "opportunities.waive")
    )
    if not alone(user):
        rows = rows.exclude(opportunity__owner=user)
    language = get_language()
    return [
        Waiting("waiver", _item_title(playbook, item, language), deal, who, at, f"/waivers/{ref}/")
        for ref, item, at, who, deal, playbook in rows.order_by("asked_at", "pk").values_list(
            "ref", "item", "asked_at", "asked_by__name", "opportunity__name", "opportunity__playbook_id"
        )[:SHOWN]
    ]


def _item_title(playbook_id: int, key: str, language: str | None) -> str:
    slot = compiled_playbook(playbook_id).by_key.get(key)
    return text_of(slot.item.title, language) if slot else key


def _proofs(user: User) -> list[Waiting]:
    if scope_of(user, "opportunities.verify") is Scope.NONE:
        return []
    rows = Proof.objects.filter(is_unverified=True, retracted_on=None).exclude(recorded_by=user)
    rows = rows.filter(_reach(user, "opportunities.verify")).order_by("recorded_at", "pk")
    return [
        Waiting("proof", evidence_title(key), deal, who or "", at, proof_url(ref))
        for ref, key, at, who, deal in rows.values_list(
            "ref", "key", "recorded_at", "recorded_by__name", "opportunity__name"
        )[:SHOWN]
    ]


def _reach(user: User, verb: str) -> Q:
    on_team = TeamMember.objects.filter(user=user).values("opportunity_id")
    return owned_q(user, verb, owner="opportunity__owner") | Q(opportunity__in=on_team)
