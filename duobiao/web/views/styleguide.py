"""The style guide: every component in every state, for those who build and judge pages."""

from dataclasses import replace
from datetime import UTC, datetime

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from duobiao.web import registry, samples
from duobiao.web.http import render


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """Show the components; only while debugging or with the right ``web.styleguide``."""
    if not (settings.DEBUG or registry.allowed(getattr(request, "user", None), "web.styleguide")):
        raise Http404
    fresh, refused = samples.forms_shown()
    return render(
        request,
        "web/styleguide.html",
        {
            "steppers": samples.steppers(),
            "in_dark": replace(samples.steppers()[0], headline="深色主题里的双轨进度"),
            "groups": samples.gate_groups(),
            "tabs": samples.tabs(),
            "segments": samples.segments(),
            "crumbs": samples.crumbs(),
            "lags": samples.lags(),
            "conflict": samples.conflict(),
            "fresh": fresh,
            "refused": refused,
            "moment": datetime(2026, 9, 16, 1, 20, tzinfo=UTC),
        },
    )
