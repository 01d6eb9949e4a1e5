"""The stakeholder strategy report as parts of a paper: structure, portraits, ways of influence, plan, expected effect."""

from collections.abc import Callable, Iterable
from datetime import datetime
from io import BytesIO
from typing import Any, Final

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from duobiao.identity.models import CompanySettings, User
from duobiao.kernel.days import local_day
from duobiao.stakeholders.domain.judging import Topic
from duobiao.stakeholders.models import PERSONA, DealPerson, LinkKind
from duobiao.stakeholders.queries.chain import Chain, Figure, load_chain
from duobiao.stakeholders.queries.conflicts import conflicts_on
from duobiao.stakeholders.queries.definitions import rules, words
from duobiao.stakeholders.queries.drawing import picture_of
from duobiao.stakeholders.queries.leaning import leanings_of
from duobiao.stakeholders.queries.matrix import Matrix, matrix_of
from duobiao.stakeholders.queries.plan import tiers_of
from duobiao.stakeholders.queries.readouts import blue_sheet_of, c139_of, live_grades
from duobiao.stakeholders.queries.report_tables import (
    cell_title,
    conflict_lines,
    dmi_parts,
    flag_lines,
    hidden_of,
    joined,
    matrix_part,
    said,
    sentence_case,
    weight_parts,
    weight_words,
)
from duobiao.stakeholders.queries.wording import value_words
from duobiao.web import formats
from duobiao.web.paper_kinds import PaperKind
from duobiao.web.papers import Draft, Drawn, Part, draw

Further = Callable[[Chain], Iterable[Part]]
_further: list[Further] = []


def register_report_part(further: Further) -> None:
    """Let a capability above add parts to the report; once, at start."""
    if further not in _further:
        _further.append(further)


def chain_paper(chain: Chain, *, now: datetime) -> tuple[BytesIO, str]:
    """Write the report of a chain as a Word file; return it with its name."""
    name = _("Decision chain %(name)s %(day)s") % {"name": chain.deal.name, "day": chain.on.isoformat()}
    return draw(chain_draft(chain), now=now), name


def chain_draft(chain: Chain) -> Draft:
    """Return what the report says."""
    deal = chain.deal
    title = _("Decision chain of %(name)s") % {"name": deal.name}
    subtitle = " · ".join([deal.customer.name, formats.date(chain.on)])
    values = {"customer": deal.customer.name, "project": deal.name}
    return Draft(title, subtitle, report_parts(chain), CHAIN_REPORT.key, values)


def latest_report(user: User) -> Draft | None:
    """Return the report of the chain that somebody joined last, among those a person sees."""
    rows = DealPerson.objects.visible_to(user).select_related("opportunity__customer", "opportunity__owner")
    latest = rows.order_by("-joined_on", "-pk").first()
    if latest is None:
        return None
    today = local_day(timezone.now(), CompanySettings.load().time_zone)
    return chain_draft(load_chain(latest.opportunity, on=today))


CHAIN_REPORT: Final = PaperKind(
    "decision_chain",
    gettext_lazy("Report on a decision chain"),
    values={"customer": gettext_lazy("Customer"), "project": gettext_lazy("Project")},
    parts={
        "standing": gettext_lazy("Where we stand"),
        "picture": gettext_lazy("Picture"),
        "structure": gettext_lazy("Structure of the decision"),
        "weight": gettext_lazy("Who weighs what"),
        "matrix": gettext_lazy("Relationship matrix"),
        "flags": gettext_lazy("Red flags"),
        "dmi": gettext_lazy("What drives the final decider (DMI)"),
        "people": gettext_lazy("Each person, one after another"),
        "path": gettext_lazy("Way to the decider"),
        "conflicts": gettext_lazy("Conflicts and common ground"),
        "rivals": gettext_lazy("Who stands for a rival"),
        "plan": gettext_lazy("Plan by tier"),
    },
    sample=latest_report,
)


def report_parts(chain: Chain) -> list[Part]:
    """Return the parts in the order they are told: background, structure, weight, key people, ways, plan, effect."""
    grades = live_grades(chain)
    c139, matrix, sheet = c139_of(chain, grades), matrix_of(chain), blue_sheet_of(chain)
    return [
        Part(_("Where we stand"), facts=_standing(chain, c139.code, c139.percent), key="standing"),
        *_picture(chain),
        Part(
            _("Structure of the decision"),
            points=list(_lines(chain)),
            empty=_("No line is drawn yet."),
            key="structure",
        ),
        *weight_parts(chain),
        matrix_part(matrix),
        Part(_("Red flags"), points=flag_lines(sheet), empty=_("No red flag is raised."), key="flags"),
        *dmi_parts(chain),
        *[Part(figure.row.contact.name, facts=_portrait(figure, matrix), key="people") for figure in chain.present],
        Part(
            _("Way to the decider"),
            text=" → ".join(chain.named(chain.path)),
            empty=_("Nobody we speak to leads to the decider yet."),
            key="path",
        ),
        Part(
            _("Conflicts and common ground"),
            points=list(conflict_lines(conflicts_on(chain))),
            key="conflicts",
        ),
        *[part for further in _further for part in further(chain)],
        *_plan(chain),
    ]


