"""Edit what a draft asks of the people: half-lives, and whether its stages ask for relations of their own."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from duobiao.playbooks.domain import people_editing as editing
from duobiao.playbooks.forms.people import HalfLivesForm
from duobiao.playbooks.queries import standard
from duobiao.playbooks.queries.drafts import read_draft
from duobiao.playbooks.views.draft_page import all_flaws, change_by_button, draft_page, editable_draft, saved
from duobiao.playbooks.views.draft_places import draft_url, seen_stage


@require_http_methods(["GET", "HEAD", "POST"])
def edit_half_lives(request: HttpRequest, ref: str) -> HttpResponse:
    """Edit in how many days the confidence in a judgement halves."""
    _actor, draft = editable_draft(request, ref)
    usual, initial = standard().half_lives, {"version": draft.version}
    given = request.POST if request.method == "POST" else None
    form = HalfLivesForm(given, own=draft.document.get("half_lives", {}), initial=initial)
    status = 200
    if given is not None:
        status = 422
        if form.is_valid():
            values = form.values()
            answer = saved(
                request, draft, form, lambda doc: editing.with_half_lives(doc, values),
                to=draft_url(draft), toast=_("Half-lives saved"),
            )  # fmt: skip
            if isinstance(answer, HttpResponse):
                return answer
            status = answer
    flaws = [flaw.message for flaw in all_flaws(draft) if flaw.place[:1] == ("half_lives",)]
    rows = list(zip(form.rows, usual.values(), strict=True))
    context = {"form": form, "rows": rows, "panel_flaws": flaws, "panel_back": draft_url(draft)}
    return draft_page(request, draft, panel="playbooks/_edit_half_lives.html", context=context, status=status)


@require_POST
def own_relations(request: HttpRequest, ref: str) -> HttpResponse:
    """Write the relations that are asked as usual into the draft, or with ``own=0`` ask as usual again."""
    _actor, draft = editable_draft(request, ref)
    to = draft_url(draft, seen_stage(request.POST.get("stage", "")))
    if request.POST.get("own") == "0":
        toast = _("The cells are asked for as usual again")
        return change_by_button(request, draft, editing.without_own_relations, to=to, toast=toast)
    return change_by_button(
        request, draft, lambda doc: editing.with_own_relations(doc, read_draft(doc)[0]),
        to=to, toast=_("The cells asked for are the draft's own now"),
    )  # fmt: skip
