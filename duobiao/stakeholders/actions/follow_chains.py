"""Let figures and ledger follow chains that nobody wrote: at night as words fade, and after another record changed."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from django.db import transaction

from duobiao.identity import policy
from duobiao.identity.models import User
from duobiao.opportunities.actions.lock import lock_deals
from duobiao.opportunities.actions.reassess import company_day
from duobiao.opportunities.models import Opportunity
from duobiao.stakeholders.actions.keep_figures import keep_figures
from duobiao.stakeholders.actions.prove_chain import no_longer_shown, prove_chain
from duobiao.stakeholders.models import DealPerson
from duobiao.stakeholders.queries.chain import load_chains

BATCH: Final = 100


def follow_all(*, now: datetime) -> int:
    """Measure the chains of all open deals that have one, batch by batch; return how many.

    Where words have faded so far that the ledger holds more than the chain still shows, the ledger follows.
    """
    with_people = DealPerson.objects.present().order_by().values("opportunity_id")
    keys = list(Opportunity.objects.open().filter(pk__in=with_people).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), BATCH):
        _follow_batch(keys[start : start + BATCH], now)
    return len(keys)


@transaction.atomic
def follow_chains(keys: Collection[int], *, actor: User | None, now: datetime) -> None:
    """Let figures and ledger of some deals follow at once, in the name of who may prove, else in nobody's.

    Args:
        keys: Keys of deals; the ledger of one that went into another deal stays as it is.
    """
    deals = lock_deals(sorted(set(keys)))
    chains = load_chains(deals, on=company_day(now))
    for chain in chains.values():
        if chain.deal.merged_into_id is not None:
            continue
        may = actor is not None and policy.allows(actor, "opportunities.prove", chain.deal)
        prove_chain(chain, actor=actor if may else None, now=now)
    keep_figures(chains.values())


@transaction.atomic
def _follow_batch(keys: Sequence[int], now: datetime) -> None:
    deals = list(Opportunity.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk"))
    chains = list(load_chains(deals, on=company_day(now)).values())
    keep_figures(chains)
    for chain in no_longer_shown(chains):
        prove_chain(chain, actor=None, now=now)
