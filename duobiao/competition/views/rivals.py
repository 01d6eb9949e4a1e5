"""The rivals of the company: the list, entering one, changing one."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from duobiao.competition.actions.keep_rival import VERB, add_rival, edit_rival
from duobiao.competition.actions.merge_rivals import VERB as MERGE
from duobiao.competition.forms.rivals import RivalForm, begun_from
from duobiao.competition.queries.cards import VIEW, get_rival, lines_of, rivals_like
from duobiao.competition.views.common import answer
from duobiao.identity.http import actor_of
from duobiao.identity.policy import allows, require
from duobiao.opportunities.views.common import own_today
from duobiao.web.api import PageQuery, page_of
from duobiao.web.http import page_or_fragment

ROWS = 30
RIVAL_CHANGED = "rival-changed"


@require_safe
def rivals(request: HttpRequest) -> HttpResponse:
    """List the rivals with their cards and results."""
    actor = actor_of(request)
    require(actor, VIEW)
    text, retired = request.GET.get("q", "")[:80].strip(), bool(request.GET.get("retired"))
    query = PageQuery(cursor=request.GET.get("cursor", "")[:2000], limit=ROWS)
    page = page_of(rivals_like(text, retired=retired), page=query, sort="name")
    context = {
        "lines": lines_of(page.items, actor, on=own_today(request)),
        "text": text,
        "retired": retired,
        "next": f"?q={text}&retired={'1' if retired else ''}&cursor={page.next}" if page.next else "",
        "may_write": allows(actor, VERB),
        "may_merge": allows(actor, MERGE),
    }
    return page_or_fragment(
        request, page="competition/rivals.html", fragment="competition/_rival_list.html", context=context
    )


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Enter a rival."""
    actor = actor_of(request)
    require(actor, VERB)
    form = RivalForm(request.POST if request.method == "POST" else None, initial={"name": request.GET.get("name", "")})

    def act() -> str:
        distinct = form.cleaned_data["distinct"]
        made = add_rival(said=form.said(), actor=actor, now=timezone.now(), distinct=distinct)
        return f"/rivals/{made.ref}/"

    context = {"title": _("Enter a rival"), "label": _("Enter the rival"), "icon_name": "swords"}
    return answer(request, form, act, to="/rivals/", context=context, toast=_("Rival entered"), fragment="rival_form")


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, ref: str) -> HttpResponse:
    """Change what is known of a rival."""
    actor = actor_of(request)
    rival = get_rival(ref=ref, user=actor)
    require(actor, VERB)
    form = RivalForm(request.POST if request.method == "POST" else None, initial=begun_from(rival))

    def act() -> None:
        held = form.cleaned_data
        edit_rival(
            rival=rival,
            version=held["version"] or 0,
            said=form.said(),
            actor=actor,
            now=timezone.now(),
            distinct=held["distinct"],
        )

    to = f"/rivals/{rival.ref}/"
    context = {"title": _("Change the rival"), "label": _("Save the rival"), "icon_name": "check", "about": rival.name}
    return answer(
        request,
        form,
        act,
        to=to,
        context=context,
        toast=_("Rival saved"),
        fragment="rival_form",
        fires=RIVAL_CHANGED,
    )
