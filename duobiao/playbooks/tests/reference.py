"""A naive reading of b-playbook-8 §0.1b, line by line, slow and independent of the compiled engine."""

from dataclasses import dataclass
from datetime import date, timedelta

from duobiao.playbooks.domain.facts import Facts, Proof
from duobiao.playbooks.domain.model import Accept, Grade, Item, Kind, Method, Nature, Outcome, Playbook, Until


@dataclass
class Answer:
    stage_number: int
    state: str
    rate_percent: int
    buyer_stage: int
    lag: int | None
    lag_verdict: str
    settled: int
    verdicts: dict[str, str]
    conditions: dict[str, tuple[int, int]]


def state_of(entered: int, completed: int, last: int) -> str:
    if entered == 0:
        return "NOT_ENTERED"
    if completed == last:
        return "COMPLETED"
    return "TRANSIT" if completed == entered else "IN_STAGE"


def verdict_of(lag: int | None, buyer: int) -> str:
    if lag is None:
        return "UNKNOWN"
    if lag == 0:
        return "IN_SYNC"
    if lag < 0:
        return "AHEAD"
    return "GIVE_UP_PROPOSED" if lag >= 3 and buyer >= 5 else "CATCH_UP"


class Reference:
    def __init__(self, playbook: Playbook, facts: Facts, day: date) -> None:
        self.playbook, self.facts, self.day = playbook, facts, day
        self.last = len(playbook.stages)
        self.contract_stage = self.last
        for item in playbook.items:
            if item.gates and any(a.evidence == "contracts.signed_by_both" for a in item.accepts):
                self.contract_stage = item.stage
                break
        self.closing = None
        for closing in facts.closings:
            open_again = closing.reopened_on is not None and closing.reopened_on <= day
            if closing.known_on <= day and not open_again:
                self.closing = closing
        self.method = self.find_method()
        self.settled = max(
            [
                playbook.settlements[p.key]
                for p in facts.proofs
                if p.key in playbook.settlements and p.grade == 3 and self.live(p, late=False)
            ],
            default=0,
        )

    def goes_on(self, item: Item) -> bool:
        return item.stage >= self.contract_stage

    def days(self, *, late: bool) -> tuple[date, date]:
        if self.closing is None:
            return self.day, self.day
        if late and self.closing.outcome == Outcome.WON:
            return self.day, self.day
        return self.closing.closed_on, max(self.closing.closed_on, self.closing.known_on)

    def live(self, p: Proof, *, late: bool) -> bool:
        day, knowledge = self.days(late=late)
        known = p.known_on <= knowledge
        happened = p.happened_on <= day
        retracted = p.retracted_on is not None and p.retracted_on <= knowledge
        return known and happened and not retracted

    def find_method(self) -> Method:
        best = None
        for p in self.facts.proofs:
            if p.method is None or not self.live(p, late=False):
                continue
            if best is None or (p.happened_on, p.sequence, p.ref) > (best.happened_on, best.sequence, best.ref):
                best = p
        return best.method if best else Method.UNKNOWN

    def fresh(self, p: Proof, a: Accept, *, late: bool) -> bool:
        day, _ = self.days(late=late)
        if a.nature == Nature.EVENT:
            return True
        if a.valid_days is not None:
            return day <= p.happened_on + timedelta(days=a.valid_days)
        if a.until == Until.PROOF:
            return p.valid_until is None or day <= p.valid_until
        if a.until == Until.YEAR_END:
            return day <= (p.valid_until or date(p.happened_on.year, 12, 31))
        return True

    def applicable(self, item: Item) -> bool:
        return self.excludes(item) is False

    def excludes(self, item: Item) -> bool:
        if self.method == Method.UNKNOWN:
            return False
        if item.methods is not None and self.method not in item.methods:
            return True
        return all(a.methods is not None and self.method not in a.methods for a in item.accepts)

    def usable(self, item: Item) -> list[Accept]:
        if self.method == Method.UNKNOWN:
            depends = item.methods is not None or any(a.methods is not None for a in item.accepts)
            return [] if depends else list(item.accepts)
        if self.excludes(item):
            return []
        return [a for a in item.accepts if a.methods is None or self.method in a.methods]

    def proved(self, item: Item) -> bool:
        return any(
            p.key == a.evidence
            and self.live(p, late=self.goes_on(item))
            and p.grade >= a.min_grade
            and self.fresh(p, a, late=self.goes_on(item))
            for a in self.usable(item)
            for p in self.facts.proofs
        )

    def proved_but_for_freshness(self, item: Item) -> bool:
        return any(
            p.key == a.evidence and self.live(p, late=self.goes_on(item)) and p.grade >= a.min_grade
            for a in self.usable(item)
            for p in self.facts.proofs
        )

    def waived(self, item: Item) -> bool:
        day, knowledge = self.days(late=self.goes_on(item))
        for w in self.facts.waivers:
            ended = w.ended_on is not None and w.ended_on <= knowledge
            if w.item == item.key and w.from_on <= knowledge and day <= w.expires_on and not ended:
                return True
        return False

    def firm(self, n: int) -> bool:
        gating = [i for i in self.playbook.items if i.stage == n and i.gates and self.applicable(i)]
        return all(self.proved(i) or self.waived(i) for i in gating)

    def frozen(self, n: int) -> bool:
        return any(self.firm(k) for k in range(n + 1, self.last + 1))

    def verdict(self, item: Item) -> str:
        if self.excludes(item):
            return "NOT_APPLICABLE"
        if self.proved(item) or (self.proved_but_for_freshness(item) and self.frozen(item.stage)):
            return "MET"
        if item.stage <= self.settled:
            return "SETTLED"
        if self.waived(item):
            return "WAIVED"
        if self.proved_but_for_freshness(item):
            return "EXPIRED"
        if any(
            p.key == a.evidence and self.live(p, late=self.goes_on(item))
            for a in self.usable(item)
            for p in self.facts.proofs
        ):
            return "WEAK"
        return "MISSING"

    def void(self, stage: int, mark: Proof) -> bool:
        for reset in self.playbook.resets:
            for q in self.facts.proofs:
                counts = q.key == reset.evidence and q.grade >= 2 and self.live(q, late=False)
                if counts and stage > reset.to and mark.happened_on <= q.happened_on:
                    return True
        return False

    def buyer(self) -> int:
        highest = 0
        for stage in self.playbook.buyer_stages:
            for mark in stage.marks:
                for p in self.facts.proofs:
                    counts = p.key == mark.evidence and p.grade >= 2 and self.live(p, late=stage.number == 8)
                    if counts and not self.void(stage.number, p):
                        highest = max(highest, stage.number)
        return highest

    def distance(self, buyer: int, completed: int) -> int:
        first, last = self.playbook.stages[min(self.last, completed + 1) - 1].covers
        if buyer < first:
            return buyer - first
        return buyer - last if buyer > last else 0

    def progress(self, counting: set[str]) -> tuple[int, int]:
        items = self.playbook.items
        entered = completed = 0
        for n in range(1, self.last + 1):
            if completed != n - 1:
                break
            if not all(i.key in counting for i in items if i.stage == n and i.kind == Kind.M):
                break
            entered = n
            if all(i.key in counting for i in items if i.stage == n and i.gates):
                completed = n
        return entered, completed

    def answer(self) -> Answer:
        items = self.playbook.items
        verdicts = {i.key: self.verdict(i) for i in items}
        position = {k for k, v in verdicts.items() if v in ("MET", "SETTLED", "WAIVED", "NOT_APPLICABLE")}
        for_rate = {k for k, v in verdicts.items() if v in ("MET", "SETTLED", "NOT_APPLICABLE")}

        entered, completed = self.progress(position)
        _, rated = self.progress(for_rate)
        state = state_of(entered, completed, self.last)
        buyer = self.buyer()
        lag = None if buyer == 0 else self.distance(buyer, completed)
        verdict = verdict_of(lag, buyer)
        focus = entered if state == "IN_STAGE" else min(self.last, entered + 1)
        conditions = {}
        for kind, name in ((Kind.P, "process"), (Kind.R, "relationship"), (Kind.INFORMATION, "information")):
            rows = [verdicts[i.key] for i in items if i.stage == focus and i.kind == kind]
            required = [v for v in rows if v != "NOT_APPLICABLE"]
            conditions[name] = (sum(v in ("MET", "SETTLED") for v in required), len(required))
        return Answer(
            entered, state, self.playbook.rates[rated], buyer, lag, verdict, self.settled, verdicts, conditions
        )


assert Grade.BUYER_CONFIRMED == 3


def waived_under(key: str, source: Playbook, target: Playbook) -> str | None:
    """Read the rule by which a waiver follows its item to another playbook, line by line."""
    own = next(item for item in source.items if item.key == key)
    found: Item | None = own
    if (source.key, source.version) != (target.key, target.version):
        found = follow(own, source, target)
    if found is None or any(a.evidence == "contracts.signed_by_both" for a in found.accepts):
        return None
    return found.key


def follow(own: Item, source: Playbook, target: Playbook) -> Item | None:
    evidence = {a.evidence for a in own.accepts}
    best: tuple[bool, bool, int, str] | None = None
    found = named = None
    for other in target.items:
        theirs = {a.evidence for a in other.accepts}
        if other.gates != own.gates:
            continue
        rank = (other.key != own.key, other.kind != own.kind, other.stage, other.key)
        if theirs == evidence and (best is None or rank < best):
            best, found = rank, other
        if other.key == own.key and theirs & evidence and source.key == target.key:
            named = other
    return found or named
