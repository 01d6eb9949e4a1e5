"""Read a deal's ledger as the engine's facts, and judge the deal by them."""

from collections.abc import Iterator
from datetime import date

from duobiao.opportunities.models import Closing, Opportunity, PlaybookChange, Proof, Waiver
from duobiao.playbooks.domain import facts as engine
from duobiao.playbooks.domain.assess import Assessment, assess
from duobiao.playbooks.domain.compile import Compiled
from duobiao.playbooks.domain.model import Grade, Method, Outcome
from duobiao.playbooks.queries import compiled_playbook, item_waived_under


def load_facts(opportunity: Opportunity, *, closings: bool = True, under: int | None = None) -> engine.Facts:
    """Return everything the deal is judged by; three queries whatever its size.

    Args:
        closings: False leaves closings out; they do not matter for an open deal on the present day.
        under: Id of the playbook version to judge by; None: the one it is on.
    """
    return engine.Facts(
        proofs=proofs_of(opportunity),
        waivers=list(_waivers_of(opportunity, under or opportunity.playbook_id)),
        closings=closings_of(opportunity) if closings else [],
    )


def assess_on(opportunity: Opportunity, on: date) -> tuple[Compiled, engine.Facts, Assessment]:
    """Judge a deal on a day by the playbook it had then; returns playbook and facts too, for those who explain it."""
    version_id = playbook_on(opportunity, on)
    compiled, facts = compiled_playbook(version_id), load_facts(opportunity, under=version_id)
    return compiled, facts, assess(compiled, facts, on=on)


def playbook_on(opportunity: Opportunity, on: date) -> int:
    """Return the id of the playbook version a deal had at the end of a day; no query unless it moved after that day."""
    if opportunity.playbook_since is None or on >= opportunity.playbook_since:
        return opportunity.playbook_id
    changes = PlaybookChange.objects.filter(opportunity=opportunity)
    last = changes.filter(on__lte=on).order_by("-sequence").values_list("after_id", flat=True).first()
    first = changes.order_by("sequence").values_list("before_id", flat=True).first()
    return last or first or opportunity.playbook_id


def _waivers_of(opportunity: Opportunity, version_id: int) -> Iterator[engine.Waiver]:
    rows = Waiver.objects.filter(opportunity=opportunity, approved_on__isnull=False)
    names = ("item", "playbook_id", "approved_on", "expires_on", "ended_on")
    for given, given_under, *days in rows.values_list(*names):
        item = item_waived_under(given, given_under, version_id)
        if item is not None:
            yield engine.Waiver(item, *days)


def closings_of(opportunity: Opportunity) -> list[engine.Closing]:
    """Return when a deal was closed and reopened."""
    rows = Closing.objects.filter(opportunity=opportunity).values_list(
        "outcome", "closed_on", "known_on", "reopened_on"
    )
    return [
        engine.Closing(Outcome(outcome), closed_on, known_on, reopened_on)
        for outcome, closed_on, known_on, reopened_on in rows
    ]


def proofs_of(opportunity: Opportunity) -> list[engine.Proof]:
    """Return the proofs of a deal, retracted ones included, as the engine reads them."""
    rows = Proof.objects.filter(opportunity=opportunity).values_list(
        "ref", "key", "grade", "happened_on", "known_on", "retracted_on", "valid_until", "method", "recorded_at"
    )
    return [
        engine.Proof(
            key=key,
            grade=Grade(grade),
            happened_on=happened_on,
            known_on=known_on,
            retracted_on=retracted_on,
            valid_until=valid_until,
            method=Method(method) if method else None,
            sequence=int(recorded_at.timestamp() * 1_000_000),
            ref=ref,
        )
        for ref, key, grade, happened_on, known_on, retracted_on, valid_until, method, recorded_at in rows
    ]
