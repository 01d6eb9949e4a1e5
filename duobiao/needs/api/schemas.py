"""Shapes of the API of needs."""

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Field, Schema

from duobiao.identity.api_support import MoneyIn, MoneyOut, StrictSchema
from duobiao.kernel.refs import Ref
from duobiao.needs.models import Need, NeedChange, NeedVoice, PriorityChange, Verification
from duobiao.needs.queries.records import NeedShown
from duobiao.needs.queries.trees import GapShown, NeedLine, Tree

Day = date
Code = Annotated[str, Field(max_length=16)]
RefText = Annotated[str, Field(max_length=60)]
Short = Annotated[str, Field(max_length=300)]
Long = Annotated[str, Field(max_length=2000)]
Version = Annotated[int, Field(ge=1, le=2**31 - 1)]
Rating = Annotated[int, Field(ge=1, le=5)]


class NeedSource(StrictSchema):
    """The record a need was taken from."""

    kind: str = Field(max_length=40, description="call, visit or any other kind of record")
    ref: RefText

    def to_ref(self) -> Ref:
        """Return it as the domain's type."""
        return Ref(self.kind, self.ref)


class NeedFields(StrictSchema):
    """What can be said of a need."""

    text: Short | None = None
    level: Code | None = Field(None, description="SURFACE, BUSINESS, STRATEGIC, HIDDEN")
    layer: Code | None = Field(None, description="SURFACE, DEEP, HIDDEN")
    need_kind: Code | None = Field(None, description="EXPLICIT, HIDDEN")
    words: Long | None = Field(None, description="the customer's words or figures; without them the need is assumed")
    said_by: RefText | None = None
    said_on: Day | None = None
    channel: Code | None = None
    owner_contact: RefText | None = None
    impact: Long | None = None
    wanted_by: str | None = Field(None, max_length=120)
    forecast: Long | None = None
    forecast_years: int | None = Field(None, ge=3, le=5)
    severity: Rating | None = None
    urgency: Rating | None = None
    inaction: MoneyIn | None = Field(None, description="what doing nothing costs")
    inaction_per: Code | None = Field(None, description="MONTH, QUARTER, YEAR, ONCE")


class NeedIn(NeedFields):
    """A new need."""

    text: Annotated[str, Field(min_length=1, max_length=300)]
    level: Code
    layer: Code
    parent: RefText | None = None
    source: NeedSource | None = None


class NeedPatch(NeedFields):
    """Fields to change; what is left out stays."""

    version: Version


class TakeOverIn(StrictSchema):
    """The call or visit whose problem becomes a need."""

    source: NeedSource


class NeedMoveIn(StrictSchema):
    """Where a need is to stand."""

    version: Version
    parent: RefText | None = Field(None, description="left out: at the root")
    before: RefText | None = Field(None, description="the sibling it is to stand before; left out: last")


class RankIn(StrictSchema):
    """A priority."""

    version: Version
    priority: Code = Field(description="P0, P1, P2, P3")
    reason: Short = ""


class VerifyIn(StrictSchema):
    """A step of verification."""

    version: Version
    step: int = Field(ge=1, le=4, description="1 restated, 2 pain, 3 benefit, 4 consensus")
    note: Annotated[str, Field(min_length=1, max_length=2000)]
    kpi: Short = ""
    contact: RefText | None = None
    channel: Code = ""
    done_on: Day | None = None


class VoiceIn(StrictSchema):
    """How a person stands to a need."""

    contact: RefText
    voice: Code = Field(description="WANTS, NEUTRAL, OPPOSES; empty takes it away")
    note: Short = ""


class NeedAnswerIn(StrictSchema):
    """How the solution answers a need."""

    version: Version
    fit: Code = Field(description="UNKNOWN, FULL, SUBSTITUTE, UPGRADE, PARTIAL, NOT_MET")
    note: Long = ""
    modules: dict[RefText, Code] | None = Field(
        None, max_length=60, description="FULL, PARTIAL or CUSTOM by reference of the module; left out: as they are"
    )


