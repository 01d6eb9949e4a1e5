"""Who on the decision chain stands for a rival: beside them on the chain, and a part of the stakeholder strategy report."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from duobiao.competition.models import Reach
from duobiao.competition.models.choices import Depth
from duobiao.stakeholders.queries.chain import Chain
from duobiao.stakeholders.queries.leaning import Leaning
from duobiao.web import formats
from duobiao.web.papers import Part


def leanings(chain: Chain) -> Iterable[Leaning]:
    """Yield who on the chain leans to a rival in the race or fights for it; one query."""
    present = {figure.row.contact_id for figure in chain.present}
    for reach in _supporting(chain):
        if reach.contact_id in present:
            rival = reach.deal_rival.rival
            told = {"rival": rival.name, "depth": reach.get_depth_display(), "source": reach.source}
            said = _("%(rival)s: %(depth)s (%(source)s, %(day)s)") % {**told, "day": formats.date(reach.noted_on)}
            yield Leaning(reach.contact_id, rival.name, said)


def _supporting(chain: Chain) -> QuerySet[Reach]:
    rows = Reach.objects.filter(
        deal_rival__opportunity=chain.deal,
        deal_rival__left_on=None,
        depth__gte=Depth.LEANS,
        contact__isnull=False,
        noted_on__lte=chain.on,
    )
    return rows.select_related("deal_rival__rival").order_by(
        "deal_rival__rival__name", "deal_rival", "-depth", "contact__name", "pk"
    )


def supporters_part(chain: Chain) -> Iterable[Part]:
    """Return the people of the chain who lean to a rival in the race or fight for it, rival by rival; one query.

    People who are not on the chain are only counted: not every reader of the deal may know their names.
    """
    present = {figure.row.contact_id: figure.row.contact.name for figure in chain.present}
    named: dict[str, list[str]] = defaultdict(list)
    others: dict[str, int] = defaultdict(int)
    for reach in _supporting(chain):
        rival = reach.deal_rival.rival.name
        if reach.contact_id not in present:
            others[rival] += 1
            continue
        told = {"name": present[reach.contact_id], "depth": reach.get_depth_display(), "source": reach.source}
        named[rival].append(
            _("%(name)s %(depth)s (%(source)s, %(day)s)") % {**told, "day": formats.date(reach.noted_on)}
        )
    facts = []
    for rival in sorted({*named, *others}):
        lines = named[rival]
        if others[rival]:
            lines.append(_("%(n)d more outside the decision chain") % {"n": others[rival]})
        facts.append((rival, "\n".join(lines)))
    yield Part(_("Who stands for a rival"), facts=facts, empty=_("Nobody is known to lean to a rival."), key="rivals")
