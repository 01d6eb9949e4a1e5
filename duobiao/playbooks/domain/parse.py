"""Read a playbook or the evidence catalogue from a parsed document, strictly, and say all that is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import Any

from duobiao.playbooks.domain.checks import check
from duobiao.playbooks.domain.model import (
    BUYER_STAGES,
    Accept,
    BuyerStage,
    ControlPoint,
    Evidence,
    Focus,
    Gate,
    Grade,
    Item,
    Kind,
    Mark,
    Method,
    Nature,
    Note,
    Outcome,
    Playbook,
    Process,
    Reset,
    Stage,
    Until,
)
from duobiao.playbooks.domain.parse_people import half_lives_in, relations_in
from duobiao.playbooks.domain.people import Standard
from duobiao.playbooks.domain.problems import MOST_PROBLEMS, Code, PlaybookError, Problem, Problems
from duobiao.playbooks.domain.reading import Entry, Fields
from duobiao.playbooks.domain.shape import (
    BUYER_STAGE,
    CONTROL_POINT,
    CONTROL_POINT_MORE,
    FOCUS,
    ITEM,
    MARK,
    MARK_MORE,
    MOST_WEIGHT,
    NOTE,
    PROOF,
    PROOF_MORE,
    PROPOSAL,
    RESET,
    RESET_MORE,
    STAGE,
    STAGE_MORE,
    TOP,
    TOP_MORE,
    TRACK,
)
from duobiao.playbooks.domain.vocabulary import Approver, Origin, ProcessGates, Supplier

GROUPS = {
    "milestone": Kind.M,
    "success": Kind.S,
    "process": Kind.P,
    "relationship": Kind.R,
    "information": Kind.INFORMATION,
}
LONGEST_VALIDITY = 3660
LAST_VERSION = 1_000_000

Raw = Mapping[str, Any]
Catalogue = dict[str, Evidence]


@dataclass(slots=True)
class _Track:
    """The buyer's side: stages, what throws the buyer back, what marks propose."""

    stages: tuple[BuyerStage, ...] = ()
    resets: tuple[Reset, ...] = ()
    proposals: dict[str, Outcome] = field(default_factory=dict)


def parse_catalogue(document: Raw) -> Catalogue:
    """Read the evidence catalogue.

    Raises:
        PlaybookError: a key occurs twice.
    """
    catalogue: Catalogue = {}
    for place, row in enumerate(document["evidence"]):
        key = row["key"]
        if key in catalogue:
            raise PlaybookError([Problem(("evidence", place), Code.TWICE, {"key": key})])
        catalogue[key] = Evidence(
            key=key,
            title=row["title"],
            hint=row["hint"],
            nature=Nature(row["nature"]),
            ceiling=Grade[row["ceiling"]],
            supplied_by=Supplier(row["supplied_by"]),
            origin=row["origin"],
            short=row.get("short"),
        )
    return catalogue


def parse_playbook(
    document: object, catalogue: Catalogue, shipped: Mapping[str, Raw], standard: Standard | None = None
) -> Playbook:
    """Read a playbook by which every deal can be judged.

    Args:
        shipped: Shipped documents by ``key/version``, whose buyer's track a playbook may take over.
        standard: What it goes by where it says nothing of the people.

    Raises:
        PlaybookError: something is wrong; see ``read_playbook``.
    """
    playbook, problems = read_playbook(document, catalogue, shipped, standard)
    if problems:
        raise PlaybookError(problems)
    return playbook


def read_playbook(
    document: object,
    catalogue: Catalogue,
    shipped: Mapping[str, Raw],
    standard: Standard | None = None,
    *,
    most: int = MOST_PROBLEMS,
) -> tuple[Playbook, list[Problem]]:
    """Read a playbook and return it with what is wrong; deals may be judged by it only where nothing is.

    Args:
        most: Problems beyond so many are not collected.
    """
    problems = Problems(most)
    playbook = _Reader(catalogue, shipped, problems, standard).playbook(Entry(document, (), problems))
    return playbook, problems.found


