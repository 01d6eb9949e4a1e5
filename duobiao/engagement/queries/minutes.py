"""The minutes of a visit: a draft made from the record, and what is frozen when they go to the customer."""

from collections.abc import Mapping

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from duobiao.customers.models import Contact
from duobiao.engagement.domain.minutes import Part, confirmable
from duobiao.engagement.models import Strength, Visit
from duobiao.identity.models import CompanySettings, User
from duobiao.opportunities.domain.snapshots import Fact, Lead, Section, frozen
from duobiao.playbooks.domain.model import Grade
from duobiao.playbooks.queries import catalogue
from duobiao.web import formats

TITLES: Mapping[Part, object] = {
    Part.PROBLEM: gettext_lazy("The problem and its effect"),
    Part.BUDGET: gettext_lazy("Budget"),
    Part.PROCESS: gettext_lazy("How you purchase"),
    Part.DECIDERS: gettext_lazy("Who leads and who decides"),
    Part.SHOWN: gettext_lazy("What we presented"),
    Part.REQUEST: gettext_lazy("What you asked us for"),
    Part.NEXT: gettext_lazy("What comes next"),
}
LONGEST_QUOTE = 500


def draft_minutes(visit: Visit) -> dict[Part, str]:
    """Return what the record says, part by part, in the writer's language; parts without anything are left out."""
    lines: dict[Part, list[tuple[str, str]]] = {
        Part.PROBLEM: [
            (_("Problem"), visit.problem),
            (_("Effect"), visit.impact),
            (_("Wanted by"), visit.wanted_by),
        ],
        Part.BUDGET: [(_("Range"), visit.budget_range), (_("Source of funds"), visit.budget_source)],
        Part.PROCESS: [(_("Process"), visit.purchase_process), (_("Who does what"), visit.roles)],
        Part.DECIDERS: [(_("Project lead"), visit.project_lead), (_("Decision maker"), visit.decision_maker)],
        Part.SHOWN: [
            (_("Introduced"), _list([str(Strength(name).label) for name in visit.strengths])),
            (_("Cases"), visit.cases),
            (_("Trends"), visit.trends),
            (_("Draft handed over"), visit.draft),
        ],
        Part.REQUEST: [
            (_("Asked for"), visit.request_quote),
            (_("To cover"), visit.solution_scope),
            (_("To be submitted on"), formats.date(visit.solution_due_on) if visit.solution_due_on else ""),
        ],
        Part.NEXT: [(_("What we promised"), visit.our_promises), (_("Next step"), visit.next_step)],
    }
    return {part: text for part, rows in lines.items() if (text := _text(rows))}


def _text(rows: list[tuple[str, str]]) -> str:
    return "\n".join(_("%(label)s: %(text)s") % {"label": name, "text": text.strip()} for name, text in rows if text)


def _list(words: list[str]) -> str:
    return _(", ").join(words)


def snapshot_of(visit: Visit, parts: Mapping[Part, str], *, contact: Contact, actor: User) -> dict[str, object]:
    """Freeze the minutes as a contact reads them, with the evidence they stand for."""
    lead = Lead(
        company=CompanySettings.load().name,
        asked_by=actor.name,
        to=contact.name,
        topic=visit.topic,
        on=visit.held_on or visit.planned_at.date(),
        place=visit.place,
        theirs=tuple(
            filter(None, [*visit.met.order_by("name", "pk").values_list("name", flat=True), visit.met_others])
        ),
        ours=tuple(visit.our_people.order_by("name", "pk").values_list("name", flat=True)),
    )
    sections = [Section(str(part), _in_all_languages(TITLES[part]), text) for part, text in parts.items()]
    return frozen(lead, sections, _facts(visit, parts, contact=contact))


def _in_all_languages(title: object) -> dict[str, str]:
    found = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            found[code] = str(title)
    return found


def _facts(visit: Visit, parts: Mapping[Part, str], *, contact: Contact) -> list[Fact]:
    rows = confirmable(visit.facts(zone=CompanySettings.load().time_zone), parts, by=contact.pk)
    facts = [
        Fact(row.evidence, row.on, row.quote[:LONGEST_QUOTE], row.valid_until, new)
        for row, new in rows
        if catalogue()[row.evidence].ceiling == Grade.BUYER_CONFIRMED
    ]
    return [Fact("engagement.minutes_confirmed", None, "\n".join(parts.values())[:LONGEST_QUOTE], new=True), *facts]
