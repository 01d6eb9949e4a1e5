"""Pages around the work: keyboard help, everything under "more", and "note something"."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from duobiao.web.http import page_or_fragment, render


@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    """List the keyboard shortcuts."""
    return page_or_fragment(request, page="web/keys.html", fragment="web/_keys.html")


@require_safe
def more(request: HttpRequest) -> HttpResponse:
    """List every destination, for the phone."""
    return render(request, "web/more.html")


@require_safe
def add(request: HttpRequest) -> HttpResponse:
    """Offer every kind of record that can be begun from anywhere."""
    return page_or_fragment(request, page="web/add.html", fragment="web/_add.html")
