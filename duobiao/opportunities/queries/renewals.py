"""What time alone will take from a deal, or has taken: the items that run out, and the form that renews each.

Items that one form renews before the same day are one renewal: holding an agreed visit keeps its time, place and topic.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from duobiao.opportunities.domain.links import prove_url, supply_url
from duobiao.opportunities.queries.explain import Explained, ItemLine
from duobiao.opportunities.queries.gates import LABELS
from duobiao.opportunities.queries.what_if import Change, what_if
from duobiao.playbooks.domain.model import Until, Verdict
from duobiao.playbooks.domain.vocabulary import Supplier

RUNNING = (Verdict.MET, Verdict.WAIVED)


@dataclass(slots=True)
class Renewal:
    """Items to renew by one form.

    Attributes:
        last_day: Last day they stay met, or the day they ran out.
        change: What follows if nothing is recorded; None where they have run out already.
        appointment: They stand on an agreed visit, which keeps them once it is held.
    """

    last_day: date
    url: str
    label: str | Promise
    change: Change | None
    appointment: bool
    lines: list[ItemLine] = field(default_factory=list)

    @property
    def title(self) -> str:
        """Name what is renewed."""
        if self.appointment:
            return _("Agreed visit: time, place and topic")
        return self.lines[0].title

    @property
    def waived(self) -> bool:
        """Whether a waiver ends rather than evidence."""
        return self.lines[0].verdict is Verdict.WAIVED


def renewals(explained: Explained, *, within_days: int) -> list[Renewal]:
    """Return what runs out soon and would be missed, and gating evidence that has run out; in playbook order."""
    found: dict[tuple[str, date], Renewal] = {}
    for line, last_day in _ending(explained, explained.on + timedelta(days=within_days)):
        appointment = is_appointment(line, explained)
        url = renewal_url(line, explained)
        renewal = found.get((url, last_day))
        if renewal is None:
            change = None
            if line.verdict in RUNNING:
                change = what_if(explained, on=last_day + timedelta(days=1))
                if line.item not in change.lost:
                    continue
            renewal = Renewal(last_day, url, _label(line, appointment=appointment), change, appointment)
            found[url, last_day] = renewal
        renewal.lines.append(line)
    return list(found.values())


def _ending(explained: Explained, limit: date) -> Iterator[tuple[ItemLine, date]]:
    for line in explained.items:
        if not line.gates or line.expires_on is None:
            continue
        soon = line.verdict in RUNNING and explained.on <= line.expires_on <= limit
        if soon or line.verdict is Verdict.EXPIRED:
            yield line, line.expires_on


def is_appointment(line: ItemLine, explained: Explained) -> bool:
    """Whether an item stands on an agreed visit, which keeps it once it is held."""
    if line.verdict is not Verdict.MET or any(row.supplied_by != Supplier.CALL for row in line.accepts):
        return False
    return all(row.until is Until.PROOF for row in explained.compiled.by_key[line.item].item.accepts)


def renewal_url(line: ItemLine, explained: Explained) -> str:
    """Return the form that renews an item."""
    ref = explained.opportunity.ref
    if is_appointment(line, explained):
        return supply_url(ref, supplied_by=Supplier.VISIT, key="", item="")
    return prove_url(ref, item=line.item)


def _label(line: ItemLine, *, appointment: bool) -> str | Promise:
    if appointment:
        return LABELS[Supplier.VISIT]
    return _("Add evidence") if line.verdict is Verdict.WAIVED else _("Renew")
