"""Bring together what is recorded twice: two entries of one rival on a deal, two landscapes of one deal."""

from datetime import datetime

from django.utils.translation import gettext as _

from duobiao.competition.actions.landscape import settle
from duobiao.competition.models import (
    Barrier,
    Bidding,
    CounterAction,
    DealRival,
    Landscape,
    Reach,
    RivalClass,
    RivalMove,
    RivalScore,
)
from duobiao.duplicates.queries.sides import fill_gaps
from duobiao.identity.models import User
from duobiao.identity.policy import allows
from duobiao.kernel.refs import Ref
from duobiao.opportunities.actions.sync_evidence import sync_evidence
from duobiao.opportunities.models import DealTask, Opportunity, Proof

PARTS = (RivalScore, Barrier, RivalMove, CounterAction)
FACTS = ("position", "share_percent", "trend", "offers", "focus", "source")


def join_places(kept: DealRival, other: DealRival) -> None:
    """Bring scores, barriers, contacts, moves and answers of ``other`` to ``kept``, fill its gaps, and drop the row.

    The more direct class holds; who is in the race by one of both is in it.
    """
    for model in PARTS:
        model._base_manager.filter(deal_rival=other).update(deal_rival=kept)
    _join_reaches(kept, other)
    fill_gaps(kept, other, FACTS, take=frozenset())
    if kept.bidding == Bidding.UNKNOWN:
        kept.bidding, kept.bid_basis = other.bidding, other.bid_basis
    order = list(RivalClass)
    kept.rival_class = min(kept.rival_class, other.rival_class, key=lambda name: order.index(RivalClass(name)))
    if kept.left_on is not None and (other.left_on is None or other.left_on > kept.left_on):
        kept.left_on, kept.left_reason = other.left_on, other.left_reason
    kept.noted_on = max(kept.noted_on, other.noted_on)
    kept.version += 1
    kept.save()
    other.delete()
    point_tasks([kept.pk])


def _join_reaches(kept: DealRival, other: DealRival) -> None:
    """Bring contacts over; of a person or department that both have, what was noted last stays."""
    there = {(row.contact_id, row.contact_id is None and row.function): row for row in kept.reaches.all()}
    for row in other.reaches.order_by("pk"):
        twin = there.get((row.contact_id, row.contact_id is None and row.function))
        if twin is not None and twin.noted_on >= row.noted_on:
            row.delete()
            continue
        if twin is not None:
            twin.delete()
        Reach.objects.filter(pk=row.pk).update(deal_rival=kept)


def point_tasks(rows: list[int]) -> None:
    """Let the tasks against rivals of deals name the entry they stand with today."""
    for counter in CounterAction.objects.filter(deal_rival__in=rows).select_related("deal_rival", "task"):
        task = counter.task
        if task.source_kind == DealRival.kind and task.source_ref != counter.deal_rival.ref:
            DealTask.objects.filter(pk=task.pk).update(source_ref=counter.deal_rival.ref)


def join_landscapes(kept: Opportunity, other: Opportunity, *, actor: User, now: datetime) -> None:
    """Bring our scores and the rivals that both deals have to the deal that was kept; no score is lost.

    Rivals that only the other one had are there already, and its landscape too where the kept deal had none.
    """
    there = {row.rival_id: row for row in DealRival.objects.filter(opportunity=kept)}
    for row in DealRival.objects.filter(opportunity=other, rival__in=there).order_by("pk"):
        join_places(there[row.rival_id], row)
    left = Landscape.objects.filter(opportunity=other).first()
    held = Landscape.objects.filter(opportunity=kept).first()
    if left is not None and held is not None:
        RivalScore.objects.filter(landscape=left).update(landscape=held)
        if left.weights and not held.weights:
            held.weights = left.weights
            held.version += 1
            held.save(update_fields=["weights", "version"])
    for landscape in (held, left):
        if landscape is not None:
            settle(landscape, reason=_("two entries of the project became one"), actor=actor, now=now)
    if left is not None:
        _let_go(kept, left, actor=actor, now=now)


def _let_go(deal: Opportunity, left: Landscape, *, actor: User, now: datetime) -> None:
    """Retract on the kept deal what the landscape that went had shown; the kept one has shown it anew."""
    source = Ref.of(left)
    shown = Proof.objects.filter(opportunity=deal, source_ref=source.ref, retracted_on=None)
    if shown.exists() and allows(actor, "opportunities.prove", deal):
        reason = _("two entries of the project became one")
        sync_evidence(opportunity=deal, source=source, drafts=[], reason=reason, actor=actor, now=now)
