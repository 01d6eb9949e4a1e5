"""The style guide: every component in every state, for those who build and judge pages."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from duobiao.web import registry
from duobiao.web.http import render


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """Show the components; only while debugging or with the right ``web.styleguide``."""
    if not (settings.DEBUG or registry.allowed(getattr(request, "user", None), "web.styleguide")):
        raise Http404
    return render(request, "web/styleguide.html")
