"""How leads are compared, shown side by side, merged and parted; registered with duplicates."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from duobiao.customers.domain.likeness import PersonSigns
from duobiao.customers.duplicate_kinds import REASONS
from duobiao.customers.queries.likely import signs_of
from duobiao.duplicates.queries.sides import facts_side_by_side
from duobiao.duplicates.registry import DuplicateKind, register_kind
from duobiao.prospecting.actions.capture_lead import LEAD_FIELDS
from duobiao.prospecting.actions.keep_lead import lock_leads
from duobiao.prospecting.actions.merge_leads import LEAD_STAYS, merge_leads, settle_leads
from duobiao.prospecting.domain import likeness
from duobiao.prospecting.domain.likeness import LeadSigns
from duobiao.prospecting.models import Lead

NAMES = ("ref", "company", "contact_name", "position", "mobile", "phone", "email")


def lead_signs(rows: QuerySet[Any]) -> Iterator[tuple[str, LeadSigns]]:
    """Yield reference and signs of leads."""
    for ref, company, name, post, mobile, phone, email in rows.values_list(*NAMES).iterator(chunk_size=2000):
        numbers = frozenset((mobile, phone)) - {""}
        person = PersonSigns(company="", name=name, numbers=numbers, email=email, post=post)
        yield ref, LeadSigns(company=signs_of(company, phone=phone), person=person)


def _merge(keeper: Any, other: Any, take: frozenset[str], actor: Any, now: datetime) -> None:
    merge_leads(keeper=keeper, other=other, take=take, actor=actor, now=now)


def _lines(rows: Iterable[Any]) -> dict[str, str]:
    return {
        row.ref: " · ".join(filter(None, [row.contact_name, row.region, str(row.owner or row.pool or "")]))
        for row in rows
    }


def register() -> None:
    """Let duplicates of leads be found and merged."""
    register_kind(
        DuplicateKind(
            key=Lead.kind,
            title=_("Leads"),
            icon="inbox",
            order=30,
            view="prospecting.view",
            verb="prospecting.merge",
            model=Lead,
            live=Lead.objects.open,
            seen_by=lambda user: Lead.objects.visible_to(user).open().select_related("owner", "pool"),
            load=lambda refs: Lead.objects.select_related("owner", "pool").filter(ref__in=list(refs)),
            signs=lead_signs,
            keys=likeness.lead_keys,
            compare=likeness.lead_likeness,
            reasons={**REASONS, likeness.COMPANY: _("same company"), likeness.PERSON: _("same person")},
            headline=_lines,
            choices=lambda first, second: facts_side_by_side(first, second, LEAD_FIELDS),
            name="company",
            lock=lock_leads,
            merge=_merge,
            settle=settle_leads,
            url=lambda ref: f"/leads/{ref}/",
            owner=lambda lead: lead.owner,
            stays=LEAD_STAYS,
        )
    )