def _standing(chain: Chain, code: str, percent: int) -> list[tuple[str, str]]:
    ratio = chain.coverage.covered_ratio
    decider = chain.decider
    ground = chain.ground
    support = "–" if chain.support is None else f"{chain.support:+.2f}"
    basis = {"n": ground.judged, "all": ground.people, "share": f"{ground.share:.0%}"}
    covered = "–" if ratio is None else formats.percent(100 * ratio)
    if chain.coverage.single_threaded:
        covered = said(_("%(what)s (%(more)s)"), covered, _("at most one person is spoken to"))
    return [
        (_("People"), str(len(chain.present))),
        (_("Final decider"), decider.row.contact.name if decider else _("not known")),
        (_("Net support"), f"{support} · " + _("%(n)s of %(all)s judged, %(share)s of the weight") % basis),
        (_("Hidden influencers"), joined(figure.row.contact.name for figure in hidden_of(chain)) or _("nobody found")),
        (_("Coverage"), covered),
        ("C139", f"{code} · {percent}%"),
    ]


def _picture(chain: Chain) -> list[Part]:
    if not chain.present:
        return []
    picture = picture_of(chain, informal=True, leanings=leanings_of(chain))
    svg = render_to_string("stakeholders/_picture_file.html", {"picture": picture, "deal": chain.deal})
    drawn = Drawn(svg, picture.width, picture.height, _("Decision chain; the tables below hold the same"))
    return [Part(_("Picture"), picture=drawn, key="picture")]


def _lines(chain: Chain) -> Iterable[str]:
    for link in chain.links:
        names = {
            "source": chain.by_key[link.source_id].row.contact.name,
            "target": chain.by_key[link.target_id].row.contact.name,
        }
        if link.link_kind == LinkKind.FORMAL:
            yield _("%(source)s reports to %(target)s") % names
        else:
            why = link.label or str(link.get_tie_display())
            yield said(_("%(what)s (%(more)s)"), _("%(source)s influences %(target)s") % names, why)


def _portrait(figure: Figure, matrix: Matrix) -> list[tuple[str, str]]:
    row = figure.row
    named = [(persona_title(name), getattr(row, name)) for name in PERSONA]
    post = " · ".join(filter(None, [figure.department, row.contact.position, str(row.get_role_display())]))
    lacking = next((line.lacking for line in matrix.rows if line.figure is figure), [])
    facts = [
        (_("Post"), post),
        (_("Stance"), judged_words(figure, Topic.STANCE)),
        (_("Influence"), judged_words(figure, Topic.INFLUENCE)),
        (_("Computed influence"), weight_words(figure)),
        *named,
        (_("Care plan"), row.care_plan or "\n".join(words(line) for line in rules().care.get(row.relation_class, ()))),
        (_("Still lacking"), joined(cell_title(cell.square) for cell in lacking)),
    ]
    return [(title, text) for title, text in facts if text]


def persona_title(name: str) -> str:
    """Return what a field of the persona is called."""
    field: Any = DealPerson._meta.get_field(name)
    return sentence_case(str(field.verbose_name))


def judged_words(figure: Figure, topic: Topic) -> str:
    """Say what holds of a topic, how sure it is, who said it and when."""
    held = figure.judged.get(topic)
    if held is None:
        return _("not known")
    known = {"value": value_words(topic, held.value), "percent": round(held.percent), "source": held.used.source}
    text = _("%(value)s, %(percent)d%% sure, %(source)s, %(day)s") % {**known, "day": held.used.on.isoformat()}
    if held.against:
        others = joined(
            said(_("%(what)s: %(more)s"), seen.source, value_words(topic, seen.value))
            for seen, _percent in held.against
        )
        text += " · " + _("contradicted by %(others)s") % {"others": others}
    return text


def _plan(chain: Chain) -> Iterable[Part]:
    for title, rows in tiers_of(chain.deal):
        points = [
            " · ".join([row.person.contact.name, row.task.title, row.task.owner.name, row.task.due_on.isoformat()])
            for row in rows
        ]
        yield Part(title, points=points, key="plan")
