"""Note what a department of the customer cares about in a deal, and who of ours keeps the line; tell of cold lines."""

from collections import defaultdict
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from duobiao.customers.models import Contact, Function
from duobiao.identity import policy
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.kernel.refusals import Invalid, StaleVersion
from duobiao.opportunities.actions.lock import lock, require_open
from duobiao.opportunities.domain.links import deal_url
from duobiao.opportunities.domain.threads import Line, judge_line
from duobiao.opportunities.events.threads import ThreadCold, ThreadKept
from duobiao.opportunities.models import DealThread, Opportunity
from duobiao.opportunities.queries.threads import last_spoken
from duobiao.timeline.actions.notify import Line as Bell
from duobiao.timeline.actions.notify import notify_many
from duobiao.timeline.actions.record import record

LONGEST_CONCERN = 300
BATCH = 500


@transaction.atomic
def keep_thread(
    *,
    opportunity: Opportunity,
    function: str,
    concern: str,
    keeper: User | None,
    quiet_days: int,
    version: int,
    actor: User,
    now: datetime,
) -> DealThread:
    """Set up the line to a department, or change it.

    Args:
        keeper: Somebody who may see the deal; None: its owner.
        version: What the actor saw; 0 where nobody had set it up.

    Raises:
        NotAllowed: the actor may not change this deal.
        DealClosed: it is closed.
        Invalid: a value cannot be accepted.
        StaleVersion: somebody changed the line meanwhile.
    """
    policy.require(actor, "opportunities.edit", opportunity)
    deal = lock(opportunity)
    require_open(deal)
    _check(deal, function, concern, keeper, quiet_days)
    held = DealThread.objects.filter(opportunity=deal, function=function).first()
    if version != (held.version if held else 0):
        message = _("Somebody else changed this line meanwhile. Look at it again.")
        raise StaleVersion(message, details={"current": {"version": held.version if held else 0}})
    row = held or DealThread(opportunity=deal, function=function, version=0)
    row.concern, row.keeper, row.quiet_days = concern.strip(), keeper, quiet_days
    row.version += 1
    row.told_on = None
    row.save()
    data = {
        "function": function,
        "concern": row.concern,
        "keeper": keeper.name if keeper else "",
        "quiet_days": quiet_days,
    }
    record(ThreadKept(subject=Ref.of(deal), chain=deal.ref, data=data), actor=actor, at=now)
    return row


def _check(deal: Opportunity, function: str, concern: str, keeper: User | None, quiet_days: int) -> None:
    faults: dict[str, str] = {}
    if function not in Function.values:
        faults["function"] = _("Choose one of: %(names)s.") % {"names": ", ".join(Function.values)}
    if len(concern.strip()) > LONGEST_CONCERN:
        faults["concern"] = _("At most %(n)d characters.") % {"n": LONGEST_CONCERN}
    if not 1 <= quiet_days <= 365:
        faults["quiet_days"] = _("From 1 to 365 days.")
    if keeper is not None and not Opportunity.objects.visible_to(keeper).filter(pk=deal.pk).exists():
        faults["keeper"] = _("This person may not see the deal.")
    if faults:
        raise Invalid(next(iter(faults.values())), fields=faults)


def tell_of_cold_threads(*, on: date, now: datetime) -> int:
    """Tell the keepers of lines that have gone cold, once for each silence; return how many were told.

    Lines that nobody set up are shown on the deal and tell nobody.
    """
    keys = list(DealThread.objects.filter(opportunity__outcome="OPEN").order_by("pk").values_list("pk", flat=True))
    return sum(_tell(keys[start : start + BATCH], on=on, now=now) for start in range(0, len(keys), BATCH))


@transaction.atomic
def _tell(keys: list[int], *, on: date, now: datetime) -> int:
    rows = list(DealThread.objects.filter(pk__in=keys).select_related("opportunity__owner", "keeper"))
    last = _last_by_department([row.opportunity_id for row in rows])
    cold: list[DealThread] = []
    bells = []
    for row in rows:
        last_on = last[row.opportunity_id].get(row.function)
        standing = judge_line(people=1, last_on=last_on, quiet_days=row.quiet_days, on=on)
        if standing is not Line.COLD or last_on is None or (row.told_on is not None and row.told_on > last_on):
            continue
        deal = row.opportunity
        data = {"function": row.function, "days": (on - last_on).days, "deal": deal.name}
        bells.append(Bell(row.keeper or deal.owner, ThreadCold.name, f"{deal_url(deal.ref, 'people')}#threads", data))
        cold.append(row)
    DealThread.objects.filter(pk__in=[row.pk for row in cold]).update(told_on=on)
    notify_many(bells, at=now)
    return len(bells)


def _last_by_department(deals: list[int]) -> dict[int, dict[str, date]]:
    spoken = last_spoken(deals)
    functions = dict(
        Contact.objects.filter(pk__in={pk for row in spoken.values() for pk in row}).values_list("pk", "function")
    )
    found: dict[int, dict[str, date]] = defaultdict(dict)
    for deal, contacts in spoken.items():
        for contact, day in contacts.items():
            name = functions.get(contact) or str(Function.OTHER)
            found[deal][name] = max(day, found[deal].get(name, day))
    return found
