"""Versions of the requirements: their lines, what the customer reads to confirm, and the Word file."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Any, Final

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from duobiao.customers.models import Contact
from duobiao.identity.models import CompanySettings, User
from duobiao.kernel.refusals import NotFound
from duobiao.needs.domain import proving
from duobiao.needs.domain.steps import LAST_VERIFY
from duobiao.needs.domain.trees import Layer, Level, Node, in_order
from duobiao.needs.models import Need, NeedPriority, RequirementPaper, Verification
from duobiao.needs.queries.deciding import decides
from duobiao.needs.queries.trees import live_needs
from duobiao.opportunities.domain.snapshots import Fact, Lead, Section, frozen
from duobiao.web import formats
from duobiao.web.paper_kinds import PaperKind
from duobiao.web.papers import Draft, Part, draw
from duobiao.web.registry import Text

Line = Mapping[str, Any]
TITLES: dict[str, Text] = {
    "P0": gettext_lazy("What must be met in full (P0)"),
    "P1": gettext_lazy("What must be met or substituted (P1)"),
    "P2": gettext_lazy("What is taken on if core and cost allow (P2)"),
    "P3": gettext_lazy("What would be added value (P3)"),
}
SAME = ("ref", "round", "text", "priority", "words", "impact", "wanted_by")
"""What of a line decides whether a version still says what the needs say."""
LONGEST_QUOTE = 500


def lines_of(needs: Sequence[Need]) -> list[dict[str, object]]:
    """Freeze needs as the lines of a version, from top to bottom."""
    nodes = [Node(need.pk, need.parent_id, need.position, Level(need.level), Layer(need.layer)) for need in needs]
    numbers = {line.key: line.number for line in in_order(nodes)}
    kpis = dict(
        Verification.objects.filter(need__in=[need.pk for need in needs], step=3)
        .order_by("round")
        .values_list("need_id", "kpi")
    )
    return [
        {
            "ref": need.ref,
            "round": need.round,
            "number": numbers[need.pk],
            "text": need.text,
            "priority": need.priority,
            "words": need.words,
            "impact": need.impact,
            "wanted_by": need.wanted_by,
            "kpi": kpis.get(need.pk, ""),
            "pain": need.pain,
            "said_by": need.said_by.name if need.said_by is not None else "",
            "said_on": need.said_on.isoformat() if need.said_on is not None else "",
            "severity": need.severity,
            "urgency": need.urgency,
            "inaction_minor": need.inaction_yearly.amount_minor if need.inaction_yearly is not None else None,
            "inaction_currency": need.inaction_currency,
            "forecast": need.forecast,
            "forecast_years": need.forecast_years,
        }
        for need in needs
    ]


def is_current(held: RequirementPaper) -> bool:
    """Say whether the needs still say what this version says, and no later version was made."""
    if RequirementPaper.objects.filter(opportunity=held.opportunity, number__gt=held.number).exists():
        return False
    now = [{name: line[name] for name in SAME} for line in lines_of(live_needs(held.opportunity))]
    return now == [{name: line.get(name) for name in SAME} for line in held.lines]


def papers_of(deal_pk: int) -> list[RequirementPaper]:
    """Return the versions of a deal, the newest first."""
    rows = RequirementPaper.objects.filter(opportunity=deal_pk).select_related("created_by")
    return list(rows.order_by("-number"))


def get_paper(*, ref: str, user: User) -> RequirementPaper:
    """Return a version of a deal that the person may see.

    Raises:
        NotFound: there is none.
    """
    rows = RequirementPaper.objects.visible_to(user).select_related(
        "opportunity__customer", "opportunity__owner", "created_by"
    )
    found: RequirementPaper | None = rows.filter(ref=ref).first()
    if found is None:
        raise NotFound(_("There is no such version of the requirements, or you may not see it."))
    return found


def snapshot_of(held: RequirementPaper, *, contact: Contact, actor: User, on: date) -> dict[str, object]:
    """Freeze the requirements as a contact reads them, with the evidence their yes stands for.

    Args:
        on: Day on which it is asked who decides.
    """
    deal = held.opportunity
    lead = Lead(
        company=CompanySettings.load().name,
        asked_by=actor.name,
        to=contact.name,
        topic=f"{deal.name} V{held.number}",
        on=held.completed_on,
        place="",
        theirs=(contact.name,),
        ours=(actor.name,),
        what="requirements",
    )
    sections = [
        Section(priority, _in_all_languages(TITLES[priority]), "\n\n".join(_told(line, contact.name) for line in lines))
        for priority in NeedPriority.values
        if (lines := [line for line in held.lines if line.get("priority") == priority])
    ]
    return frozen(lead, sections, _facts(held, contact, on=on))


def _facts(held: RequirementPaper, contact: Contact, *, on: date) -> Iterable[Fact]:
    quote = "; ".join(f"{line['priority']} {line['text']}" for line in held.lines)[:LONGEST_QUOTE]
    yield Fact(proving.REVIEWED, None, quote, new=True)
    yield Fact(proving.ANALYSIS, held.completed_on, quote)
    must = [line["ref"] for line in held.lines if line["priority"] in ("P0", "P1")]
    steps = dict(Need.objects.filter(ref__in=must).values_list("ref", "verified_step"))
    ready = must and all(steps.get(str(ref), 0) >= LAST_VERIFY - 1 for ref in must)
    if ready and decides(held.opportunity, contact, on=on):
        yield Fact(proving.FOUR_STEPS, None, quote, new=True)


def facts_of_line(line: Line) -> list[tuple[str, str]]:
    """Return what a line says beside the need itself; lines of earlier versions hold less."""
    pain = ""
    if line.get("severity") and line.get("urgency"):
        pain = _("severity %(severity)d × urgency %(urgency)d = %(pain)d of 25") % dict(line)
    cost = line.get("inaction_minor")
    facts = [
        (_("Effect"), line.get("impact")),
        (_("Pain"), pain),
        (_("Doing nothing costs a year"), formats.money(cost, line["inaction_currency"]) if cost is not None else ""),
        (_("Benefit"), line.get("kpi")),
        (_("Wanted by"), line.get("wanted_by")),
        (_("In 3 to 5 years"), line.get("forecast")),
    ]
    return [(title, str(text)) for title, text in facts if text]


def words_title(line: Line, reader: str) -> str:
    """Say whose words a line cites, and of which day; the reader's own are theirs."""
    said_by, said_on = line.get("said_by", ""), line.get("said_on", "")
    if not said_by:
        return _("In the customer's words")
    whose = _("In your words") if said_by == reader else _("In the words of %(name)s") % {"name": said_by}
    return f"{whose} · {formats.date(date.fromisoformat(said_on))}" if said_on else whose


