"""Let the ledger of a deal hold exactly what its chain shows."""

from collections.abc import Iterable
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


def prove_chain(chain: Chain, *, actor: User, now: datetime) -> None:
    """Confirm what the chain shows now, and retract what it no longer shows; the deal is locked.

    What rests on somebody who left stays as asserted only, so that items asking for more turn weak. Who may write the
    chain but not prove changes nothing in the ledger.
    """
    deal = chain.deal
    if deal.outcome in FROZEN or not policy.allows(actor, "opportunities.prove", deal):
        return
    source = Ref(SOURCE, deal.ref)
    live = Proof.objects.filter(opportunity=deal, source_kind=SOURCE, source_ref=deal.ref, retracted_on=None)
    held = {proof.key: proof for proof in live.select_related("contact").order_by("recorded_at")}
    drafts = [_draft(chain, row, held.get(row.evidence)) for row in shown_by(chain)]
    if drafts or held:
        reason = _("the decision chain no longer shows it")
        sync_evidence(opportunity=deal, source=source, drafts=drafts, reason=reason, actor=actor, now=now)


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
