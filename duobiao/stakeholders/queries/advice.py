"""What chains lack, as next actions of their deals: no decider, one thread, nobody speaks to a key person, faded words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from duobiao.opportunities.domain.links import deal_url
from duobiao.opportunities.models import Opportunity, SuggestionKind
from duobiao.opportunities.queries.surroundings import Advice
from duobiao.stakeholders.models import ChainFigures

PAGE: Final = "decision-chain"


@dataclass(frozen=True, slots=True)
class _Gap:
    kind: SuggestionKind
    level: str
    what: Callable[[str], str]
    why: Callable[[str], str]
    evidence: tuple[str, ...]


GAPS: Final[dict[str, _Gap]] = {
    "NO_DECIDER": _Gap(
        SuggestionKind.PROFILE,
        "RED",
        lambda _name: _("Find out who decides"),
        lambda _name: _("the decision chain has no final decider"),
        ("stakeholders.decision_maker_identified",),
    ),
    "NOBODY_SPOKEN_TO": _Gap(
        SuggestionKind.VISIT,
        "RED",
        lambda _name: _("Win a first contact"),
        lambda _name: _("nobody of the decision chain is spoken to"),
        ("engagement.visit_held",),
    ),
    "SINGLE_THREAD": _Gap(
        SuggestionKind.VISIT,
        "RED",
        lambda _name: _("Win a second contact"),
        lambda _name: _("one person alone of the decision chain is spoken to"),
        ("engagement.visit_held",),
    ),
    "UNCOVERED": _Gap(
        SuggestionKind.VISIT,
        "AMBER",
        lambda name: _("Get to speak to %(name)s") % {"name": name},
        lambda _name: _("a key person of the decision is spoken to by nobody"),
        ("stakeholders.executive_dialogue_held", "engagement.visit_held"),
    ),
    "FADED": _Gap(
        SuggestionKind.PROFILE,
        "AMBER",
        lambda name: _("Find out again where %(name)s stands") % {"name": name},
        lambda _name: _("the stance of a key person is unknown or long unheard"),
        ("stakeholders.positions_mapped",),
    ),
    "NO_COACH": _Gap(
        SuggestionKind.PROFILE,
        "AMBER",
        lambda _name: _("Find somebody inside who helps us"),
        lambda _name: _("there is neither informant, inside supporter nor coach"),
        ("stakeholders.team_mapped",),
    ),
}


def chain_advice(deals: Sequence[Opportunity]) -> Sequence[Advice]:
    """Return what the chains of some deals lack, as last measured; one query."""
    rows = ChainFigures.objects.filter(opportunity__in=[deal.pk for deal in deals]).exclude(gaps=[])
    return [
        Advice(
            deal_pk=pk,
            key=f"stakeholders.{code}",
            kind=GAPS[code].kind,
            what=GAPS[code].what(names.get(code, "")),
            why=GAPS[code].why(names.get(code, "")),
            level=GAPS[code].level,
            url=f"{deal_url(ref, PAGE)}#{code.lower()}",
            label=_("See the decision chain"),
            facts=names.get(code, code),
            evidence=GAPS[code].evidence,
        )
        for pk, ref, gaps, names in rows.values_list("opportunity_id", "opportunity__ref", "gaps", "names")
        for code in gaps
        if code in GAPS
    ]