def _told(line: Line, reader: str = "") -> str:
    rows = [(words_title(line, reader), line["words"])] if line.get("words") else []
    said = [_("%(label)s: %(text)s") % {"label": label, "text": text} for label, text in [*rows, *facts_of_line(line)]]
    return "\n".join([f"{line['number']} {line['text']}", *said])


def requirement_paper(held: RequirementPaper, *, now: datetime) -> tuple[BytesIO, str]:
    """Write the confirmation of the requirements (需求确认书) as a Word file; returns it with its name."""
    draft = requirement_draft(held)
    return draw(draft, now=now), f"{draft.title} {held.opportunity.name} V{held.number}"


def requirement_draft(held: RequirementPaper) -> Draft:
    """Return what the confirmation says."""
    deal, company = held.opportunity, CompanySettings.load().name
    version = f"V{held.number} · {formats.date(held.completed_on)}"
    head = [
        (_("Project"), deal.name),
        (_("Customer"), deal.customer.name),
        (_("Supplier"), company),
        (pgettext_version(), version),
    ]
    parts = [Part(_("The project"), facts=head, key="about")]
    for priority in NeedPriority.values:
        lines = [line for line in held.lines if line["priority"] == priority]
        parts.append(Part(str(TITLES[priority]), text="\n".join(_told(line) for line in lines), key=priority.lower()))
    blanks = (_("Customer, name and post"), _("Signature or seal, day"))
    agreed = _("We confirm that these are our requirements; changes follow the change procedure.")
    parts.append(Part(_("Signed"), text=agreed, blanks=blanks, key="signed"))
    values = {"customer": deal.customer.name, "project": deal.name, "version": version}
    subtitle = f"{deal.customer.name} · {deal.name}"
    return Draft(_("Confirmation of requirements"), subtitle, parts, REQUIREMENTS.key, values)


def latest_requirements(user: User) -> Draft | None:
    """Return the newest version of requirements among those a person sees."""
    rows = RequirementPaper.objects.visible_to(user).select_related("opportunity__customer")
    held = rows.order_by("-completed_on", "-number", "-pk").first()
    return requirement_draft(held) if held is not None else None


REQUIREMENTS: Final = PaperKind(
    "requirements",
    gettext_lazy("Confirmation of requirements"),
    values={
        "customer": gettext_lazy("Customer"),
        "project": gettext_lazy("Project"),
        "version": gettext_lazy("Version and day of the requirements"),
    },
    parts={
        "about": gettext_lazy("Project, customer, supplier, version"),
        **{key.lower(): title for key, title in TITLES.items()},
        "signed": gettext_lazy("Place to sign"),
    },
    sample=latest_requirements,
)


def pgettext_version() -> str:
    """Return the word for a version of a paper."""
    return translation.pgettext("paper", "Version")


def _in_all_languages(title: object) -> dict[str, str]:
    found = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            found[code] = str(title)
    return found
