"""The requirement tree of a deal as its page shows it: needs at their places, gaps, suggestions of how to ask."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from duobiao.engagement.models import NeedKind
from duobiao.identity.models import User
from duobiao.kernel.refusals import NotFound
from duobiao.needs.domain.gaps import Asked, Gap, Lack, gaps_of
from duobiao.needs.domain.priorities import Answer, MustHaves, Pain, Ranked, answer, must_haves, pain_of
from duobiao.needs.domain.steps import VerifyStep, next_of
from duobiao.needs.domain.trees import Layer, Level, Node, in_order
from duobiao.needs.models import Need, NeedVoice, Voice
from duobiao.needs.queries.library import Method, methods
from duobiao.opportunities.models import Opportunity

RELATED = ("said_by", "owner_contact", "parent")
GAP_WORDS: dict[Gap, object] = {
    Gap.ASSUMED: gettext_lazy("Assumed by us: no words or figures of the customer"),
    Gap.P0_OPEN: gettext_lazy("P0 that the solution does not meet in full"),
    Gap.NO_BUSINESS: gettext_lazy("No need on the business level"),
    Gap.NO_STRATEGIC: gettext_lazy("No need on the strategic level"),
    Gap.NO_HIDDEN: gettext_lazy("No hidden need"),
    Gap.NO_LAYER: gettext_lazy("Surface needs that nobody has asked behind"),
    Gap.HIDDEN_UNSAID: gettext_lazy("Hidden needs that the customer has not said"),
    Gap.NOT_RESTATED: gettext_lazy("P0 and P1 that were not read back to the customer"),
    Gap.NO_COST: gettext_lazy("P0 and P1 without the cost of doing nothing"),
    Gap.NO_BENEFIT: gettext_lazy("Pain confirmed, benefit not measured yet"),
    Gap.NO_VOICES: gettext_lazy("P0 and P1 of which nobody knows who wants them"),
    Gap.NO_GROWTH: gettext_lazy("Nothing about the next 3 to 5 years"),
}


@dataclass(frozen=True, slots=True)
class NeedLine:
    """A need at its place.

    Attributes:
        next_step: The step of verification that comes next; None once all are done.
        wants, opposes: How many people.
    """

    need: Need
    number: str
    depth: int
    answer: Answer
    pain: Pain | None
    next_step: int | None
    wants: int
    opposes: int


@dataclass(frozen=True, slots=True)
class GapShown:
    """A gap in words, with the needs it concerns and the method that fills it."""

    gap: Gap
    words: str
    needs: tuple[Need, ...]
    method: Method | None


@dataclass(frozen=True, slots=True)
class Tree:
    """All needs of a deal."""

    lines: tuple[NeedLine, ...]
    must: MustHaves
    levels: dict[Level, int]
    layers: dict[Layer, int]
    gaps: tuple[GapShown, ...]
    assumed: int
    confirmed: int

    @property
    def painful(self) -> list[NeedLine]:
        """Rated needs, the worst pain first; equal ones by the cost of doing nothing."""
        rated = [line for line in self.lines if line.need.pain is not None]
        return sorted(rated, key=_by_pain)


def live_needs(deal: Opportunity) -> list[Need]:
    """Return the needs of a deal from top to bottom; one query."""
    rows = Need.objects.live().filter(opportunity=deal).select_related(*RELATED)
    found: dict[int, Need] = {need.pk: need for need in rows}
    for need in found.values():
        need.opportunity = deal
    return [found[line.key] for line in in_order(_node(need) for need in found.values())]


def get_need(*, ref: str, user: User) -> Need:
    """Return a need that stands on a deal the person may see.

    Raises:
        NotFound: there is none.
    """
    rows = Need.objects.visible_to(user).live().select_related(*RELATED, "opportunity__customer", "opportunity__owner")
    found: Need | None = rows.filter(ref=ref).first()
    if found is None:
        raise NotFound(_("There is no such need, or you may not see it."))
    return found


def tree_of(deal: Opportunity) -> Tree:
    """Return the tree of a deal with its gaps; two queries for any number of needs."""
    needs = live_needs(deal)
    by_key = {need.pk: need for need in needs}
    voices = Counter(
        NeedVoice.objects.filter(need__opportunity=deal, need__removed_at=None).values_list("need_id", "voice")
    )
    places = {line.key: line for line in in_order(_node(need) for need in needs)}
    lines = tuple(
        NeedLine(
            need=need,
            number=places[need.pk].number,
            depth=places[need.pk].depth,
            answer=answer(ranked(need)),
            pain=pain_of(need.pain),
            next_step=next_of(need.verified_step, VerifyStep),
            wants=voices[need.pk, Voice.WANTS],
            opposes=voices[need.pk, Voice.OPPOSES],
        )
        for need in needs
    )
    lacks = gaps_of(_asked(need, has_voices=any(key == need.pk for key, _voice in voices)) for need in needs)
    return Tree(
        lines=lines,
        must=must_haves(ranked(need) for need in needs),
        levels={level: sum(need.level == level for need in needs) for level in Level},
        layers={layer: sum(need.layer == layer for need in needs) for layer in Layer},
        gaps=tuple(_shown(lack, by_key) for lack in lacks),
        assumed=sum(need.is_assumed for need in needs),
        confirmed=sum(need.is_confirmed for need in needs),
    )


def ranked(need: Need) -> Ranked:
    """Return a need as the rules of priority see it."""
    facts = need.facts()
    return Ranked(facts.priority, facts.fit)


def method_for(gap: Gap) -> Method | None:
    """Return the method that fills a gap best: the first of the library that names it."""
    return next((method for method in methods().values() if gap in method.gaps), None)


def number_words(needs: Sequence[Need]) -> str:
    """Say how many needs there are."""
    return ngettext("%(num)d need", "%(num)d needs", len(needs)) % {"num": len(needs)}


def parents_for(needs: Iterable[Need]) -> list[tuple[str, str]]:
    """Return the needs as something may be put below them, with indents."""
    rows = list(needs)
    places = {line.key: line for line in in_order(_node(need) for need in rows)}
    return [(need.ref, f"{places[need.pk].number} {need.text}"[:100]) for need in rows]


def _by_pain(line: NeedLine) -> tuple[int, int, str]:
    yearly = line.need.inaction_yearly
    return (-(line.need.pain or 0), -(yearly.amount_minor if yearly is not None else 0), line.number)


def _shown(lack: Lack, needs: dict[int, Need]) -> GapShown:
    return GapShown(lack.gap, str(GAP_WORDS[lack.gap]), tuple(needs[key] for key in lack.needs), method_for(lack.gap))


def _asked(need: Need, *, has_voices: bool) -> Asked:
    return Asked(
        node=_node(need),
        facts=need.facts(),
        is_hidden=need.need_kind == NeedKind.HIDDEN,
        has_cost=need.inaction_minor is not None,
        has_voices=has_voices,
    )


def _node(need: Need) -> Node:
    return Node(need.pk, need.parent_id, need.position, Level(need.level), Layer(need.layer))
