"""The files of a deal."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from duobiao.documents.panels import files_panel
from duobiao.kernel.refs import Ref
from duobiao.workbench.views.deal_pages import framed, show_tab


@require_safe
def deal_files(request: HttpRequest, ref: str) -> HttpResponse:
    """Show the files that hang on the deal, with the form that adds one."""
    deal, frame = framed(request, ref, "files")
    return show_tab(request, frame, "files", {"files": files_panel(request, Ref.of(deal))})
