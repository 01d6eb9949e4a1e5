"""The guided rebuild of a decision chain: frame, portraits, ways of influence; each step says what it still lacks."""

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from duobiao.stakeholders.domain.judging import Topic
from duobiao.stakeholders.models import ChainRole, LinkKind
from duobiao.stakeholders.queries.chain import Chain
from duobiao.stakeholders.queries.plan import actions_of

FEWEST: Final = 3
"""How many people a decision is made by at least."""


@dataclass(frozen=True, slots=True)
class RebuildStep:
    """One step.

    Attributes:
        lacking: Names of those, or words for what, the step still lacks.
        action: Key of the button that takes on the step.
    """

    key: str
    title: str
    explanation: str
    done: int
    total: int
    lacking: list[str]
    action: str

    @property
    def is_done(self) -> bool:
        """Whether nothing is lacking."""
        return self.total > 0 and self.done >= self.total


def rebuild_steps(chain: Chain) -> list[RebuildStep]:
    """Return the steps in their order."""
    people = chain.present
    linked = {key for link in chain.links for key in (link.source_id, link.target_id)}
    planned = set(actions_of(chain.deal).values_list("person_id", flat=True))
    formal = any(link.link_kind == LinkKind.FORMAL for link in chain.links)
    checks = {
        "parts": [figure for figure in people if figure.row.role == ChainRole.UNKNOWN],
        "lines": [figure for figure in people if figure.key not in linked],
        "stances": [figure for figure in people if figure.counted(Topic.STANCE) is None],
        "weights": [figure for figure in people if figure.counted(Topic.INFLUENCE) is None],
        "personas": [figure for figure in people if not (figure.row.goals and figure.row.concerns)],
        "plan": [figure for figure in people if figure.key not in planned and _matters(figure.row.role)],
    }
    told = [
        ("people", _("Who takes part"), _("Everybody who has a say, at the customer and around it; one final decider."), "add"),
        ("parts", _("Which part each plays"), _("Decides, influences, keeps the gate, uses."), ""),
        ("lines", _("Who reports to whom, who listens to whom"), _("First the chart, then trust, teachers, circles."), "link"),
        ("stances", _("Where each stands"), _("With source and day; what is not known stays unknown."), ""),
        ("weights", _("How much each counts"), _("1 hardly any, 5 decisive."), ""),
        ("personas", _("What each wants and fears"), _("Own goals and what they look at, in their words."), ""),
        ("plan", _("What we do with the key people"), _("Executive dialogue, professional exchange, support at the base."), ""),
    ]  # fmt: skip
    steps = []
    for key, title, explanation, action in told:
        if key == "people":
            lacking = [] if chain.decider else [_("the final decider")]
            if len(people) < FEWEST:
                lacking.append(_("at least %(n)d people") % {"n": FEWEST})
            total, done = max(len(people), FEWEST) + 1, len(people) + bool(chain.decider)
        else:
            lacking = [figure.row.contact.name for figure in checks[key]]
            total, done = len(people), len(people) - len(lacking)
        if key == "lines" and people and not formal:
            lacking = [_("no reporting line yet"), *lacking]
        steps.append(RebuildStep(key, title, explanation, done, total, lacking, action))
    return steps


def _matters(role: str) -> bool:
    return role in (ChainRole.FINAL_DECIDER, ChainRole.INFLUENCER, ChainRole.GATEKEEPER)
