"""What waits for one person's decision: requests to approve, buyer confirmations to verify."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from duobiao.approvals.queries.requests import RequestRow, waiting_rows
from duobiao.identity.models import User
from duobiao.identity.policy import Scope, owned_q, scope_of
from duobiao.opportunities.domain.links import proof_url
from duobiao.opportunities.events import evidence_title
from duobiao.opportunities.models import Proof, TeamMember

SHOWN = 6


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits.

    Attributes:
        kind: ``approval`` or ``proof``.
    """

    kind: str
    title: str
    deal: str
    who: str
    at: datetime
    url: str
    icon: str = "shield-check"


def waiting_for(user: User, *, second_person: bool) -> list[Waiting]:
    """Return what waits, oldest first; four queries.

    Args:
        second_person: The company wants buyer confirmations verified by a second person.
    """
    found = [*_approvals(user), *(_proofs(user) if second_person else [])]
    return sorted(found, key=lambda row: row.at)[:SHOWN]


def _approvals(user: User) -> list[Waiting]:
    return [
        Waiting("approval", row.headline, row.title, _who(row), row.asked_at, row.url, row.icon)
        for row in waiting_rows(user, limit=SHOWN)
    ]


def _who(row: RequestRow) -> str:
    """Name who asked, and in whose place the reader decides."""
    if not row.for_whom:
        return row.asked_by
    return _("%(who)s, for %(whom)s") % {"who": row.asked_by, "whom": row.for_whom}


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
