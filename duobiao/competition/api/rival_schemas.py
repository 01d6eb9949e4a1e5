"""Shapes of the API of rivals and battle cards."""

from datetime import date, datetime

from ninja import Field, Schema

from duobiao.competition.actions.keep_rival import RivalFactsSaid
from duobiao.competition.actions.keep_statement import Said
from duobiao.competition.models import CardStatement, Section
from duobiao.competition.queries.at_customer import CustomerRival
from duobiao.competition.queries.cards import CardShown, Results, RivalLine, StatementShown
from duobiao.identity.api_support import StrictSchema
from duobiao.opportunities.api.schemas import Code, coded

Day = date
LARGEST = 2**31 - 1


class TakeOffIn(StrictSchema):
    """Which version is taken off."""

    version: int = Field(ge=0, le=LARGEST)


class RivalIn(StrictSchema):
    """What a rival is."""

    name: str = Field(max_length=120)
    aliases: list[str] = Field([], max_length=40, description="Other names it goes by.")
    site: str = Field("", max_length=200)
    region: str = Field("", max_length=120)
    industries: str = Field("", max_length=200)
    note: str = Field("", max_length=2000)
    is_active: bool = True
    distinct: bool = Field(False, description="It is another company than the one of a like name.")

    def said(self) -> RivalFactsSaid:
        """Return what the actions take."""
        names = ("name", "aliases", "site", "region", "industries", "note", "is_active")
        return RivalFactsSaid(**{name: getattr(self, name) for name in names})


class RivalPut(RivalIn):
    """A rival changed."""

    version: int = Field(ge=1, le=LARGEST)


class CustomerRivalOut(Schema):
    """A rival at a customer, on the deals you may see."""

    rival: str
    name: str
    racing: list[str] = Field(description="References of open deals on which it is in the race.")
    gap: float | None = Field(description="Our worst weighted gap to it on those; negative where it is ahead.")
    won: int
    lost: int

    @classmethod
    def of(cls, line: CustomerRival) -> "CustomerRivalOut":
        """Return one as the API shows it."""
        return cls(
            rival=line.rival.ref,
            name=line.rival.name,
            racing=[deal.ref for deal in line.racing],
            gap=float(line.gap) if line.gap is not None else None,
            won=line.results.won,
            lost=line.results.lost,
        )


class StatementIn(StrictSchema):
    """A statement of a battle card."""

    section: Code = Field(json_schema_extra=coded(*Section.values))
    text: str = Field(max_length=500)
    answer: str = Field("", max_length=500, description="Needed in CLAIM.")
    proof: str = Field("", max_length=300)
    source: str = Field(max_length=300)
    noted_on: Day

    def said(self) -> Said:
        """Return what the actions take."""
        names = ("section", "text", "answer", "proof", "source", "noted_on")
        return Said(**{name: getattr(self, name) for name in names})


class StatementPut(StatementIn):
    """A statement changed."""

    version: int = Field(ge=1, le=LARGEST)


class StatementOut(Schema):
    """A statement as kept."""

    ref: str
    section: str
    text: str
    answer: str
    proof: str
    source: str
    noted_on: Day
    author: str
    changed_at: datetime
    version: int
    old: bool | None = Field(None, description="It should be looked at again.")

    @classmethod
    def of(cls, row: CardStatement) -> "StatementOut":
        """Build from a row with its author loaded."""
        names = ("ref", "section", "text", "answer", "proof", "source", "noted_on", "changed_at", "version")
        return cls(**{name: getattr(row, name) for name in names}, author=row.author.ref)

    @classmethod
    def shown(cls, held: StatementShown) -> "StatementOut":
        """Build from a statement with its age."""
        found = cls.of(held.row)
        found.old = held.old
        return found


class ResultsOut(Schema):
    """Closed deals of the company on which it was in the race until the end; share with Wilson's 95% interval."""

    won: int
    lost: int
    share_percent: int | None
    low_percent: float | None
    high_percent: float | None

    @classmethod
    def of(cls, found: Results) -> "ResultsOut":
        """Build from results."""
        return cls(
            won=found.won, lost=found.lost, share_percent=found.share, low_percent=found.low, high_percent=found.high
        )


class RivalOut(Schema):
    """A rival in one line."""

    ref: str
    name: str
    aliases: list[str]
    site: str
    region: str
    industries: str
    note: str
    is_active: bool
    version: int
    open_deals: int = Field(description="Open deals you may see on which it is in the race.")
    statements: int
    card_old: bool
    results: ResultsOut

    @classmethod
    def of(cls, line: RivalLine) -> "RivalOut":
        """Build from a line."""
        names = ("ref", "name", "site", "region", "industries", "note", "is_active", "version")
        return cls(
            **{name: getattr(line.rival, name) for name in names},
            aliases=list(line.aliases),
            open_deals=line.open,
            statements=line.statements,
            card_old=line.old,
            results=ResultsOut.of(line.results),
        )


class BattleCardOut(Schema):
    """A rival's battle card."""

    rival: str
    name: str
    statements: list[StatementOut]
    results: ResultsOut
    opportunities: list[str] = Field(description="References of deals you may see on which it is or was.")

    @classmethod
    def of(cls, card: CardShown) -> "BattleCardOut":
        """Build from a card."""
        return cls(
            rival=card.rival.ref,
            name=card.rival.name,
            statements=[StatementOut.shown(held) for part in card.sections for held in part.statements],
            results=ResultsOut.of(card.results),
            opportunities=[row.opportunity.ref for row in card.deals],
        )
