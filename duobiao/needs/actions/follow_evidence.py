"""Let the ledger of the deal follow its needs: exactly what they show, no more and no less."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from duobiao.identity.models import User
from duobiao.kernel.refs import Ref
from duobiao.needs.domain import proving
from duobiao.needs.models import Need, RequirementPaper
from duobiao.opportunities.actions.confirm_evidence import Draft, confirm_all
from duobiao.opportunities.actions.reassess import own_day
from duobiao.opportunities.actions.sync_evidence import sync_evidence
from duobiao.opportunities.models import Grade, Opportunity, Proof

MUST_HAVES = "must_haves"
"""Kind of the source of what all needs of a deal show together; its ``ref`` is the deal's."""
LONGEST = 4000


def follow_need(need: Need, *, actor: User, now: datetime) -> None:
    """Let the proofs of problem and growth be what one need shows.

    One need is enough for a deal: while another one shows the same, this one adds nothing; where it no longer shows
    it, another one that does takes its place. So the ledger does not call it a change whenever a need is noted.
    """
    deal, source = need.opportunity, Ref.of(need)
    before = set(_held(deal, source).values_list("key", flat=True))
    taken = set(_of_needs(deal).exclude(source_ref=need.ref).values_list("key", flat=True))
    drafts = [draft for draft in _shown(need) if draft.key not in taken]
    _sync(deal, source, drafts, actor=actor, now=now)
    for key in sorted(before - {draft.key for draft in drafts} - taken):
        _hand_on(deal, key, actor=actor, now=now)


def _shown(need: Need) -> list[Draft]:
    facts = need.facts()
    if need.removed_at is not None or facts.said_on is None:
        return []
    drafts = []
    if proving.shows_problem(facts):
        quote = " / ".join(filter(None, [need.words, need.impact, need.wanted_by]))
        drafts.append(_draft(proving.PROBLEM, facts.said_on, quote, need))
    if proving.shows_growth(facts):
        drafts.append(_draft(proving.GROWTH, facts.said_on, need.forecast, need))
    return drafts


def _hand_on(deal: Opportunity, key: str, *, actor: User, now: datetime) -> None:
    rows = Need.objects.live().filter(opportunity=deal).exclude(said_on=None).select_related("said_by")
    for other in rows.order_by("said_on", "pk"):
        other.opportunity = deal
        drafts = [replace(draft, source=Ref.of(other)) for draft in _shown(other) if draft.key == key]
        if drafts:
            confirm_all(opportunity=deal, drafts=drafts, actor=actor, now=now)
            return


def follow_must_haves(deal: Opportunity, *, actor: User, now: datetime) -> None:
    """Let the proof that all P0 and P1 are met be what the needs show today.

    Priority and answer of every need together are a state: its day is the day on which it came about.
    """
    needs = [need.facts() for need in Need.objects.live().filter(opportunity=deal)]
    source = Ref(MUST_HAVES, deal.ref)
    covered = proving.covers_must_haves(needs)
    if covered and _held(deal, source).exists():
        return
    drafts = []
    if covered:
        counts = {"p0": count(needs, "P0"), "p1": count(needs, "P1")}
        quote = _("P0: %(p0)d met in full; P1: %(p1)d met or substituted") % counts
        drafts.append(Draft(proving.COVERED, Grade.DOCUMENTED, own_day(actor, now), quote=quote))
    _sync(deal, source, drafts, actor=actor, now=now)


def prove_analysis(paper: RequirementPaper, *, quote: str, actor: User, now: datetime) -> None:
    """Prove that the requirement analysis is completed."""
    draft = Draft(
        proving.ANALYSIS, Grade.DOCUMENTED, paper.completed_on, quote=quote[:LONGEST], source=Ref.of(paper)
    )  # fmt: skip
    confirm_all(opportunity=paper.opportunity, drafts=[draft], actor=actor, now=now)


def _draft(key: str, on: date, quote: str, need: Need) -> Draft:
    return Draft(key, Grade.DOCUMENTED, on, quote=quote[:LONGEST], contact=need.said_by, channel=need.channel)


def _sync(deal: Opportunity, source: Ref, drafts: Sequence[Draft], *, actor: User, now: datetime) -> None:
    if drafts or _held(deal, source).exists():
        reason = _("the needs no longer show it")
        sync_evidence(opportunity=deal, source=source, drafts=drafts, reason=reason, actor=actor, now=now)


def _of_needs(deal: Opportunity) -> QuerySet[Proof]:
    return Proof.objects.filter(opportunity=deal, source_kind=Need.kind, retracted_on=None)


def _held(deal: Opportunity, source: Ref) -> QuerySet[Proof]:
    return Proof.objects.filter(
        opportunity=deal, source_kind=source.kind, source_ref=source.ref, retracted_on=None
    )  # fmt: skip


def count(needs: Sequence[proving.NeedFacts], priority: str) -> int:
    """Count the needs of one priority."""
    return sum(row.priority == priority for row in needs)