class _Reader:
    """Builds a playbook from a document; holds what the parts share."""

    def __init__(
        self, catalogue: Catalogue, shipped: Mapping[str, Raw], problems: Problems, standard: Standard | None
    ) -> None:
        self.catalogue, self.shipped, self.problems, self.standard = catalogue, shipped, problems, standard
        self.own_relations = False
        self.gates = ProcessGates.NONE
        self.buyer_numbers: dict[str, int] = {}

    def playbook(self, entry: Entry) -> Playbook:
        fields = Fields(entry, required=TOP, optional=TOP_MORE)
        self.gates = fields.choice("process_gates", ProcessGates)
        track = self._track(fields)
        self.buyer_numbers = {stage.key: stage.number for stage in track.stages}
        for row in fields.rows("rates_origin"):
            row.choice(Origin)
        stages = tuple(self._stage(row, number) for number, row in enumerate(fields.rows("stages"), start=1))
        process = fields.choice("process", Process)
        if self.standard is not None and not self.own_relations:
            asked = self.standard.relations_of(process, [stage.covers for stage in stages])
            stages = tuple(replace(stage, relations=rows) for stage, rows in zip(stages, asked, strict=True))
        playbook = Playbook(
            key=fields.name("playbook"),
            version=fields.whole("version", 1, LAST_VERSION),
            title=fields.text("title"),
            process_gates=self.gates,
            rates=tuple(row.whole(0, 100) for row in fields.rows("rates")),
            stages=stages,
            buyer_stages=track.stages,
            resets=track.resets,
            settlements={
                self._evidence(Entry(key, stage.path, self.problems)): stage.whole(1, max(1, len(stages)))
                for key, stage in fields.pairs("settlements")
            },
            proposals=track.proposals,
            process=process,
            summary=fields.text("summary") if "summary" in fields else None,
            kpis=self._notes(fields, "kpis"),
            half_lives=half_lives_in(fields, self.standard),
            own_relations=self.own_relations,
        )
        check(playbook, self.problems)
        return playbook

    def _track(self, fields: Fields) -> _Track:
        """Return the buyer's track: the document's own, or that of a shipped version."""
        own = [name for name in (*TRACK, "proposals") if name in fields]
        if "buyer" not in fields:
            for name in TRACK:
                if name not in fields:
                    fields.entry.wrong(Code.MISSING_KEY, key=name)
            return self._own_track(fields)
        for name in own:
            fields[name].wrong(Code.ONE_BUYER_TRACK, key=name)
        source = self.shipped.get(fields["buyer"].string())
        if source is None or "buyer_stages" not in source:
            refs = tuple(sorted(ref for ref, document in self.shipped.items() if "buyer_stages" in document))
            fields["buyer"].wrong(Code.UNKNOWN_BUYER, allowed=refs)
            return _Track()
        parts = {name: source[name] for name in (*TRACK, "proposals") if name in source}
        entry = Entry(parts, fields["buyer"].path, self.problems)
        return self._own_track(Fields(entry, required=TRACK, optional=("proposals",)))

    def _own_track(self, fields: Fields) -> _Track:
        return _Track(
            stages=tuple(
                self._buyer_stage(row, number) for number, row in enumerate(fields.rows("buyer_stages"), start=1)
            ),
            resets=tuple(self._reset(row) for row in fields.rows("resets")),
            proposals=dict(self._proposal(row) for row in fields.rows("proposals")),
        )

    def _stage(self, entry: Entry, number: int) -> Stage:
        fields = Fields(entry, required=STAGE, optional=STAGE_MORE)
        self.own_relations = self.own_relations or "relations" in fields
        return Stage(
            number=number,
            key=fields.name("key"),
            title=fields.text("title"),
            short=fields.text("short"),
            purpose=fields.text("purpose"),
            covers=self._covers(fields),
            origin=str(fields.choice("origin", Origin)),
            items=tuple(self._item(row, number, kind) for group, kind in GROUPS.items() for row in fields.rows(group)),
            appraisal=self._notes(fields, "appraisal"),
            tools=self._notes(fields, "tools"),
            work=self._notes(fields, "work"),
            focus=self._focus(fields["focus"]) if "focus" in fields else None,
            control_points=tuple(self._control_point(row) for row in fields.rows("control_points")),
            relations=relations_in(fields),
        )

    def _covers(self, fields: Fields) -> tuple[int, int]:
        """Return the first and the last buyer stage that a stage goes with; (0, 0) where that is not said."""
        if ("buyer_stage" in fields) == ("buyer_stages" in fields):
            fields.entry.wrong(Code.ONE_COVER)
            return (0, 0)
        if "buyer_stage" in fields:
            number = self._buyer_number(fields["buyer_stage"])
            return (number, number)
        ends = fields.rows("buyer_stages")
        if len(ends) != 2:
            fields["buyer_stages"].wrong(Code.COVER_ENDS)
            return (0, 0)
        return (self._buyer_number(ends[0]), self._buyer_number(ends[1]))

    def _buyer_number(self, entry: Entry) -> int:
        key = entry.string()
        if key not in self.buyer_numbers:
            if self.buyer_numbers:
                entry.wrong(Code.UNKNOWN_BUYER_STAGE, key=key, allowed=tuple(self.buyer_numbers))
            return 0
        return self.buyer_numbers[key]

    def _focus(self, entry: Entry) -> Focus:
        fields = Fields(entry, required=FOCUS)
        return Focus(fields.text("role"), fields.text("attention"), str(fields.choice("origin", Origin)))

    def _control_point(self, entry: Entry) -> ControlPoint:
        fields = Fields(entry, required=CONTROL_POINT, optional=CONTROL_POINT_MORE)
        return ControlPoint(
            key=fields.name("key"),
            title=fields.text("title"),
            kind=fields.choice("kind", Gate),
            origin=str(fields.choice("origin", Origin)),
            item=fields.name("item"),
            fixed=fields.flag("fixed") if "fixed" in fields else True,
            approver=fields.choice("approver", Approver),
        )

    def _notes(self, fields: Fields, name: str) -> tuple[Note, ...]:
        notes = []
        for row in fields.rows(name):
            held = Fields(row, required=NOTE, optional=("weight",) if name == "appraisal" else ())
            origin, weight = str(held.choice("origin", Origin)), held.whole("weight", 1, MOST_WEIGHT)
            notes.append(Note(held.name("key"), held.text("title"), origin, weight))
        return tuple(notes)

    def _item(self, entry: Entry, stage: int, kind: Kind) -> Item:
        several = isinstance(entry.value, dict) and "accepts" in entry.value
        proof = ("accepts",) if several else PROOF
        more = ("methods",) if several else PROOF_MORE
        more = (*more, "gates") if kind is Kind.P else more
        fields = Fields(entry, required=(*ITEM, *proof), optional=more)
        rows = [Fields(row, required=PROOF, optional=PROOF_MORE) for row in fields.rows("accepts")]
        found = [self._accept(row, own=True) for row in rows] if several else [self._accept(fields, own=False)]
        if "accepts" in fields and not found:
            fields["accepts"].wrong(Code.EMPTY)
        accepts = tuple(accept for accept in found if accept is not None)
        if len({accept.methods is None for accept in accepts}) > 1:
            entry.wrong(Code.MIXED_METHODS)
        return Item(
            key=fields.name("item"),
            stage=stage,
            kind=kind,
            gates=kind in (Kind.M, Kind.S) or (kind is Kind.P and self._gates(fields)),
            accepts=accepts,
            title=fields.text("title"),
            origin=str(fields.choice("origin", Origin)),
            methods=self._methods(fields),
        )

    def _gates(self, fields: Fields) -> bool:
        marked = fields.flag("gates")
        return marked if self.gates is ProcessGates.MARKED else self.gates is ProcessGates.ALL

    def _accept(self, fields: Fields, *, own: bool) -> Accept | None:
        """Return one way to prove an item, None where its evidence is unknown.

        Args:
            own: It stands under ``accepts`` and may name purchase methods of its own.
        """
        evidence = self.catalogue.get(self._evidence(fields["evidence"])) if "evidence" in fields else None
        grade = fields.choice("min_grade", Grade)
        days = fields.whole("valid_days", 1, LONGEST_VALIDITY) if "valid_days" in fields else None
        until = fields.choice("valid_until", Until) if "valid_until" in fields else None
        methods = self._methods(fields) if own else None
        if evidence is None:
            return None
        if days is not None and until is not None:
            fields["valid_until"].wrong(Code.TWO_ENDS)
        if evidence.nature is Nature.EVENT and (days is not None or until is not None):
            name = "valid_days" if days is not None else "valid_until"
            fields[name].wrong(Code.EVENT_EXPIRES, evidence=evidence.key, field=name)
        if grade > evidence.ceiling:
            fields["min_grade"].wrong(Code.GRADE_TOO_HIGH, evidence=evidence.key, ceiling=evidence.ceiling.name)
        return Accept(evidence.key, grade, evidence.nature, days, until, methods)

    def _methods(self, fields: Fields) -> frozenset[Method] | None:
        if "methods" not in fields:
            return None
        rows = fields.rows("methods")
        if not rows:
            fields["methods"].wrong(Code.EMPTY)
        return frozenset(row.choice(Method) for row in rows)

    def _evidence(self, entry: Entry) -> str:
        key = entry.string()
        if key and key not in self.catalogue:
            entry.wrong(
                Code.UNKNOWN_EVIDENCE, key=key[:80], near=tuple(get_close_matches(key[:80], self.catalogue, n=1))
            )
        return key

    def _buyer_stage(self, entry: Entry, number: int) -> BuyerStage:
        fields = Fields(entry, required=BUYER_STAGE)
        marks = []
        for row in fields.rows("marks"):
            held = Fields(row, required=MARK, optional=MARK_MORE)
            key = self._evidence(held["evidence"]) if "evidence" in held else ""
            marks.append(Mark(key, number, self._methods(held)))
        return BuyerStage(
            number=number,
            key=fields.name("key"),
            title=fields.text("title"),
            short=fields.text("short"),
            owner=fields.text("owner"),
            origin=str(fields.choice("origin", Origin)),
            marks=tuple(marks),
        )

    def _reset(self, entry: Entry) -> Reset:
        fields = Fields(entry, required=RESET, optional=RESET_MORE)
        key = self._evidence(fields["evidence"]) if "evidence" in fields else ""
        return Reset(key, fields.whole("to", 0, BUYER_STAGES), fields.flag("closes"))

    def _proposal(self, entry: Entry) -> tuple[str, Outcome]:
        fields = Fields(entry, required=PROPOSAL)
        key = self._evidence(fields["evidence"]) if "evidence" in fields else ""
        return key, fields.choice("proposes", Outcome)
