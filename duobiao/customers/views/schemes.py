"""Assessment schemes: by what customers are assessed, kept by an administrator."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from duobiao.customers.actions.publish_scheme import publish_scheme
from duobiao.customers.forms.assessments import SchemeForm, class_forms, criterion_forms, document_of
from duobiao.customers.queries.schemes import find_scheme, schemes_in_force, words
from duobiao.identity.http import actor_of
from duobiao.identity.models import User
from duobiao.identity.policy import require
from duobiao.kernel.refusals import NotAllowed, NotFound, Refusal
from duobiao.web.forms import once
from duobiao.web.http import done, render


@require_safe
def schemes(request: HttpRequest) -> HttpResponse:
    """Show the schemes in force."""
    _keeper(request)
    found = [
        {
            "key": key,
            "title": words(row.scheme.title),
            "purpose": words(row.scheme.purpose),
            "version": row.version,
            "changed": row.held if row.is_own else None,
            "criteria": [(words(one.title), one.weight) for one in row.scheme.criteria],
            "classes": [(words(one.title), one.least) for one in row.scheme.classes],
            "scheme": row.scheme,
        }
        for key, row in schemes_in_force().items()
    ]
    return render(request, "customers/schemes.html", {"schemes": found})


@require_http_methods(["GET", "HEAD", "POST"])
def edit_scheme(request: HttpRequest, key: str) -> HttpResponse:
    """Change a scheme; that makes a new version."""
    actor = _keeper(request)
    found = find_scheme(key)
    posted = request.POST if request.method == "POST" else None
    scheme = found.scheme
    initial = {
        "version": found.version,
        "title_zh": scheme.title["zh-Hans"],
        "title_en": scheme.title["en"],
        "line": scheme.line,
        "again_days": scheme.again_days,
    }
    head = SchemeForm(posted, initial=initial)
    criteria, classes = criterion_forms(scheme, posted), class_forms(scheme, posted)
    status, refused = 200, ""
    if posted is not None:
        status = 422
        faulty = [form for form in (head, *criteria, *classes) if not form.is_valid()]
        if not faulty:
            try:
                with once(request) as submission:
                    if submission.first:
                        publish_scheme(
                            key=key,
                            document=document_of(scheme, head, criteria, classes),
                            version=head.cleaned_data["version"],
                            actor=actor,
                            now=timezone.now(),
                        )
                return done(request, to="customers:schemes", toast=_("Saved; assessments made before stay as they are"))
            except (NotAllowed, NotFound):
                raise
            except Refusal as refusal:
                status, refused = refusal.status, str(refusal.message)
    context = {
        "key": key,
        "title": words(scheme.title),
        "version": found.version,
        "head": head,
        "criteria": criteria,
        "classes": classes,
        "refused": refused,
    }
    return render(request, "customers/scheme.html", context, status=status)


def _keeper(request: HttpRequest) -> User:
    actor = actor_of(request)
    require(actor, "customers.schemes")
    return actor
