"""Choose from the library what a visit takes along."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from duobiao.engagement.actions.choose_pack import choose_pack
from duobiao.engagement.queries.pack import pack_of
from duobiao.engagement.queries.records import get_visit
from duobiao.identity import policy
from duobiao.identity.http import actor_of
from duobiao.kernel.refusals import Refusal
from duobiao.web.forms import once
from duobiao.web.http import done, render


@require_http_methods(["GET", "HEAD", "POST"])
def visit_pack(request: HttpRequest, ref: str) -> HttpResponse:
    """Show cases and overviews by how well they fit; keep those chosen."""
    actor = actor_of(request)
    visit = get_visit(ref=ref, user=actor)
    policy.require(actor, "engagement.plan_visit", visit.opportunity or visit.customer)
    back = reverse("engagement:visit", args=[visit.ref])
    pack = pack_of(visit, actor)
    chosen, status, errors, version = pack.chosen, 200, list[str](), str(visit.version)
    if request.method == "POST":
        cases, overviews = request.POST.getlist("cases"), request.POST.getlist("overviews")
        version = request.POST.get("version", "")
        seen = int(version) if version.isdecimal() and len(version) < 10 else 0
        try:
            with once(request) as submission:
                if submission.first:
                    choose_pack(
                        visit=visit, version=seen, cases=cases, overviews=overviews, actor=actor, now=timezone.now()
                    )
            return done(request, to=back, toast=_("Pack saved"))
        except Refusal as refusal:
            status, chosen = refusal.status, {*cases, *overviews}
            errors = [str(reason) for reason in refusal.fields.values()] or [str(refusal.message)]
    context = {"visit": visit, "pack": pack, "chosen": chosen, "errors": errors, "version": version, "back": back}
    return render(request, "engagement/pack.html", context, status=status)
