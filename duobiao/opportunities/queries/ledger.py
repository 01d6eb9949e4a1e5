"""Read the ledgers of several deals at once: what the engine judges by, and what is said about each row."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from duobiao.opportunities.models import Closing, Opportunity, Proof, Waiver, WaiverDecision
from duobiao.playbooks.domain import facts as engine
from duobiao.playbooks.domain.model import Grade, Method, Outcome
from duobiao.playbooks.queries import item_waived_under


@dataclass(frozen=True, slots=True)
class ProofRow:
    """A proof as people read it, beside the engine's view of it.

    Attributes:
        who: Name of the person who said it, "" where nobody is named.
        files: Names of the documents that show it.
    """

    fact: engine.Proof
    who: str
    quote: str
    source_kind: str
    is_unverified: bool
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WaiverRow:
    """A waiver that was not refused, with the name of who approved it; "" while it waits for a decision.

    Attributes:
        given: The item it was asked for, under the playbook version with the id ``given_under``.
        item: The item it stands for under the version the ledger was read for; "" where it does not carry over.
    """

    ref: str
    given: str
    given_under: int
    item: str
    reason: str
    asked_by: str
    approved_on: date | None
    expires_on: date
    ended_on: date | None
    approver: str = ""

    def waits(self, on: date) -> bool:
        """Whether it waits for a decision that could still let it run."""
        return self.approved_on is None and self.ended_on is None and self.expires_on >= on


@dataclass(slots=True)
class Ledger:
    """Everything recorded about one deal."""

    proofs: list[ProofRow] = field(default_factory=list)
    waivers: list[WaiverRow] = field(default_factory=list)
    closings: list[engine.Closing] = field(default_factory=list)

    @property
    def facts(self) -> engine.Facts:
        """What the engine judges by."""
        return engine.Facts(
            proofs=[row.fact for row in self.proofs],
            waivers=[
                engine.Waiver(row.item, row.approved_on, row.expires_on, row.ended_on)
                for row in self.waivers
                if row.approved_on is not None and row.item
            ],
            closings=self.closings,
        )


def ledgers(opportunities: Sequence[Opportunity], *, under: dict[int, int] | None = None) -> dict[int, Ledger]:
    """Return the ledger of each deal by its key; five queries for any number of deals.

    Args:
        under: Id of the playbook version to read each deal for, by its key; None: the one it is on.
    """
    found = {deal.pk: Ledger() for deal in opportunities}
    for pk, row in _proofs(found, _files(found)):
        found[pk].proofs.append(row)
    for pk, waiver in _waivers(under or {deal.pk: deal.playbook_id for deal in opportunities}):
        found[pk].waivers.append(waiver)
    closings = Closing.objects.filter(opportunity_id__in=found)
    for pk, outcome, closed_on, known_on, reopened_on in closings.values_list(
        "opportunity_id", "outcome", "closed_on", "known_on", "reopened_on"
    ):
        found[pk].closings.append(engine.Closing(Outcome(outcome), closed_on, known_on, reopened_on))
    return found


def _files(keys: Iterable[int]) -> dict[int, list[str]]:
    rows = Proof.documents.through.objects.filter(proof__opportunity_id__in=list(keys)).order_by("pk")
    files: dict[int, list[str]] = {}
    for proof_id, name in rows.values_list("proof_id", "document__name"):
        files.setdefault(proof_id, []).append(name)
    return files


def _proofs(keys: Iterable[int], files: dict[int, list[str]]) -> Iterable[tuple[int, ProofRow]]:
    rows = Proof.objects.filter(opportunity_id__in=list(keys)).order_by("recorded_at", "pk")
    for row in rows.values_list(
        "pk", "opportunity_id", "ref", "key", "grade", "happened_on", "known_on", "retracted_on", "valid_until",
        "method", "recorded_at", "contact__name", "quote", "source_kind", "is_unverified",
    ):  # fmt: skip
        pk, deal, ref, key, grade, happened, known, retracted, until, method, recorded, who, quote, source, open_ = row
        fact = engine.Proof(
            key=key,
            grade=Grade(grade),
            happened_on=happened,
            known_on=known,
            retracted_on=retracted,
            valid_until=until,
            method=Method(method) if method else None,
            sequence=int(recorded.timestamp() * 1_000_000),
            ref=ref,
        )
        yield deal, ProofRow(fact, who or "", quote, source, open_, tuple(files.get(pk, ())))


def _waivers(under: dict[int, int]) -> Iterable[tuple[int, WaiverRow]]:
    rows = Waiver.objects.filter(opportunity_id__in=list(under)).order_by("asked_at", "pk")
    held = list(
        rows.values_list(
            "pk", "opportunity_id", "ref", "item", "playbook_id", "reason", "asked_by__name", "approved_on",
            "expires_on", "ended_on",
        )
    )  # fmt: skip
    approved = [row[0] for row in held if row[7] is not None]
    approvers = dict(
        WaiverDecision.objects.filter(waiver__in=approved, decision=WaiverDecision.Kind.APPROVED).values_list(
            "waiver_id", "decided_by__name"
        )
        if approved
        else ()
    )
    for pk, deal, ref, given, given_under, reason, asked_by, approved_on, expires_on, ended_on in held:
        item = item_waived_under(given, given_under, under[deal]) or ""
        yield (
            deal,
            WaiverRow(
                ref,
                given,
                given_under,
                item,
                reason,
                asked_by,
                approved_on,
                expires_on,
                ended_on,
                approvers.get(pk, ""),
            ),
        )
