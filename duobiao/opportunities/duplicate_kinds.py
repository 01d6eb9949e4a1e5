"""How deals are compared, shown side by side, merged and parted; registered with duplicates."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from duobiao.duplicates.queries.sides import facts_side_by_side
from duobiao.duplicates.registry import Choice, DuplicateKind, register_kind
from duobiao.kernel.money import Money
from duobiao.opportunities.actions.lock import lock_deals
from duobiao.opportunities.actions.merge_deals import DEAL_FACTS, DEAL_STAYS, merge_deals, settle_deals
from duobiao.opportunities.actions.reassess import DERIVED
from duobiao.opportunities.domain import likeness
from duobiao.opportunities.domain.likeness import DealSigns
from duobiao.opportunities.domain.links import deal_url
from duobiao.opportunities.models import Opportunity

NAMES = (
    "ref", "customer_id", "customer__name", "customer__short_name", "name", "amount_minor", "currency",
    "expected_close_on", "product_id",
)  # fmt: skip


def deal_signs(rows: QuerySet[Any]) -> Iterator[tuple[str, DealSigns]]:
    """Yield reference and signs of deals."""
    for ref, customer, full, short, name, amount, currency, closes_on, product in rows.values_list(*NAMES):
        yield (
            ref,
            DealSigns(
                customer=str(customer),
                customer_words=(full, short),
                name=name,
                amount_minor=amount,
                currency=currency,
                closes_on=closes_on,
                product=str(product or ""),
            ),
        )


def deal_choices(first: Any, second: Any) -> list[Choice]:
    """Return the facts of two deals side by side, amounts with their currency."""
    rows = facts_side_by_side(first, second, DEAL_FACTS)
    return [
        replace(row, first=_money(first.amount), second=_money(second.amount)) if row.name == "amount_minor" else row
        for row in rows
    ]


def _money(amount: Money | None) -> str:
    return str(amount) if amount is not None else ""


def _merge(keeper: Any, other: Any, take: frozenset[str], actor: Any, now: datetime) -> None:
    merge_deals(keeper=keeper, other=other, take=take, actor=actor, now=now)


def _lines(rows: Iterable[Any]) -> dict[str, str]:
    return {
        row.ref: " · ".join(filter(None, [row.ref, row.customer.label, _money(row.amount), str(row.owner)]))
        for row in rows
    }


def register() -> None:
    """Let duplicates of deals be found and merged."""
    register_kind(
        DuplicateKind(
            key=Opportunity.kind,
            title=_("Projects"),
            icon="layout-kanban",
            order=40,
            view="opportunities.view",
            verb="opportunities.merge",
            model=Opportunity,
            live=Opportunity.objects.open,
            seen_by=lambda user: Opportunity.objects.visible_to(user).open().select_related("owner", "customer"),
            load=lambda refs: Opportunity.objects.select_related("owner", "customer").filter(ref__in=list(refs)),
            signs=deal_signs,
            keys=likeness.deal_keys,
            compare=likeness.deal_likeness,
            reasons={
                likeness.NAME: _("same name"),
                likeness.NEAR: _("names nearly the same"),
                likeness.AMOUNT: _("amounts within a tenth of each other"),
                likeness.TIME: _("signature expected at the same time"),
                likeness.PRODUCT: _("same product"),
                likeness.BUYER: _("same customer"),
            },
            headline=_lines,
            choices=deal_choices,
            name="name",
            lock=lock_deals,
            merge=_merge,
            settle=settle_deals,
            url=deal_url,
            owner=lambda deal: deal.owner,
            among=lambda rows, deal: rows.filter(customer=deal.customer_id),
            stays=DEAL_STAYS,
            derived=DERIVED,
            drops=frozenset(("customers.CustomerGrant", "customers.Hold")),
        )
    )