class NeedRemoveIn(StrictSchema):
    """Why a need is none any more."""

    version: Version
    reason: Annotated[str, Field(min_length=1, max_length=300)]


class ChangeIn(StrictSchema):
    """A change of a confirmed need."""

    text: Annotated[str, Field(min_length=1, max_length=300)]
    reason: Annotated[str, Field(min_length=1, max_length=2000)]
    impact: Annotated[str, Field(min_length=1, max_length=2000)]
    asked_by: RefText | None = None
    cost: MoneyIn | None = None
    days: int | None = Field(None, ge=-3650, le=3650)


class ChangeDecisionIn(StrictSchema):
    """How a change is decided."""

    version: Version
    accepted: bool
    reason: Annotated[str, Field(min_length=1, max_length=300)]


class NeedOut(Schema):
    """A need."""

    ref: str
    number: str = ""
    parent: str | None
    text: str
    level: str
    layer: str
    need_kind: str
    assumed: bool = Field(description="Without words or figures of the customer.")
    words: str
    said_by: str | None
    said_on: Day | None
    channel: str
    source: dict[str, str] | None
    owner_contact: str | None
    impact: str
    wanted_by: str
    forecast: str
    forecast_years: int | None
    severity: int | None
    urgency: int | None
    pain: int | None = Field(description="severity × urgency")
    inaction: MoneyOut | None
    inaction_per: str
    priority: str
    fit: str
    fit_note: str
    answer: str = Field(
        "", description="MET, OPEN, BROKEN, OPTIONAL, VALUE_ADD or UNRANKED by the rule of its priority."
    )
    round: int
    verified_step: int
    version: int

    @classmethod
    def of(cls, need: Need, **more: Any) -> "NeedOut":
        """Build from a need with its people and parent loaded."""
        plain = (
            "ref", "text", "level", "layer", "need_kind", "words", "said_on", "channel", "impact", "wanted_by", "forecast",
            "forecast_years", "severity", "urgency", "pain", "inaction_per", "priority", "fit", "fit_note", "round",
            "verified_step", "version",
        )  # fmt: skip
        return cls(
            **{name: getattr(need, name) for name in plain},
            parent=need.parent.ref if need.parent is not None else None,
            assumed=need.is_assumed,
            said_by=need.said_by.ref if need.said_by is not None else None,
            owner_contact=need.owner_contact.ref if need.owner_contact is not None else None,
            source={"kind": need.source_kind, "ref": need.source_ref} if need.source_kind else None,
            inaction=MoneyOut.of(need.inaction),
            **more,
        )

    @classmethod
    def at(cls, line: NeedLine) -> "NeedOut":
        """Build from a need at its place."""
        return cls.of(line.need, number=line.number, answer=line.answer)


class MustHavesOut(Schema):
    """How far P0 and P1 are met."""

    total: int
    met: int
    p0: int
    unranked: int
    covered: bool


class NeedGapOut(Schema):
    """Something that nobody has asked yet."""

    gap: str
    words: str
    needs: list[str]
    method: str | None = Field(description="Method of asking that fills it, see GET /asking-methods.")

    @classmethod
    def of(cls, shown: GapShown) -> "NeedGapOut":
        """Build from a gap."""
        method = shown.method.key if shown.method is not None else None
        return cls(gap=shown.gap, words=shown.words, needs=[need.ref for need in shown.needs], method=method)


