"""The audit: entries with filters, and each entry in full."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from duobiao.identity import policy
from duobiao.identity.forms import AuditFilterForm
from duobiao.identity.http import actor_of
from duobiao.identity.models import User
from duobiao.identity.queries import AuditFilter, audit_page
from duobiao.timeline import registry
from duobiao.timeline.queries import TimelineRow, event_names
from duobiao.web.http import page_or_fragment

PAGE_ROWS = 50


@require_safe
def audit(request: HttpRequest) -> HttpResponse:
    """List entries, newest first."""
    policy.require(actor_of(request), "timeline.audit")
    people = [("", "—"), *[(user.ref, str(user)) for user in User.objects.order_by("name", "id")]]
    form = AuditFilterForm(request.GET, people=people, events=event_names())
    entered = form.cleaned_data if form.is_valid() else {}
    wanted = AuditFilter(
        actor_ref=entered.get("actor", ""),
        event=entered.get("event", ""),
        subject_ref=entered.get("subject", "").strip(),
        day=entered.get("day"),
    )
    zone = timezone.get_current_timezone_name()
    rows, following = audit_page(wanted, cursor=request.GET.get("cursor", ""), limit=PAGE_ROWS, zone=zone)
    kept = {name: value for name, value in request.GET.items() if value and name != "cursor"}
    context = {
        "form": form,
        "rows": [(row, _url(row)) for row in rows],
        "next": f"?{urlencode({**kept, 'cursor': following})}" if following else "",
        "first": f"?{urlencode(kept)}" if request.GET.get("cursor") else "",
        "filtered": bool(kept),
    }
    return page_or_fragment(request, page="identity/audit.html", fragment="identity/_audit.html", context=context)


def _url(row: TimelineRow) -> str:
    subject = registry.subject_of(row.subject)
    return subject.url(row.subject.ref) if subject is not None else ""
