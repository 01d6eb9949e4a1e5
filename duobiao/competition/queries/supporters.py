"""Who on the decision chain stands for a rival: a part of the stakeholder strategy report."""

from collections import defaultdict
from collections.abc import Iterable

from django.utils.translation import gettext as _

from duobiao.competition.models import Reach
from duobiao.competition.models.choices import Depth
from duobiao.stakeholders.queries.chain import Chain
from duobiao.web import formats
from duobiao.web.papers import Part


def supporters_part(chain: Chain) -> Iterable[Part]:
    """Return the people of the chain who lean to a rival in the race or fight for it, rival by rival; one query.

    People who are not on the chain are only counted: not every reader of the deal may know their names.
    """
    present = {figure.row.contact_id: figure.row.contact.name for figure in chain.present}
    rows = Reach.objects.filter(
        deal_rival__opportunity=chain.deal,
        deal_rival__left_on=None,
        depth__gte=Depth.LEANS,
        contact__isnull=False,
        noted_on__lte=chain.on,
    ).order_by("deal_rival__rival__name", "deal_rival", "-depth", "contact__name", "pk")
    named: dict[str, list[str]] = defaultdict(list)
    others: dict[str, int] = defaultdict(int)
    for reach in rows.select_related("deal_rival__rival"):
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
