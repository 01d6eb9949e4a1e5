"""Authorisation letters: the list, one with its files, filing, changing and ending one."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from duobiao.documents.panels import files_panel
from duobiao.identity.http import actor_of
from duobiao.identity.policy import allows, require
from duobiao.kernel.refs import Ref
from duobiao.opportunities.models import Opportunity
from duobiao.prospecting.actions.keep_letters import edit_letter, end_letter, file_letter, letter_url
from duobiao.prospecting.actions.register_upstream import VERB
from duobiao.prospecting.forms.manufacturers import LetterForm
from duobiao.prospecting.forms.registrations import ReasonForm
from duobiao.prospecting.queries.manufacturers import (
    WITHIN,
    get_letter,
    letter_lines,
    letters_matching,
    manufacturer_names,
)
from duobiao.prospecting.views.common import answer
from duobiao.prospecting.views.manufacturers import deal_seen, expiries, next_address, today_of, wanted_of
from duobiao.timeline.panels import comments_panel
from duobiao.timeline.queries import entries_for
from duobiao.web.api import PageQuery, page_of
from duobiao.web.http import page_or_fragment, render

PAGE = "/authorisation-letters/"
ROWS = 50


@require_safe
def letters(request: HttpRequest) -> HttpResponse:
    """List the authorisation letters one may see."""
    actor = actor_of(request)
    require(actor, "prospecting.view")
    wanted, on = wanted_of(request), today_of(request)
    query = PageQuery(cursor=request.GET.get("cursor", "")[:2000], limit=ROWS)
    sort = "valid_until" if wanted["expiry"] in WITHIN else "-valid_until"
    page = page_of(letters_matching(actor, on=on, **wanted), page=query, sort=sort)
    context = {
        "lines": letter_lines(page.items, on=on),
        "wanted": wanted,
        "expiries": expiries(),
        "may_file": allows(actor, VERB),
        "next": next_address("prospecting:letters", wanted, page.next),
    }
    return page_or_fragment(
        request, page="prospecting/letters.html", fragment="prospecting/_letter_list.html", context=context
    )


@require_safe
def letter(request: HttpRequest, ref: str) -> HttpResponse:
    """Show a letter with its files."""
    actor = actor_of(request)
    row = get_letter(ref=ref, user=actor)
    context = {
        "row": row,
        "line": letter_lines([row], on=today_of(request))[0],
        "may_edit": row.ended_at is None and allows(actor, VERB, row),
        "files": files_panel(request, Ref.of(row)),
        "comments": comments_panel(request, Ref.of(row)),
        "entries": entries_for(subject=Ref.of(row), limit=30),
    }
    return render(request, "prospecting/letter.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def file_general(request: HttpRequest) -> HttpResponse:
    """File a general letter."""
    require(actor_of(request), VERB)
    return _file(request, None, back=PAGE)


@require_http_methods(["GET", "HEAD", "POST"])
def file_for_deal(request: HttpRequest, ref: str) -> HttpResponse:
    """File a letter for a deal."""
    actor = actor_of(request)
    deal = deal_seen(actor, ref)
    require(actor, VERB, deal)
    return _file(request, deal, back=f"/opportunities/{ref}/")


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, ref: str) -> HttpResponse:
    """Change a letter."""
    actor = actor_of(request)
    row = get_letter(ref=ref, user=actor)
    require(actor, VERB, row)
    form = LetterForm(request.POST if request.method == "POST" else None, deal=row.opportunity, actor=actor, letter=row)

    def act() -> None:
        version = form.cleaned_data["version"] or 0
        edit_letter(letter=row, version=version, values=form.values(), actor=actor, now=timezone.now())

    back = letter_url(ref)
    context = {"title": str(row), "back": back, "row": row, "names": [], "deal": row.opportunity}
    return answer(request, form, act, to=back, fragment="letter_form", context=context, toast=_("Saved"))


@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, ref: str) -> HttpResponse:
    """Note that a letter counts no longer."""
    actor = actor_of(request)
    row = get_letter(ref=ref, user=actor)
    require(actor, VERB, row)
    form = ReasonForm(request.POST if request.method == "POST" else None)

    def act() -> None:
        end_letter(letter=row, version=row.version, why=form.cleaned_data["reason"], actor=actor, now=timezone.now())

    label = _("Letter no longer counts")
    context = {"title": label, "back": letter_url(ref), "label": label, "icon_name": "file-x"}
    return answer(request, form, act, to=letter_url(ref), fragment="reason", context=context, toast=label)


def _file(request: HttpRequest, deal: Opportunity | None, *, back: str) -> HttpResponse:
    actor = actor_of(request)
    form = LetterForm(request.POST if request.method == "POST" else None, deal=deal, actor=actor)

    def act() -> str:
        maker = form.cleaned_data["manufacturer"]
        made = file_letter(manufacturer=maker, values=form.values(), deal=deal, actor=actor, now=timezone.now())
        return letter_url(made.ref)

    title = _("New authorisation letter")
    context = {"title": title, "back": back, "row": None, "names": manufacturer_names(deal), "deal": deal}
    return answer(request, form, act, to=back, fragment="letter_form", context=context, toast=_("Letter filed"))
