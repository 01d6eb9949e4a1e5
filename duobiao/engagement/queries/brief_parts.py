"""The brief of a visit as parts of a paper: the same query as its page, in the reader's language."""

from datetime import date, datetime
from io import BytesIO
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from duobiao.engagement.models import Call, Visit, VisitPurpose
from duobiao.engagement.queries.brief import Brief, brief_of
from duobiao.engagement.queries.met import MetPerson
from duobiao.engagement.queries.outlook import Outlook
from duobiao.engagement.queries.records import VISIT_RELATED
from duobiao.engagement.queries.survey import sheet_of
from duobiao.identity.models import User
from duobiao.stakeholders.queries.brief import PersonBrief
from duobiao.web import formats
from duobiao.web.paper_kinds import PaperKind
from duobiao.web.papers import Draft, Part, draw


def brief_paper(visit: Visit, *, on: date, now: datetime) -> tuple[BytesIO, str]:
    """Write the brief of a visit as a Word file; return it with its name."""
    day = timezone.localdate(visit.planned_at).isoformat()
    return draw(brief_draft(visit, on=on), now=now), _("Brief %(customer)s %(day)s") % {
        "customer": visit.customer.label,
        "day": day,
    }


def brief_draft(visit: Visit, *, on: date) -> Draft:
    """Return what the brief says."""
    title, subtitle = brief_title(visit)
    project = visit.opportunity.name if visit.opportunity else ""
    values = {"customer": visit.customer.name, "project": project, "place": visit.place}
    return Draft(title, subtitle, brief_parts(visit, brief_of(visit, on=on)), BRIEF.key, values)


def latest_brief(user: User) -> Draft | None:
    """Return the brief of the last planned visit among those a person sees."""
    rows = Visit.objects.visible_to(user).select_related(*VISIT_RELATED, "opportunity__owner", "customer__owner")
    visit = rows.order_by("-planned_at", "-pk").first()
    return brief_draft(visit, on=timezone.localdate()) if visit is not None else None


BRIEF: Final = PaperKind(
    "visit_brief",
    gettext_lazy("Brief of a visit"),
    values={
        "customer": gettext_lazy("Customer"),
        "project": gettext_lazy("Project"),
        "place": gettext_lazy("Place of the visit"),
    },
    parts={
        "plan": gettext_lazy("Plan of the visit"),
        "prepare": gettext_lazy("To prepare"),
        "questions": gettext_lazy("Questions to ask"),
        "people": gettext_lazy("Each person, one after another"),
        "pack": gettext_lazy("Cases and technology to show"),
        "survey": gettext_lazy("Survey sheet"),
        "known": gettext_lazy("What we know"),
        "earlier": gettext_lazy("What was said before"),
        "open": gettext_lazy("Open items"),
    },
    sample=latest_brief,
)


def brief_title(visit: Visit) -> tuple[str, str]:
    """Return heading and line below it."""
    when = f"{formats.weekday(visit.planned_at)} {formats.time(visit.planned_at)}"
    parts = [visit.customer.name, when, visit.place]
    return visit.topic or _("Visit to %(name)s") % {"name": visit.customer.label}, " · ".join(filter(None, parts))


def brief_parts(visit: Visit, brief: Brief) -> list[Part]:
    """Return the parts in the order they are read."""
    return [
        Part(pgettext("visit", "Plan"), facts=_plan(visit, brief), key="plan"),
        Part(
            _("To prepare"),
            ticks=[line.strip() for line in visit.preparation.splitlines() if line.strip()],
            key="prepare",
        ),
        Part(
            _("Questions to ask"),
            ticks=[f"[{ask.kind}] {ask.words}" for ask in brief.asks],
            empty=_("Everything of these stages is known. Ask what changed."),
            key="questions",
        ),
        *[Part(person.contact.name, facts=_person(person), key="people") for person in brief.people],
        Part(_("Cases and technology to show"), points=_pack(visit), key="pack"),
        *_survey(visit),
        Part(_("What we know"), facts=[(fact.name, fact.value or _("not known")) for fact in brief.facts], key="known"),
        Part(_("What was said before"), points=_earlier(brief), empty=_("Nothing is recorded yet."), key="earlier"),
        Part(
            _("Open items"),
            points=[*_open(brief.outlook), *(_open(brief.next_outlook) if brief.next_outlook else [])],
            key="open",
        ),
    ]


def _person(person: MetPerson) -> list[tuple[str, str]]:
    rows = _on_chain(person.chain) if person.chain is not None else []
    rows += [(note.title, "\n".join(note.lines)) for note in person.notes]
    return [(name, value) for name, value in rows if value]


def _on_chain(person: PersonBrief) -> list[tuple[str, str]]:
    return [
        (pgettext("person", "Part"), person.part),
        (pgettext("person", "Stance"), person.stance),
        (_("Wants"), person.wants),
        (_("Looks at"), person.looks_at),
        (_("Last said"), person.said),
        (_("To bring"), "\n".join(person.bring)),
    ]


def _pack(visit: Visit) -> list[str]:
    """Return what is taken along, named as it may be named outside."""
    cases = [f"{row.title} ({row.named_as}): {row.result}" for row in visit.packed_cases.order_by("title", "pk")]
    return [*cases, *(f"{row.title}: {row.points}" for row in visit.packed_overviews.order_by("title", "pk"))]


def _survey(visit: Visit) -> list[Part]:
    """Return the survey sheet with room to write, one part an aim."""
    return [
        Part(
            _("Survey: %(aim)s") % {"aim": aim.title},
            facts=[(question.words, question.answer or " ") for question in aim.questions],
            key="survey",
        )
        for aim in sheet_of(visit)
        if aim.chosen or aim.answered
    ]


def _plan(visit: Visit, brief: Brief) -> list[tuple[str, str]]:
    theirs = [" · ".join(filter(None, [one.name, one.department, one.position])) for one in brief.contacts]
    rows = [
        (_("Project"), visit.opportunity.name if visit.opportunity else ""),
        (_("Purposes"), _(", ").join(str(VisitPurpose(name).label) for name in visit.purposes)),
        (_("Customer's side"), "\n".join([*theirs, *([visit.other_people] if visit.other_people else [])])),
        (_("Our side"), _(", ").join(str(user) for user in visit.our_people.order_by("name", "pk"))),
        (_("Agreed with"), visit.agreed_with.name if visit.agreed_with else ""),
    ]
    return [(name, value) for name, value in rows if value]


def _earlier(brief: Brief) -> list[str]:
    return [*map(_call_line, brief.calls), *(_visit_line(visit) for visit in brief.visits)]


def _call_line(call: Call) -> str:
    title = _("Call with %(name)s") % {"name": call.contact.name}
    return " · ".join(filter(None, [formats.day(call.started_at), title, call.words[:160]]))


def _visit_line(visit: Visit) -> str:
    title = visit.topic or pgettext("record", "Visit")
    return " · ".join(filter(None, [formats.day(visit.planned_at), title, (visit.summary or visit.problem)[:160]]))


def _open(outlook: Outlook) -> list[str]:
    return [f"{row.title}: {row.why}" for row in outlook.missing[:8]]
