"""Pools: what lies in them for whom; making and changing one."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from duobiao.identity.http import actor_of
from duobiao.identity.people_picker import offer_people
from duobiao.identity.policy import allows, require
from duobiao.prospecting.actions.save_pool import create_pool, edit_pool
from duobiao.prospecting.forms.pools import PoolForm
from duobiao.prospecting.queries.pools import get_pool, pool_rows
from duobiao.prospecting.views.common import answer
from duobiao.web.http import render

PAGE = "/pools/"


@require_safe
def pools(request: HttpRequest) -> HttpResponse:
    """List the pools one may take from; who maintains them sees all."""
    actor = actor_of(request)
    require(actor, "prospecting.view")
    may_edit = allows(actor, "prospecting.pools")
    rows = pool_rows(actor, now=timezone.now(), all_pools=may_edit)
    return render(request, "prospecting/pools.html", {"rows": rows, "may_edit": may_edit})


@require_http_methods(["GET", "HEAD", "POST"])
def new_pool(request: HttpRequest) -> HttpResponse:
    """Make a pool; ``?field=`` offers people while one types."""
    actor = actor_of(request)
    require(actor, "prospecting.pools")
    form = PoolForm(request.POST if request.method == "POST" else None)
    if "field" in request.GET:
        return offer_people(request, form)

    def act() -> None:
        create_pool(values=form.values(), members=form.members(), actor=actor, now=timezone.now())

    context = {"title": _("New pool"), "back": PAGE, "pool": None}
    return answer(request, form, act, to=PAGE, fragment="pool", context=context, toast=_("Pool created"))


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, ref: str) -> HttpResponse:
    """Change a pool; ``?field=`` offers people while one types."""
    actor = actor_of(request)
    require(actor, "prospecting.pools")
    pool = get_pool(ref)
    form = PoolForm(request.POST if request.method == "POST" else None, pool=pool)
    if "field" in request.GET:
        return offer_people(request, form)

    def act() -> None:
        edit_pool(
            pool=pool,
            version=form.cleaned_data["version"],
            values=form.values(),
            members=form.members(),
            actor=actor,
            now=timezone.now(),
        )

    context = {"title": pool.name, "back": PAGE, "pool": pool}
    return answer(request, form, act, to=PAGE, fragment="pool", context=context, toast=_("Saved"))
