"""Forms for web sites, as administrators maintain them."""

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from duobiao.identity.http import actor_of
from duobiao.identity.people_picker import offer_people
from duobiao.identity.policy import require
from duobiao.prospecting.actions.save_web_form import create_web_form, edit_web_form
from duobiao.prospecting.forms.pools import WebFormForm
from duobiao.prospecting.models import WebForm
from duobiao.prospecting.views.common import answer
from duobiao.web.api import found_or_404
from duobiao.web.http import render

PAGE = "/web-forms/"
VERB = "prospecting.web_forms"
SHOWN = 200


@require_safe
def web_forms(request: HttpRequest) -> HttpResponse:
    """List the forms with their addresses and how many leads they brought."""
    require(actor_of(request), VERB)
    rows = WebForm.objects.select_related("pool", "owner").annotate(brought=Count("leads"))
    context = {
        "rows": rows.order_by("-is_on", "title", "pk")[:SHOWN],
        "site": request.build_absolute_uri("/").rstrip("/"),
    }
    return render(request, "prospecting/web_forms.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new_form(request: HttpRequest) -> HttpResponse:
    """Make a form."""
    actor = actor_of(request)
    require(actor, VERB)
    form = WebFormForm(request.POST if request.method == "POST" else None)

    def act() -> None:
        create_web_form(values=form.values(), actor=actor, now=timezone.now())

    context = {"title": _("New web form"), "back": PAGE, "web_form": None}
    return answer(request, form, act, to=PAGE, fragment="web_form", context=context, toast=_("Web form created"))


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, ref: str) -> HttpResponse:
    """Change a form, switch it on or off."""
    actor = actor_of(request)
    require(actor, VERB)
    held = found_or_404(WebForm.objects.select_related("pool", "owner", "campaign").filter(ref=ref).first())
    form = WebFormForm(request.POST if request.method == "POST" else None, web_form=held)

    def act() -> None:
        edit_web_form(
            form=held,
            version=form.cleaned_data["version"],
            values=form.values(),
            new_address=form.cleaned_data["new_address"],
            actor=actor,
            now=timezone.now(),
        )

    context = {"title": held.title, "back": PAGE, "web_form": held}
    return answer(request, form, act, to=PAGE, fragment="web_form", context=context, toast=_("Saved"))


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Offer people while their name is typed."""
    require(actor_of(request), VERB)
    return offer_people(request, WebFormForm())
