"""Analyses: the industries, and one sheet with its picture."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from duobiao.documents.panels import files_panel
from duobiao.identity.http import actor_of
from duobiao.identity.policy import allows, require
from duobiao.planning.actions.sheets import open_industry
from duobiao.planning.domain.sheets import About
from duobiao.planning.forms.sheets import IndustryForm
from duobiao.planning.models import Sheet
from duobiao.planning.queries.definitions import definitions_about, find_definition, words
from duobiao.planning.queries.industries import industries as kept_industries
from duobiao.planning.queries.industries import industries_without, industry_lines
from duobiao.planning.queries.pictures import drawn
from duobiao.planning.queries.sheets import sheet_shown
from duobiao.planning.queries.subjects import Subject, find_subject, may_write, subject_of
from duobiao.planning.views.common import answer, own_today
from duobiao.timeline.queries import entries_for
from duobiao.web.api import PageQuery, found_or_404, page_of
from duobiao.web.components import Tab
from duobiao.web.http import render

ROWS = 30
HISTORY_ROWS = 20
FIRST = "pest"


@require_safe
def industries(request: HttpRequest) -> HttpResponse:
    """List the industries of which sheets are kept, and those of customers that have none yet."""
    actor = actor_of(request)
    require(actor, "planning.view")
    query = PageQuery(cursor=request.GET.get("cursor", "")[:2000], limit=ROWS)
    page = page_of(kept_industries(), page=query, sort="name")
    context = {
        "lines": industry_lines(page.items, actor),
        "without": industries_without(actor),
        "kinds": [words(found.title) for found in definitions_about(About.INDUSTRY)],
        "next": f"?cursor={page.next}" if page.next else "",
        "may_write": allows(actor, "planning.industries"),
    }
    return render(request, "planning/industries.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def begin_industry(request: HttpRequest) -> HttpResponse:
    """Keep sheets of an industry from now on."""
    actor = actor_of(request)
    require(actor, "planning.industries")
    form = IndustryForm(
        request.POST if request.method == "POST" else None, initial={"name": request.GET.get("name", "")}
    )

    def act() -> str:
        made = open_industry(name=form.cleaned_data["name"], actor=actor, now=timezone.now())
        return Subject(About.INDUSTRY, made).address(FIRST)

    back = reverse("planning:industries")
    context = {"title": _("Analyse an industry"), "back": back, "names": industries_without(actor)}
    return answer(request, form, act, to=back, fragment="industry_form", context=context, toast="")


@require_safe
def sheet(request: HttpRequest, about: str, ref: str, definition: str) -> HttpResponse:
    """Show a sheet: its picture, the lines by section, what was taken over, the actions."""
    actor = actor_of(request)
    subject = find_subject(about, ref, actor)
    found = find_definition(definition, subject.about)
    shown = sheet_shown(subject, found, actor, on=own_today(request))
    writes = may_write(subject, actor)
    context = {
        "subject": subject,
        "shown": shown,
        "definition": found,
        "title": words(found.title),
        "purpose": words(found.purpose),
        "statement": words(found.statement),
        "picture": drawn(shown),
        "tabs": [
            Tab(words(row.title), subject.address(row.key), current=row.key == found.key)
            for row in definitions_about(subject.about)
        ],
        "may_write": writes,
        "may_act": bool(found.pairs) and writes,
        "missing_industry": _missing_industry(subject, shown.parent, found.about[0]),
        "may_begin": allows(actor, "planning.industries"),
        "files": files_panel(request, subject.source) if subject.about is About.INDUSTRY else "",
        "entries": entries_for(chain=subject.ref, limit=HISTORY_ROWS) if subject.about is About.INDUSTRY else [],
    }
    return render(request, "planning/sheet.html", context)


@require_safe
def open_sheet(request: HttpRequest, ref: str) -> HttpResponse:
    """Lead to a stored sheet by its reference, as tasks name it."""
    rows = Sheet.objects.select_related("industry", "customer", "opportunity")
    held = found_or_404(rows.filter(ref=ref).first())
    subject = subject_of(held, actor_of(request))
    return redirect(subject.address(held.definition))


def _missing_industry(subject: Subject, parent: Subject | None, above: About) -> str:
    """Return the industry of a customer that has no sheets yet, "" where nothing is missing."""
    if subject.about is not About.CUSTOMER or parent is not None or above is not About.INDUSTRY:
        return ""
    return str(subject.record.industry)
