"""All items of one stage of a deal."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from duobiao.kernel.refusals import NotFound
from duobiao.opportunities.queries.explain import explain
from duobiao.workbench.queries.deal_stage import stage_page
from duobiao.workbench.views.deal_pages import framed, show_tab


@require_safe
def deal_stage(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """Show every item with its verdict and reason, the appraisal and tool lists, the buyer's acts."""
    deal, frame = framed(request, ref, "")
    explained = explain(deal, frame.on)
    if not 1 <= number <= explained.compiled.last:
        raise NotFound(_("The playbook of this deal has no such stage."))
    stage = stage_page(explained, number, frame.rights)
    return show_tab(request, frame, "stage", {"stage": stage})
