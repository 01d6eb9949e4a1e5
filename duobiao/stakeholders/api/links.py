"""Lines between people: who reports to whom, who influences whom."""

from datetime import date

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema, Status

from duobiao.identity.api_support import StrictSchema, found_or_404
from duobiao.identity.http import actor_of
from duobiao.opportunities.api.common import deal_of
from duobiao.opportunities.models import Opportunity
from duobiao.stakeholders.actions.link_people import Line, end_link, link_people
from duobiao.stakeholders.api.common import Named, asked_day, person_named
from duobiao.stakeholders.models import InfluenceLink, LinkKind, Tie
from duobiao.stakeholders.queries.links import links_of

router = Router()


class InfluenceLinkIn(StrictSchema):
    """A line from one person to another."""

    from_: Named = Field(alias="from", description="FORMAL: who reports. INFORMAL: who influences.")
    to: Named = Field(description="FORMAL: the superior. INFORMAL: who is influenced.")
    kind: LinkKind
    strength: float = Field(1.0, ge=0.5, le=2, description="Of an informal line; a formal one counts 1.")
    tie: Tie | None = Field(None, description="What an informal line rests on; OTHER without it.")
    label: str = Field("", max_length=40)
    since: date | None = Field(None, description="Day from which it is known; today without it.")


class InfluenceLinkOut(Schema):
    """A line as kept."""

    ref: str
    from_: str = Field(serialization_alias="from")
    to: str
    from_name: str
    to_name: str
    kind: str
    tie: str
    strength: float
    label: str
    since: date
    until: date | None


def link_out(link: InfluenceLink) -> InfluenceLinkOut:
    """Return a line as the API shows it."""
    return InfluenceLinkOut(
        ref=link.ref,
        from_=link.source.ref,
        to=link.target.ref,
        from_name=link.source.contact.name,
        to_name=link.target.contact.name,
        kind=link.link_kind,
        tie=link.tie,
        strength=link.strength_tenths / 10,
        label=link.label,
        since=link.since,
        until=link.until,
    )


@router.get(
    "/opportunities/{ref}/links",
    response=list[InfluenceLinkOut],
    by_alias=True,
    operation_id="list_links",
    summary="Read the lines of influence",
)
def get_links(request: HttpRequest, ref: str, on: date | None = None) -> list[InfluenceLinkOut]:
    """Read the lines that held on a day."""
    return [link_out(link) for link in links_of(deal_of(request, ref), on=asked_day(on))]


@router.post(
    "/opportunities/{ref}/links",
    response={201: InfluenceLinkOut},
    by_alias=True,
    operation_id="link_people",
    summary="Draw a line between two people",
)
def post_link(request: HttpRequest, ref: str, payload: InfluenceLinkIn) -> Status[InfluenceLinkOut]:
    """Draw a line; a circle of reporting lines and a line to oneself are refused.

    Two people may be joined by several informal lines that rest on different ties.
    """
    deal: Opportunity = deal_of(request, ref)
    line = Line(
        source=person_named(deal, payload.from_, field="from"),
        target=person_named(deal, payload.to, field="to"),
        kind=payload.kind,
        tie=payload.tie or "",
        strength=payload.strength,
        label=payload.label,
        since=payload.since,
    )
    link = link_people(opportunity=deal, line=line, actor=actor_of(request), now=timezone.now())
    return Status(201, link_out(link))


@router.delete(
    "/influence-links/{ref}", response={204: None}, operation_id="end_link", summary="End a line of influence"
)
def delete_link(request: HttpRequest, ref: str) -> Status[None]:
    """End a line; pictures of earlier days still show it."""
    seen = Opportunity.objects.visible_to(actor_of(request))
    rows = InfluenceLink.objects.filter(ref=ref, opportunity__in=seen)
    link = found_or_404(rows.select_related("opportunity__owner").first())
    end_link(link=link, actor=actor_of(request), now=timezone.now())
    return Status(204, None)