class NeedTreeOut(Schema):
    """The requirement tree of a deal, from top to bottom."""

    needs: list[NeedOut]
    must_haves: MustHavesOut
    levels: dict[str, int]
    layers: dict[str, int]
    gaps: list[NeedGapOut]
    assumed: int
    confirmed: int

    @classmethod
    def of(cls, tree: Tree) -> "NeedTreeOut":
        """Build from a tree."""
        must = tree.must
        return cls(
            needs=[NeedOut.at(line) for line in tree.lines],
            must_haves=MustHavesOut(
                total=must.total, met=must.met, p0=must.p0, unranked=must.unranked, covered=must.covered
            ),
            levels={str(level): count for level, count in tree.levels.items()},
            layers={str(layer): count for layer, count in tree.layers.items()},
            gaps=[NeedGapOut.of(shown) for shown in tree.gaps],
            assumed=tree.assumed,
            confirmed=tree.confirmed,
        )


class NeedStepOut(Schema):
    """A step of verification done."""

    round: int
    step: int
    note: str
    kpi: str
    contact: str | None
    channel: str
    confirmation: str
    done_on: Day

    @classmethod
    def of(cls, row: Verification) -> "NeedStepOut":
        """Build from a step with its contact loaded."""
        return cls(
            round=row.round,
            step=row.step,
            note=row.note,
            kpi=row.kpi,
            contact=row.contact.ref if row.contact is not None else None,
            channel=row.channel,
            confirmation=row.confirmation_ref,
            done_on=row.done_on,
        )


class RankingOut(Schema):
    """A need was ranked."""

    before: str
    after: str
    reason: str
    at: datetime
    by: str

    @classmethod
    def of(cls, row: PriorityChange) -> "RankingOut":
        """Build from a ranking with its author loaded."""
        return cls(before=row.before, after=row.after, reason=row.reason, at=row.at, by=row.by.ref)


class VoiceOut(Schema):
    """How a person stands to a need."""

    contact: str
    contact_name: str
    voice: str
    note: str
    noted_on: Day

    @classmethod
    def of(cls, row: NeedVoice) -> "VoiceOut":
        """Build from a stance with its contact loaded."""
        return cls(
            contact=row.contact.ref,
            contact_name=row.contact.name,
            voice=row.voice,
            note=row.note,
            noted_on=row.noted_on,
        )


class NeedChangeOut(Schema):
    """A change of a confirmed need."""

    ref: str
    need: str
    text: str
    reason: str
    impact: str
    asked_by: str | None
    cost: MoneyOut | None
    days: int | None
    state: str
    raised_at: datetime
    raised_by: str
    decided_at: datetime | None
    decided_by: str | None
    decision: str
    version: int

    @classmethod
    def of(cls, row: NeedChange) -> "NeedChangeOut":
        """Build from a change with its people and need loaded."""
        return cls(
            ref=row.ref,
            need=row.need.ref,
            text=row.text,
            reason=row.reason,
            impact=row.impact,
            asked_by=row.asked_by.ref if row.asked_by is not None else None,
            cost=MoneyOut.of(row.cost),
            days=row.days,
            state=row.state,
            raised_at=row.raised_at,
            raised_by=row.raised_by.ref,
            decided_at=row.decided_at,
            decided_by=row.decided_by.ref if row.decided_by is not None else None,
            decision=row.decision,
            version=row.version,
        )


class NeedDetailOut(NeedOut):
    """A need with its history."""

    steps: list[NeedStepOut]
    earlier_steps: list[NeedStepOut]
    rankings: list[RankingOut]
    voices: list[VoiceOut]
    modules: dict[str, str]
    changes: list[NeedChangeOut]

    @classmethod
    def shown(cls, shown: NeedShown) -> "NeedDetailOut":
        """Build from a need with what hangs on it."""
        return cls(
            **NeedOut.of(shown.need).dict(),
            steps=[NeedStepOut.of(row) for row in shown.steps],
            earlier_steps=[NeedStepOut.of(row) for row in shown.earlier],
            rankings=[RankingOut.of(row) for row in shown.rankings],
            voices=[VoiceOut.of(row) for row in shown.voices],
            modules={row.module.ref: row.fit for row in shown.modules},
            changes=[NeedChangeOut.of(row) for row in shown.changes],
        )
