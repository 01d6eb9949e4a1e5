"""Let the ledger of a deal hold exactly what its chain shows."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Final

from django.utils.translation import gettext as _

from duobiao.identity import policy
from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.opportunities.actions.confirm_evidence import Draft
from duobiao.opportunities.actions.sync_evidence import sync_evidence
from duobiao.opportunities.models import Grade, Outcome, Proof
from duobiao.stakeholders.domain.judging import Topic
from duobiao.stakeholders.domain.standing import Shown, majority, people_facts, shown_by_cells, shown_by_people
from duobiao.stakeholders.queries.chain import Chain
from duobiao.stakeholders.queries.definitions import readouts, rules, words

SOURCE: Final = "decision_chain"
"""Kind under which the ledger names the chain of a deal as the source of a proof; its reference is that of the deal."""
RENEWED_AFTER: Final = timedelta(days=14)
"""A proof that is still shown is written anew when what shows it is so much younger."""
FROZEN: Final = (Outcome.LOST, Outcome.GIVEN_UP)
LONGEST: Final = 2000


def prove_chain(chain: Chain, *, actor: User | None, now: datetime) -> None:
    """Confirm what the chain shows now, and retract what it no longer shows; the deal is locked.

    What rests on somebody who left stays as asserted only, so that items asking for more turn weak. Who may write the
    chain but not prove changes nothing in the ledger. What came from the chain of a deal that was merged into this one is
    proved by this chain, or no longer.

    Args:
        actor: None: nobody wrote the chain; time, or another record, changed what it shows.
    """
    deal = chain.deal
    if deal.outcome in FROZEN or (actor is not None and not policy.allows(actor, "opportunities.prove", deal)):
        return
    live = Proof.objects.filter(opportunity=deal, source_kind=SOURCE, retracted_on=None)
    held = {proof.key: proof for proof in live.select_related("contact").order_by("recorded_at")}
    others = sorted({proof.source_ref for proof in live if proof.source_ref != deal.ref})
    drafts = [_draft(chain, row, held.get(row.evidence)) for row in shown_by(chain)]
    reason = _("the decision chain no longer shows it")
    for ref in [*others, deal.ref] if drafts or held else ():
        sync_evidence(
            opportunity=deal,
            source=Ref(SOURCE, ref),
            drafts=drafts if ref == deal.ref else [],
            reason=reason,
            actor=actor,
            now=now,
        )


def no_longer_shown(chains: Collection[Chain]) -> list[Chain]:
    """Return the chains of open deals whose ledger holds what they no longer show; one query."""
    keys: dict[int, set[str]] = defaultdict(set)
    live = Proof.objects.filter(
        opportunity__in=[chain.deal.pk for chain in chains], source_kind=SOURCE, retracted_on=None
    )
    for deal, key in live.values_list("opportunity_id", "key"):
        keys[deal].add(key)
    return [chain for chain in chains if keys[chain.deal.pk] - {row.evidence for row in shown_by(chain)}]


def shown_by(chain: Chain) -> list[Shown]:
    """Return what a chain shows, one for each evidence key."""
    members, held = chain.members, rules()
    found = [
        *shown_by_cells(members, held.cells),
        *majority(members, held.majority.squares, held.majority.evidence),
        *shown_by_people(members),
        *_shown_by_facts(chain, people_facts(members)),
    ]
    return list({row.evidence: row for row in found}.values())


def _shown_by_facts(chain: Chain, facts: Iterable[str]) -> Iterable[Shown]:
    days = [one.judged[Topic.STANCE].used.on for one in chain.present if Topic.STANCE in one.judged]
    for fact in sorted(facts):
        evidence = rules().facts.get(fact)
        if evidence is not None and days:
            yield Shown(evidence, max(days), words(readouts().facts[fact]), weak=True)


def _draft(chain: Chain, row: Shown, held: Proof | None) -> Draft:
    person = chain.by_key[row.person].row.contact if row.person is not None else None
    grade = Grade.ASSERTED if row.weak else Grade.BUYER_CONFIRMED if row.channel else Grade.DOCUMENTED
    same = (
        held is not None
        and held.grade_claimed == grade
        and held.contact_id == (person.pk if person else None)
        and held.channel == row.channel
        and timedelta(0) <= row.on - held.happened_on < RENEWED_AFTER
    )
    if held is not None and same:
        return Draft(
            row.evidence, grade, held.happened_on, quote=held.quote, contact=held.contact, channel=held.channel
        )
    return Draft(row.evidence, grade, row.on, quote=row.words[:LONGEST], contact=person, channel=row.channel)
