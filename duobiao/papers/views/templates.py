"""Templates of Word papers, for administrators."""

from django.http import FileResponse, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from duobiao.identity import policy
from duobiao.identity.forms import refused
from duobiao.identity.http import actor_of
from duobiao.identity.models import User
from duobiao.kernel.refusals import Refusal
from duobiao.papers.actions.check_template import braced, check_template
from duobiao.papers.actions.replace_template import VERB, replace_template, restore_template
from duobiao.papers.domain.packages import MAX_BYTES
from duobiao.papers.forms import TemplateForm
from duobiao.papers.queries.templates import Standing, sample_of, standing_of, standings, template_file
from duobiao.web.forms import once
from duobiao.web.http import done, render
from duobiao.web.papers import draw, paper_response
from duobiao.web.uploads import refuse_too_large


@require_safe
def templates(request: HttpRequest) -> HttpResponse:
    """List the kinds of papers and what each is laid out by."""
    _administrator(request)
    return render(request, "papers/templates.html", {"standings": standings()})


@require_http_methods(["GET", "HEAD", "POST"])
def replace(request: HttpRequest, paper: str) -> HttpResponse:
    """Show one kind, or lay it out by the sent file from now on."""
    actor = _administrator(request)
    standing = standing_of(paper)
    if request.method != "POST":
        return _page(request, standing, TemplateForm(initial={"version": standing.version}))
    form, status = _sent(request), 422
    if form.is_valid():
        try:
            with once(request) as submission:
                if submission.first:
                    _replace(form, standing, actor)
        except Refusal as refusal:
            status = refused(form, refusal)
        else:
            return done(request, to=reverse("papers:replace_template", args=[paper]), toast=_("Template replaced"))
    return _page(request, standing, form, status=status)


def _replace(form: TemplateForm, standing: Standing, actor: User) -> None:
    replace_template(
        kind=standing.kind,
        name=form.cleaned_data["file"].name,
        content=_content(form),
        version=form.cleaned_data["version"],
        actor=actor,
        now=timezone.now(),
    )


@require_POST
def try_out(request: HttpRequest, paper: str) -> HttpResponse | FileResponse:
    """Draw a paper by the sent file, without keeping it."""
    actor = _administrator(request)
    standing = standing_of(paper)
    form, status = _sent(request), 422
    if form.is_valid():
        content = _content(form)
        try:
            check_template(content, standing.kind)
        except Refusal as refusal:
            status = refused(form, refusal)
        else:
            return _drawn(standing, actor, content)
    return _page(request, standing, form, status=status)


@require_POST
def restore(request: HttpRequest, paper: str) -> HttpResponse:
    """Go back to the shipped template."""
    actor = _administrator(request)
    standing = standing_of(paper)
    form = TemplateForm(request.POST, initial={"version": standing.version})
    seen = form["version"].data or ""
    version = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else -1
    try:
        restore_template(kind=standing.kind, version=version, actor=actor, now=timezone.now())
    except Refusal as refusal:
        form = TemplateForm(initial={"version": standing.version})
        return _page(request, standing, form, trouble=str(refusal.message), status=refusal.status)
    return done(
        request, to=reverse("papers:replace_template", args=[paper]), toast=_("The shipped template holds again")
    )


@require_safe
def file(request: HttpRequest, paper: str) -> FileResponse:
    """Hand out the template that holds, to change it in Word."""
    _administrator(request)
    return paper_response(*template_file(standing_of(paper)))


@require_safe
def sample(request: HttpRequest, paper: str) -> FileResponse:
    """Draw a paper by what holds."""
    return _drawn(standing_of(paper), _administrator(request), None)


def _drawn(standing: Standing, actor: User, template: bytes | None) -> FileResponse:
    draft = sample_of(standing.kind, actor)
    return paper_response(
        draw(draft, now=timezone.now(), template=template), _("Trial %(name)s") % {"name": draft.title}
    )


def _sent(request: HttpRequest) -> TemplateForm:
    refuse_too_large(request)
    return TemplateForm(request.POST, request.FILES)


def _content(form: TemplateForm) -> bytes:
    return bytes(form.cleaned_data["file"].read(MAX_BYTES + 1))


def _page(
    request: HttpRequest, standing: Standing, form: TemplateForm, *, trouble: str = "", status: int = 200
) -> HttpResponse:
    kind = standing.kind
    context = {
        "standing": standing,
        "form": form,
        "trouble": trouble,
        "words": [(braced(name), title) for name, title in kind.words.items()],
        "blocks": [(braced(name), title) for name, title in kind.blocks.items()],
    }
    return render(request, "papers/template.html", context, status=status)


def _administrator(request: HttpRequest) -> User:
    actor = actor_of(request)
    policy.require(actor, VERB)
    return actor
