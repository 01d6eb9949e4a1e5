"""What the records about the rivals of a deal prove, and what each kind of evidence still needs."""

from datetime import date

from django.utils.translation import gettext_lazy, pgettext

from duobiao.competition.domain.proving import Lack, RivalFacts, Shown
from duobiao.competition.models import Bidding, DealRival, Landscape, Reach, RivalClass
from duobiao.competition.queries.scores import rated_core
from duobiao.opportunities.events import evidence_title

LACKS = {
    Lack.NO_RIVAL: gettext_lazy("no rival is recorded"),
    Lack.NO_SOURCE: gettext_lazy("say who told it or where it stands: %(names)s"),
    Lack.NO_REACH: gettext_lazy("whom it reaches at the customer is not known: %(names)s"),
    Lack.NO_OFFER: gettext_lazy("what it offers is not known: %(names)s"),
    Lack.NOT_RATED: gettext_lazy("not both sides are scored on all five dimensions: %(names)s"),
    Lack.NO_ESTIMATE: gettext_lazy("nobody has judged whether it will bid: %(names)s"),
}


def proof_words(row: Shown) -> tuple[str, str]:
    """Return the title of a kind of evidence, and what it still needs or "" where it is shown."""
    names = pgettext("between names", ", ").join(row.names)
    return evidence_title(row.key), str(LACKS[row.lack]) % {"names": names} if row.lack is not None else ""


def rival_facts(landscape: Landscape) -> list[RivalFacts]:
    """Return what is recorded about the rivals still in the race."""
    rows = list(landscape.opportunity.rivals.filter(left_on=None).select_related("rival").order_by("pk"))
    reached: dict[int, date] = {}
    for key, day in Reach.objects.filter(deal_rival__in=rows).values_list("deal_rival_id", "noted_on"):
        reached[key] = max(day, reached.get(key, day))
    rated = rated_core(landscape, rows)
    return [_facts(row, reached.get(row.pk), rated.get(row.pk)) for row in rows]


def _facts(row: DealRival, reached_on: date | None, rated_on: date | None) -> RivalFacts:
    return RivalFacts(
        name=row.rival.name,
        direct=row.rival_class == RivalClass.DIRECT,
        noted_on=row.noted_on,
        sourced=bool(row.source),
        offers=bool(row.offers),
        rated=rated_on is not None,
        likely=None if row.bidding == Bidding.UNKNOWN else row.bidding == Bidding.LIKELY,
        reached_on=reached_on,
        rated_on=rated_on,
    )
