"""The checklist of a review, filled from the ledger: frozen when the review is recorded, worded when it is read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import get_language

from duobiao.opportunities.domain.links import proof_url
from duobiao.opportunities.models import Grade, Opportunity
from duobiao.opportunities.queries.explain import Explained, ItemLine, explain
from duobiao.opportunities.queries.gates import VERDICTS
from duobiao.opportunities.signal_words import reasons_words, rule_title
from duobiao.playbooks.domain.model import Verdict
from duobiao.playbooks.queries import catalogue, text_of
from duobiao.web.components import ItemVerdict

Frozen = Mapping[str, Any]
GATE, OWED, CONDITION = "gate", "owed", "condition"
COUNTING = ("MET", "SETTLED", "WAIVED", "NOT_APPLICABLE")


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One item as it stood.

    Attributes:
        group: ``gate`` gates the stage, ``owed`` an earlier stage still lacks, ``condition`` does not gate.
        proves: The review itself proves it.
        evidence: What shows it, "" for nothing; ``on`` since when, ``until`` its last day.
    """

    item: str
    stage: int
    group: str
    title: str
    verdict: ItemVerdict
    grade: int
    needed: int
    evidence: str
    on: date | None
    until: date | None
    url: str
    proves: bool

    @property
    def counts(self) -> bool:
        """Whether it counts for the stage."""
        return self.verdict in COUNTING


@dataclass(frozen=True, slots=True)
class RiskNote:
    """One risk signal as it stood."""

    level: str
    title: str
    reason: str


@dataclass(frozen=True, slots=True)
class Checklist:
    """What the participants had before them.

    Attributes:
        on: Day on which the ledger was read.
        met, required: Of the items that gate the stage, what the review proves left out.
    """

    on: date
    stage: int
    rate: int
    our_stage: int
    buyer_stage: int
    lines: tuple[CheckLine, ...]
    risks: tuple[RiskNote, ...]
    met: int
    required: int

    def group(self, name: str) -> list[CheckLine]:
        """Return the lines of one group."""
        return [line for line in self.lines if line.group == name]


def freeze(deal: Opportunity, *, stage: int, item: str, on: date) -> dict[str, Any]:
    """Return what the ledger says now about a gate, as JSON that can be read for ever."""
    explained = explain(deal, on)
    facts = {row.fact.ref: row.fact for row in explained.ledger.proofs}
    rows = []
    for line in explained.items:
        group = _group(line, stage)
        if not group or line.verdict is Verdict.NOT_APPLICABLE:
            continue
        fact = facts.get(line.proof_ref)
        rows.append(
            {
                "item": line.item,
                "stage": line.stage_number,
                "group": group,
                "title": _title(explained, line.item),
                "verdict": str(line.verdict),
                "grade": int(line.grade or 0),
                "needed": int(line.needed or 0),
                "key": fact.key if fact is not None else "",
                "on": fact.happened_on.isoformat() if fact is not None else "",
                "until": line.expires_on.isoformat() if line.expires_on is not None else "",
                "proof": line.proof_ref,
                "proves": line.item == item,
            }
        )
    found = explained.assessment
    risks = [{"rule": row.rule, "level": row.level, "reasons": row.reasons} for row in deal.signals.order_by("pk")]
    place = {"rate": found.rate_percent, "our_stage": found.stage_number, "buyer_stage": found.buyer_stage}
    return {"on": on.isoformat(), "stage": stage, "items": rows, "risks": risks, **place}


def read_checklist(frozen: Frozen) -> Checklist:
    """Return a frozen checklist in the reader's language."""
    on, lines = date.fromisoformat(frozen["on"]), tuple(_line(row) for row in frozen["items"])
    gating = [line for line in lines if line.group == GATE and not line.proves]
    return Checklist(
        on=on,
        stage=frozen["stage"],
        rate=frozen["rate"],
        our_stage=frozen["our_stage"],
        buyer_stage=frozen["buyer_stage"],
        lines=lines,
        risks=tuple(
            RiskNote(row["level"], rule_title(row["rule"]), reasons_words(row["reasons"], on=on))
            for row in sorted(frozen["risks"], key=lambda row: row["level"], reverse=True)
        ),
        met=sum(line.counts for line in gating),
        required=len(gating),
    )


def _group(line: ItemLine, stage: int) -> str:
    if line.gates and line.stage_number == stage:
        return GATE
    if line.gates and line.stage_number < stage:
        return "" if line.counts and line.verdict is not Verdict.WAIVED else OWED
    return CONDITION if line.stage_number == stage else ""


def _title(explained: Explained, item: str) -> dict[str, str]:
    return dict(explained.compiled.by_key[item].item.title)


def _line(row: Frozen) -> CheckLine:
    language = get_language()
    evidence = catalogue().get(row["key"])
    words = text_of(evidence.title, language) if evidence is not None else ""
    grade = str(Grade(row["grade"]).label) if row["grade"] and words else ""
    return CheckLine(
        item=row["item"],
        stage=row["stage"],
        group=row["group"],
        title=text_of(row["title"], language),
        verdict=VERDICTS[Verdict(row["verdict"])],
        grade=row["grade"],
        needed=row["needed"],
        evidence=" · ".join(part for part in (words, grade) if part),
        on=date.fromisoformat(row["on"]) if row["on"] else None,
        until=date.fromisoformat(row["until"]) if row["until"] else None,
        url=proof_url(row["proof"]) if row["proof"] else "",
        proves=row["proves"],
    )
