"""The pack for a visit: cases and technology overviews ranked by how well they fit the customer."""

from dataclasses import dataclass
from typing import TypeVar

from duobiao.customers.queries.customers import get_profile
from duobiao.engagement.models import Visit
from duobiao.engagement.queries.records import calls_of
from duobiao.identity.models import User
from duobiao.knowledge.domain.similarity import Wanted
from duobiao.knowledge.models import ReferenceCase, TechnologyOverview
from duobiao.knowledge.queries.library import Suggestion, cases_for, overviews_for

MOST = 10
LONGEST = 300
Entry = TypeVar("Entry", ReferenceCase, TechnologyOverview)


@dataclass(frozen=True, slots=True)
class Pack:
    """What is taken along; what else fits.

    Attributes:
        cases, overviews: Suggestions, the best first; what was chosen is always among them.
        chosen: References of what was chosen.
    """

    wanted: Wanted
    cases: list[Suggestion[ReferenceCase]]
    overviews: list[Suggestion[TechnologyOverview]]
    chosen: set[str]

    @property
    def chosen_cases(self) -> list[Suggestion[ReferenceCase]]:
        """The cases taken along."""
        return [row for row in self.cases if row.entry.ref in self.chosen]

    @property
    def chosen_overviews(self) -> list[Suggestion[TechnologyOverview]]:
        """The overviews taken along."""
        return [row for row in self.overviews if row.entry.ref in self.chosen]


def wanted_by(visit: Visit) -> Wanted:
    """Return what is known of the customer that a case can be like; two queries."""
    profile = get_profile(visit.customer)
    last = calls_of(customer=visit.customer).exclude(problem="").first()
    said = [
        profile.pressing_problem,
        last.problem if last is not None else "",
        visit.opportunity.description if visit.opportunity is not None else "",
        visit.topic,
    ]
    return Wanted(visit.customer.industry, profile.scale, " ".join(filter(None, said)))


def shown_by(visit: Visit) -> dict[str, str]:
    """Return what the pack fills into the record of the visit: cases and trends by their titles."""
    titles = {
        "cases": list(visit.packed_cases.order_by("title", "pk").values_list("title", flat=True)),
        "trends": list(visit.packed_overviews.order_by("title", "pk").values_list("title", flat=True)),
    }
    return {name: ", ".join(found)[:LONGEST] for name, found in titles.items() if found}


def pack_of(visit: Visit, user: User) -> Pack:
    """Return the pack of a visit with the suggestions for it; six queries."""
    wanted = wanted_by(visit)
    cases, overviews = list(visit.packed_cases.all()), list(visit.packed_overviews.all())
    chosen = {case.ref for case in cases} | {overview.ref for overview in overviews}
    return Pack(
        wanted,
        _shown(cases_for(user, wanted), cases, chosen),
        _shown(overviews_for(user, wanted), overviews, chosen),
        chosen,
    )


def _shown(found: list[Suggestion[Entry]], packed: list[Entry], chosen: set[str]) -> list[Suggestion[Entry]]:
    """Put first what was chosen, archived or not, then what fits, then others up to a page."""
    shown = [row for row in found if row.entry.ref in chosen]
    known = {row.entry.ref for row in shown}
    shown += [Suggestion(entry, 0, "") for entry in packed if entry.ref not in known]
    return shown + [row for row in found if row.entry.ref not in chosen][:MOST]
